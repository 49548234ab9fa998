//! SARIF 2.1.0, written a result at a time; the rules that they name come last.
//!
//! A result stands for a rule at a target, and its properties list the controls that it answers, so
//! that benchmarks which share a rule make one alert. GitHub's code scanning knows neither `kind` nor
//! `suppressions` and shows every result as an open alert: it gets the findings, and what could not be
//! determined, unless all is asked for; what is waived is told as a notification then. It refuses a file in which a result has no place in a file; but
//! a process has none, and none is invented for it: its results are for other readers.

mod place;
mod result;
mod rule;

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use serde::Serialize;

use super::finished::Target;
use super::grouped::Groups;
use super::{Closing, Look, Opening, Renderer};
use crate::diagnostic::Level;
use crate::result::Status;
use place::Location;

/// Every text is at least that.
#[derive(Serialize)]
struct Text<T> {
    text: T,
}

/// A report being written.
pub(super) struct Sarif<'w> {
    out: Box<dyn Write + Send + 'w>,
    opening: Opening,
    problems_only: bool,
    first: bool,
    groups: Groups,
    /// The rules that results name, each with its index.
    rules: HashMap<String, usize>,
    /// What there is to say beside results; it stands behind them.
    notifications: Vec<Notification>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    descriptor: Descriptor,
    level: &'static str,
    message: Text<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Descriptor {
    id: String,
}

/// The code of an input that could not be checked.
const UNREAD: &str = "input-not-checked";

/// The code of a waived failure that is not among the results.
const WAIVED: &str = "waived";

#[derive(Serialize)]
struct Tool<'r> {
    driver: Driver<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'r> {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<rule::Rule<'r>>,
    notifications: BTreeSet<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    start_time_utc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<String>,
    tool_execution_notifications: Vec<Notification>,
}

impl<'w> Sarif<'w> {
    pub(super) fn begin(
        mut out: Box<dyn Write + Send + 'w>,
        opening: &Opening,
        look: &Look,
    ) -> io::Result<Self> {
        writeln!(out, "{{\n\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",")?;
        writeln!(out, "\"version\": \"2.1.0\",\n\"runs\": [{{")?;
        // The category by which GitHub tells this tool's results from others of the same commit.
        writeln!(out, "\"automationDetails\": {{\"id\": \"{}/\"}},", env!("CARGO_PKG_NAME"))?;
        writeln!(out, "\"columnKind\": \"unicodeCodePoints\",")?;
        let base = "{\"description\": {\"text\": \"The folder that relative names are below.\"}}";
        writeln!(out, "\"originalUriBaseIds\": {{\"{}\": {base}}},", place::BASE)?;
        write!(out, "\"results\": [")?;
        Ok(Self {
            out,
            opening: opening.clone(),
            problems_only: look.problems_only,
            first: true,
            groups: Groups::default(),
            rules: HashMap::new(),
            notifications: Vec::new(),
        })
    }

    fn field(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        write!(self.out, ",\n\"{name}\": ")?;
        serde_json::to_writer(&mut self.out, value)?;
        Ok(())
    }
}

impl Renderer for Sarif<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        for group in self.groups.of(target) {
            let one = group.result();
            if self.problems_only && !(one.is_finding() || one.status == Status::Error) {
                self.notifications.extend(one.waiver.as_ref().map(|waiver| Notification {
                    descriptor: Descriptor { id: WAIVED.to_owned() },
                    level: "note",
                    message: Text { text: format!("{}: {}. {waiver}", one.title, one.message) },
                    locations: vec![Location::of(target, one.location())],
                }));
                continue;
            }
            let next = self.rules.len();
            let index = *self.rules.entry(one.rule.clone().into_owned()).or_insert(next);
            let written = result::Result::of(target, &group, index, self.opening.has_baseline);
            self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
            self.first = false;
            serde_json::to_writer(&mut self.out, &written)?;
        }
        self.notifications.extend(target.diagnostics.iter().map(|diagnostic| Notification {
            descriptor: Descriptor { id: diagnostic.code.clone().into_owned() },
            level: match diagnostic.severity {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note => "note",
            },
            message: Text { text: diagnostic.message.clone().into_owned() },
            locations: vec![Location::of(target, diagnostic.location.as_ref())],
        }));
        Ok(())
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        write!(self.out, "\n]")?;
        let mut notifications = std::mem::take(&mut self.notifications);
        notifications.extend(closing.errors.iter().map(|error| Notification {
            descriptor: Descriptor { id: UNREAD.to_owned() },
            level: "error",
            message: Text { text: error.to_string() },
            // What could not be read need not be a file.
            locations: Vec::new(),
        }));
        let driver = Driver {
            name: env!("CARGO_PKG_NAME"),
            semantic_version: env!("CARGO_PKG_VERSION"),
            rules: rule::rules(&self.rules, closing.benchmarks),
            notifications: notifications.iter().map(|said| said.descriptor.clone()).collect(),
        };
        self.field("tool", &Tool { driver })?;
        let invocation = Invocation {
            execution_successful: closing.errors.is_empty(),
            start_time_utc: self.opening.generated_at.to_string(),
            machine: self.opening.host.clone(),
            tool_execution_notifications: notifications,
        };
        self.field("invocations", &[invocation])?;
        writeln!(self.out, "\n}}]\n}}")?;
        self.out.flush()
    }
}
