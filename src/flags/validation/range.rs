//! Numbers that have to lie between two others.

use super::super::value::Value;
use super::Flags;

/// Refuses a flag whose number lies outside; both ends are inside.
pub(super) fn within(flags: &mut Flags, name: &str, lowest: i128, highest: i128) {
    let number = flags.set_to(name).and_then(Value::as_number);
    if number.is_some_and(|number| !(lowest..=highest).contains(&number)) {
        let message = format!("--{name} must lie between {lowest} and {highest}");
        flags.refuse(name, "bad-value", message);
    }
}
