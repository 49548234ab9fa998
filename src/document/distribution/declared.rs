//! A command line that a configuration declares flag by flag, with what its distribution adds.

use crate::command_line::{Arg, Certainty, CommandLine, Location, Mount};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::version::{KubernetesVersion, Minor, VersionOrigin};
use crate::yaml::{Node, ScalarKind, Value};

const TEMPLATE: &str = "a template that was not rendered fills it in";

/// A component's flags as they are being declared.
pub(super) struct Declared<'c> {
    carrier: &'c Carrier<'c>,
    component: Component,
    /// Where a flag that is not declared would be added.
    place: Location,
    added: Vec<(String, Arg)>,
    written: Vec<(String, Arg)>,
    /// Arguments of which only is known that there may be some.
    open: Option<Arg>,
}

impl<'c> Declared<'c> {
    /// The flags of a component, declared at a place of the document.
    pub(super) fn new(carrier: &'c Carrier<'c>, component: Component, place: &Node) -> Self {
        let place = carrier.location(place.span);
        Self { carrier, component, place, added: Vec::new(), written: Vec::new(), open: None }
    }

    /// A flag whose value is a scalar of the document; `why` says who refuses what is no string.
    pub(super) fn flag(&mut self, name: &str, value: &Node, strict: Option<&str>) {
        let Some(scalar) = value.scalar() else {
            let span = value.span.start.offset()..value.span.end.offset();
            let written = self.carrier.text.get(span).unwrap_or_default();
            let certainty = if unrendered(written) {
                Certainty::Unresolved(TEMPLATE.to_owned())
            } else {
                Certainty::Refused("is a list or a mapping, not a string".to_owned())
            };
            return self.push(name, "", value, certainty);
        };
        let certainty = match (strict, scalar.kind()) {
            _ if unrendered(&scalar.text) => Certainty::Unresolved(TEMPLATE.to_owned()),
            (Some(who), kind) if kind != ScalarKind::String => Certainty::Refused(format!(
                "is {}, not a string: {who} refuses it",
                kind.described()
            )),
            _ => Certainty::Known,
        };
        self.push(name, &scalar.text, value, certainty);
    }

    /// A flag whose value was put together from a part of the document.
    pub(super) fn value(&mut self, name: &str, value: impl Into<String>, from: &Node) {
        let value = value.into();
        let certainty = if unrendered(&value) {
            Certainty::Unresolved(TEMPLATE.to_owned())
        } else {
            Certainty::Known
        };
        self.push(name, &value, from, certainty);
    }

    /// A whole argument as it will be passed on, such as `--v=2`.
    pub(super) fn argument(&mut self, text: impl Into<String>, from: &Node) {
        let text = text.into();
        let certainty = if unrendered(&text) {
            Certainty::Unresolved(TEMPLATE.to_owned())
        } else {
            Certainty::Known
        };
        let name = text.trim_start_matches('-').split('=').next().unwrap_or_default().to_owned();
        let location = self.carrier.location(from.span);
        self.written.push((name, Arg { text, location, certainty, added_by: None }));
    }

    fn push(&mut self, name: &str, value: &str, from: &Node, certainty: Certainty) {
        let location = self.carrier.location(from.span);
        let text = format!("--{name}={value}");
        self.written.push((name.to_owned(), Arg { text, location, certainty, added_by: None }));
    }

    /// A flag whose written value the server may read in a way that is not known here.
    pub(super) fn unresolved(&mut self, name: &str, value: &Node, why: &str) {
        let text = value.as_str().unwrap_or_default();
        self.push(name, text, value, Certainty::Unresolved(why.to_owned()));
    }

    /// An argument among the written ones, in the order in which they come.
    pub(super) fn arg(&mut self, name: &str, arg: Arg) {
        self.written.push((name.to_owned(), arg));
    }

