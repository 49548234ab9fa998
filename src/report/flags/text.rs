//! Flags for people: a table by group, an upgrade, two targets side by side.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Reading;
use super::row::{Flag, JsonValue, rows};
use crate::diagnostic::Diagnostic;
use crate::flags::compare::{Difference, Upgrade};
use crate::flags::derived::derived;
use crate::flags::{Flags, Setting};
use crate::report::finished::{Version, headline_of, version};
use crate::report::{printable, printable_path};
use crate::target::Target;
use crate::version::Minor;

/// The longest value that a column is made wide for.
const COLUMN: usize = 48;

/// Prints a target: its flags by group, each with where it was set.
pub(super) fn target(out: &mut dyn Write, reading: &Reading, all: bool) -> io::Result<()> {
    writeln!(out, "{}\n{}", headline_of(&reading.target), minor(&reading.target))?;
    let answer = if reading.flags.starts() { "takes" } else { "refuses" };
    writeln!(out, "The server {answer} this command line.")?;
    said(out, reading.diagnostics())?;
    if let Some((minor, upgrade)) = &reading.upgrade {
        writeln!(out)?;
        comparison(out, reading, *minor, upgrade)?;
    } else {
        let rows = rows(&reading.flags, all);
        let width = rows.iter().map(|row| row.name.len() + 2).max().unwrap_or_default();
        let mut groups: BTreeMap<&str, Vec<&Flag<'_>>> = BTreeMap::new();
        for row in &rows {
            groups.entry(group_title(row.group)).or_default().push(row);
        }
        for (title, rows) in groups {
            writeln!(out, "\n{title}")?;
            for row in rows {
                flag(out, reading, row, width)?;
            }
        }
        follows(out, &reading.flags)?;
    }
    writeln!(out)
}

/// Prints what the server makes of its flags together.
fn follows(out: &mut dyn Write, flags: &Flags) -> io::Result<()> {
    let facts = derived(flags);
    if facts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nWhat follows from the flags, in the server's order")?;
    let width = facts.iter().map(|fact| fact.title.len()).max().unwrap_or_default();
    for fact in facts {
        let value = match fact.value {
            Ok(items) if items.is_empty() => "none".to_owned(),
            Ok(items) => items.join(", "),
            Err(why) => format!("not known: {why}"),
        };
        writeln!(out, "  {:<width$}  {}", fact.title, printable(&value))?;
    }
    Ok(())
}

/// The minor that a target is judged by.
fn minor(target: &Target) -> String {
    version(target.line.component, &Version::from(target.version))
}

/// The title of a group of help; the kubelet's groups have names that say little.
fn group_title(group: Option<&str>) -> &str {
    match group {
        None => "other flags",
        Some("config") => "flags that the configuration file can set too",
        Some("flag") => "flags that only the command line can set",
        Some("global") => "global flags",
        Some("misc") => "misc flags",
        Some(name) => name,
    }
}

fn said<'d>(
    out: &mut dyn Write,
    diagnostics: impl Iterator<Item = &'d Diagnostic>,
) -> io::Result<()> {
    for diagnostic in diagnostics {
        let place = diagnostic.location.as_ref().map(|place| format!("  {place}"));
        let place = place.unwrap_or_default();
        let message = diagnostic.message();
        let level = diagnostic.level().name();
        writeln!(out, "  {level:<8}{}{}", printable(&message), printable_path(&place))?;
    }
    Ok(())
}

fn flag(out: &mut dyn Write, reading: &Reading, row: &Flag<'_>, width: usize) -> io::Result<()> {
    let deprecated = if row.deprecated { ", deprecated" } else { "" };
    let other = row.another_name_of.map(|other| format!(", another name of --{other}"));
    let other = other.unwrap_or_default();
    let name = format!("--{}", row.name);
    writeln!(out, "  {name:<width$}  {}  ({}{other}{deprecated})", value(row), row.origin)?;
    let settings: Vec<&Setting> =
        reading.flags.settings.iter().filter(|setting| setting.name == row.name).collect();
    let replaced = matches!(row.value, Some(JsonValue::Scalar(_)));
    for (index, setting) in settings.iter().enumerate() {
        let overridden = replaced && index + 1 < settings.len();
        let note = if overridden { ", overridden by a later one" } else { "" };
        let place = setting.location.to_string();
        let text = setting.shown();
        let (text, place) = (printable(&text), printable_path(&place));
        writeln!(out, "  {:width$}    {text}  {place}{note}", "")?;
    }
    Ok(())
}

