//! Standard input that nobody named.
//!
//! `kubectl get pod … | plimsoll check` means the pipe, but checks the processes of this machine, and may be green. So
//! what is piped without `-` is a mistake. A terminal, `/dev/null`, a socket and a closed standard input
//! are not: cron, systemd and ssh start programs so. Neither is a pipe without a writer.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;

use anyhow::bail;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::cli::InputArgs;
use crate::report::Failure;
use crate::source::STDIN;

/// How long a pipe may stay silent, in nanoseconds: its writer may just be starting. One that stays so is of
/// a runner that keeps it open for nothing; it is looked at again when the run is done.
const PATIENCE: i64 = 100_000_000;

/// Whether the run reads the processes of this machine because no input is named.
fn has_no_input(args: &InputArgs) -> bool {
    args.inputs.is_empty() && args.argv.is_empty() && args.pid.is_none()
}

/// Refuses a run that would pass over what is piped into it.
pub(in crate::commands) fn refuse_unread(args: &InputArgs) -> anyhow::Result<()> {
    if has_no_input(args) && holds_data(PATIENCE) {
        bail!("something is piped to standard input, but no input is named: name - to check it");
    }
    Ok(())
}

/// The failure of a run that has passed over what came meanwhile.
pub(super) fn passed_over(args: &InputArgs) -> Option<Failure> {
    let message = "something was piped here, and the processes were checked: name - to check it";
    (has_no_input(args) && holds_data(0)).then(|| Failure::new(STDIN, message))
}

/// Whether standard input is a file or a pipe with something in it. A pipe is waited for so many nanoseconds.
fn holds_data(patience: i64) -> bool {
    let Ok(stdin) = io::stdin().as_fd().try_clone_to_owned() else { return false };
    let Ok(found) = File::from(stdin).metadata() else { return false };
    if found.is_file() {
        return rustix::fs::tell(io::stdin()).is_ok_and(|at| at < found.len());
    }
    found.file_type().is_fifo() && has_come(patience)
}

fn has_come(patience: i64) -> bool {
    let stdin = io::stdin();
    let mut polled = [PollFd::new(&stdin, PollFlags::IN)];
    let timeout = Timespec { tv_sec: 0, tv_nsec: patience };
    poll(&mut polled, Some(&timeout)).is_ok()
        && polled.iter().any(|polled| polled.revents().contains(PollFlags::IN))
}
