//! What each flag is held to by itself, as its row of the table says.

use super::super::catalog::{Demand, FlagSpec};
use super::super::value::Value;
use super::Flags;

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
        flags.refuse(name, "bad-value", format!("--{name}{problem}"));
    }
}

/// What is wrong with a value, as the rest of a sentence that begins with the flag.
fn problem(value: &Value, demand: Demand) -> Option<String> {
    match demand {
        Demand::AtLeast(lowest) => {
            let less = value.as_number()? < i128::from(lowest);
            less.then(|| format!(" must not be less than {lowest}"))
        }
        Demand::MoreThan(number) => {
            let more = value.as_number()? > i128::from(number);
            (!more).then(|| format!(" must be more than {number}"))
        }
        Demand::Within(lowest, highest) => {
            let number = value.as_number()?;
            let outside = !(i128::from(lowest)..=i128::from(highest)).contains(&number);
            outside.then(|| match highest {
                _ if highest == lowest => format!(": {number} must be {lowest}"),
                _ => format!(": {number} must lie between {lowest} and {highest}"),
            })
        }
        Demand::Fraction(lowest, highest) => {
            let Value::Float(number) = value else { return None };
            let outside = !(lowest..=highest).contains(number);
            outside.then(|| format!(": {number} does not lie between {lowest} and {highest}"))
        }
        Demand::OneOf(words) => {
            let Value::Text(word) = value else { return None };
            (!words.contains(&word.as_str())).then(|| not_one_of(word, words))
        }
    }
}

fn not_one_of(word: &str, words: &[&str]) -> String {
    let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
    match words[..] {
        [only] => format!(": {word:?} is not {only}"),
        _ => format!(": {word:?} is not one of {}", words.join(", ")),
    }
}
