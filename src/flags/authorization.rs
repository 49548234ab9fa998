//! The chain of authorizers.
//!
//! `--authorization-config` replaces the flag from 1.30 on (1.29 behind a gate). Without it the
//! chain is `--authorization-mode`, and from 1.29 on an empty list is completed to AlwaysAllow.
//! Source: kubernetes `pkg/kubeapiserver/options/authorization.go`.

use super::Flags;
use super::answer::{Answer, By, Cause, Gap, Known, Why};
use super::catalog::{Release, flag_name};
use super::value::Value;

/// The flag that lists the modes.
pub const MODE: &str = flag_name!("authorization-mode");
/// The flag that names a file instead.
pub const CONFIG: &str = flag_name!("authorization-config");

/// From this release on a missing mode is completed to AlwaysAllow instead of refused.
const COMPLETED_SINCE: Release = Release::kubernetes(29);

/// The authorizers a server asks.
#[derive(Debug)]
pub enum Chain<'f> {
    /// These modes, in order.
    Modes(Vec<&'f str>),
    /// Those of the file that [`CONFIG`] names.
    File,
}

/// The modes that a release knows.
pub fn known_modes(release: Release) -> &'static [&'static str] {
    const ALL: &[&str] = &["AlwaysAllow", "AlwaysDeny", "ABAC", "Webhook", "RBAC", "Node"];
    // Node was added in 1.7.
    if release < Release::kubernetes(7) { &ALL[..5] } else { ALL }
}

/// The authorizers of a server.
pub fn authorizers(flags: &Flags) -> Answer<'_, Chain<'_>> {
    match flags.answer(CONFIG) {
        Ok(Known { value, by }) if by.setting().is_some() && !value.is_empty() => {
            return by.is(Chain::File);
        }
        // What is not seen may set the modes as well, and it is they that are asked for.
        Err(gap) if gap.cause == Cause::Unsure && gap.why != Why::NoDefault => {
            let flag = if gap.by.setting().is_some() { CONFIG } else { MODE };
            return Err(Gap { by: By { flag, ..gap.by }, ..gap });
        }
        Err(gap) if gap.cause == Cause::Refused && !gap.names_flag() => return Err(gap),
        _ => {}
    }
    let Known { value, by } = flags.answer(MODE).or_else(|gap| match gap.why {
        Why::NoDefault | Why::NoFlag => {
            By::default_of(MODE).unsure(format!("--{MODE} is not known for {}", flags.minor()))
        }
        Why::Clause(_) => Err(gap),
    })?;
    let modes = match value {
        Value::List(items) => items.iter().map(String::as_str).collect(),
        // Up to 1.10 the flag is one text with commas.
        Value::Text(text) if text.is_empty() => Vec::new(),
        Value::Text(text) => text.split(',').collect(),
        _ => Vec::new(),
    };
    chain(flags.release, modes, by)
}

fn chain<'f>(release: Release, modes: Vec<&'f str>, by: By<'f>) -> Answer<'f, Chain<'f>> {
    if modes.is_empty() {
        return if release >= COMPLETED_SINCE {
            by.is(Chain::Modes(vec!["AlwaysAllow"]))
        } else {
            by.refuses("names no mode".to_owned())
        };
    }
    for (index, mode) in modes.iter().enumerate() {
        let given = By::setting_of(MODE, by.occurrences.giving(mode));
        if !known_modes(release).contains(mode) {
            return given.refuses(format!("{mode:?} is not a mode"));
        }
        if modes.iter().take(index).any(|earlier| earlier == mode) {
            return given.refuses(format!("{mode} is given more than once"));
        }
    }
    by.is(Chain::Modes(modes))
}
