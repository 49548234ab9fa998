//! The rules and benchmarks of a run: those that come with plimsoll, and the user's own.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use super::edition::Edition;
use super::entry::Entry;
use super::pack::{self, Known, Pack};
use super::shipped::{EDITIONS, RULES};
use super::{Benchmark, Problems, Replacements};
use crate::digest::sha256;

/// Rules and benchmarks by id.
#[derive(Debug)]
pub struct Library {
    /// The rules in the binary, as far as they were asked for, each where [`RULES`] has it.
    shipped: Vec<OnceLock<Arc<Entry>>>,
    /// The user's.
    own: BTreeMap<String, Arc<Entry>>,
    editions: Vec<Edition>,
    /// Where the user's benchmarks are among them.
    own_editions: HashMap<String, usize>,
    replacements: Replacements,
}

/// The most controls that the user's benchmarks have together. A benchmark that extends another takes
/// a line, and brings a hundred and thirty controls along.
const CONTROL_LIMIT: usize = 100_000;

impl Library {
    /// The packs that come with plimsoll, then the user's: name and text each. A rule or benchmark
    /// of the user's replaces the one of the same id.
    pub fn load(own: &[(String, String)]) -> Result<Self, Problems> {
        let mut library = Self {
            shipped: RULES.iter().map(|_| OnceLock::new()).collect(),
            own: BTreeMap::new(),
            editions: EDITIONS.iter().map(Edition::shipped).collect(),
            own_editions: HashMap::new(),
            replacements: Replacements::default(),
        };
        let mut packs: Vec<Pack> = Vec::new();
        let mut problems = Problems::default();
        for (path, text) in own {
            match pack::read(path, text) {
                Ok(pack) => packs.push(pack),
                Err(more) => problems.append(more),
            }
        }
        for pack in &mut packs {
            let digest = sha256([pack.text()]);
            for rule in std::mem::take(&mut pack.rules) {
                library.add_rule(Entry::read(rule, &digest));
            }
        }
        let mut room = CONTROL_LIMIT;
        for draft in packs.iter_mut().flat_map(Pack::drafts) {
            let beyond = draft.problem("more than 100,000 controls in your own benchmarks");
            let by = draft.path().to_owned();
            match draft.read(&library) {
                Ok(benchmark) => {
                    let Some(left) = room.checked_sub(benchmark.controls().count()) else {
                        problems.push(beyond);
                        break;
                    };
                    room = left;
                    library.add_edition(Edition::read(benchmark), by);
                }
                Err(more) => problems.append(more),
            }
        }
        problems.append(library.conflicts(&packs));
        problems.none_in(library)
    }

    /// Adds a benchmark of the user's, from the file `by`. One of the same id makes room for it in its place: which edition
    /// is the newest is told by their order.
    fn add_edition(&mut self, edition: Edition, by: String) {
        let id = edition.id.to_string();
        let at = self.place(&id).unwrap_or(self.editions.len());
        match self.editions.get_mut(at) {
            Some(known) => {
                *known = edition;
                self.replacements.benchmarks.insert(id.clone(), by);
            }
            None => self.editions.push(edition),
        }
        self.own_editions.insert(id, at);
    }

    /// Where the benchmark called `id` is. Only the shipped ones, which are few, are gone through.
    fn place(&self, id: &str) -> Option<usize> {
        let own = self.own_editions.get(id).copied();
        own.or_else(|| self.editions.iter().take(EDITIONS.len()).position(|it| it.id == id))
    }

    /// Adds a rule of the user's.
    fn add_rule(&mut self, entry: Entry) {
        let (id, by) = (entry.id.to_string(), entry.pack.to_string());
        let is_shipped = is_shipped(&id);
        let before = self.own.insert(id.clone(), Arc::new(entry));
        if is_shipped || before.is_some() {
            self.replacements.rules.insert(id, by);
        }
    }

    /// The rules and benchmarks of the user's that take the place of others.
    pub fn replacements(&self) -> &Replacements {
        &self.replacements
    }

    /// The problems of the user's rules with the benchmarks in the binary, which set parameters of the rules that
    /// they replace. A benchmark that the user replaces sets nothing any more.
    fn conflicts(&self, packs: &[Pack]) -> Problems {
        let mut problems = Problems::default();
        if !self.own.keys().any(|id| is_shipped(id)) {
            return problems;
        }
        // Of two packs with one rule the later one has it, as in `own`.
        let packs: HashMap<&str, &Pack> = packs.iter().flat_map(Pack::by_rule).collect();
        // Editions set the same parameters: the first one speaks for all.
        let mut known: HashSet<(String, usize)> = HashSet::new();
        for benchmark in self.editions.iter().filter(|it| it.is_shipped()).map(|it| self.read(it)) {
            for (_, control) in benchmark.controls() {
                let pack = packs.get(&*control.entry.id);
                for problem in pack.iter().filter_map(|pack| pack.conflict(benchmark, control)) {
                    if known.insert((problem.path.clone(), problem.span.start)) {
                        problems.push(problem);
                    }
                }
            }
        }
        problems
    }

