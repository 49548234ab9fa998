//! Whatever the shape of an input, twice as much of it takes twice the work.
//!
//! `fixtures/linear/*.toml` holds the shapes, each a text made of a unit that is repeated:
//!
//! * `args`: how plimsoll is run, in a folder of the shape's own;
//! * `file`: where the text is there, or with `{n}` that of each unit, with head and tail; `{n}` in a unit is
//!   its number;
//! * `head`, `unit`, `middle`, `closing`, `tail`: the text, with as many closings as units;
//! * `server`: the command of `server.service` there, for files that flags name;
//! * `always`: it is read in every run of the tests. The others are read where `PLIMSOLL_LINEAR` is `all`.
//!
//! Work is counted in instructions, by valgrind: a clock would measure the machine. `PLIMSOLL_COUNTED`
//! names the release build that is counted. A text of some kilobytes and one four times as long are
//! read; what a run takes whatever its input is left out.

#![allow(clippy::disallowed_methods, reason = "tests start programs and write files")]

mod counting;
mod kept;
mod shape;

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use counting::Counter;
use shape::Shape;

/// The length of the shorter text, in bytes: long enough that what grows with its square shows, short
/// enough that fifty shapes are read in a minute.
const LENGTH: usize = 12 << 10;

/// How much longer the other one is.
const TIMES: usize = 4;

/// The most that the work may grow by. Work that grows with the square and is a third of the whole for
/// the shorter text is above it.
const MOST: u64 = 7;

/// Instructions that say nothing: hash tables have an order of their own in every run.
const NOISE: u64 = 1_000_000;

/// The most that a file of rules or waivers may hold, a little less: see README's limits.
const PACK_LENGTH: usize = (2 << 20) - 4096;

/// The most address space of a run that reads one, in KiB: 200 MiB of memory, and the program itself.
const ADDRESSES: usize = 272 << 10;

#[test]
fn rules_and_waivers_as_large_as_they_may_be_take_little_memory() {
    let shapes = shape::all();
    let of_packs = shapes.iter().filter(|shape| shape.always && shape.is_of_pack());
    let program = counting::program().unwrap_or_else(|| env!("CARGO_BIN_EXE_plimsoll").into());
    let mut read = 0;
    for shape in of_packs {
        let folder = tempfile::tempdir().expect("a folder");
        shape.lay_out(folder.path(), PACK_LENGTH);
        let output = Command::new("sh")
            .args(["-c", &format!("ulimit -v {ADDRESSES} && exec \"$0\" \"$@\"")])
            .arg(&program)
            .args(shape.args())
            .current_dir(folder.path())
            .output()
            .expect("a run");
        let said = String::from_utf8_lossy(&output.stderr);
        let known = output.status.code().is_some_and(|code| (0..=2).contains(&code));
        assert!(known && !said.contains("larger than"), "{}: {}", shape.name, output.status);
        read += 1;
    }
    assert!(read >= 5, "{read}");
}

#[test]
fn twice_the_input_takes_twice_the_work_whatever_its_shape() {
    let Some(counter) = Counter::new() else { return };
    let all = std::env::var("PLIMSOLL_LINEAR").is_ok_and(|wanted| wanted == "all");
    let mut shapes = shape::all();
    shapes.retain(|shape| all || shape.always);
    assert!(shapes.len() >= 40, "{} shapes", shapes.len());
    let of_check = counter.instructions(&Shape::nothing(), 0);
    let waiting: Mutex<VecDeque<&Shape>> = Mutex::new(shapes.iter().collect());
    let grown: Mutex<Vec<String>> = Mutex::default();
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let work = || {
        while let Some(shape) = next() {
            let floor = if shape.is_of_check() { of_check } else { counter.instructions(shape, 0) };
            let count = |length| counter.instructions(shape, length).saturating_sub(floor);
            let (short, long) = (count(LENGTH), count(LENGTH * TIMES));
            if long > short * MOST + NOISE {
                let what = format!("{}: {short} and {long} instructions", shape.name);
                grown.lock().unwrap_or_else(PoisonError::into_inner).push(what);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut grown = grown.into_inner().unwrap_or_else(PoisonError::into_inner);
    grown.sort();
    assert!(grown.is_empty(), "more than linear:\n{}", grown.join("\n"));
    let _ = writeln!(io::stderr(), "{} shapes are linear", shapes.len());
}
