//! Rules and benchmarks that are read when they are needed, and not before.
//!
//! A run needs a part of the packs: the controls of one edition, for one component. Of the packs in
//! the binary only ids and headers are looked up at first; a test holds that this look-up finds what
//! reading the packs as a whole finds.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::{Benchmark, Demand, Rule};
use super::{outline, pack};
use crate::component::Component;
use crate::digest::half_fingerprint;
use crate::version::MinorRange;

/// A rule that may not have been read yet.
#[derive(Debug)]
pub struct Entry {
    /// The rule's id.
    pub id: Cow<'static, str>,
    /// The component it is about.
    pub component: Component,
    /// The pack it stands in.
    pub pack: Cow<'static, str>,
    text: Cow<'static, str>,
    // Boxed, since most are never read and a run holds all entries.
    demand: OnceLock<Box<Demand>>,
    rule: OnceLock<Box<Rule>>,
    fingerprint: OnceLock<String>,
}

impl Entry {
    /// What the rule demands.
    ///
    /// # Panics
    ///
    /// If a rule in the binary is invalid, which a test rules out.
    pub fn demand(&self) -> &Demand {
        if let Some(rule) = self.rule.get() {
            return &rule.demand;
        }
        self.demand.get_or_init(|| match pack::read_demand(self.pack.clone(), self.text.clone()) {
            Ok(demand) => Box::new(demand),
            Err(problem) => panic!("{problem}"),
        })
    }

    /// The whole rule.
    ///
    /// # Panics
    ///
    /// If a rule in the binary is invalid, which a test rules out.
    pub fn rule(&self) -> &Rule {
        self.rule.get_or_init(|| match pack::read(&self.pack, &self.text) {
            Ok(mut pack) if pack.rules.len() == 1 => Box::new(pack.rules.remove(0)),
            Ok(_) => panic!("{}: the text of {} is not one rule", self.pack, self.id),
            Err(problems) => panic!("{}", problems[0]),
        })
    }

    /// The rule's half of a result's fingerprint.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| half_fingerprint(&self.id))
    }

    /// The text that says what the rule is: its own, or that of the pack it was read from.
    pub fn source(&self) -> &str {
        &self.text
    }

    /// An entry for a rule that was read from a pack of this text.
    pub(super) fn read(rule: Rule, text: &str) -> Self {
        Self {
            id: rule.demand.id.clone().into(),
            component: rule.demand.component,
            pack: rule.demand.pack.clone().into(),
            text: text.to_owned().into(),
            demand: OnceLock::new(),
            rule: OnceLock::from(Box::new(rule)),
            fingerprint: OnceLock::new(),
        }
    }

    /// The entries of a pack in the binary.
    pub(super) fn of_pack(path: &'static str, text: &'static str) -> Vec<Self> {
        let starts: Vec<usize> = memchr::memmem::find_iter(text.as_bytes(), "[[rule]]\n")
            .filter(|at| *at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n'))
            .collect();
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        starts
            .iter()
            .zip(ends)
            .filter_map(|(start, end)| text.get(*start..end))
            .filter_map(|text| {
                Some(Self {
                    id: field(text, "id")?.into(),
                    component: Component::from_name(field(text, "component")?)?,
                    pack: path.into(),
                    text: text.into(),
                    demand: OnceLock::new(),
                    rule: OnceLock::new(),
                    fingerprint: OnceLock::new(),
                })
            })
            .collect()
    }
}

/// A benchmark that may not have been read yet.
#[derive(Debug)]
pub struct Edition {
    /// The benchmark's id.
    pub id: String,
    /// The minors it is made for.
    pub kubernetes: MinorRange,
    pack: String,
    text: &'static str,
    benchmark: OnceLock<Benchmark>,
}

impl Edition {
    /// The benchmark, with what it names.
    ///
    /// # Panics
    ///
    /// If a benchmark in the binary is invalid, which a test rules out.
    pub(super) fn benchmark(&self, known: &impl pack::Known) -> &Benchmark {
        self.benchmark.get_or_init(|| {
            if let Some(benchmark) = outline::benchmark(self.text, known) {
                return benchmark;
            }
            let draft = pack::read(&self.pack, self.text).map(|pack| pack.drafts().next());
            match draft.and_then(|draft| draft.map(|draft| draft.read(known)).transpose()) {
                Ok(Some(benchmark)) => benchmark,
                Ok(None) => panic!("{}: no benchmark", self.pack),
                Err(problems) => panic!("{}", problems[0]),
            }
        })
    }

    /// An entry for a benchmark that was read.
    pub(super) fn read(benchmark: Benchmark) -> Self {
        let (id, kubernetes) = (benchmark.id.clone(), benchmark.kubernetes);
        let benchmark = OnceLock::from(benchmark);
        Self { id, kubernetes, pack: String::new(), text: "", benchmark }
    }

    /// The benchmark of a pack in the binary, which holds one.
    pub(super) fn of_pack(path: &str, text: &'static str) -> Option<Self> {
        // It begins below a few lines of comment, so there is no need to look far.
        const HEAD: usize = 1000;
        let head = text.get(..text.floor_char_boundary(HEAD))?;
        let header = head.get(memchr::memmem::find(head.as_bytes(), b"[[benchmark]]\n")?..)?;
        Some(Self {
            id: field(header, "id")?.to_owned(),
            kubernetes: field(header, "kubernetes")?.parse().ok()?,
            pack: path.to_owned(),
            text,
            benchmark: OnceLock::new(),
        })
    }
}

/// The text of the first line `key = "…"`.
pub(super) fn field<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut rest = text;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let (line, behind) = rest.split_at(end);
        let value = line.strip_prefix(key).and_then(|line| line.strip_prefix(" = \""));
        if let Some(value) = value.and_then(|value| value.strip_suffix('"')) {
            return Some(value);
        }
        rest = behind.strip_prefix('\n').unwrap_or_default();
    }
    None
}
