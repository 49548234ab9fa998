//! From the facts of each release to the row of a flag.

use std::collections::BTreeMap;

use super::by_hand::ByHand;
use super::fixture::{FlagFact, Source};
use super::{Count, Releases};

/// The row of one flag: what holds from a release on.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) first: Count,
    pub(super) last: Option<Count>,
    pub(super) kinds: Vec<(Count, String)>,
    /// `None` where no source shows the default.
    pub(super) defaults: Vec<(Count, Option<String>)>,
    pub(super) deprecated: Vec<(Count, Option<Count>)>,
    pub(super) inferred: Vec<(Count, Count)>,
    pub(super) uncertain: Vec<(Count, Count)>,
    pub(super) letter: Option<char>,
    pub(super) group: Option<String>,
}

/// A flag, and the releases in which a source lists it.
struct Listed<'f> {
    component: &'f str,
    name: &'f str,
    facts: BTreeMap<Count, &'f FlagFact>,
}

/// The row of the flag called `name`.
pub(super) fn row(component: &str, name: &str, releases: &Releases, by_hand: &ByHand) -> Row {
    let facts = releases.read.iter().filter_map(|(count, f)| Some((*count, f.flags.get(name)?)));
    let listed = Listed { component, name, facts: facts.collect() };
    let newest = *listed.facts.keys().last().expect("a flag of some release");
    let oldest = *listed.facts.keys().next().expect("a flag of some release");
    let first = listed.by_hand(by_hand, "since").map_or(oldest, |since| count(since).min(oldest));
    let first = first.max(releases.all[0]);
    let lived: Vec<Count> =
        releases.all.iter().copied().filter(|r| (first..=newest).contains(r)).collect();
    let missing = lived.iter().filter(|release| !listed.facts.contains_key(release));
    let shown = listed.facts.values().next_back().expect("a flag of some release");
    let uncertain: Vec<Count> = releases
        .all
        .iter()
        .copied()
        .filter(|at| listed.is_uncertain(*at, &lived, releases))
        .collect();
    Row {
        name: name.to_owned(),
        first,
        last: Some(newest).filter(|last| Some(last) != releases.all.last()),
        kinds: listed.kinds(&lived, by_hand),
        defaults: listed.defaults(&lived, by_hand),
        deprecated: listed.deprecated(),
        inferred: stretches(missing.copied().filter(|r| !uncertain.contains(r)), releases),
        uncertain: stretches(uncertain.iter().copied(), releases),
        letter: shown.letter,
        group: listed
            .by_hand(by_hand, "group")
            .map(str::to_owned)
            .or_else(|| listed.facts.values().rev().find_map(|fact| fact.group.clone())),
    }
}

impl Listed<'_> {
    fn by_hand<'b>(&self, by_hand: &'b ByHand, what: &str) -> Option<&'b str> {
        by_hand.one(self.component, self.name, what)
    }

    /// The last fact before a release that has none, and the first after it.
    fn around(&self, release: Count) -> [Option<&FlagFact>; 2] {
        let before = self.facts.range(..release).next_back();
        let after = self.facts.range(release..).next();
        [before, after].map(|fact| fact.map(|(_, fact)| *fact))
    }

    /// Whether no source shows if a release has it: the release before it or after it has, and
    /// its own list is missing, or leaves out the hidden flags, of which it was one.
    fn is_uncertain(&self, release: Count, lived: &[Count], releases: &Releases) -> bool {
        let Some(own) = releases.read.get(&release) else {
            let beside = [releases.before(release), releases.after(release)];
            let has = |other: &Count| self.facts.contains_key(other);
            return !lived.contains(&release) && beside.iter().flatten().any(has);
        };
        if own.uncertain.contains(self.name) {
            return true;
        }
        let hidden = |before: Count| {
            let fact = self.facts.get(&before);
            fact.is_some_and(|fact| fact.deprecated) && self.facts.range(release..).next().is_none()
        };
        own.source == Source::WithoutHidden
            && releases.last_with_hidden(release).is_some_and(hidden)
    }

    /// Its kinds. Where no source shows the type it is that of the release before or after.
    fn kinds(&self, lived: &[Count], by_hand: &ByHand) -> Vec<(Count, String)> {
        let own: Vec<(&str, &str)> = by_hand
            .all(self.component, self.name, "kind")
            .into_iter()
            .map(|how| how.split_once(' ').expect("a type and a kind"))
            .collect();
        let mut kinds: Vec<(Count, Option<String>)> = Vec::new();
        for (release, fact) in &self.facts {
            let known = own.iter().find(|(go, _)| ["*", fact.go_type.as_str()].contains(go));
            let kind = known.map_or_else(|| kind_of(&fact.go_type), |(_, kind)| Some(*kind));
            kinds.push((*release, kind.map(str::to_owned)));
        }
        let first = kinds.iter().find_map(|(_, kind)| kind.clone());
        let mut current = first.unwrap_or_else(|| "Text".to_owned());
        let mut filled = vec![(lived[0], current.clone())];
        for (release, kind) in kinds {
            current = kind.unwrap_or(current);
            filled.push((release, current.clone()));
        }
        changes(filled)
    }

    /// Its defaults. What a source does not show is known where the releases around it agree, and
    /// where the next one has the zero value, which documentation leaves out.
    fn defaults(&self, lived: &[Count], by_hand: &ByHand) -> Vec<(Count, Option<String>)> {
        let own: Vec<(Count, String)> = by_hand
            .all(self.component, self.name, "default")
            .into_iter()
            .map(|how| how.split_once(' ').expect("a release and a default"))
            .map(|(from, text)| (count(from), serde_json::from_str(text).expect("a JSON string")))
            .collect();
        let shown: Vec<(Count, Option<String>)> = lived
            .iter()
            .map(|at| {
                let given = self.facts.get(at).and_then(|fact| fact.default.clone());
                let own = || own.iter().rev().find(|(from, _)| from <= at).map(|(_, t)| t.clone());
                (*at, given.or_else(own))
            })
            .collect();
        let mut filled: Vec<(Count, Option<String>)> = Vec::new();
        for (index, (release, text)) in shown.iter().enumerate() {
            let before = filled.iter().rev().find_map(|(_, text)| text.clone());
            let after = shown[index..].iter().find_map(|(_, text)| text.clone());
            let text = text.clone().or_else(|| match (before, after) {
                (Some(before), Some(after)) if before == after => Some(after),
                (None, Some(after)) if is_zero(&after) && !self.hides(*release) => Some(after),
                _ => None,
            });
            filled.push((*release, text));
        }
        changes(filled)
    }

    /// Whether a release hides it, which is what happens to deprecated flags.
    fn hides(&self, release: Count) -> bool {
        match self.facts.get(&release) {
            Some(fact) => fact.deprecated,
            None => self.around(release)[0].is_some_and(|fact| fact.deprecated),
        }
    }

    /// From which release to which it is called deprecated; to the end, if the last one listed does.
    fn deprecated(&self) -> Vec<(Count, Option<Count>)> {
        let mut runs: Vec<(Count, Option<Count>)> = Vec::new();
        let mut before = None;
        for (release, fact) in &self.facts {
            match (before, fact.deprecated) {
                (None | Some((_, false)), true) => runs.push((*release, None)),
                (Some((last, true)), false) => {
                    if let Some(run) = runs.last_mut() {
                        run.1 = Some(last);
                    }
                }
                _ => {}
            }
            before = Some((*release, fact.deprecated));
        }
        runs
    }
}

