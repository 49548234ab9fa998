//! What the scheduler refuses. Source: kubernetes `cmd/kube-scheduler/app/options`,
//! `pkg/scheduler/apis/config/validation`.

use super::{Flags, leader_election};

pub(super) fn validate(flags: &mut Flags) {
    leader_election::validate(flags);
}
