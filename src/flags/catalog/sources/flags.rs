//! The table of a component's flags, as Rust.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::by_hand::ByHand;
use super::history::{self, Row};
use super::releases::{Releases, shown};
use super::written::{begin, import, list, width, words};

/// The columns of life spans and of kinds are so wide that most rows fit.
const LIFE_WIDTH: usize = 13;
const KINDS_WIDTH: usize = 28;

/// The file of a component's table.
pub(super) fn table(component: &str, releases: &Releases, by_hand: &ByHand) -> String {
    let names = releases.flag_names();
    let width = width(names.iter().copied());
    let mut rows = String::new();
    let mut kinds = BTreeSet::new();
    for name in names {
        let row = history::row(component, name, releases, by_hand);
        kinds.extend(row.kinds.iter().map(|(_, kind)| kind.clone()));
        let name = format!("{name:?},");
        let _ = writeln!(rows, "    flag({name:width$} {},", columns(component, &row, by_hand));
    }
    let (oldest, newest) = (releases.all[0], releases.newest());
    let [oldest, newest] = [oldest, newest].map(|release| shown(component, release));
    let mut text = begin(&format!("The flags of {component}, {oldest} to {newest}."));
    text += &import("crate::flags::kind::Kind", &kinds);
    text += &import(
        "super::super::constraint",
        &words(&rows, &["at_least", "fraction", "more_than", "one_of", "within"]),
    );
    let family = if component == "etcd" { "etcd" } else { "kubernetes" };
    text += &import(&format!("super::super::life::{family}"), &words(&rows, &["since", "span"]));
    let known = words(&rows, &["UNKNOWN", "flag"]);
    text +=
        &import("super::super::spec", &["FlagSpec".to_owned()].into_iter().chain(known).collect());
    let releases_of = |name: &str, about: &str, of: &[u16]| {
        format!("\n/// {about}\npub(in super::super) const {name}: &[u16] = &{};\n", list(of))
    };
    text += &releases_of("RELEASES", "The releases covered, oldest first.", &releases.all);
    let about =
        "The releases whose flags no source lists: they are those of the releases around them.";
    text += &releases_of("UNREAD", about, &releases.unread());
    text += "\n/// Ordered by name. Columns: name, life span, kind from a release on, default from a release on.\n";
    text += "pub(in super::super) const FLAGS: &[FlagSpec] = &[\n";
    text + &rows + "];\n"
}

/// All of a row but its name.
fn columns(component: &str, row: &Row, by_hand: &ByHand) -> String {
    let life = match row.last {
        Some(last) => format!("span({}, {last}),", row.first),
        None => format!("since({}),", row.first),
    };
    let kinds: Vec<String> = row.kinds.iter().map(|(from, k)| format!("({from}, {k})")).collect();
    let kinds = format!("&[{}],", kinds.join(", "));
    let default =
        |text: &Option<String>| text.as_ref().map_or("UNKNOWN".into(), |t| format!("{t:?}"));
    let defaults: Vec<String> =
        row.defaults.iter().map(|(from, text)| format!("({from}, {})", default(text))).collect();
    let (life_width, kinds_width) = (LIFE_WIDTH, KINDS_WIDTH);
    let mut text = format!("{life:life_width$} {kinds:kinds_width$} &[{}])", defaults.join(", "));
    for run in &row.deprecated {
        match run {
            (first, None) => _ = write!(text, ".deprecated({first})"),
            (first, Some(last)) => _ = write!(text, ".deprecated_in({first}, {last})"),
        }
    }
    let by_hand = |what: &str| by_hand.one(component, &row.name, what);
    let calls = [
        row.letter.map(|letter| format!("shorthand({letter:?})")),
        by_hand("shares").map(|other| format!("shares({other:?})")),
        row.group.as_ref().map(|group| format!("group({group:?})")),
    ];
    let inferred = row.inferred.iter().map(|(from, to)| Some(format!("inferred({from}, {to})")));
    let uncertain = row.uncertain.iter().map(|(from, to)| Some(format!("uncertain({from}, {to})")));
    let last = [
        by_hand("credential").map(|_| "credential()".to_owned()),
        by_hand("held").map(|to| format!("held_to(&[{to}])")),
    ];
    for call in calls.into_iter().chain(inferred).chain(uncertain).chain(last).flatten() {
        let _ = write!(text, ".{call}");
    }
    text
}
