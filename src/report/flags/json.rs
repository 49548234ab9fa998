//! `plimsoll.flags/1`: the names are a promise, see `flags.schema.json` beside the reports.

use std::io::{self, Write};

use serde::Serialize;

use super::Reading;
use super::row::{Flag, rows};
use crate::diagnostic;
use crate::flags::{compare, derived};
use crate::report::finished::{Diagnostic, Source, Version};
use crate::report::{Failure, quotable};

/// The name of the format and its number.
const SCHEMA: &str = "plimsoll.flags/1";

/// A listing being written.
pub struct Json<'w> {
    out: Box<dyn Write + Send + 'w>,
    first: bool,
    differences: Option<Vec<Difference>>,
}

#[derive(Serialize)]
struct TargetFlags<'r> {
    component: &'static str,
    source: Source<'r>,
    kubernetes_version: Version,
    diagnostics: Vec<Diagnostic<'r>>,
    starts: bool,
    flags: Vec<Flag<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    derived: Vec<Derived>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison<'r>>,
}

/// What another minor makes of the same command line.
#[derive(Serialize)]
struct Comparison<'r> {
    minor: String,
    starts: bool,
    diagnostics: Vec<Diagnostic<'r>>,
    flags: Vec<Difference>,
    plugins: Vec<Difference>,
    gates: Vec<Difference>,
}

/// What the server makes of several flags together.
#[derive(Serialize)]
struct Derived {
    name: &'static str,
    value: Option<Vec<String>>,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<derived::Derived> for Derived {
    fn from(fact: derived::Derived) -> Self {
        let clean = |text: &String| quotable(text).into_owned();
        let (value, reason) = match &fact.value {
            Ok(items) => (Some(items.iter().map(clean).collect()), None),
            Err(why) => (None, Some(clean(why))),
        };
        Self { name: fact.name, value, reason }
    }
}

#[derive(Serialize)]
struct Difference {
    name: String,
    values: [Option<String>; 2],
}

impl From<&compare::Difference> for Difference {
    fn from(difference: &compare::Difference) -> Self {
        let clean = |value: &Option<String>| value.as_deref().map(|v| quotable(v).into_owned());
        let [first, second] = &difference.values;
        Self {
            name: quotable(&difference.name).into_owned(),
            values: [clean(first), clean(second)],
        }
    }
}

impl<'w> Json<'w> {
    pub(super) fn begin(mut out: Box<dyn Write + Send + 'w>) -> io::Result<Self> {
        write!(out, "{{\n\"schema\": \"{SCHEMA}\",\n\"targets\": [")?;
        Ok(Self { out, first: true, differences: None })
    }

    pub(super) fn target(&mut self, reading: &Reading, all: bool) -> io::Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        let comparison = reading.upgrade.as_ref().map(|(minor, upgrade)| Comparison {
            minor: minor.to_string(),
            starts: reading.flags.starts()
                && !upgrade.diagnostics.iter().any(diagnostic::Diagnostic::refuses),
            diagnostics: upgrade.diagnostics.iter().map(Diagnostic::from).collect(),
            flags: upgrade.flags.iter().map(Difference::from).collect(),
            plugins: upgrade.plugins.iter().map(Difference::from).collect(),
            gates: upgrade.gates.iter().map(Difference::from).collect(),
        });
        let document = TargetFlags {
            component: reading.target.line.component.name(),
            source: Source::from(&reading.target),
            kubernetes_version: Version::from(reading.target.version),
            diagnostics: reading.diagnostics().map(Diagnostic::from).collect(),
            starts: reading.flags.starts(),
            flags: rows(&reading.flags, all),
            derived: derived::derived(&reading.flags).into_iter().map(Derived::from).collect(),
            comparison,
        };
        serde_json::to_writer(&mut self.out, &document)?;
        Ok(())
    }

    pub(super) fn pair(
        &mut self,
        pair: [&Reading; 2],
        differences: &[compare::Difference],
    ) -> io::Result<()> {
        for reading in pair {
            self.target(reading, false)?;
        }
        self.differences = Some(differences.iter().map(Difference::from).collect());
        Ok(())
    }

    pub(super) fn finish(mut self, failures: &[Failure]) -> io::Result<()> {
        write!(self.out, "\n],\n\"errors\": ")?;
        serde_json::to_writer(&mut self.out, failures)?;
        if let Some(differences) = &self.differences {
            write!(self.out, ",\n\"differences\": ")?;
            serde_json::to_writer(&mut self.out, differences)?;
        }
        writeln!(self.out, "\n}}")?;
        self.out.flush()
    }
}
