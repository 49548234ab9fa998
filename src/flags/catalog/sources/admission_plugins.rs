//! The table of admission plugins and their order, as Rust.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::Count;
use super::by_hand::ByHand;
use super::history::changes;
use super::listed::{by_name, import_of_lives, life};
use super::releases::Releases;
use super::written::{begin, import, width, words};

const COMPONENT: &str = "kube-apiserver";

/// The file of the table.
pub(super) fn table(releases: &Releases, by_hand: &ByHand) -> String {
    let plugins =
        by_name(releases, |fixture| fixture.plugins.iter().map(|(name, on)| (name, *on)).collect());
    let width = width(plugins.keys().map(String::as_str));
    let mut rows = String::new();
    for (name, facts) in &plugins {
        let history: Vec<String> = plugin_history(facts)
            .iter()
            .map(|(from, on)| {
                let on = on.map_or("Unsure", |on| if on { "On" } else { "Off" });
                format!("({from}, {on})")
            })
            .collect();
        let (name, life) = (format!("{name:?},"), life(facts, releases));
        let _ = writeln!(rows, "    plugin({name:width$} {life:13} &[{}]),", history.join(", "));
    }
    let mut ordered = String::new();
    for name in order(releases, by_hand) {
        let _ = writeln!(ordered, "    {name:?},");
    }
    let order = format!(
        "\n/// The order of all releases from 1.10 on: none ever moved a plugin. Mutating plugins run \
         before\n/// validating ones, each kind in this order. Source: kubernetes\n\
         /// `pkg/kubeapiserver/options/plugins.go`, `AllOrderedPlugins`.\n\
         pub(in super::super) const ORDER: &[&str] = &[\n{ordered}];\n"
    );
    let names = ["PluginSpec", "plugin"].map(str::to_owned).into_iter().collect();
    let spec =
        import("super::super::plugin_spec::ByDefault", &words(&rows, &["Off", "On", "Unsure"]))
            + &import("super::super::plugin_spec", &names);
    let mut text = begin("The admission plugins of kube-apiserver.");
    text += &import_of_lives(&rows);
    text += &spec;
    text += &order;
    text += "\n/// Ordered by name. Columns: name, life span, default from a release on.\n";
    text += "pub(in super::super) const PLUGINS: &[PluginSpec] = &[\n";
    text + &rows + "];\n"
}

/// Whether a plugin runs by default from a release on. What a release does not show is known where
/// the releases around it agree.
fn plugin_history(facts: &BTreeMap<Count, Option<bool>>) -> Vec<(Count, Option<bool>)> {
    let filled = facts.iter().map(|(release, on)| {
        let before = facts.range(..release).rev().find_map(|(_, on)| *on);
        let after = facts.range(release..).find_map(|(_, on)| *on);
        (*release, on.or_else(|| before.filter(|_| before == after)))
    });
    changes(filled.collect())
}

/// The order in which the plugins of all releases run: that of the newest, into which older releases
/// put what it has no more. The lists up to 1.19 are ordered by name and say nothing of it.
fn order<'f>(releases: &'f Releases, by_hand: &'f ByHand) -> Vec<&'f str> {
    let mut order: Vec<&str> = Vec::new();
    for (_, fixture) in releases.read.range(ORDERED_SINCE..).rev() {
        let mut next = 0;
        for (name, _) in &fixture.plugins {
            match order.iter().position(|known| known == name) {
                Some(place) => {
                    assert!(
                        place >= next,
                        "{name} has moved: the order is not that of all releases"
                    );
                    next = place + 1;
                }
                None => {
                    order.insert(next, name);
                    next += 1;
                }
            }
        }
    }
    let removed: BTreeSet<&str> = by_hand.names("runs-before").collect();
    for name in removed {
        let before = by_hand.one(COMPONENT, name, "runs-before").expect("a plugin");
        let place = order.iter().position(|known| *known == before).expect("a plugin that runs");
        order.insert(place, name);
    }
    order
}

/// The first release whose fixture lists the plugins in the server's order.
const ORDERED_SINCE: Count = 20;
