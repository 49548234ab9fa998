//! Did you mean …?

/// How many characters of a name are told apart.
const MOST_SHOWN: usize = 4;

/// The candidate that `word` was probably meant to be; dashes and underscores count as equal.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = word.trim_start_matches('-').replace('_', "-").to_ascii_lowercase();
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(alike) = candidates.iter().find(|candidate| looks_like(&wanted, candidate)) {
        return Some(alike);
    }
    candidates
        .into_iter()
        .map(|candidate| {
            (strsim::damerau_levenshtein(&wanted, &candidate.to_ascii_lowercase()), candidate)
        })
        .filter(|(distance, candidate)| *distance <= 2 && distance * 3 <= candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
