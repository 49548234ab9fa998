//! What plimsoll costs, beside what reading and parsing alone cost: `cargo bench --bench speed`.
//!
//! A program, not a test: it holds nothing to a limit, for the figures are the machine's. Words after
//! `--` keep the cases whose names hold one of them.

#![allow(clippy::disallowed_methods, reason = "it starts programs and writes files")]

mod corpus;
mod floor;
mod measure;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use floor::Floor;
use measure::{Cost, instructions, measure, median};

/// What Cargo gives a benchmark, and not a test.
const BENCH: &str = "--bench";

fn main() -> io::Result<()> {
    let mut words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let mut out = io::stdout().lock();
    match words.first().and_then(|word| word.to_str()) {
        Some(measure::RUN) => measure::run(&words[1..], &mut out),
        Some(name) if let Some(floor) = Floor::from_name(name) => {
            words[1..].iter().try_for_each(|path| floor.go(Path::new(path)))
        }
        // `cargo test --all-targets` starts it too, and has no use for figures.
        _ if !words.iter().any(|word| word == BENCH) => Ok(()),
        _ => {
            words.retain(|word| word != BENCH);
            bench(&words, &mut out)
        }
    }
}

/// One thing that is measured.
struct Case {
    name: String,
    /// The arguments for plimsoll.
    args: Vec<OsString>,
    /// What it reads.
    reads: Option<PathBuf>,
    /// Whether that is YAML.
    yaml: bool,
    /// Whether its instructions can be counted in good time.
    counted: bool,
}

fn bench(wanted: &[OsString], out: &mut dyn Write) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    writeln!(
        out,
        "| case | CPU, least | CPU, median | wall, median | peak memory | instructions | CPU of reading | CPU of parsing | ratio to parsing |"
    )?;
    writeln!(out, "| --- | --: | --: | --: | --: | --: | --: | --: | --: |")?;
    for case in cases(folder.path())? {
        let is_wanted =
            |word: &OsString| word.to_str().is_some_and(|word| case.name.contains(word));
        if wanted.is_empty() || wanted.iter().any(is_wanted) {
            row(&case, out)?;
        }
    }
    Ok(())
}

fn cases(folder: &Path) -> io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    let mut case = |name: &str, args: &[&str], reads: Option<&Path>, yaml, counted| {
        let mut words = vec![OsString::from("check")];
        words.extend(args.iter().map(OsString::from));
        words.extend(reads.map(|path| path.as_os_str().to_owned()));
        cases.push(Case {
            name: name.to_owned(),
            args: words,
            reads: reads.map(Path::to_owned),
            yaml,
            counted,
        });
    };
    let one = corpus::manifests(folder, 1)?.join("00000.yaml");
    case("1 manifest", &[], Some(&one), true, true);
    case("1 manifest, JSON", &["--format", "json"], Some(&one), true, true);
    case("1 manifest, hardening", &["--benchmark", "hardening"], Some(&one), true, true);
    for count in [100, 1_000, 10_000] {
        let manifests = corpus::manifests(folder, count)?;
        case(&format!("{count} manifests"), &[], Some(&manifests), true, count < 10_000);
    }
    for count in [100, 1_000, 10_000] {
        let processes = corpus::processes(folder, count)?;
        let name = format!("{count} processes");
        case(&name, &["--proc"], Some(&processes), false, count < 10_000);
    }
    case("this machine's processes", &[], None, false, false);
    Ok(cases)
}

fn row(case: &Case, out: &mut dyn Write) -> io::Result<()> {
    let mut words = vec![OsString::from(env!("CARGO_BIN_EXE_plimsoll"))];
    words.extend(case.args.iter().cloned());
    let cost = measure(&words)?;
    let counted = if case.counted { instructions(&words) } else { None };
    let floor = |floor: Floor| -> io::Result<Option<Cost>> {
        let Some(path) = &case.reads else { return Ok(None) };
        let this = std::env::current_exe()?;
        measure(&[this.into(), floor.name().into(), path.into()]).map(Some)
    };
    let read = floor(Floor::Read)?;
    let parse = if case.yaml { floor(Floor::Parse)? } else { None };
    let ratio = |cost: &Cost, floor: &Cost| {
        format!("{:.1}", cost.least().as_secs_f64() / floor.least().as_secs_f64())
    };
    let shown = |cost: &Option<Cost>| cost.as_ref().map_or("-".to_owned(), |it| millis(it.least()));
    writeln!(
        out,
        "| {} | {} | {} | {} | {} MiB | {} | {} | {} | {} |",
        case.name,
        millis(cost.least()),
        millis(median(&cost.cpu)),
        millis(median(&cost.wall)),
        tenths(cost.peak, 1024),
        counted.map_or("-".to_owned(), |count| format!("{} M", tenths(count, 1_000_000))),
        shown(&read),
        shown(&parse),
        parse.as_ref().or(read.as_ref()).map_or("-".to_owned(), |floor| ratio(&cost, floor)),
    )?;
    out.flush()
}

/// A number in a larger unit, with one place behind the point.
fn tenths(number: u64, unit: u64) -> String {
    let tenths = (number * 10 + unit / 2) / unit;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
