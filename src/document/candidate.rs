//! Whether a text of a folder can start anything, so that most texts need not be read.
//!
//! A text that is a target when it is named must be one in a folder too. So every text that starts
//! something holds a word that all formats share or one of its format's row, and a text that may spell
//! its words otherwise is read as well.

use super::format::Format;
use super::host;
use super::own_flags::names_own_flag;
use crate::component::Component;

/// Words of which one is in most texts that start a component: programs, images, variables, kinds, fields.
const SHARED: [&str; 12] = [
    "kube",
    "Kube",
    "KUBE",
    "etcd",
    "Etcd",
    "ETCD",
    "apiServer",
    "controllerManager",
    "scheduler",
    "extraArgs",
    "ControlPlane",
    "controlPlane",
];

/// Whether a text can hold a command line at all. A list of arguments is told by its flags alone.
pub fn is_candidate(text: &str) -> bool {
    SHARED.iter().any(|word| text.contains(word))
        || Format::ALL.into_iter().any(|format| gives_away(text, format))
        || spells_otherwise(text)
        || names_own_flag(text)
}

/// Whether a path is that of a unit that is meant for a component, whatever it holds.
pub fn is_unit_of_component(path: &str) -> bool {
    host::systemd::component_of_unit(path).is_some()
}

/// Whether a text names a component, as one that starts it does.
pub fn names_component(text: &str) -> bool {
    let others = ["hyperkube", "kubelite"].into_iter();
    Component::ALL.map(Component::name).into_iter().chain(others).any(|name| text.contains(name))
}

/// Whether a text holds a word by which a format is known.
fn gives_away(text: &str, format: Format) -> bool {
    format.row().words.iter().any(|word| text.contains(word))
}

/// Words of which one is in each document that holds the contents of files in base64 or escaped for a URL.
const ENCODED: [&str; 5] = ["base64", "b64", "binary", "Secret", "data:,"];

/// Whether words may be written in a way that a look at the text does not show: escapes of YAML, JSON
/// and systemd, contents of files and tagged values that are encoded.
fn spells_otherwise(text: &str) -> bool {
    let bytes = text.as_bytes();
    let escaped =
        |at: usize| bytes.get(at + 1).is_none_or(|next| b"xuU01234567\r\n".contains(next));
    memchr::memchr_iter(b'\\', bytes).any(escaped)
        || ENCODED.iter().any(|word| text.contains(word))
        || text.contains("%TAG")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{gives_away, is_candidate};
    use crate::document::{Format, read};

    /// The documents of all formats, and manifests.
    fn texts(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        #[allow(clippy::disallowed_methods, reason = "tests read fixtures")]
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                texts(&path, found);
            } else if let Ok(text) = fs::read_to_string(&path) {
                found.push((path, text));
            }
        }
    }

    /// Whether a text starts something that prose does not quote.
    fn starts(text: &str) -> bool {
        read(text, &"f".into()).found.iter().any(|found| found.format != Format::Script)
    }

    #[test]
    fn a_document_that_is_a_target_is_one_in_a_folder() {
        for text in [
            "apiVersion: core.gardener.cloud/v1beta1\nkind: Shoot\nspec: {provider: {type: aws}}\n",
            "apiVersion: operator.openshift.io/v1\nkind: KubeAPIServer\nspec: {unsupportedConfigOverrides: {}}\n",
            "apiVersion: v1alpha1\nkind: KubeAPIServerConfig\nimage: x\n",
            "apiVersion: v1alpha1\nkind: KubeSchedulerConfig\n",
            "cluster: {scheduler: {}}\n",
            "cluster:\n  controllerManager:\n    image: x\n",
            "nodes: []\nclusterName: a\nendpoint: https://a\n",
            "apiVersion: v1\nkind: Pod\nspec: {containers: [{command: [\"\\x6bub\\u0065-apiserver\"]}]}\n",
            "apiVersion: v1\nkind: Pod\nspec: {containers: [{command: [!!binary a3ViZS1hcGlzZXJ2ZXI=]}]}\n",
            "apiVersion: v1\nkind: Pod\nspec: {containers: [{command: [\"ku\\\n  be-apiserver\"]}]}\n",
        ] {
            assert!(is_candidate(text), "{text}");
        }
    }

    /// The tests of this module and of `documents` know a format by its fixtures.
    #[test]
    fn every_format_that_a_text_can_have_is_that_of_a_fixture() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let mut all = Vec::new();
        texts(&root.join("documents"), &mut all);
        texts(&root.join("manifests"), &mut all);
        let read =
            |(path, text): &(PathBuf, String)| read(text, &path.display().to_string().into()).found;
        let found: Vec<Format> = all.iter().flat_map(read).map(|found| found.format).collect();
        for format in Format::of_texts() {
            assert!(found.contains(&format), "{} has no fixture", format.name());
        }
    }

    #[test]
    fn a_format_is_given_away_by_its_own_words() {
        for (text, format) in [
            ("apiVersion: kops.k8s.io/v1alpha2", Format::Kops),
            ("secrets-encryption: true", Format::K3s),
            ("- path: /spec/containers/0/args/-", Format::Kubeadm),
        ] {
            let others = Format::ALL.into_iter().filter(|other| *other != format);
            assert!(gives_away(text, format), "{text}");
            assert_eq!(others.filter(|other| gives_away(text, *other)).count(), 0, "{text}");
        }
    }

    /// Whatever is taken out of a document: while it starts something, a folder reads it.
    #[test]
    fn what_is_left_of_a_document_is_a_candidate_while_it_starts_something() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let mut all = Vec::new();
        texts(&root.join("documents"), &mut all);
        texts(&root.join("manifests"), &mut all);
        let mut number = 0x9E37_79B9_u64;
        let mut below = |end: usize| {
            number ^= number << 13;
            number ^= number >> 7;
            number ^= number << 17;
            usize::try_from(number % end.max(1) as u64).expect("small")
        };
        let mut started = 0;
        for (path, text) in all.iter().filter(|(_, text)| text.len() < 20_000) {
            for _ in 0..60 {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                for _ in 0..=below(3) {
                    let from = below(lines.len());
                    let length = below(lines.len() - from) + 1;
                    lines.drain(from..(from + length).min(lines.len()));
                }
                let rest = lines.concat();
                if starts(&rest) {
                    started += 1;
                    assert!(is_candidate(&rest), "{}:\n{rest}", path.display());
                }
            }
        }
        assert!(started > 500, "{started}");
    }
}
