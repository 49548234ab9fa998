//! What is encrypted: the `resources` of an entry, with their wildcards.
//!
//! Source: apiserver `pkg/apis/apiserver/validation/validation_encryption.go` since 1.27; before that
//! a name is a name, whatever it looks like.

use crate::config_files::{Located, Problem};
use crate::version::Minor;

/// The first release that knows wildcards, and looks at names.
const WILDCARDS_SINCE: Minor = Minor::kubernetes(27);

/// Whether an item of `resources` covers a resource. Wildcards: `*.*` is all, `*.` the core group,
/// `*.apps` one group.
pub(super) fn covers(listed: &str, resource: &str, minor: Minor) -> bool {
    match listed.strip_prefix("*.") {
        Some(group) if minor >= WILDCARDS_SINCE => group == "*" || group_of(resource) == group,
        _ => listed == resource,
    }
}

fn group_of(name: &str) -> &str {
    name.split_once('.').map_or("", |(_, group)| group)
}

/// The server takes these items together.
pub(super) fn allowed(listed: &[Located<String>], minor: Minor) -> Result<(), Problem> {
    if minor < WILDCARDS_SINCE {
        return Ok(());
    }
    for (at, item) in listed.iter().enumerate() {
        let others = || listed.iter().enumerate().filter(|(other, _)| *other != at);
        let masks = |other: &str| other.starts_with("*.") && covers(other, &item.value, minor);
        let why = if let Some(why) = never(&item.value) {
            why
        } else if others().any(|(_, other)| other.value == item.value) {
            format!("{:?} is listed twice", item.value)
        } else if let Some((_, other)) = others().find(|(_, other)| masks(&other.value)) {
            format!("{:?} never counts beside {:?}", item.value, other.value)
        } else {
            continue;
        };
        return Err(Problem { message: why, location: item.location.clone() });
    }
    Ok(())
}

/// Why an item is refused whatever stands beside it.
fn never(item: &str) -> Option<String> {
    const WITHOUT_API: [&str; 3] =
        ["apiserveripinfo", "serviceipallocations", "servicenodeportallocations"];
    let resource = item.split('.').next().unwrap_or_default();
    if item.to_lowercase() != item {
        Some(format!("{item:?} has capital letters"))
    } else if item == "*" {
        Some("\"*\" is written *. or *.*".to_owned())
    } else if WITHOUT_API.contains(&item) {
        Some(format!("{item:?} has no API and cannot be encrypted"))
    } else {
        match group_of(item) {
            "events.k8s.io" => Some(format!("{item:?} is stored as events")),
            "extensions" => Some(format!("{item:?}: the group extensions is gone")),
            "*" if resource != "*" => Some(format!("{item:?} must name one group")),
            _ => None,
        }
    }
}

/// A later entry that an earlier wildcard covers never counts: the server refuses it.
pub(super) fn masked(entries: &[&[Located<String>]], minor: Minor) -> Result<(), Problem> {
    if minor < WILDCARDS_SINCE {
        return Ok(());
    }
    for (at, entry) in entries.iter().enumerate() {
        let earlier = || entries.iter().take(at).copied().flatten();
        for listed in *entry {
            let wildcard = |other: &&Located<String>| {
                other.value.starts_with("*.") && covers(&other.value, &listed.value, minor)
            };
            if let Some(other) = earlier().find(wildcard) {
                let message =
                    format!("{:?} never counts: {:?} stands before it", listed.value, other.value);
                return Err(Problem { message, location: listed.location.clone() });
            }
        }
    }
    Ok(())
}
