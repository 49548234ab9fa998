//! A limit for every wait, because a test that waits for ever reports nothing.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// Far more than any wait takes, also on a machine that does much else.
const LIMIT: Duration = Duration::from_mins(5);

/// Kills a child, and the processes of its group if it leads one, at the end of [`LIMIT`], unless this is
/// dropped before.
pub(crate) struct Limit {
    _ended: Sender<()>,
}

impl Limit {
    pub(crate) fn of(child: &Child) -> Self {
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a pid");
        let (ended, end) = channel();
        thread::spawn(move || {
            if end.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
                let _ = kill_process_group(pid, Signal::KILL);
                let _ = kill_process(pid, Signal::KILL);
            }
        });
        Self { _ended: ended }
    }
}

/// What a child has printed and how it ended.
pub(crate) fn ended(child: Child) -> Output {
    let _limit = Limit::of(&child);
    child.wait_with_output().expect("the child ends")
}

/// Runs a command in a process group of its own, because what it has started could hold its output open, and
/// takes what it prints.
pub(crate) fn output(command: &mut Command) -> io::Result<Output> {
    command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map(ended)
}

/// Looks again and again until something is found.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + LIMIT;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "no {what} in {LIMIT:?}");
        thread::yield_now();
    }
}
