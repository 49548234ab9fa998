//! The flags of a target as its server sees them: a table, and `plimsoll.flags/1`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::location::{Diagnostic, Location, Source, Version};
use super::text::{headline, version};
use super::{Failure, printable, quotable};
use crate::credential::hide;
use crate::diagnostic;
use crate::flags::catalog::FlagSpec;
use crate::flags::feature_gates::FLAG as FEATURE_GATES;
use crate::flags::value::Value;
use crate::flags::{Effective, Flags};
use crate::target::Target;

/// The name of the format and its number.
const SCHEMA: &str = "plimsoll.flags/1";

/// A listing being written.
pub enum Listing<'w> {
    /// For people.
    Text(Box<dyn Write + 'w>),
    /// For programs.
    Json {
        /// Where it goes.
        out: Box<dyn Write + 'w>,
        /// Whether no target was written yet.
        first: bool,
    },
}

#[derive(Serialize)]
struct TargetFlags {
    component: &'static str,
    source: Source,
    kubernetes_version: Version,
    diagnostics: Vec<Diagnostic>,
    starts: bool,
    flags: Vec<Flag>,
}

#[derive(Serialize)]
struct Flag {
    name: String,
    r#type: &'static str,
    value: Option<JsonValue>,
    origin: &'static str,
    occurrences: Vec<Occurrence>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deprecated: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonValue {
    Scalar(String),
    List(Vec<String>),
    Map(BTreeMap<String, String>),
}

#[derive(Serialize)]
struct Occurrence {
    text: String,
    location: Location,
}

impl<'w> Listing<'w> {
    /// A table.
    pub fn text(out: Box<dyn Write + 'w>) -> Self {
        Self::Text(out)
    }

    /// A JSON document.
    pub fn json(mut out: Box<dyn Write + 'w>) -> io::Result<Self> {
        write!(out, "{{\n\"schema\": \"{SCHEMA}\",\n\"targets\": [")?;
        Ok(Self::Json { out, first: true })
    }

    /// Adds a target; with `all` its flags that are not set too.
    pub fn target(&mut self, target: &Target, flags: &Flags, all: bool) -> io::Result<()> {
        let rows = rows(flags, all);
        match self {
            Self::Text(out) => text(out.as_mut(), target, flags, &rows),
            Self::Json { out, first } => {
                out.write_all(if *first { b"\n" } else { b",\n" })?;
                *first = false;
                let said = said(target, flags);
                let document = TargetFlags {
                    component: target.line.component.name(),
                    source: Source::from(target),
                    kubernetes_version: Version::from(target.version),
                    diagnostics: said.map(Diagnostic::from).collect(),
                    starts: flags.starts(),
                    flags: rows,
                };
                serde_json::to_writer(out, &document)?;
                Ok(())
            }
        }
    }

    /// Ends the listing.
    pub fn finish(self, failures: &[Failure]) -> io::Result<()> {
        match self {
            Self::Text(mut out) => out.flush(),
            Self::Json { mut out, .. } => {
                let errors: Vec<_> = failures
                    .iter()
                    .map(|failure| {
                        let source = quotable(&failure.source);
                        serde_json::json!({"source": source, "message": quotable(&failure.message)})
                    })
                    .collect();
                write!(out, "\n],\n\"errors\": ")?;
                serde_json::to_writer(&mut out, &errors)?;
                writeln!(out, "\n}}")?;
                out.flush()
            }
        }
    }
}

fn said<'r>(
    target: &'r Target,
    flags: &'r Flags,
) -> impl Iterator<Item = &'r diagnostic::Diagnostic> {
    target.diagnostics.iter().chain(&flags.diagnostics)
}

/// The flags of a target by name; each name that is given counts, also one that shares a variable.
fn rows(flags: &Flags, all: bool) -> Vec<Flag> {
    let catalog = flags.catalog;
    let known = catalog.flags.iter().filter(|spec| spec.life.covers(flags.release));
    let given = |spec: &FlagSpec| flags.settings.iter().any(|setting| setting.name == spec.name);
    let uncertain = |spec: &FlagSpec| !spec.life.covers(flags.release);
    let mut rows: Vec<Flag> = known
        .filter(|spec| given(spec) || (all && spec.shares.is_none()))
        .map(|spec| row(flags, spec))
        .collect();
    let late: Vec<&FlagSpec> = flags.settings.iter().filter_map(|s| s.spec).collect();
    for spec in late.into_iter().filter(|spec| uncertain(spec)) {
        if !rows.iter().any(|row| row.name == spec.name) {
            rows.push(row(flags, spec));
        }
    }
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    rows
}

