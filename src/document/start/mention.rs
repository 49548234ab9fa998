//! Components that a command mentions although it is not known to start them: a start that cannot be
//! followed is said, never left out.

use super::name::{basename, component_named};
use crate::command_line::{Arg, Certainty};
use crate::component::Component;
use crate::flags::catalog::Catalog;

/// A component's program among the words of a command, with something that speaks for a start of it:
/// a flag of the component behind it, words that are not known, or a path where `paths` counts.
pub(super) fn mentioned(words: &[Arg], paths: bool) -> Option<Component> {
    let mut named: Vec<Component> = Vec::new();
    for word in words {
        for part in parts(&word.text) {
            let flag = part.starts_with('-');
            let unknown = word.certainty != Certainty::Known && !named.is_empty();
            let speaks = |component: &&Component| unknown || flag && has_flag(**component, part);
            if let Some(component) = named.iter().rev().find(speaks) {
                return Some(*component);
            }
            // `--exec=/usr/bin/kube-apiserver`
            let value = part.split_once('=').filter(|_| flag).map_or(part, |(_, value)| value);
            let Some(component) = component_named(basename(value)) else { continue };
            if paths && !flag && value.starts_with('/') {
                return Some(component);
            }
            if !named.contains(&component) && (!flag || value.contains('/')) {
                named.push(component);
            }
        }
    }
    None
}

/// The first component whose program the words name.
pub(super) fn named(words: &[Arg]) -> Option<Component> {
    let mut parts = words.iter().flat_map(|word| parts(&word.text));
    parts.find_map(|part| component_named(basename(part)))
}

/// The words within a word: one argument may be a script of some language.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| c.is_whitespace() || "\"'`()[]{};,&|<>".contains(c);
    text.split(between).filter(|part| !part.is_empty())
}

/// Whether a component has a flag, in any release.
pub(in crate::document) fn has_flag(component: Component, word: &str) -> bool {
    let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
    name.len() > 1 && Catalog::of(component).find(&name.replace('_', "-")).is_some()
}

/// Whether the arguments make a server print something and end.
pub(in crate::document) fn only_prints(component: Component, args: &[Arg]) -> bool {
    let mut is_value = false;
    for arg in args {
        let text = arg.text.as_str();
        if std::mem::take(&mut is_value) {
            continue;
        }
        if text == "--" {
            return false;
        }
        let known = arg.certainty == Certainty::Known;
        if known && prints(text) {
            return true;
        }
        is_value = takes_next(component, text);
    }
    false
}

/// Whether an argument makes a server print something and end. `--version=v1.30.0` only changes what it
/// calls itself, and any other value is refused. Source: component-base `version/verflag/verflag.go`.
fn prints(text: &str) -> bool {
    let version = text.strip_prefix("--version=").or(text.strip_prefix("-version="));
    matches!(text, "--version" | "-version" | "--help" | "-help" | "-h")
        || version.is_some_and(|value| {
            matches!(value, "raw" | "true" | "True" | "TRUE" | "t" | "T" | "1")
        })
}

/// Whether a word is a flag whose value is the next one.
fn takes_next(component: Component, text: &str) -> bool {
    let Some(name) = text.strip_prefix('-').filter(|_| !text.contains('=')) else { return false };
    let name = name.strip_prefix('-').unwrap_or(name).replace('_', "-");
    let catalog = Catalog::of(component);
    let release = catalog.newest_release();
    let spec = catalog.find(&name);
    spec.is_some_and(|spec| spec.kind(release).value_when_bare().is_none())
}
