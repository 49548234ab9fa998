//! A demand in the words of kube-bench's `expected_result`.
//!
//! Its grammar knows flags and their values, joined by one word; what does not fit is said by the
//! rule's title instead.

use crate::flags::value::Value;
use crate::rule::operand::Operand;
use crate::rule::predicate::{Anonymous, Expectation, Predicate};

/// The demand, where the grammar has words for it.
pub(super) fn expected(predicate: &Predicate) -> Option<String> {
    match predicate {
        Predicate::All(parts) => joined(parts, " AND "),
        Predicate::Any(parts) => joined(parts, " OR "),
        Predicate::WhereKnown(part) => expected(part),
        other => single(other),
    }
}

/// Parts that are joined themselves would need brackets, which the grammar does not have.
fn joined(parts: &[Predicate], word: &str) -> Option<String> {
    let parts: Option<Vec<String>> = parts.iter().map(single).collect();
    parts.map(|parts| parts.join(word))
}

fn single(predicate: &Predicate) -> Option<String> {
    let has = |flag: &str, value: &str, has: bool| {
        let verb = if has { "has" } else { "does not have" };
        Some(format!("'--{flag}' {verb} '{value}'"))
    };
    match predicate {
        Predicate::Flag { name, expect } => flag(name, expect),
        Predicate::FileDecides(name) => Some(format!("'--{name}' is present")),
        Predicate::Anonymous(Anonymous::Off) => {
            Some("'--anonymous-auth' is equal to 'false'".to_owned())
        }
        Predicate::Admission { plugin, enabled } => {
            has("enable-admission-plugins", plugin, *enabled)
        }
        Predicate::Authorizer { mode, included } => has("authorization-mode", mode, *included),
        Predicate::Gate { name, on } => has("feature-gates", &format!("{name}={on}"), true),
        _ => None,
    }
}

fn flag(name: &str, expect: &Expectation) -> Option<String> {
    let words = match expect {
        // To the servers an empty text is as good as none.
        Expectation::Unset | Expectation::Empty => "is not present".to_owned(),
        Expectation::NonEmpty => "is present".to_owned(),
        Expectation::Equals(operand) => format!("is equal to '{}'", value(operand)),
        Expectation::AtLeast(operand) => format!("is greater or equal to {}", value(operand)),
        Expectation::MoreThan(operand) => format!("is greater than {}", value(operand)),
        Expectation::Only(operand) => {
            format!("contains valid elements from '{}'", value(operand))
        }
        Expectation::Between(..)
        | Expectation::Schemes(_)
        | Expectation::KeepsApart(_)
        | Expectation::DiffersFrom(_)
        | Expectation::MatchesNone(_) => return None,
    };
    Some(format!("'--{name}' {words}"))
}

/// A value; a list without the brackets that Go prints around it.
fn value(operand: &Operand) -> String {
    match &operand.value {
        Value::List(items) => items.join(","),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::expected;
    use crate::rule::{Control, Library};

    #[test]
    fn demands_are_said_in_the_grammar_where_it_has_words() {
        let library = Library::load(&[]).expect("valid");
        let benchmark = library.benchmark("cis-1.12").expect("shipped");
        let of = |number: &str| {
            let control = |(_, control): &(_, &Control)| control.number == number;
            let (_, control) = benchmark.controls().find(control).expect(number);
            expected(control.require())
        };
        let known = [
            ("1.2.2", "'--token-auth-file' is not present"),
            ("1.2.6", "'--authorization-mode' does not have 'AlwaysAllow'"),
            ("1.2.16", "'--audit-log-path' is present"),
            (
                "1.2.15",
                "'--profiling' is equal to 'false' AND '--debug-socket-path' is not present",
            ),
        ];
        for (number, words) in known {
            assert_eq!(of(number).as_deref(), Some(words), "{number}");
        }
        assert_eq!(of("1.1.1"), None, "a file's mode");
        assert_eq!(of("1.2.17"), None, "brackets would be needed");
    }
}
