//! What the scheduler refuses. Source: kubernetes `cmd/kube-scheduler/app/options`,
//! `pkg/scheduler/apis/config/validation`.

use super::limits::at_least;
use super::range::within;
use super::{Flags, leader_election};
use crate::flags::catalog::Release;

/// The first release known to check its configuration.
const CHECKED_SINCE: Release = Release::kubernetes(14);

pub(super) fn validate(flags: &mut Flags) {
    leader_election::validate(flags);
    within(flags, "port", 0, 65_535);
    if flags.release >= CHECKED_SINCE {
        at_least(flags, "kube-api-burst", 0);
    }
}
