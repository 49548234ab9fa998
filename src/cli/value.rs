//! Words of plimsoll's own command line that mean something else than text.

use crate::component::Component;
use crate::document;
use crate::spelling::{nearest, suggestion};
use crate::version::Minor;

pub(super) fn component(text: &str) -> Result<Component, String> {
    Component::from_name(text).ok_or_else(|| {
        let known = Component::ALL.map(Component::name);
        format!("one of {}{}", known.join(", "), suggestion(nearest(text, known)))
    })
}

pub(super) fn input_format(text: &str) -> Result<document::Format, String> {
    let mut formats = document::Format::of_texts();
    let known: Vec<_> = formats.clone().map(document::Format::name).collect();
    formats.find(|format| format.name() == text).ok_or_else(|| {
        format!("one of {}{}", known.join(", "), suggestion(nearest(text, known.iter().copied())))
    })
}

/// A minor, or the line in which a program tells its version: `Kubernetes v1.34.2`.
pub(super) fn minor(text: &str) -> Result<Minor, String> {
    let told = text.split_whitespace().find_map(|word| word.parse().ok());
    told.ok_or_else(|| format!("{text:?} is not a version such as 1.34 or v1.34.2"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_version_is_read_from_what_programs_print() {
        for text in ["1.34", "v1.34.2", "Kubernetes v1.34.2", "kube-apiserver version v1.34.2+k3s1"]
        {
            assert_eq!(super::minor(text), Ok(super::Minor::kubernetes(34)), "{text}");
        }
        assert_eq!(super::minor("etcd Version: 3.5.9").map(|minor| minor.minor), Ok(5));
        assert!(super::minor("latest").is_err() && super::minor("").is_err());
    }
}
