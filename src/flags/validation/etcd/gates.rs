//! etcd's own feature gates, from 3.6 on, and the experimental flags that they replace.
//!
//! Sources: etcd `server/features/etcd_features.go`, `pkg/featuregate`, `server/embed/config.go`.

use super::super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};
use crate::flags::scalar;
use crate::flags::value::Value;
use crate::spelling::{nearest, suggestion};

const FLAG: &str = flag_name!("feature-gates");
const CHECKPOINT: &str = "LeaseCheckpoint";
const PERSIST: &str = "LeaseCheckpointPersist";

/// The gates of 3.6. What else 3.7 has is not known for certain.
const GATES: [&str; 9] = [
    "AllAlpha",
    "AllBeta",
    "CompactHashCheck",
    "InitialCorruptCheck",
    CHECKPOINT,
    PERSIST,
    "SetMemberLocalAddr",
    "StopGRPCServiceOnDefrag",
    "TxnModeWriteWithSharedBuffer",
];

/// The last release whose gates are known.
const KNOWN: Release = Release::etcd(3, 6);

/// The flags that say the same as a gate.
const EXPERIMENTAL: [(&str, &str); 2] = [
    (flag_name!("experimental-enable-lease-checkpoint"), CHECKPOINT),
    (flag_name!("experimental-enable-lease-checkpoint-persist"), PERSIST),
];

pub(super) fn validate(flags: &mut Flags) {
    let text = flags.filled(FLAG).unwrap_or_default().to_owned();
    let mut set: Vec<(&str, bool)> = Vec::new();
    for item in text.split(',').filter(|item| !item.is_empty()) {
        let (name, value) = item.split_once('=').map_or((item, None), |(n, v)| (n, Some(v)));
        let name = name.trim();
        let problem = match value.map(|value| scalar::bool(value.trim())) {
            None => Some((Code::BadValue, "has no value".to_owned())),
            Some(Err(why)) => Some((Code::BadValue, why)),
            Some(Ok(_)) if flags.release <= KNOWN && !GATES.contains(&name) => {
                let near = suggestion(nearest(name, GATES));
                Some((Code::UnknownGate, format!("is not a feature gate of etcd{near}")))
            }
            Some(Ok(on)) => {
                set.push((name, on));
                None
            }
        };
        if let Some((code, why)) = problem {
            flags.refuse(FLAG, code, Clause::of_value(format!("{name} {why}")));
        }
    }
    checkpoints(flags, &set);
}

/// Checkpoints cannot be kept where there are none.
fn checkpoints(flags: &mut Flags, set: &[(&str, bool)]) {
    let by_flag = |name: &str| matches!(flags.set_to(name), Some(Value::Bool(true)));
    let [made, kept] = EXPERIMENTAL.map(|(flag, gate)| {
        let by_gate = |name: &str| set.iter().rev().find(|(n, _)| *n == name).map(|(_, on)| *on);
        by_flag(flag) || by_gate(gate).or(by_gate("AllAlpha")).unwrap_or_default()
    });
    if kept && !made {
        let [(first, _), (second, _)] = EXPERIMENTAL;
        let (flag, message) = if by_flag(second) {
            (second, Clause::of_flag(format!("needs --{first} beside it")))
        } else {
            (FLAG, Clause::of_value(format!("{PERSIST} needs {CHECKPOINT}")))
        };
        flags.refuse(flag, Code::GateDependency, message);
    }
}
