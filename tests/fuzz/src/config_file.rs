//! Files that flags name, of every kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll::command_line::{CommandLine, Location};
use plimsoll::component::Component;
use plimsoll::config_files::admission::{self, AdmissionConfiguration};
use plimsoll::config_files::audit_policy::AuditPolicy;
use plimsoll::config_files::authentication::AuthenticationConfiguration;
use plimsoll::config_files::authorization::AuthorizationConfiguration;
use plimsoll::config_files::encryption::EncryptionConfiguration;
use plimsoll::config_files::names::Names;
use plimsoll::config_files::{Problem, abac, egress, kubeconfig, read_flags};
use plimsoll::flags::catalog::Catalog;
use plimsoll::source::{Files, NamedBytes};
use plimsoll::version::Minor;

use super::{places, text};

type Decode = fn(&NamedBytes, Minor) -> Result<(), Problem>;

/// The kinds that the API server's flags name.
const KINDS: [Decode; 8] = [
    |file, minor| AdmissionConfiguration::read(file, minor, "/a").map(|_| ()),
    |file, minor| plugin(&admission::plugin_file(file)?, minor),
    |file, minor| AuditPolicy::read(file, minor).map(|_| ()),
    |file, minor| AuthenticationConfiguration::read(file, minor).map(|_| ()),
    |file, minor| AuthorizationConfiguration::read(file, minor).map(|_| ()),
    |file, minor| EncryptionConfiguration::read(file, minor).map(|_| ()),
    |file, minor| egress::unprotected(file, minor).map(|_| ()),
    |file, _| {
        kubeconfig::check(file, "/f", &Files::elsewhere(), false)?;
        kubeconfig::unprotected(file).map(|_| ())
    },
];

/// The components that have a file of their own, and the flag that names it.
const OWN: [(Component, &str); 3] = [
    (Component::Kubelet, "--config=/f"),
    (Component::KubeScheduler, "--config=/f"),
    (Component::Etcd, "--config-file=/f"),
];

/// Reads a file as every kind there is, in the oldest release and the newest.
pub fn config_file(bytes: &[u8]) {
    let file = NamedBytes { name: Arc::from("/f"), bytes: bytes.to_vec() };
    let catalog = Catalog::of(Component::KubeApiserver);
    for minor in [catalog.oldest(), Minor::kubernetes(29), catalog.newest()] {
        for decode in KINDS {
            problem(decode(&file, minor), bytes);
        }
    }
    problem(abac::unlimited(&file).map(|_| ()), bytes);
    let _ = Names::read(bytes);
    let Some(text) = text(bytes) else { return };
    for (component, flag) in OWN {
        let line = CommandLine::given(component, [flag.to_owned()]);
        let files = Files::given(BTreeMap::from([("/f".to_owned(), text.to_owned())]));
        let flags = read_flags(&line, Catalog::of(component).newest(), &files);
        for setting in flags.settings.iter().filter(|setting| setting.in_file) {
            places::location(&setting.location, &[("/f", text)]);
        }
    }
}

fn plugin(document: &plimsoll::config_files::Document, minor: Minor) -> Result<(), Problem> {
    let limits = admission::event_rate_limits(document, minor).map(|_| ());
    let policy = admission::ImagePolicy::read(document).map(|_| ());
    let defaults = admission::PodSecurity::read(document, minor).map(|_| ());
    limits.and(policy).and(defaults)
}

/// What is wrong is said, at a place in the file.
fn problem(read: Result<(), Problem>, bytes: &[u8]) {
    let Err(Problem { message, location }) = read else { return };
    assert!(!message.is_empty());
    if let (Some(text), Location::Text { .. }) = (text(bytes), &location) {
        places::location(&location, &[("/f", text)]);
    }
}
