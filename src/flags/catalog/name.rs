//! Names of flags that are checked when plimsoll is compiled.

use super::spec::FlagSpec;
use super::tables::{etcd, kube_apiserver, kube_controller_manager, kube_scheduler, kubelet};

/// The name itself, if some release of some component has such a flag. A check that asks for a
/// misspelt flag would never fire, so that in a constant the name does not compile:
///
/// ```compile_fail
/// const NAME: &str = plimsoll::flags::catalog::known("anonymus-auth");
/// # assert!(!NAME.is_empty());
/// ```
///
/// ```
/// const NAME: &str = plimsoll::flags::catalog::known("anonymous-auth");
/// # assert!(!NAME.is_empty());
/// ```
///
/// # Panics
///
/// If no release of any component has the flag.
pub const fn known(name: &'static str) -> &'static str {
    let tables = [
        kube_apiserver::FLAGS,
        etcd::FLAGS,
        kube_controller_manager::FLAGS,
        kube_scheduler::FLAGS,
        kubelet::FLAGS,
    ];
    let mut index = 0;
    while index < tables.len() {
        if has(tables[index], name.as_bytes()) {
            return name;
        }
        index += 1;
    }
    panic!("no release of any component has a flag of this name");
}

const fn has(flags: &[FlagSpec], name: &[u8]) -> bool {
    let mut index = 0;
    while index < flags.len() {
        if is_same(flags[index].name.as_bytes(), name) {
            return true;
        }
        index += 1;
    }
    false
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// The name of a flag, which is looked up when plimsoll is compiled: see [`known`].
macro_rules! flag_name {
    ($name:literal) => {
        const { $crate::flags::catalog::known($name) }
    };
}

pub(crate) use flag_name;