fn row(flags: &Flags, spec: &FlagSpec) -> Flag {
    let (value, origin) = match flags.effective(spec.name) {
        Effective::Set { value, .. } => (Some(json_value(spec.name, value)), "set"),
        Effective::Default { value } => (Some(json_value(spec.name, &value)), "default"),
        Effective::DefaultNotKnown => (None, "default"),
        Effective::Unresolved { setting, .. } => {
            (None, if setting.is_some() { "set" } else { "default" })
        }
        Effective::Broken { .. } | Effective::Absent { .. } => (None, "set"),
    };
    let occurrences = flags.settings.iter().filter(|setting| setting.name == spec.name);
    Flag {
        name: spec.name.to_owned(),
        r#type: spec.kind(flags.release).go_name(),
        value,
        origin,
        occurrences: occurrences
            .map(|setting| Occurrence {
                text: quotable(&hide(&setting.text)).into_owned(),
                location: Location::from(&setting.location),
            })
            .collect(),
        deprecated: spec.is_deprecated(flags.release),
    }
}

fn json_value(name: &str, value: &Value) -> JsonValue {
    let clean = |text: &str| quotable(&hide(text)).into_owned();
    let pair = |name: &str, value: &str| (clean(name), clean(value));
    match value {
        // From 1.31 on gates are kept as written, `component:Name=value`, the last one winning.
        Value::List(items) if name == FEATURE_GATES => JsonValue::Map(
            items
                .iter()
                .map(|item| item.strip_prefix(':').unwrap_or(item))
                .map(|item| item.split_once('=').unwrap_or((item, "")))
                .map(|(name, value)| pair(name.trim(), value.trim()))
                .collect(),
        ),
        Value::List(items) => JsonValue::List(items.iter().map(|item| clean(item)).collect()),
        Value::Map(entries) => JsonValue::Map(entries.iter().map(|(n, v)| pair(n, v)).collect()),
        Value::Switches(entries) => {
            JsonValue::Map(entries.iter().map(|(n, on)| pair(n, &on.to_string())).collect())
        }
        scalar => JsonValue::Scalar(clean(&scalar.to_string())),
    }
}

fn text(out: &mut dyn Write, target: &Target, flags: &Flags, rows: &[Flag]) -> io::Result<()> {
    writeln!(out, "{}\n{}", headline(target), version(target))?;
    let answer = if flags.starts() { "takes" } else { "refuses" };
    writeln!(out, "The server {answer} this command line.")?;
    for diagnostic in said(target, flags) {
        let place = diagnostic.location.as_ref().map(|place| format!("  {place}"));
        let place = place.unwrap_or_default();
        let message = printable(&diagnostic.message);
        writeln!(out, "  {:<8}{message}{}", diagnostic.level.name(), printable(&place))?;
    }
    writeln!(out)?;
    let names = rows.iter().map(|row| row.name.len() + 2).max().unwrap_or_default();
    for row in rows {
        let value = match &row.value {
            None => "(not known)".to_owned(),
            Some(JsonValue::Scalar(text)) if text.is_empty() => "\"\"".to_owned(),
            Some(JsonValue::Scalar(text)) => printable(text).into_owned(),
            Some(JsonValue::List(items)) => format!("[{}]", printable(&items.join(","))),
            Some(JsonValue::Map(entries)) => {
                let pairs: Vec<String> = entries.iter().map(|(n, v)| format!("{n}={v}")).collect();
                printable(&pairs.join(",")).into_owned()
            }
        };
        let deprecated = if row.deprecated { ", deprecated" } else { "" };
        writeln!(
            out,
            "{:<names$}  {value}  ({}{deprecated})",
            format!("--{}", row.name),
            row.origin
        )?;
        let settings = flags.settings.iter().filter(|setting| setting.name == row.name);
        for (occurrence, setting) in row.occurrences.iter().zip(settings) {
            let place = setting.location.to_string();
            writeln!(out, "{:names$}    {}  {}", "", occurrence.text, printable(&place))?;
        }
    }
    writeln!(out)
}
