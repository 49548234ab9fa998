//! etcd as a proxy of others, which it could be up to 3.5: it advertises nothing and has no peers.
//!
//! Source: etcd `server/etcdmain/config.go`, `mayBeProxy`.

use super::super::Flags;
use crate::flags::catalog::{Release, flag_name};
use crate::flags::value::Value;

/// The last release with a proxy.
const LAST: Release = Release::etcd(3, 5);

/// Whether the member may be a proxy, or become one that its cluster has no room for.
pub(super) fn may_be(flags: &Flags) -> bool {
    let is = |name: &str, word: &str| matches!(flags.value(name), Some(Value::Text(text)) if text == word);
    let falls_back =
        !flags.is_empty(flag_name!("discovery")) && !is(flag_name!("discovery-fallback"), "exit");
    flags.release <= LAST && (!is(flag_name!("proxy"), "off") || falls_back)
}