/// The kind that reads a type of Go; `None` where the source does not show the type.
fn kind_of(go_type: &str) -> Option<&'static str> {
    Some(match go_type {
        "?" => return None,
        "bool" => "Bool",
        "version" => "Version",
        "int" => "Int",
        "int32" => "Int32",
        "int64" => "Int64",
        "uint" => "Uint",
        "uint64" => "Uint64",
        "float32" => "Float32",
        "float64" => "Float64",
        "Level" => "Level",
        "duration" => "Duration",
        // etcd's own types are texts, but for those that are named by hand.
        "string" | "var" => "Text",
        "ip" => "Ip",
        "ipNet" => "IpNet",
        "cidrs" => "Cidrs",
        "portRange" => "PortRange",
        "quantity" => "Quantity",
        "severity" => "Severity",
        "traceLocation" => "TraceLocation",
        "moduleSpec" => "ModuleSpec",
        "pattern=N,..." => "PatternLevels",
        "stringSlice" => "StringSlice",
        "stringArray" => "StringArray",
        "int32Slice" => "Int32Slice",
        "namedCertKey" => "NamedCertKeys",
        "mapStringBool" => "BoolMap",
        "colonSeparatedMultimapStringString" => "ComponentMap",
        "mapStringString" => "StringMap",
        "stringToString" => "StringToString",
        "[]v1.Taint" | "[]api.Taint" => "Taints",
        "reserved-memory" => "ReservedMemory",
        "ignored" => "Ignored",
        _ => panic!("no kind reads {go_type:?}: give `Kind` a variant, or name it in by-hand.tsv"),
    })
}

/// Whether Go prints a zero value so, which the reference documentation does not show.
fn is_zero(default: &str) -> bool {
    ["", "0", "0s", "[]", "<nil>", "false"].contains(&default)
}

/// A count as by-hand.tsv writes it.
fn count(text: &str) -> Count {
    text.parse().expect("a release as the tables count them")
}

/// The entries that differ from the one before them.
pub(super) fn changes<T: PartialEq>(entries: Vec<(Count, T)>) -> Vec<(Count, T)> {
    let mut kept: Vec<(Count, T)> = Vec::new();
    for (release, value) in entries {
        if kept.last().is_none_or(|(_, last)| *last != value) {
            kept.push((release, value));
        }
    }
    kept
}

/// Releases that follow one another, as first and last.
fn stretches(these: impl Iterator<Item = Count>, releases: &Releases) -> Vec<(Count, Count)> {
    let mut stretches: Vec<(Count, Count)> = Vec::new();
    for release in these {
        let follows = |last: Count| releases.after(last) == Some(release);
        match stretches.last_mut().filter(|(_, last)| follows(*last)) {
            Some((_, last)) => *last = release,
            None => stretches.push((release, release)),
        }
    }
    stretches
}
