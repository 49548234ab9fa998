//! How the controller manager and the scheduler choose a leader.
//!
//! Sources: client-go `tools/leaderelection/leaderelection.go` (`NewLeaderElector`) and
//! `resourcelock/interface.go`, which every release runs before it serves; component-base
//! `config/validation`.

use super::super::value::Value;
use super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

const LEASE: &str = flag_name!("leader-elect-lease-duration");
const RENEW: &str = flag_name!("leader-elect-renew-deadline");
const RETRY: &str = flag_name!("leader-elect-retry-period");
const LOCK: &str = flag_name!("leader-elect-resource-lock");

/// Ways to lock, and the first release without each.
const LOCKS: [(&str, Option<Release>); 5] = [
    ("configmaps", Some(Release::kubernetes(24))),
    ("configmapsleases", Some(Release::kubernetes(28))),
    ("endpoints", Some(Release::kubernetes(24))),
    ("endpointsleases", Some(Release::kubernetes(28))),
    ("leases", None),
];

pub(super) fn validate(flags: &mut Flags) {
    if !matches!(flags.value(flag_name!("leader-elect")), Some(Value::Bool(true))) {
        return;
    }
    times(flags);
    if let Some(Value::Text(lock)) = flags.set_to(LOCK) {
        let known = LOCKS.iter().find(|(name, _)| name == lock);
        let message = match known {
            Some((_, Some(gone))) if *gone <= flags.release => {
                Clause::of_value(format!("{lock} is gone since {}", gone.minor()))
            }
            Some(_) => return,
            None => Clause::of_value(format!("{lock:?} is not a kind of lock, such as leases")),
        };
        flags.refuse(LOCK, Code::BadValue, message);
    }
}

/// A lease outlasts the deadline for renewing it, and that outlasts the wait between two tries, with
/// a fifth on top.
fn times(flags: &mut Flags) {
    let time = |name: &str| match flags.value(name) {
        Some(Value::Duration(time)) => Some(i128::from(*time)),
        _ => None,
    };
    let (Some(lease), Some(renew), Some(retry)) = (time(LEASE), time(RENEW), time(RETRY)) else {
        return;
    };
    let (subject, problem) = if lease <= renew {
        (LEASE, format!("must be more than --{RENEW}"))
    } else if renew * 5 <= retry * 6 {
        (RENEW, format!("must be more than 1.2 times --{RETRY}"))
    } else if retry <= 0 {
        (RETRY, "must be more than 0".to_owned())
    } else {
        return;
    };
    // What is not set has a default that is right by itself.
    let name = [subject, LEASE, RENEW, RETRY].into_iter().find(|name| flags.is_set(name));
    let name = name.unwrap_or(LEASE);
    let message = if name == subject {
        Clause::of_flag(problem)
    } else {
        Clause::sentence(format!("--{subject} {problem}"))
    };
    flags.refuse(name, Code::BadValue, message);
}
