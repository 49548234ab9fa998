//! One file of `fixtures/components/`: all that a release of a component has, a fact a line.
//!
//! `?` stands where the source does not show something, `-` where there is nothing, and `#` begins a
//! remark. Defaults are JSON strings, so that an empty one can be seen.

use std::collections::{BTreeMap, BTreeSet};

/// All that one release has.
#[derive(Debug, Default)]
pub(super) struct Fixture {
    /// How its facts were obtained.
    pub(super) source: Source,
    /// The flags by name.
    pub(super) flags: BTreeMap<String, FlagFact>,
    /// Flags of which the source does not show whether the release has them.
    pub(super) uncertain: BTreeSet<String>,
    /// The admission plugins, from 1.20 on in the server's order; whether each runs by default.
    pub(super) plugins: Vec<(String, Option<bool>)>,
    /// The feature gates by name.
    pub(super) gates: BTreeMap<String, GateFact>,
    /// The cipher suites by name, and whether each counts as insecure.
    pub(super) suites: BTreeMap<String, bool>,
}

/// How the facts of a release were obtained, as far as it bears on what may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Source {
    /// From code or from documentation with all flags.
    #[default]
    Complete,
    /// From documentation that leaves hidden flags out, which the deprecated ones are.
    WithoutHidden,
    /// From the releases around it.
    Neighbours,
}

/// One flag in one release.
#[derive(Debug)]
pub(super) struct FlagFact {
    /// Go's name of its type.
    pub(super) go_type: String,
    /// Its default as Go prints it.
    pub(super) default: Option<String>,
    /// Whether the release calls it deprecated.
    pub(super) deprecated: bool,
    /// Its one-letter name.
    pub(super) letter: Option<char>,
    /// The group of the server's help that lists it.
    pub(super) group: Option<String>,
}

/// One feature gate in one release.
#[derive(Debug)]
pub(super) struct GateFact {
    /// Its maturity, in Kubernetes' own words.
    pub(super) stage: String,
    /// Whether it is on by default.
    pub(super) on: bool,
    /// Whether the other value is refused; not shown counts as no.
    pub(super) locked: bool,
}

impl Source {
    /// The word for it in a fixture.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::WithoutHidden => "without-hidden",
            Self::Neighbours => "neighbours",
        }
    }

    fn of(word: &str) -> Self {
        let all = [Self::Complete, Self::WithoutHidden, Self::Neighbours];
        all.into_iter().find(|source| source.word() == word).expect("a known source")
    }
}

impl Fixture {
    /// Reads the text of a fixture.
    pub(super) fn read(text: &str) -> Self {
        let mut fixture = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            fixture.take(line);
        }
        fixture
    }

    fn take(&mut self, line: &str) {
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["source", word] => self.source = Source::of(word),
            ["flag", name, go_type, default, mark, letter, group] => {
                let fact = FlagFact {
                    go_type: go_type.to_owned(),
                    default: serde_json::from_str(default).ok(),
                    deprecated: mark == "deprecated",
                    letter: letter.chars().next().filter(|letter| *letter != '-'),
                    group: Some(group).filter(|group| *group != "-").map(str::to_owned),
                };
                self.flags.insert(name.to_owned(), fact);
            }
            ["ignored", name] => {
                let fact = FlagFact {
                    go_type: "ignored".to_owned(),
                    default: None,
                    deprecated: true,
                    letter: None,
                    group: None,
                };
                self.flags.insert(name.to_owned(), fact);
            }
            ["uncertain", name] => _ = self.uncertain.insert(name.to_owned()),
            ["plugin", name, state] => {
                let on = (state != "?").then_some(state == "on");
                self.plugins.push((name.to_owned(), on));
            }
            ["gate", name, stage, state, locked] => {
                let (on, locked) = (state == "on", locked == "locked");
                self.gates
                    .insert(name.to_owned(), GateFact { stage: stage.to_owned(), on, locked });
            }
            ["cipher", name, safety] => {
                _ = self.suites.insert(name.to_owned(), safety == "insecure");
            }
            // These two are short, and their tables are compared with the fixtures as they are.
            ["mode" | "tls", _] => {}
            _ => panic!("not a fact: {line:?}"),
        }
    }
}
