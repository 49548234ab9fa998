//! What each flag is held to by itself, as its row of the table says.

use super::super::catalog::{Demand, FlagSpec};
use super::super::value::Value;
use super::Flags;
use crate::diagnostic::{Clause, Code};

/// Refuses every flag whose value its row does not allow.
pub(super) fn validate(flags: &mut Flags) {
    let release = flags.release;
    let of = |spec: &'static FlagSpec| spec.demands(release).map(|demand| (spec.name, demand));
    // Few flags are set, and few of those are held to anything.
    let demands: Vec<(&str, Demand)> = flags.variables.set().flat_map(of).collect();
    for (name, demand) in demands {
        hold(flags, name, demand);
    }
}

/// Refuses a flag that is set to something else than is demanded of it.
pub(super) fn hold(flags: &mut Flags, name: &str, demand: Demand) {
    let problem = flags.set_to(name).and_then(|value| problem(value, demand));
    if let Some(problem) = problem {
        flags.refuse(name, Code::BadValue, problem);
    }
}

/// What is wrong with a value.
fn problem(value: &Value, demand: Demand) -> Option<Clause> {
    match demand {
        Demand::AtLeast(lowest) => {
            let less = value.as_number()? < i128::from(lowest);
            less.then(|| Clause::of_flag(format!("must not be less than {lowest}")))
        }
        Demand::MoreThan(number) => {
            let more = value.as_number()? > i128::from(number);
            (!more).then(|| Clause::of_flag(format!("must be more than {number}")))
        }
        Demand::Within(lowest, highest) => {
            let number = value.as_number()?;
            let outside = !(i128::from(lowest)..=i128::from(highest)).contains(&number);
            outside.then(|| match highest {
                _ if highest == lowest => Clause::of_value(format!("{number} must be {lowest}")),
                _ => Clause::of_value(format!("{number} must lie between {lowest} and {highest}")),
            })
        }
        Demand::Fraction(lowest, highest) => {
            let Value::Float(number) = value else { return None };
            let outside = !(lowest..=highest).contains(number);
            outside.then(|| {
                Clause::of_value(format!("{number} does not lie between {lowest} and {highest}"))
            })
        }
        Demand::OneOf(words) => {
            let Value::Text(word) = value else { return None };
            (!words.contains(&word.as_str())).then(|| not_one_of(word, words))
        }
    }
}

fn not_one_of(word: &str, words: &[&str]) -> Clause {
    let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
    match words[..] {
        [only] => Clause::of_value(format!("{word:?} is not {only}")),
        _ => Clause::of_value(format!("{word:?} is not one of {}", words.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;

    #[test]
    fn a_value_is_held_to_what_its_row_demands() {
        let text = |word: &str| Value::Text(word.to_owned());
        let cases = [
            (Demand::AtLeast(0), Value::Int(0), None),
            (Demand::AtLeast(0), Value::Int(-1), Some(" must not be less than 0")),
            (Demand::MoreThan(1), Value::Uint(2), None),
            (Demand::MoreThan(1), Value::Uint(1), Some(" must be more than 1")),
            (Demand::Within(1, 9), Value::Int(9), None),
            (Demand::Within(1, 9), Value::Int(10), Some(": 10 must lie between 1 and 9")),
            (Demand::Within(0, 0), Value::Int(1), Some(": 1 must be 0")),
            (Demand::Fraction(0.0, 0.02), Value::Float(0.02), None),
            (Demand::Fraction(0.0, 0.02), Value::Float(f64::NAN), Some(": NaN")),
            (Demand::OneOf(&["", "a"]), text(""), None),
            (Demand::OneOf(&["", "a"]), text("A"), Some(": \"A\" is not a")),
            (Demand::OneOf(&["a", "b"]), text("c"), Some(": \"c\" is not one of a, b")),
        ];
        for (demand, value, expected) in cases {
            let found = problem(&value, demand);
            assert_eq!(found.is_some(), expected.is_some(), "{demand:?} {value}");
            let (Some(clause), Some(expected)) = (found, expected) else { continue };
            let said = Diagnostic::new(Code::BadValue, clause, None).about("x");
            assert!(said.message().starts_with(&format!("--x{expected}")), "{demand:?}");
        }
    }
}
