//! A benchmark of the binary, looked up line by line.
//!
//! A run that reads one manifest would otherwise spend most of its time on the TOML of a whole edition. The
//! files in the binary are written in one form, and a test holds that this look-up finds what reading
//! them finds.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use memchr::memmem;
use serde::Deserialize;

use super::entry::field;
use super::pack::Known;
use super::{Assessment, Benchmark, Control, Section};

/// Where the parameters that a control changes begin, at its end.
const PARAMETERS: &str = "\nparameters.";

/// The benchmark that a text in the binary holds. `None` if it extends another, which asks for more
/// than looking up, or if something in it is not where it is looked for.
pub(super) fn benchmark(text: &str, known: &impl Known) -> Option<Benchmark> {
    let mut tables = tables(text);
    let header = tables.next()?.strip_prefix("benchmark]]\n")?;
    if field(header, "extends").is_some() {
        return None;
    }
    let mut sections: Vec<Section> = Vec::new();
    for table in tables {
        if let Some(text) = table.strip_prefix("benchmark.section.control]]\n") {
            sections.last_mut()?.controls.push(control(text, known)?);
        } else {
            let text = table.strip_prefix("benchmark.section]]\n")?;
            sections.push(Section {
                number: field(text, "number")?.to_owned(),
                title: field(text, "title")?.to_owned(),
                controls: Vec::new(),
            });
        }
    }
    Some(Benchmark {
        id: field(header, "id")?.to_owned(),
        title: field(header, "title")?.to_owned(),
        kubernetes: field(header, "kubernetes")?.parse().ok()?,
        sections,
    })
}

/// The tables of a text, each from its name on.
fn tables(text: &str) -> impl Iterator<Item = &str> {
    const HEADING: &str = "\n[[";
    let starts: Vec<usize> =
        memmem::find_iter(text.as_bytes(), HEADING).map(|at| at + HEADING.len()).collect();
    let ends = starts.clone().into_iter().skip(1).map(|start| start - HEADING.len());
    let ends = ends.chain([text.len()]);
    starts.into_iter().zip(ends).filter_map(|(start, end)| text.get(start..end))
}

fn control(text: &str, known: &impl Known) -> Option<Control> {
    let (head, parameters) = match memmem::find(text.as_bytes(), PARAMETERS.as_bytes()) {
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
