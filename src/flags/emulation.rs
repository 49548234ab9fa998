//! The release that a server pretends to be: `--emulated-version`.
//!
//! Sources: component-base `version/registry.go` and `compatibility/`, apiserver
//! `pkg/util/compatibility`; before 1.33 apiserver `pkg/util/version`.

use super::Flags;
use super::catalog::{Release, flag_name};
use super::value::Value;
use crate::version::Minor;

/// The flag that asks for it.
pub(super) const FLAG: &str = flag_name!("emulated-version");

/// The release that brought it: none pretends to be older.
const SINCE: Release = Release::kubernetes(31);

/// The oldest release that `release` can pretend to be. (1.32 allows one minor, which is the same.)
pub(super) fn floor(release: Release) -> Release {
    let oldest = release.minus(3);
    if oldest < SINCE { SINCE } else { oldest }
}

/// One version that is asked for.
pub(super) struct Asked<'t> {
    /// Whose; the only component of a Kubernetes server is `kube`.
    pub(super) component: &'t str,
    /// Its minor, if it is a version.
    pub(super) minor: Option<Minor>,
    /// Whether it names a patch, which is refused.
    pub(super) patch: bool,
}

/// Reads `kube=1.34`, or `1.34`, which is the same.
pub(super) fn asked(item: &str) -> Asked<'_> {
    let (component, version) = item.split_once('=').unwrap_or(("kube", item));
    let version = version.trim();
    let patch = version.split('.').nth(2).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.split_at(end).0.bytes().any(|digit| digit != b'0')
    });
    Asked {
        component: component.trim(),
        minor: version.parse().ok(),
        patch: patch.unwrap_or(false),
    }
}

/// The release that the flags ask for, if it is one that can be asked for.
pub(super) fn release(flags: &Flags) -> Option<Release> {
    // By default none is asked for, and every gate asks.
    let Some(Value::List(items)) = flags.is_set(FLAG).then(|| flags.value(FLAG))? else {
        return None;
    };
    let minor = items.iter().find_map(|item| asked(item).minor)?;
    let release = flags.catalog.release(minor)?;
    (floor(flags.release)..=flags.release).contains(&release).then_some(release)
}
