//! Which words of a file a message may quote.
//!
//! A key or a token that slipped into the wrong column is a field's name, a kind or a resource to the
//! decoder. Names of Kubernetes' APIs are words, keys are not.

use std::borrow::Cow;

use super::Problem;
use crate::credential::HIDDEN;

/// The longest name of a field or a kind that is quoted; Kubernetes' own longest has 44 letters.
const LONGEST: usize = 63;

/// A word that names something in a file, unless it may be a secret.
pub(super) fn shown(word: &str) -> &str {
    if is_name(word) { word } else { HIDDEN }
}

/// A problem of a file that holds keys: of what its message quotes only lower-case words are left, as all
/// names in such a file are but for its kind.
pub(super) fn without_keys(problem: Problem) -> Problem {
    let quoted = |(index, part): (usize, &str)| {
        let is_word = || part.bytes().all(|b| !b.is_ascii_uppercase()) && is_name(part);
        if index % 2 == 0 || is_word() { Cow::from(part.to_owned()) } else { HIDDEN.into() }
    };
    let parts: Vec<Cow<'_, str>> = problem.message.split('"').enumerate().map(quoted).collect();
    Problem { message: parts.join("\""), location: problem.location }
}

/// Letters and the signs between them; digits in `k8s` and in versions such as `v1beta1` alone.
fn is_name(word: &str) -> bool {
    let is_part = |part: &str| {
        let version = part.strip_prefix('v').is_some_and(|rest| {
            let rest = rest.replace("alpha", "").replace("beta", "");
            rest.len() <= 4 && rest.bytes().all(|b| b.is_ascii_digit())
        });
        version
            || part == "k8s"
            || part.bytes().all(|b| b.is_ascii_alphabetic() || b"-_*".contains(&b))
    };
    !word.is_empty() && word.len() <= LONGEST && word.split(['.', '/']).all(is_part)
}

#[cfg(test)]
mod tests {
    use super::{shown, without_keys};
    use crate::config_files::Problem;
    use crate::config_files::object::start;

    #[test]
    fn names_are_shown_and_keys_are_not() {
        for name in [
            "anonymus",
            "KubeletConfiguration",
            "apiserver.config.k8s.io/v1beta1",
            "v1",
            "insecure-skip-tls-verify",
            "*.apps",
        ] {
            assert_eq!(shown(name), name);
        }
        for secret in
            ["S3CR3T", "c2VjcmV0IGlzIHNlY3VyZQ==", "a b", "", "hunter2", "p:w", &"a".repeat(64)]
        {
            assert_eq!(shown(secret), "***", "{secret}");
        }
    }

    #[test]
    fn a_file_of_keys_quotes_lower_case_words_only() {
        let hidden = |message: &str| {
            without_keys(Problem { message: message.to_owned(), location: start(&"/e".into()) })
                .message
        };
        assert_eq!(
            hidden("unknown field \"secrt\", did you mean x?"),
            "unknown field \"secrt\", did you mean x?"
        );
        assert_eq!(hidden("unknown field \"SECRET\""), "unknown field \"***\"");
        assert_eq!(hidden("the field \"S3CR3T\" and \"a\""), "the field \"***\" and \"a\"");
        assert_eq!(hidden("no quotes"), "no quotes");
    }
}
