//! What a program costs: processor time, time, memory, instructions.
//!
//! The kernel adds up what the ended children of a process took, and keeps the largest memory of any of
//! them. So every program is run by a child of its own, which runs nothing else and tells what it saw.

use std::ffi::OsString;
use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};

/// What several runs of one program took.
pub(crate) struct Cost {
    /// Processor time, user and system together, of every run, least first.
    pub(crate) cpu: Vec<Duration>,
    /// Time by the clock, least first.
    pub(crate) wall: Vec<Duration>,
    /// The largest resident memory of any run, in KiB.
    pub(crate) peak: u64,
}

impl Cost {
    pub(crate) fn least(&self) -> Duration {
        self.cpu.first().copied().unwrap_or_default()
    }
}

/// The middle one of what was sorted.
pub(crate) fn median(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// The first argument of this program as the one that runs another and tells what it took.
pub(crate) const RUN: &str = "run";

/// A program is run as often as fits in this time …
const TIME: Duration = Duration::from_secs(2);
/// … but not less often than this, nor more often than that.
const RUNS: (usize, usize) = (3, 40);

/// Runs a program again and again, by a child.
pub(crate) fn measure(words: &[OsString]) -> io::Result<Cost> {
    let output = Command::new(std::env::current_exe()?).arg(RUN).args(words).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut cost = Cost { cpu: Vec::new(), wall: Vec::new(), peak: 0 };
    for line in text.lines() {
        let numbers: Vec<u64> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
        let [cpu, wall, peak] = numbers[..] else { continue };
        cost.cpu.push(Duration::from_micros(cpu));
        cost.wall.push(Duration::from_micros(wall));
        cost.peak = cost.peak.max(peak);
    }
    if !output.status.success() || cost.cpu.is_empty() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    cost.cpu.sort_unstable();
    cost.wall.sort_unstable();
    Ok(cost)
}

/// The child: runs the program and writes a line for every run: microseconds of processor time and by
/// the clock, and the largest memory so far in KiB.
pub(crate) fn run(words: &[OsString], out: &mut dyn io::Write) -> io::Result<()> {
    let begun = Instant::now();
    let mut before = spent(&getrusage(UsageWho::RUSAGE_CHILDREN)?);
    for number in 0..RUNS.1 {
        if number >= RUNS.0 && begun.elapsed() > TIME {
            break;
        }
        let started = Instant::now();
        start(words)?;
        let wall = started.elapsed().as_micros();
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        let after = spent(&usage);
        writeln!(out, "{} {wall} {}", after - before, usage.max_rss())?;
        before = after;
    }
    Ok(())
}

fn start(words: &[OsString]) -> io::Result<()> {
    let mut command = command(words)?;
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    // Findings, and processes that cannot be looked into, are what is asked for here.
    match status.code() {
        Some(0..=2) => Ok(()),
        _ => Err(io::Error::other(format!("{status}: {words:?}"))),
    }
}

fn command(words: &[OsString]) -> io::Result<Command> {
    let (program, args) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).env_clear();
    Ok(command)
}

fn spent(usage: &Usage) -> i64 {
    let (user, system) = (usage.user_time(), usage.system_time());
    [user, system].iter().map(|time| time.tv_sec() * 1_000_000 + time.tv_usec()).sum()
}

/// The instructions that a program executes, counted by valgrind; `None` if that is not at hand.
pub(crate) fn instructions(words: &[OsString]) -> Option<u64> {
    let mut counted = Command::new("valgrind");
    counted.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).args(words);
    let output = counted.stdin(Stdio::null()).stdout(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find_map(|line| line.split_once("Collected : "))?;
    line.1.trim().parse().ok()
}