    /// Every rule, by id.
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Entry>> {
        let shipped = (0..RULES.len()).map(|at| self.shipped(at));
        let own = self.own.values();
        let all: BTreeMap<&str, _> = shipped.chain(own).map(|entry| (&*entry.id, entry)).collect();
        all.into_values()
    }

    /// The rule called `id`.
    pub fn rule(&self, id: &str) -> Option<&Arc<Entry>> {
        self.own.get(id).or_else(|| place_of(id).map(|at| self.shipped(at)))
    }

    fn shipped(&self, at: usize) -> &Arc<Entry> {
        self.shipped[at].get_or_init(|| Arc::new(Entry::shipped(&RULES[at], pack::SHIPPED)))
    }

    /// Every benchmark, unread, in the order of the packs.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// Every benchmark, in the order of the packs.
    pub fn benchmarks(&self) -> impl Iterator<Item = &Benchmark> {
        self.editions.iter().map(|edition| self.read(edition))
    }

    /// The benchmark called `id`.
    pub fn benchmark(&self, id: &str) -> Option<&Benchmark> {
        self.editions.get(self.place(id)?).map(|edition| self.read(edition))
    }

    /// An edition, read.
    pub fn read<'l>(&'l self, edition: &'l Edition) -> &'l Benchmark {
        edition.benchmark(self)
    }
}

/// The place of a rule in the binary.
fn place_of(id: &str) -> Option<usize> {
    RULES.binary_search_by(|rule| rule.id.cmp(id)).ok()
}

fn is_shipped(id: &str) -> bool {
    place_of(id).is_some()
}

impl Known for Library {
    fn rule(&self, id: &str) -> Option<&Arc<Entry>> {
        self.rule(id)
    }

    fn rule_ids(&self) -> Vec<&str> {
        self.rules().map(|entry| &*entry.id).collect()
    }

    fn benchmark(&self, id: &str) -> Option<&Benchmark> {
        self.benchmark(id)
    }

