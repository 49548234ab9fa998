//! Digests the rules and benchmarks below `rules/` while plimsoll is built, so that a run reads no TOML of ours.
//!
//! It reads packs with the modules that read a user's. They also need the tables of flags to validate what a
//! rule demands; the build does without those, and the tests validate every rule as a user's is validated.

#![allow(dead_code, unreachable_pub, reason = "the program uses the rest of these modules")]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "Cargo asks for it"
)]

mod ascii;
mod component;
mod invisible;
mod severity;

mod rule {
    mod assessment;
    mod literal;
    mod problem;

    pub mod pack {
        pub mod digested;
        pub mod file;
        pub mod raw;
        pub mod sections;
        pub mod spanned;
        mod words;
    }

    pub use assessment::Assessment;
    pub use literal::Literal;
    pub use problem::{Problem, Problems};
}

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use rule::Problems;
use rule::pack::digested::RawEdition;
use rule::pack::file::File;
use rule::pack::raw::{RawBenchmark, RawPack, RawRule, RawSection};
use rule::pack::sections::sections;

/// The benchmarks in the order in which they are listed. Of one benchmark's editions the last one is the newest.
const BENCHMARKS: [&str; 19] = [
    "cis-1.3",
    "cis-1.4",
    "cis-1.5",
    "cis-1.6",
    "cis-1.20",
    "cis-1.23",
    "cis-1.24",
    "cis-1.7",
    "cis-1.8",
    "cis-1.9",
    "cis-1.10",
    "cis-1.11",
    "cis-1.12",
    "cis-2.0",
    "apiserver-2020",
    "stig",
    "nsa-cisa",
    "drift",
    "hardening",
];

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=rules");
    let mut digest = Digest::default();
    digest.add_rules();
    if digest.problems.is_empty() {
        digest.add_benchmarks();
    }
    if digest.problems.is_empty() {
        digest.write(&PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it")));
        return ExitCode::SUCCESS;
    }
    eprintln!("{}", digest.problems);
    ExitCode::FAILURE
}

/// Packs as bytes, and tables that say where each part lies. The tables are Rust, `shipped.rs` includes them.
#[derive(Default)]
struct Digest {
    bytes: Vec<u8>,
    /// A line of the table of rules, by id.
    rules: BTreeMap<String, String>,
    editions: Vec<String>,
    /// The sections of the benchmarks so far, by id.
    sections: BTreeMap<String, Vec<RawSection>>,
    problems: Problems,
}

impl Digest {
    fn add_rules(&mut self) {
        for path in packs("rules") {
            let Some((file, pack)) = self.read(&path) else { continue };
            for rule in pack.rule {
                self.add_rule(&file, rule);
            }
            for benchmark in pack.benchmark {
                let problem = file.problem(benchmark.id.span(), "a benchmark lies in benchmarks/");
                self.problems.push(problem);
            }
        }
    }

    fn add_benchmarks(&mut self) {
        let known = BENCHMARKS.map(|id| format!("benchmarks/{id}.toml"));
        for path in packs("rules/benchmarks").iter().filter(|path| !known.contains(path)) {
            let file = File::new(path.clone().into(), "".into());
            self.problems.push(file.problem(0..0, "src/build.rs does not list this benchmark"));
        }
        for path in &known {
            let Some((file, mut pack)) = self.read(path) else { continue };
            match (pack.benchmark.pop(), pack.benchmark.is_empty() && pack.rule.is_empty()) {
                (Some(benchmark), true) => self.add_edition(&file, benchmark),
                _ => self.problems.push(file.problem(0..0, "expected one benchmark and no rule")),
            }
        }
    }

    fn read(&mut self, path: &str) -> Option<(File, RawPack)> {
        let read = fs::read_to_string(Path::new("rules").join(path));
        let (text, unread) = match read {
            Ok(text) => (text, None),
            Err(error) => (String::new(), Some(format!("cannot be read: {error}"))),
        };
        let file = File::new(path.to_owned().into(), text.into());
        let pack = toml::from_str(&file.text).map_err(|error: toml::de::Error| {
            file.problem(error.span().unwrap_or(0..0), error.message())
        });
        match (unread, pack) {
            (None, Ok(pack)) => return Some((file, pack)),
            (None, Err(problem)) => self.problems.push(problem),
            (Some(unread), _) => self.problems.push(file.problem(0..0, unread)),
        }
        None
    }

    fn add_rule(&mut self, file: &File, rule: RawRule) {
        let span = rule.id.span();
        let (demand, reasons) = rule.into_parts();
        let (id, component) = (demand.id.as_ref(), demand.component.as_ref());
        let start = self.bytes.len();
        let (demand_at, reasons_at) = (self.add(&demand), self.add(&reasons));
        let sha256 = Sha256::digest(&self.bytes[start..]).to_vec();
        let line = format!(
            "ShippedRule {{ id: {id:?}, component: {component:?}, pack: {:?}, \
             demand: {demand_at}, reasons: {reasons_at}, sha256: {sha256:?} }},\n",
            file.path
        );
        if self.rules.insert(id.clone(), line).is_some() {
            self.problems.push(file.problem(span, format!("the rule {id} stands twice")));
        }
    }

    fn add_edition(&mut self, file: &File, mut raw: RawBenchmark) {
        let base = raw.extends.as_ref().map(|id| (id.span(), self.sections.get(id.as_ref())));
        let base = match base {
            Some((span, None)) => {
                let message = "src/build.rs lists no such benchmark above this one";
                return self.problems.push(file.problem(span, message));
            }
            Some((_, Some(sections))) => Some(sections.clone()),
            None => None,
        };
        let (all, mut problems) = sections(file, base, &mut raw);
        for control in all.iter().flat_map(|section| &section.control) {
            if !self.rules.contains_key(control.rule.as_ref()) {
                let message = format!("there is no rule {}", control.rule.as_ref());
                problems.push(file.problem(control.rule.span(), message));
            }
        }
        self.problems.append(problems);
        self.sections.insert(raw.id.as_ref().clone(), all.clone());
        let at = self.add(&RawEdition { title: raw.title.into(), sections: all });
        self.editions.push(format!(
            "ShippedEdition {{ id: {:?}, kubernetes: {:?}, pack: {:?}, sections: {at} }},\n",
            raw.id.as_ref(),
            raw.kubernetes.as_ref(),
            file.path
        ));
    }

    /// Adds a part to the digest; returns where it lies, as Rust writes a range.
    fn add(&mut self, part: &impl Serialize) -> String {
        let start = self.bytes.len();
        self.bytes.extend(postcard::to_allocvec(part).expect("it can be written"));
        format!("{start}..{}", self.bytes.len())
    }

    fn write(&self, folder: &Path) {
        let table = |lines: String| format!("[\n{lines}]\n").into_bytes();
        for (name, bytes) in [
            ("digest", self.bytes.clone()),
            ("rules.rs", table(self.rules.values().cloned().collect())),
            ("editions.rs", table(self.editions.concat())),
        ] {
            fs::write(folder.join(name), bytes).expect("OUT_DIR can be written to");
        }
    }
}

/// The packs in a folder, as paths below `rules/`.
fn packs(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let packs = paths.filter(|path| path.extension().is_some_and(|it| it == "toml"));
    let below = |path: PathBuf| {
        let below = path.strip_prefix("rules").expect("it lies there");
        below.to_str().expect("its name is UTF-8").to_owned()
    };
    let mut packs: Vec<String> = packs.map(below).collect();
    packs.sort();
    packs
}