    /// An argument that the distribution passes on among the written ones, which may replace it.
    pub(super) fn own(&mut self, by: &'static str, name: &str, value: Option<&str>) {
        let certainty = match value {
            Some(_) => Certainty::Known,
            None => Certainty::Unresolved(format!("{by} fills it in")),
        };
        let text = format!("--{name}={}", value.unwrap_or_default());
        let arg = Arg { text, location: self.place.clone(), certainty, added_by: Some(by) };
        self.arg(name, arg);
    }

    /// Whether the document declares a flag.
    pub(super) fn has(&self, name: &str) -> bool {
        self.written.iter().any(|(known, _)| known == name)
    }

    /// Flags that the distribution sets where the document does not; no value is one that is not known
    /// here.
    pub(super) fn defaults(&mut self, by: &'static str, flags: &[(&str, Option<&str>)]) {
        for (name, value) in flags {
            if self.has(name) || self.added.iter().any(|(known, _)| known == name) {
                continue;
            }
            let certainty = match value {
                Some(text) if unrendered(text) => Certainty::Unresolved(TEMPLATE.to_owned()),
                Some(_) => Certainty::Known,
                None => Certainty::Unresolved(format!("{by} fills it in")),
            };
            let text = format!("--{name}={}", value.unwrap_or_default());
            let location = self.place.clone();
            let arg = Arg { text, location, certainty, added_by: Some(by) };
            self.added.push(((*name).to_owned(), arg));
        }
    }

    /// Says that flags which are not declared here may be set all the same.
    pub(super) fn open(&mut self, why: &str) {
        self.open = Some(Arg::hidden(why.to_owned(), self.place.clone()));
    }

    /// Says that from here on any flag may have been changed: what comes behind it is known again.
    pub(super) fn may_change(&mut self, why: &str) {
        self.written.push((String::new(), Arg::hidden(why.to_owned(), self.place.clone())));
    }

    /// How many flags are declared.
    pub(super) fn count(&self) -> usize {
        self.written.len()
    }

    /// The command line: what may be there, what the distribution adds, what is written.
    pub(super) fn finish(self, name: String) -> CommandLine {
        let program = Arg::written(self.component.name().to_owned(), self.place);
        let added = self.added.into_iter().chain(self.written).map(|(_, arg)| arg);
        let args = self.open.into_iter().chain(added).collect();
        CommandLine { name: Some(name), ..CommandLine::of_words(self.component, program, args) }
    }
}

/// Values that are no plain string, and declarations that replace one another.
impl<'c> Declared<'c> {
    /// The places of what is declared next are those of this text, one within the document.
    pub(super) fn within(&mut self, carrier: &'c Carrier<'c>) {
        self.carrier = carrier;
    }

    /// A flag whose value was put together from a list of the document.
    pub(super) fn list(&mut self, name: &str, items: &Node) {
        match items.items() {
            Some([]) => {}
            Some(items_in) => {
                let texts: Vec<String> = items_in.iter().map(plain).collect();
                self.value(name, texts.join(","), items);
            }
            None => self.value(name, plain(items), items),
        }
    }

    /// A flag whose value was put together from a mapping of the document: `a=1,b=2`, sorted.
    pub(super) fn map(&mut self, name: &str, entries: &Node) {
        let Value::Mapping(pairs) = &entries.value else { return };
        let mut texts: Vec<String> =
            pairs.iter().map(|(key, value)| format!("{}={}", plain(key), plain(value))).collect();
        texts.sort();
        if !texts.is_empty() {
            self.value(name, texts.join(","), entries);
        }
    }

    /// A flag whose value is a typed field: a word, a list, or a mapping. Nothing sets nothing.
    pub(super) fn typed(&mut self, name: &str, field: &Node) {
        match &field.value {
            Value::Mapping(_) => self.map(name, field),
            Value::Sequence(_) => self.list(name, field),
            Value::Scalar(_) if plain(field).is_empty() => {}
            Value::Scalar(_) => self.value(name, plain(field), field),
        }
    }