/// A flag's value in a table.
pub(super) fn value(row: &Flag<'_>) -> String {
    match &row.value {
        None => {
            let why = row.reason.as_deref().unwrap_or("the default is not known");
            format!("not known: {}", printable(why))
        }
        Some(JsonValue::Scalar(text)) if text.is_empty() => "\"\"".to_owned(),
        Some(JsonValue::Scalar(text)) => printable(text).into_owned(),
        Some(JsonValue::List(items)) => format!("[{}]", printable(&items.join(","))),
        Some(JsonValue::Map(entries)) if entries.is_empty() => "\"\"".to_owned(),
        Some(JsonValue::Map(entries)) => {
            let pairs: Vec<String> =
                entries.iter().map(|(n, v)| format!("{n}{}{v}", row.between)).collect();
            printable(&pairs.join(",")).into_owned()
        }
    }
}

fn comparison(
    out: &mut dyn Write,
    reading: &Reading,
    minor: Minor,
    upgrade: &Upgrade,
) -> io::Result<()> {
    let before = reading.flags.minor();
    let more = upgrade.diagnostics.iter().any(Diagnostic::refuses);
    match (upgrade.starts, more) {
        (true, _) => writeln!(out, "{minor} does not object to what {before} reads here.")?,
        (false, true) => writeln!(out, "{minor} refuses what {before} reads here.")?,
        (false, false) => writeln!(out, "{minor} refuses it as {before} does.")?,
    }
    said(out, upgrade.diagnostics.iter())?;
    let titles = [reading.flags.minor().to_string(), minor.to_string()];
    for (title, differences) in [
        ("Effective values that change", &upgrade.flags),
        ("Admission plugins that change", &upgrade.plugins),
        ("Feature gates that change", &upgrade.gates),
    ] {
        if !differences.is_empty() {
            writeln!(out, "\n{title}")?;
            let names: Vec<String> = differences.iter().map(label).collect();
            let rows =
                names.iter().zip(differences.iter()).map(|(name, d)| (name, &d.values, true));
            columns(out, &titles, rows.collect())?;
        }
    }
    if upgrade.flags.is_empty() && upgrade.plugins.is_empty() && upgrade.gates.is_empty() {
        writeln!(out, "No effective value changes.")?;
    }
    Ok(())
}

/// The name of a plugin or a gate begins with a capital, a flag's does not.
fn label(difference: &Difference) -> String {
    let capital = difference.name.starts_with(|c: char| c.is_ascii_uppercase());
    if capital { difference.name.clone() } else { format!("--{}", difference.name) }
}

/// Prints two targets side by side: every flag that one of them sets, marked where they differ.
pub(super) fn pair(
    out: &mut dyn Write,
    pair: [&Reading; 2],
    differences: &[Difference],
) -> io::Result<()> {
    for (letter, reading) in ["A", "B"].into_iter().zip(pair) {
        let answer = if reading.flags.starts() { "takes" } else { "refuses" };
        let (title, minor) = (headline_of(&reading.target), minor(&reading.target));
        writeln!(out, "{letter}  {title}\n   {minor}; the server {answer} this command line")?;
        said(out, reading.diagnostics())?;
    }
    let [first, second] = pair.map(|reading| rows(&reading.flags, true));
    let given = |row: &Flag<'_>| {
        pair.iter().any(|reading| reading.flags.settings.iter().any(|s| s.name == row.name))
    };
    let find = |rows: &[Flag<'_>], name: &str| rows.iter().find(|row| row.name == name).map(value);
    let mut names: Vec<&str> =
        first.iter().chain(&second).filter(|row| given(row)).map(|row| row.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let table: Vec<(String, [Option<String>; 2], bool)> = names
        .into_iter()
        .map(|name| {
            let differs = differences.iter().any(|difference| difference.name == name);
            (format!("--{name}"), [find(&first, name), find(&second, name)], differs)
        })
        .collect();
    writeln!(out)?;
    let rows = table.iter().map(|(name, values, differs)| (name, values, *differs)).collect();
    columns(out, &["A".to_owned(), "B".to_owned()], rows)?;
    writeln!(out, "\n{} of {} flags differ", differences.len(), table.len().max(differences.len()))
}

/// A name and two values a line; `!` marks those that differ.
fn columns(
    out: &mut dyn Write,
    titles: &[String; 2],
    rows: Vec<(&String, &[Option<String>; 2], bool)>,
) -> io::Result<()> {
    let shown = |value: &Option<String>| match value.as_deref() {
        None => "-".to_owned(),
        Some("") => "\"\"".to_owned(),
        Some(text) => printable(text).into_owned(),
    };
    let names = rows.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
    let lengths = rows.iter().map(|(_, [first, _], _)| shown(first).chars().count());
    let width = lengths.chain([titles[0].len()]).max().unwrap_or_default().min(COLUMN);
    writeln!(out, "  {:names$}    {:<width$}  {}", "", titles[0], titles[1])?;
    for (name, [first, second], differs) in rows {
        let mark = if differs { "!" } else { " " };
        writeln!(out, "  {name:<names$}  {mark} {:<width$}  {}", shown(first), shown(second))?;
    }
    Ok(())
}
