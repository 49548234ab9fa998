//! A benchmark of the binary, looked up line by line.
//!
//! A run that reads one manifest would otherwise spend most of its time on the TOML of a whole edition. The
//! files in the binary are written in one form, and a test holds that this look-up finds what reading
//! them finds.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::entry::field;
use super::pack::Known;
use super::{Assessment, Benchmark, Control, Section};

/// Where a section begins.
const SECTION: &str = "\n[[benchmark.section]]\n";

/// Where a control begins.
const CONTROL: &str = "\n[[benchmark.section.control]]\n";

/// Where the parameters that a control changes begin, at its end.
const PARAMETERS: &str = "\nparameters.";

/// The benchmark that a text in the binary holds. `None` if it extends another, which asks for more
/// than looking up, or if something in it is not where it is looked for.
pub(super) fn benchmark(text: &str, known: &impl Known) -> Option<Benchmark> {
    let mut parts = text.split(SECTION);
    let (_, header) = parts.next()?.split_once("[[benchmark]]\n")?;
    if field(header, "extends").is_some() {
        return None;
    }
    Some(Benchmark {
        id: field(header, "id")?.to_owned(),
        title: field(header, "title")?.to_owned(),
        kubernetes: field(header, "kubernetes")?.parse().ok()?,
        sections: parts.map(|part| section(part, known)).collect::<Option<_>>()?,
    })
}

fn section(text: &str, known: &impl Known) -> Option<Section> {
    let mut parts = text.split(CONTROL);
    let header = parts.next()?;
    Some(Section {
        number: field(header, "number")?.to_owned(),
        title: field(header, "title")?.to_owned(),
        controls: parts.map(|part| control(part, known)).collect::<Option<_>>()?,
    })
}

fn control(text: &str, known: &impl Known) -> Option<Control> {
    let (head, parameters) = match text.find(PARAMETERS) {
        Some(at) => (text.get(..at)?, parameters(text.get(at..)?)?),
        None => (text, BTreeMap::new()),
    };
    let assessment = match field(head, "assessment") {
        Some(name) => Some(Assessment::from_name(name)?),
        None => None,
    };
    let level = head.lines().find_map(|line| line.strip_prefix("level = "));
    Some(Control {
        number: field(head, "number")?.to_owned(),
        entry: known.rule(field(head, "rule")?)?.clone(),
        parameters,
        require: OnceLock::new(),
        level: level.map(str::parse).transpose().ok()?,
        assessment,
    })
}

/// Values can be lists over several lines, so that these few are read as what they are.
fn parameters(text: &str) -> Option<BTreeMap<String, toml::Value>> {
    #[derive(Deserialize)]
    struct Tail {
        parameters: BTreeMap<String, toml::Value>,
    }
    toml::from_str::<Tail>(text).ok().map(|tail| tail.parameters)
}
