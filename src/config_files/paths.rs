//! The files that a component's configuration file names in the place of a flag.
//!
//! Sources: kubernetes `staging/src/k8s.io/kubelet/config/v1beta1/types.go` and
//! `pkg/kubelet/kubeletconfig/configfiles/configfiles.go` (relative paths begin at the file);
//! etcd `server/embed/config.go`.

use super::{Located, Problem, document};
use crate::component::Component;
use crate::source::NamedBytes;

/// A flag and the fields that lead to the same setting in the file.
type Field = (&'static str, &'static [&'static str]);

const KUBELET: &[Field] = &[
    ("client-ca-file", &["authentication", "x509", "clientCAFile"]),
    ("tls-cert-file", &["tlsCertFile"]),
    ("tls-private-key-file", &["tlsPrivateKeyFile"]),
];

const ETCD: &[Field] = &[
    ("name", &["name"]),
    ("data-dir", &["data-dir"]),
    ("cert-file", &["client-transport-security", "cert-file"]),
    ("key-file", &["client-transport-security", "key-file"]),
    ("client-cert-file", &["client-transport-security", "client-cert-file"]),
    ("client-key-file", &["client-transport-security", "client-key-file"]),
    ("trusted-ca-file", &["client-transport-security", "trusted-ca-file"]),
    ("peer-cert-file", &["peer-transport-security", "cert-file"]),
    ("peer-key-file", &["peer-transport-security", "key-file"]),
    ("peer-client-cert-file", &["peer-transport-security", "client-cert-file"]),
    ("peer-client-key-file", &["peer-transport-security", "client-key-file"]),
    ("peer-trusted-ca-file", &["peer-transport-security", "trusted-ca-file"]),
];

/// The fields that say in the component's file what the flag says.
pub fn field(component: Component, flag: &str) -> Option<&'static [&'static str]> {
    let known = match component {
        Component::Kubelet => KUBELET,
        Component::Etcd => ETCD,
        _ => return None,
    };
    known.iter().find(|(name, _)| *name == flag).map(|(_, fields)| *fields)
}

/// The text under a path of fields; none if one of them is left out.
pub fn text(file: &NamedBytes, fields: &[&str]) -> Result<Option<Located<String>>, Problem> {
    let document = document(file)?;
    let mut object = document.any_object()?;
    let Some((last, above)) = fields.split_last() else { return Ok(None) };
    for name in above {
        match object.object(name)? {
            Some(inner) => object = inner,
            None => return Ok(None),
        }
    }
    object.text(last)
}

/// A path as the component reads it in its file: the kubelet's begin at the file's folder.
pub fn complete(component: Component, file: &str, path: &str) -> String {
    match file.rsplit_once('/') {
        Some((folder, _)) if component == Component::Kubelet && !path.starts_with('/') => {
            format!("{folder}/{path}")
        }
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{complete, field, text};
    use crate::component::Component;
    use crate::flags::catalog::Catalog;
    use crate::source::NamedBytes;

    #[test]
    fn a_path_is_found_by_the_name_of_its_flag() {
        let read = |text: &str| NamedBytes { name: "c".into(), bytes: text.as_bytes().to_vec() };
        let file = read("authentication:\n  x509: {clientCAFile: pki/ca.crt}\n");
        let fields = field(Component::Kubelet, "client-ca-file").expect("known");
        let found = text(&file, fields).expect("read").expect("there");
        assert_eq!(found.value, "pki/ca.crt");
        let complete = |path| complete(Component::Kubelet, "/var/lib/kubelet/config.yaml", path);
        assert_eq!(complete(&found.value), "/var/lib/kubelet/pki/ca.crt");
        assert_eq!(complete("/ca.crt"), "/ca.crt");
        assert_eq!(text(&read("authentication: {}\n"), fields), Ok(None));
        assert!(text(&read("authentication: []\n"), fields).is_err());
    }

    #[test]
    fn every_field_has_a_flag() {
        for (component, fields) in
            [(Component::Kubelet, super::KUBELET), (Component::Etcd, super::ETCD)]
        {
            for (flag, _) in fields {
                assert!(Catalog::of(component).find(flag).is_some(), "{flag}");
            }
        }
    }
}
