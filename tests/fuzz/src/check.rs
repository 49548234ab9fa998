//! A text, checked to the end: what it starts, judged and reported.

use std::collections::BTreeMap;
use std::sync::Arc;

use clap::ValueEnum as _;
use plimsoll::document;
use plimsoll::evaluate::{Readings, evaluate};
use plimsoll::report::{self, Closing, Format, Look, Opening, Summary, TargetReport, finished};
use plimsoll::rule::{Benchmark, Library};
use plimsoll::source::{Files, Source};
use plimsoll::target::Target;

use super::text;

/// What parts a manifest from the contents of the files that its flags name.
const FILES: &str = "\n\u{c}\n";

/// The files that hold what stands behind the manifest.
const PATHS: [&str; 4] = ["/f", "/etc/kubernetes/f", "/etc/kubernetes/pki/f", "/etc/f"];

/// As of when certificates are judged.
const NOW: jiff::Timestamp = jiff::Timestamp::constant(1_795_305_600, 0);

/// Checks a text by a benchmark that its length picks, and writes the reports of it.
pub fn check(bytes: &[u8]) {
    thread_local! {
        static LIBRARY: Library = Library::load(&[]).expect("the shipped packs are valid");
    }
    let Some(text) = text(bytes) else { return };
    let (manifest, file) = text.split_once(FILES).unwrap_or((text, ""));
    let given: BTreeMap<String, String> =
        PATHS.iter().map(|path| ((*path).to_owned(), file.to_owned())).collect();
    let name: Arc<str> = "f".into();
    LIBRARY.with(|library| {
        for found in document::read(manifest, &name).found.into_iter().take(3) {
            let files = (Files::given(given.clone()), Files::given(given.clone()));
            let source = Source::File { path: name.clone() };
            let Ok(mut target) = Target::new(source, found, files, None) else { continue };
            reports(&mut target, library, text.len());
        }
    });
}

fn reports(target: &mut Target, library: &Library, pick: usize) {
    let edition = &library.editions()[pick % library.editions().len()];
    let benchmark = library.read(edition);
    let readings = Readings::of(target, benchmark.kubernetes.from, NOW);
    let target = &*target;
    let results = evaluate(target, &readings, benchmark, |_, _| true);
    let diagnostics = target.diagnostics.iter().chain(&readings.flags().diagnostics).collect();
    let report = TargetReport { target, diagnostics, results };
    let mut summary = Summary::default();
    summary.add(&report);
    let finished = finished::Target::of(&report, finished::Detail::Evidence);
    let opening = Opening { generated_at: NOW, host: None, has_baseline: false };
    for format in Format::value_variants() {
        let look = Look { color: false, problems_only: false, width: None, links: None };
        let mut written: Vec<u8> = Vec::new();
        let mut renderer =
            report::begin(*format, Box::new(&mut written), &opening, look).expect("memory");
        renderer.target(&finished).expect("memory");
        let benchmarks: &[&Benchmark] = &[benchmark];
        let closing = Closing { benchmarks, errors: Vec::new(), waivers: Vec::new(), summary };
        renderer.finish(&closing).expect("memory");
        let written = String::from_utf8(written).expect("UTF-8");
        // A row of CSV ends with both.
        let ends = if *format == Format::Csv { "\r\n" } else { "\n" };
        let control = |c: &char| c.is_control() && !ends.contains(*c);
        assert_eq!(written.chars().find(control), None, "{written:?}");
        if *format == Format::Json {
            let read = finished::read(&written).expect("what was written is a report");
            assert_eq!(read.targets.len(), 1);
        }
    }
}
