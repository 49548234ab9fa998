//! Did you mean …?

/// How many characters of a name are told apart.
const MOST_SHOWN: usize = 4;

/// How many slips a name may have and still be taken for another.
const MOST_SLIPS: usize = 2;

/// The candidate that `word` was probably meant to be; dashes and underscores count as equal.
///
/// A text may hold a hundred thousand names that nobody has, each of any length: only candidates of
/// about the word's length and letters are compared with it letter by letter.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.trim_start_matches('-');
    let length = word.chars().count();
    let of_its_length = |candidate: &&str| candidate.len().abs_diff(length) <= MOST_SLIPS;
    let mut candidates = candidates.into_iter().filter(of_its_length).peekable();
    candidates.peek()?;
    let wanted = word.replace('_', "-").to_ascii_lowercase();
    let letters = letters(&wanted);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if looks_like(&wanted, candidate) {
            return Some(candidate);
        }
        let most = MOST_SLIPS.min(candidate.len() / 3);
        let candidate_in_lower_case = candidate.to_ascii_lowercase();
        if differing(letters, self::letters(&candidate_in_lower_case)) > 2 * most {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&wanted, &candidate_in_lower_case);
        if distance <= most && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The letters of a word, a bit each; some share one.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |letters, c| letters | 1 << (u32::from(c) % u64::BITS))
}

/// How many letters only one of two words has, at least: a slip makes one or two.
fn differing(letters: u64, others: u64) -> usize {
    (letters ^ others).count_ones() as usize
}

/// Whether the words differ only where one has letters that are not ASCII, as those of other scripts
/// that look the same.
fn looks_like(word: &str, candidate: &str) -> bool {
    !word.is_ascii()
        && word.contains(|c: char| c.is_ascii_alphanumeric())
        && word.chars().count() == candidate.len()
        && word.chars().zip(candidate.chars()).all(|(c, other)| !c.is_ascii() || c == other)
}

/// ` (its а is U+0430, which is not ASCII)` or nothing: what tells a name from one that looks the same.
pub fn not_ascii(name: &str) -> String {
    let mut seen: Vec<char> = Vec::new();
    for c in name.chars().filter(|c| !c.is_ascii()) {
        if !seen.contains(&c) {
            seen.push(c);
        }
    }
    let shown: Vec<String> =
        seen.iter().take(MOST_SHOWN).map(|c| format!("{c} is U+{:04X}", u32::from(*c))).collect();
    match shown.len() {
        0 => String::new(),
        1 => format!(" (its {}, which is not ASCII)", shown.concat()),
        _ => format!(" (its {}, which are not ASCII)", shown.join(", ")),
    }
}

/// `, did you mean X?` or nothing, for the end of a message.
pub fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", did you mean {name}?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{nearest, not_ascii};

    #[test]
    fn small_slips_are_seen_through_and_other_words_are_not() {
        let known = ["anonymous-auth", "profiling", "v"];
        assert_eq!(nearest("--anonymus_auth", known), Some("anonymous-auth"));
        assert_eq!(nearest("Profiling", known), Some("profiling"));
        assert_eq!(nearest("x", known), None);
        assert_eq!(nearest("port", known), None);
    }

    #[test]
    fn every_slip_or_two_is_seen_through_whatever_letters_they_are() {
        let known = ["audit-log-maxage"];
        let two = ["audit-log-maxagexy", "audt-log-maxge", "zudit-log-maxagz", "uadit-log-maxaeg"];
        for word in two {
            assert_eq!(nearest(word, known), Some("audit-log-maxage"), "{word}");
        }
        for word in ["audit-log-maxagexyz", "adt-log-maxge", "zzzit-log-maxage"] {
            assert_eq!(nearest(word, known), None, "{word}");
        }
        // Of two that are equally near the first.
        assert_eq!(nearest("abcdefx", ["abcdefg", "abcdefh"]), Some("abcdefg"));
    }

    #[test]
    fn letters_of_other_scripts_are_seen_through_and_named() {
        let known = ["anonymous-auth", "profiling", "v"];
        assert_eq!(nearest("\u{430}nonymous-auth", known), Some("anonymous-auth"));
        // A Cyrillic p, o and i, and a hyphen that is none.
        assert_eq!(nearest("\u{440}r\u{43e}f\u{456}l\u{456}ng", known), Some("profiling"));
        assert_eq!(nearest("anonym\u{43e}us\u{2010}\u{430}uth", known), Some("anonymous-auth"));
        assert_eq!(
            nearest("\u{430}\u{430}\u{430}\u{430}\u{430}\u{430}\u{430}\u{430}\u{430}", known),
            None
        );
        assert_eq!(not_ascii("plain"), "");
        assert_eq!(not_ascii("\u{430}b\u{430}"), " (its \u{430} is U+0430, which is not ASCII)");
        let two = not_ascii("\u{430}\u{1f600}");
        assert_eq!(two, " (its \u{430} is U+0430, \u{1f600} is U+1F600, which are not ASCII)");
    }
}
