//! Random command lines made of the catalog's own flags.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::super::catalog::Catalog;
use super::super::csv;
use super::super::kind::Kind;
use super::super::value::Value;
use super::super::{Effective, Flags};
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::version::Minor;

/// Values of every kind, good and bad.
const VALUES: [&str; 40] = [
    "",
    "true",
    "0",
    "F",
    "030",
    "0x1e",
    "-1",
    "1_000",
    "30",
    "1e-3",
    "0.01",
    "5m",
    "1h30m",
    "-1s",
    "5M",
    "127.0.0.1",
    "::",
    "10.0.0.0/8",
    "30000-32767",
    "512Ki",
    "INFO",
    "a=1,b=2",
    "a=true,b=false",
    "kube:A=true",
    "a",
    "a,b",
    " a, b",
    "\"a,b\",c",
    "\"",
    "/c,/k",
    "/c,/k:n,m",
    "memory<1Gi",
    "k=v:NoSchedule",
    "https://1.2.3.4:2379",
    "http://x/p",
    "AllAlpha=true",
    "\u{1b}[31m",
    "é😀",
    "VersionTLS13",
    "$(X)",
];

#[derive(Clone, Debug)]
enum Word {
    Joined(Index, &'static str),
    Apart(Index, &'static str),
    Bare(Index),
    Underscored(Index, &'static str),
    Raw(&'static str),
}

fn word() -> impl Strategy<Value = Word> {
    let value = || select(&VALUES[..]);
    let raw = ["--", "-", "---x", "--=x", "-v2", "-hv", "-=", "stray", "--nope", "--nope=1", ""];
    prop_oneof![
        6 => (any::<Index>(), value()).prop_map(|(flag, value)| Word::Joined(flag, value)),
        2 => (any::<Index>(), value()).prop_map(|(flag, value)| Word::Apart(flag, value)),
        1 => any::<Index>().prop_map(Word::Bare),
        1 => (any::<Index>(), value()).prop_map(|(flag, value)| Word::Underscored(flag, value)),
        1 => select(raw.to_vec()).prop_map(Word::Raw),
    ]
}

fn args(catalog: &Catalog, words: &[Word]) -> Vec<String> {
    let name = |index: &Index| index.get(catalog.flags).name;
    words
        .iter()
        .flat_map(|word| match word {
            Word::Joined(flag, value) => vec![format!("--{}={value}", name(flag))],
            Word::Apart(flag, value) => vec![format!("--{}", name(flag)), (*value).to_owned()],
            Word::Bare(flag) => vec![format!("--{}", name(flag))],
            Word::Underscored(flag, value) => {
                vec![format!("--{}={value}", name(flag).replace('-', "_"))]
            }
            Word::Raw(text) => vec![(*text).to_owned()],
        })
        .collect()
}

/// The settings that make a value again, as the listing of flags prints it.
fn settings(kind: Kind, value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => match kind {
            Kind::StringSlice => vec![match &items[..] {
                // A lone empty item prints as nothing, and nothing is no item.
                [one] if one.is_empty() => "\"\"".to_owned(),
                items => csv::write(items),
            }],
            Kind::Int32Slice
            | Kind::UrlList
            | Kind::Taints
            | Kind::ComponentMap
            | Kind::HeaderMap => vec![items.join(",")],
            _ => items.clone(),
        },
        Value::Thresholds(entries) => {
            let pairs = entries.iter().map(|(signal, quantity)| format!("{signal}<{quantity}"));
            vec![pairs.collect::<Vec<_>>().join(",")]
        }
        Value::Map(entries) => {
            let pairs: Vec<String> =
                entries.iter().map(|(name, value)| format!("{name}={value}")).collect();
            match kind {
                Kind::ClaimMap if pairs.is_empty() => vec![String::new()],
                Kind::ClaimMap => pairs,
                Kind::StringToString => vec![csv::write(&pairs)],
                _ => vec![pairs.join(",")],
            }
        }
        scalar => vec![scalar.to_string()],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_printed_reads_the_same(
        component in select(Component::ALL.to_vec()),
        release in any::<Index>(),
        words in proptest::collection::vec(word(), 0..12),
    ) {
        let catalog = Catalog::of(component);
        let minors: Vec<Minor> = catalog.minors().collect();
        let minor = *release.get(&minors);
        let flags = Flags::read(&CommandLine::given(component, args(catalog, &words)), minor);
        let mut printed = Vec::new();
        let mut expected = Vec::new();
        for spec in catalog.flags {
            if let Effective::Set { value, settings: occurrences } = flags.effective(spec.name)
                && occurrences.last().is_some_and(|setting| setting.name == spec.name)
            {
                let made = settings(spec.kind(flags.release), value);
                printed.extend(made.iter().map(|text| format!("--{}={text}", spec.name)));
                expected.push((spec.name, value.clone()));
            }
        }
        let again = Flags::read(&CommandLine::given(component, printed.clone()), minor);
        for (name, value) in expected {
            match again.effective(name) {
                // Without the others that were not printed it may be refused: that is another matter.
                Effective::Set { value: read, .. }
                | Effective::Broken { value: Some(read), .. } => {
                    prop_assert_eq!(read, &value, "--{}", name);
                }
                other => prop_assert!(false, "--{} is {:?} after {:?}", name, other, printed),
            }
        }
    }

    #[test]
    fn no_argument_makes_the_reader_fail(
        component in select(Component::ALL.to_vec()),
        release in any::<Index>(),
        words in proptest::collection::vec(".{0,20}", 0..8),
    ) {
        let catalog = Catalog::of(component);
        let minors: Vec<Minor> = catalog.minors().collect();
        let minor = *release.get(&minors);
        let flags = Flags::read(&CommandLine::given(component, words.clone()), minor);
        let _ = flags.starts();
    }
}
