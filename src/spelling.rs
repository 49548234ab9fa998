//! Did you mean …?

/// The candidate that `word` was probably meant to be; dashes and underscores count as equal.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = word.trim_start_matches('-').replace('_', "-").to_ascii_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (strsim::damerau_levenshtein(&wanted, &candidate.to_ascii_lowercase()), candidate)
        })
        .filter(|(distance, candidate)| *distance <= 2 && distance * 3 <= candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `, did you mean X?` or nothing, for the end of a message.
pub fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", did you mean {name}?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn small_slips_are_seen_through_and_other_words_are_not() {
        let known = ["anonymous-auth", "profiling", "v"];
        assert_eq!(nearest("--anonymus_auth", known), Some("anonymous-auth"));
        assert_eq!(nearest("Profiling", known), Some("profiling"));
        assert_eq!(nearest("x", known), None);
        assert_eq!(nearest("port", known), None);
    }
}
