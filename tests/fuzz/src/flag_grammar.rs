//! Arguments as a server reads them.

use plimsoll::command_line::CommandLine;
use plimsoll::component::Component;
use plimsoll::flags::catalog::Catalog;
use plimsoll::flags::value::Value;
use plimsoll::flags::{Effective, Flags};

use super::text;

/// Reads one argument a line, as the component and the release that their length picks. Every scalar
/// that is printed reads as the same value.
pub fn flag_grammar(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let component = Component::ALL[text.len() % Component::ALL.len()];
    let catalog = Catalog::of(component);
    let minors: Vec<_> = catalog.minors().collect();
    let minor = minors[text.len() / Component::ALL.len() % minors.len()];
    let line = CommandLine::given(component, text.split('\n').map(str::to_owned));
    let flags = Flags::read(&line, minor);
    for setting in &flags.settings {
        assert!(setting.argument < line.args.len(), "{setting:?}");
        let _ = (setting.shown(), setting.shown_value());
    }
    let (mut printed, mut expected) = (Vec::new(), Vec::new());
    for spec in catalog.flags {
        match flags.effective(spec.name) {
            Effective::Set {
                value: Value::List(_) | Value::Map(_) | Value::Switches(_), ..
            } => {}
            Effective::Set { value, settings }
                if settings.last().is_some_and(|last| last.name == spec.name) =>
            {
                printed.push(format!("--{}={value}", spec.name));
                expected.push((spec.name, value));
            }
            _ => {}
        }
    }
    let again = Flags::read(&CommandLine::given(component, printed.clone()), minor);
    for (name, value) in expected {
        match again.effective(name) {
            Effective::Set { value: read, .. } => assert_eq!(same(read), same(value), "--{name}"),
            other => panic!("--{name} is {other:?} after {printed:?}"),
        }
    }
}

/// A number that is none equals none, itself included.
fn same(value: &Value) -> String {
    format!("{value:?}")
}
