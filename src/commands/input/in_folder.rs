//! Files that happen to be in a folder: nobody named them, so most of them are not for plimsoll.

use std::path::Path;
use std::sync::Arc;

use super::event::{Event, Out};
use super::file_name;
use super::inputs::{Inputs, drop_ins};
use super::units;
use crate::component::Component;
use crate::document::{self, Contents, Found};
use crate::source::{self, Source};

impl Inputs<'_> {
    /// A file that happens to be in a folder: it counts if it is, or means to be, a manifest.
    pub(super) fn file_in_folder(&self, path: &Path, out: Out<'_>) -> anyhow::Result<()> {
        let name: Arc<str> = path.display().to_string().into();
        if units::unit_of(path).is_some_and(|unit| unit.is_file()) {
            return out(Event::PassedOver(format!("{name}: read with its unit")));
        }
        let text = match source::read_file(path) {
            Ok(text) => text,
            Err(error) if concerns(path, &error) => {
                return out(Event::unreadable(&name, &error));
            }
            Err(error) => return out(Event::PassedOver(error.to_string())),
        };
        let drop_ins = drop_ins(path, out)?;
        let mut texts = drop_ins.iter().map(|(_, text)| text).chain([&text]);
        if !document::is_unit_of_component(&name) && !texts.any(|it| document::is_candidate(it)) {
            return out(Event::PassedOver(format!("{name}: names no component")));
        }
        // Most sources of programs are long, and none begins as a manifest does.
        if file_name::is_source(path) && !begins_as_manifest(&text) {
            return out(Event::PassedOver(format!("{name}: {SOURCE}")));
        }
        let mut contents = self.read_text(&text, &name, &drop_ins, path.parent());
        // Prose quotes commands; a text of them is looked at where it is named, or says that it is a script.
        let is_script = text.starts_with("#!") || file_name::is_script(path);
        // One within a document has the name that it has there.
        let is_prose = |found: &Found| {
            found.format == document::Format::Script && found.line.name.is_none() && !is_script
        };
        contents.found.retain(|found| !is_prose(found));
        if file_name::is_source(path) && !is_only_pods(&contents) {
            return out(Event::PassedOver(format!("{name}: {SOURCE}")));
        }
        let is_read = contents.errors.is_empty() && !contents.found.is_empty();
        if document::is_template(&text) && (!is_read || file_name::is_template(path)) {
            contents.found.retain(|_| !file_name::is_template(path));
            return self.template((&text, path), contents, &name, out);
        }
        let broken = !contents.errors.is_empty();
        // Prose and programs are not YAML either; only what means to be a manifest must be one.
        let claims = || file_name::is_manifest(path) && document::claims_to_be_manifest(&text);
        if !contents.certain && contents.found.is_empty() && !claims() {
            for error in contents.errors.drain(..) {
                out(Event::PassedOver(error.to_string()))?;
            }
        }
        let source = Source::File { path: name.clone() };
        if !self.contents(contents, &name, &source, out)? && !broken {
            let message = format!("{name}: starts no {}", self.wanted_names());
            out(Event::PassedOver(message))?;
        }
        Ok(())
    }

    /// A template of a folder: one that starts a component has to be rendered.
    fn template(
        &self,
        (text, path): (&str, &Path),
        mut contents: Contents,
        name: &Arc<str>,
        out: Out<'_>,
    ) -> anyhow::Result<()> {
        contents.errors.clear();
        self.contents(contents, name, &Source::File { path: name.clone() }, out)?;
        let started = document::started_by_template(text, name);
        let started: Vec<_> =
            started.into_iter().filter(|component| self.wants(*component)).collect();
        if started.is_empty() {
            return out(Event::PassedOver(format!("{name}: a template that starts no component")));
        }
        let names: Vec<&str> = started.into_iter().map(Component::name).collect();
        let how = match file_name::chart_of(path) {
            Some(chart) => format!(", with helm template {}", chart.display()),
            None => String::new(),
        };
        let message = format!("a template that starts {}: render it first{how}", names.join(", "));
        out(Event::failure(name, &message))
    }
}

/// Whether it matters that a file of a folder cannot be read: if what can be seen of it speaks of a component,
/// or, where nothing can, its name may.
fn concerns(path: &Path, error: &source::Error) -> bool {
    let may_carry = file_name::may_carry(path);
    let speaks = |text: &str| {
        if may_carry { document::is_candidate(text) } else { document::names_component(text) }
    };
    match error {
        source::Error::NotUtf8 { .. } | source::Error::TooLarge { .. } => {
            source::any_part(path, speaks).unwrap_or(may_carry)
        }
        _ => may_carry,
    }
}

/// Why a file is passed over that is part of a program or of a text for people.
const SOURCE: &str = "a source or a page, no manifest";

/// Whether the first line of a text that says something is one of YAML or JSON.
fn begins_as_manifest(text: &str) -> bool {
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.map(|line| line.trim_start_matches('\u{feff}')).next().unwrap_or_default();
    let keys = ["---", "{", "apiVersion", "\"apiVersion\"", "kind", "metadata", "spec", "items"];
    keys.iter().any(|key| first.starts_with(key))
}

/// Whether a text holds pods and nothing else. The kubelet starts those of a file of any name.
fn is_only_pods(contents: &Contents) -> bool {
    let is_pod = |found: &Found| found.format == document::Format::Pod;
    contents.errors.is_empty() && contents.others == 0 && contents.found.iter().all(is_pod)
}
