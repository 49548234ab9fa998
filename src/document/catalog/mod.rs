//! What is known of each format: one row a format.
//!
//! A format that has no row does not compile. Lists of formats, the values of `--input-format` and the
//! words of a remedy come from the rows.

mod rows;

use std::borrow::Cow;

use super::carrier::Carrier;
use super::format::{Arguments, Format, Wording, filled};
use super::host::Page;
use super::{Contents, Found};
use crate::component::Component;
use crate::yaml::Node;

/// Reads one document of YAML or JSON, and leaves alone what is not of its format.
pub(super) type ReadObject = fn(&Node, &Carrier<'_>, usize) -> Vec<Found>;

/// Reads a text; `None` if it is not of its format.
pub(super) type ReadText = fn(&Page<'_>) -> Option<Contents>;

/// What is known of a format.
pub(super) struct Row {
    /// Its name in JSON and on the command line.
    name: &'static str,
    /// Words of which one is in each of its texts that has none of those that all formats share
    /// (`candidate.rs`).
    pub(super) words: &'static [&'static str],
    /// What reads it.
    pub(super) reader: Reader,
    /// How a flag is written in it.
    arguments: Arguments,
    /// What a flag is added to, where it is not written yet; may have `{flag}` and `{value}`.
    place: Wording,
    /// The command that makes a change take effect, where saving the file does not; may have
    /// `{component}`.
    takes_effect: Option<Wording>,
}

/// What reads a format.
#[derive(Clone, Copy)]
pub(super) enum Reader {
    /// A document of YAML or JSON, or a list of them.
    List(ReadObject),
    /// A document of YAML or JSON; each reader leaves alone what is not its own.
    Object(&'static [ReadObject]),
    /// A text that no YAML document looks like.
    Marked(ReadText),
    /// A text that is told by most of its lines; tried where YAML holds nothing.
    Likely(ReadText),
    /// The reader of another format finds this one too.
    OfAnother,
    /// No text is of this format.
    NoText,
}

impl Format {
    /// The formats that a text can be asked to be read as.
    pub fn of_texts() -> impl Iterator<Item = Self> + Clone {
        Self::ALL.into_iter().filter(|format| !matches!(format.row().reader, Reader::NoText))
    }

    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// How it has the arguments of a server.
    pub const fn arguments(self) -> Arguments {
        self.row().arguments
    }

    /// What a flag of a component is added to, where it is not written yet.
    pub fn place(self, component: Component, flag: &str, value: &str) -> Cow<'static, str> {
        filled(self.row().place.of(component), flag, value)
    }

    /// The command that makes a change of a component take effect, where saving the file does not.
    pub fn takes_effect(self, component: Component) -> Option<String> {
        let command = self.row().takes_effect.as_ref()?.of(component);
        Some(command.replace("{component}", component.name()))
    }
}

/// The readers of one document that may be a list of others.
pub(super) fn lists() -> impl Iterator<Item = ReadObject> {
    Format::ALL.into_iter().filter_map(|format| match format.row().reader {
        Reader::List(read) => Some(read),
        _ => None,
    })
}

/// The readers of one document, in order.
pub(super) fn objects() -> impl Iterator<Item = ReadObject> {
    let readers = Format::ALL.into_iter().filter_map(|format| match format.row().reader {
        Reader::Object(readers) => Some(readers),
        _ => None,
    });
    readers.flatten().copied()
}

/// The readers of texts that no YAML document looks like, in order.
pub(super) fn marked() -> impl Iterator<Item = ReadText> {
    Format::ALL.into_iter().filter_map(|format| match format.row().reader {
        Reader::Marked(read) => Some(read),
        _ => None,
    })
}

/// The readers of texts that are told by most of their lines, in order.
pub(super) fn likely() -> impl Iterator<Item = ReadText> {
    Format::ALL.into_iter().filter_map(|format| match format.row().reader {
        Reader::Likely(read) => Some(read),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::Format;
    use crate::component::Component;

    #[test]
    fn names_of_formats_are_their_own() {
        for format in Format::ALL {
            let same = Format::ALL.into_iter().filter(|other| other.name() == format.name());
            assert_eq!(same.count(), 1, "{}", format.name());
        }
    }

    #[test]
    fn places_and_commands_are_those_of_the_component() {
        let manager = Component::KubeControllerManager;
        assert_eq!(
            Format::Kubespray.place(manager, "v", "2"),
            "kube_kubeadm_controller_extra_args"
        );
        assert_eq!(
            Format::Kubeadm.place(manager, "v", "2"),
            "controllerManager.extraArgs (v1beta4: - {name: v, value: \"2\"})"
        );
        let restart = "systemctl restart kube-controller-manager";
        assert_eq!(Format::EnvironmentFile.takes_effect(manager).as_deref(), Some(restart));
    }
}