    fn benchmark_ids(&self) -> Vec<&str> {
        self.editions.iter().map(|edition| &*edition.id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{EDITIONS, Library, pack};
    use crate::component::Component;
    use crate::rule::{Benchmark, Rule, Section};

    /// The text of a pack that the build has digested; `path` is below `rules/`.
    #[allow(clippy::disallowed_methods, reason = "tests read the sources")]
    fn text(path: &str) -> String {
        std::fs::read_to_string(format!("{}/rules/{path}", env!("CARGO_MANIFEST_DIR"))).expect(path)
    }

    #[test]
    fn ids_of_other_catalogues_look_like_theirs() {
        let library = Library::load(&[]).expect("valid");
        let mut ids = 0;
        for entry in library.rules() {
            for (catalogue, known) in &entry.rule().known_as {
                let prefixes: &[&str] = match catalogue.as_str() {
                    "stig" => &["V-2", "CNTR-K8-"],
                    "checkov" => &["CKV_K8S_"],
                    "trivy" => &["AVD-KCV-", "KCV-"],
                    "kubescape" => &["C-0"],
                    _ => panic!("{}: {catalogue}", entry.id),
                };
                assert!(!known.is_empty(), "{}", entry.id);
                for id in known {
                    assert!(prefixes.iter().any(|prefix| id.starts_with(prefix)), "{id}");
                    ids += 1;
                }
            }
        }
        assert!(ids > 400, "{ids}");
    }

    /// The build digests packs without the tables of flags; here they are read as a user's.
    #[test]
    fn every_shipped_rule_is_valid_and_reads_as_its_pack_does() {
        let library = Library::load(&[]).expect("valid packs");
        let mut paths: Vec<&str> = library.rules().map(|entry| &*entry.pack).collect();
        paths.sort_unstable();
        paths.dedup();
        let mut ids = Vec::new();
        for path in paths {
            let pack = match pack::read(path, &text(path)) {
                Ok(pack) => pack,
                Err(problems) => panic!("{problems}"),
            };
            for rule in pack.rules {
                let Rule { demand, examples, .. } = rule;
                let entry = library.rule(&demand.id).expect("found");
                assert_eq!((entry.component, &*entry.pack), (demand.component, &*demand.pack));
                // First as a check reads it, without its reasons.
                let read = entry.demand();
                assert_eq!(read.require, demand.require, "{}", demand.id);
                assert_eq!(read.id, demand.id);
                assert_eq!(read.title, demand.title, "{}", demand.id);
                assert_eq!(read.severity, demand.severity, "{}", demand.id);
                assert_eq!(read.remediation, demand.remediation, "{}", demand.id);
                assert_eq!(read.parameters, demand.parameters, "{}", demand.id);
                assert_eq!(format!("{:?}", read.unless), format!("{:?}", demand.unless));
                assert_eq!(entry.rule().examples, examples, "{}", demand.id);
                ids.push(demand.id);
            }
        }
        ids.sort();
        let known: Vec<&str> = library.rules().map(|entry| &*entry.id).collect();
        assert_eq!(known, ids);
        assert!(library.rules().any(|entry| entry.component == Component::Etcd));
    }

    /// Read as a user's, one after the other, so that each extends the one that was read before it. That lays
    /// every parameter into its rule.
    #[test]
    fn every_shipped_benchmark_is_valid_and_reads_as_its_pack_does() {
        let library = Library::load(&[]).expect("valid packs");
        let packs = EDITIONS.iter().map(|edition| (edition.pack.to_owned(), text(edition.pack)));
        let packs: Vec<(String, String)> = packs.collect();
        let own = match Library::load(&packs) {
            Ok(own) => own,
            Err(problems) => panic!("{problems}"),
        };
        for (edition, read) in library.editions().iter().zip(own.benchmarks()) {
            let found = library.read(edition);
            assert_eq!((&edition.id, edition.kubernetes), (&found.id, found.kubernetes));
            assert_eq!(shown(found), shown(read), "{}", edition.id);
            for (_, control) in found.controls() {
                let _ = control.require();
            }
        }
    }

    /// All that a benchmark says, but for what its rules say.
    fn shown(benchmark: &Benchmark) -> Vec<String> {
        let Benchmark { id, title, kubernetes, .. } = benchmark;
        let head = format!("{id} {title} {kubernetes}");
        let controls = benchmark.controls().map(|(section, control)| {
            let Section { number, title, .. } = section;
            let (level, assessment) = (control.level, control.assessment);
            let (rule, parameters) = (&control.entry.id, &control.parameters);
            let number = format!("{number} {title} {}", control.number);
            format!("{number} {rule} {level:?} {assessment:?} {parameters:?}")
        });
        [head].into_iter().chain(controls).collect()
    }

    /// What a benchmark file says otherwise than the facts, each explained at its head.
    const DIFFERENCES: [(&str, &str); 4] = [
        ("deny-service-external-ips", "deny-service-external-ips-off"),
        ("kcm-bind-address", "kcm-address"),
        ("scheduler-bind-address", "scheduler-address"),
        ("advanced-auditing", "audit-policy-file"),
    ];

    /// `fixtures/benchmarks` holds number, rule, level and assessment of every control.
    #[test]
    fn every_control_of_every_edition_is_there() {
        let library = Library::load(&[]).expect("valid packs");
        let mut compared = 0;
        for benchmark in library.benchmarks() {
            let path =
                format!("{}/fixtures/benchmarks/{}.tsv", env!("CARGO_MANIFEST_DIR"), benchmark.id);
            #[allow(clippy::disallowed_methods, reason = "tests read fixtures")]
            let facts = std::fs::read_to_string(&path).expect("facts");
            let controls: Vec<_> = benchmark
                .controls()
                .filter(|(section, _)| section.number != "0")
                .map(|(_, control)| control)
                .collect();
            assert_eq!(controls.len(), facts.lines().count(), "{}", benchmark.id);
            for (control, fact) in controls.into_iter().zip(facts.lines()) {
                let [number, rule, level, assessment] = fact.split('\t').collect::<Vec<_>>()[..]
                else {
                    panic!("{fact}");
                };
                let at = format!("{} {number}", benchmark.id);
                assert_eq!(control.number, number, "{at}");
                let same =
                    control.entry.id == rule || DIFFERENCES.contains(&(rule, &*control.entry.id));
                assert!(same, "{at}: {} is not {rule}", control.entry.id);
                assert_eq!(control.level.map_or("-".to_owned(), |l| l.to_string()), level, "{at}");
                assert_eq!(
                    control.assessment.map(super::super::Assessment::name),
                    Some(assessment),
                    "{at}"
                );
                compared += 1;
            }
            assert!(benchmark.controls().any(|(_, control)| control.entry.id == "server-starts"));
        }
        assert!(compared > 1_600, "{compared}");
    }
}