    /// A flag that is set here, to a value that somebody else may change.
    pub(super) fn uncertain(
        &mut self,
        name: &str,
        value: impl Into<String>,
        from: &Node,
        why: &str,
    ) {
        self.push(name, &value.into(), from, Certainty::Unresolved(why.to_owned()));
    }

    /// A map of names and values, or from v1beta4 of kubeadm's configuration on a list of them, in which a
    /// name may stand twice.
    pub(super) fn extra_args(&mut self, args: Option<&Node>, by: &'static str) {
        match args.map(|args| &args.value) {
            Some(Value::Mapping(entries)) => {
                for (key, value) in entries {
                    if let Some(name) = key.as_str() {
                        self.flag(name, value, Some(by));
                    }
                }
            }
            Some(Value::Sequence(items)) => {
                for item in items {
                    let name = item.get("name").and_then(Node::as_str);
                    if let (Some(name), Some(value)) = (name, item.get("value")) {
                        self.flag(name, value, Some(by));
                    }
                }
            }
            _ => {}
        }
    }

    /// Takes back what was declared of a flag.
    pub(super) fn forget(&mut self, name: &str) {
        self.written.retain(|(known, _)| known != name);
    }

    /// Takes back all that was declared.
    pub(super) fn forget_all(&mut self) {
        self.written.clear();
    }

    /// Keeps what another reading of the same document says too; the rest is not known.
    pub(super) fn agree(&mut self, other: &Self, why: &str) {
        let of = |written: &[(String, Arg)], name: &str| -> Vec<(String, Certainty)> {
            let own = written.iter().filter(|(known, _)| known == name);
            own.map(|(_, arg)| (arg.text.clone(), arg.certainty.clone())).collect()
        };
        let both = [&self.written[..], &other.written[..]].concat();
        let mut agreed: Vec<(String, Arg)> = Vec::new();
        for (name, arg) in &both {
            if agreed.iter().any(|(known, _)| known == name) {
                continue;
            }
            if of(&self.written, name) == of(&other.written, name) {
                agreed.extend(self.written.iter().filter(|(known, _)| known == name).cloned());
            } else {
                let certainty = Certainty::Unresolved(why.to_owned());
                agreed.push((name.clone(), Arg { certainty, ..arg.clone() }));
            }
        }
        self.written = agreed;
        self.open = self.open.take().or_else(|| other.open.clone());
    }
}

/// A scalar's text as Go prints its value: YAML has more words for true than one.
pub(super) fn plain(node: &Node) -> String {
    let Some(scalar) = node.scalar() else { return String::new() };
    match (scalar.kind(), scalar.text.to_ascii_lowercase().as_str()) {
        (ScalarKind::Bool, "y" | "yes" | "on" | "true") => "true".to_owned(),
        (ScalarKind::Bool, _) => "false".to_owned(),
        (ScalarKind::Null, _) => String::new(),
        _ => scalar.text.to_string(),
    }
}

/// Whether a scalar says yes; `None` where a template will.
pub(super) fn truth(node: &Node) -> Option<bool> {
    let text = node.as_str()?;
    if unrendered(text) {
        return None;
    }
    Some(matches!(text.to_ascii_lowercase().as_str(), "y" | "yes" | "on" | "true" | "1"))
}

impl CommandLine {
    /// The same line with what its carrier says beside the arguments.
    pub(super) fn carried(self, version: Option<Minor>, mounts: Vec<Mount>) -> Self {
        let version = version.map(|minor| KubernetesVersion { minor, from: VersionOrigin::Field });
        Self { version, mounts, ..self }
    }
}

/// Whether a text holds what a template engine or a shell would replace.
pub(super) fn unrendered(text: &str) -> bool {
    ["{{", "{%", "${", "<%"].iter().any(|mark| text.contains(mark))
}
