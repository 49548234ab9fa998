use std::sync::Arc;

use crate::command_line::{Arg, Certainty, CommandLine, Location, MountSource};
use crate::component::Component;
use crate::document::read;

const V1ALPHA1: &str = include_str!("../../../../fixtures/documents/kubeadm/v1alpha1.yaml");
const V1BETA1: &str = include_str!("../../../../fixtures/documents/kubeadm/v1beta1.yaml");

const CLASS: &str = include_str!("../../../../fixtures/documents/kubeadm/cluster-class.yaml");

fn lines(text: &str) -> Vec<CommandLine> {
    let path: Arc<str> = "kubeadm.yaml".into();
    read(text, &path).found.into_iter().map(|found| found.line).collect()
}

fn arg<'l>(line: &'l CommandLine, flag: &str) -> Option<&'l Arg> {
    let start = format!("--{flag}=");
    line.args.iter().find(|arg| arg.text.starts_with(&start))
}

#[test]
fn an_old_kubeadm_sets_what_is_not_known_here() {
    let lines = lines(V1ALPHA1);
    let api = &lines[0];
    assert!(
        matches!(api.args[0].certainty, Certainty::Unresolved(_)) && api.args[0].text.is_empty()
    );
    let audit = arg(api, "audit-log-path").expect("there");
    let Location::Text { span, .. } = &audit.location else { panic!("no text") };
    assert_eq!(span.start.line(), 9);
    assert_eq!(&V1ALPHA1[span.start.offset()..span.end.offset()], "/var/log/audit.log");
    let modes = arg(api, "authorization-mode").expect("there");
    assert!(matches!(modes.certainty, Certainty::Unresolved(_)));
    assert_eq!(api.mounts[0].source, MountSource::Host("/srv/audit".into()));
    // Its etcd is somebody else's.
    assert!(lines.iter().all(|line| line.component != Component::Etcd));
}

#[test]
fn what_kubeadm_sets_depends_on_its_minor() {
    let old = lines(V1BETA1);
    assert_eq!(arg(&old[0], "insecure-port").map(|arg| arg.added_by), Some(Some("kubeadm")));
    assert!(arg(&old[0], "service-account-issuer").is_none());
    let new = lines(&V1BETA1.replace("v1.16.2", "v1.21.0"));
    assert!(arg(&new[0], "insecure-port").is_none());
    assert!(arg(&new[0], "service-account-issuer").is_some());
}

#[test]
fn a_value_is_a_string_or_refused_or_a_template() {
    let lines = lines(V1BETA1);
    let certainty = |flag: &str| arg(&lines[0], flag).map(|arg| arg.certainty.clone());
    assert_eq!(certainty("profiling"), Some(Certainty::Known));
    assert!(matches!(certainty("request-timeout"), Some(Certainty::Refused(_))));
    assert!(matches!(certainty("cloud-provider"), Some(Certainty::Unresolved(_))));
}

#[test]
fn a_template_that_is_no_yaml_is_called_one() {
    let text =
        "apiVersion: kubeadm.k8s.io/v1alpha1\n  kind: MasterConfiguration\n  token: {{ token }}\n";
    let contents = read(text, &"kubeadm.conf.j2".into());
    assert!(contents.found.is_empty());
    assert!(contents.errors[0].message.contains("it looks like a template"));
}

#[test]
fn a_cluster_class_adds_flags_that_may_be_computed() {
    let lines = lines(CLASS);
    let [api] = &lines[..] else { panic!("one line: {lines:?}") };
    assert_eq!(api.component, Component::KubeApiserver);
    assert!(api.args[0].text.is_empty());
    let profiling = arg(api, "profiling").expect("there");
    let Location::Text { span, .. } = &profiling.location else { panic!("no text") };
    assert_eq!((span.start.line(), &profiling.certainty), (14, &Certainty::Known));
    assert_eq!(arg(api, "audit-log-maxage").map(|arg| &*arg.text), Some("--audit-log-maxage=30"));
    let computed = arg(api, "cloud-provider").expect("there");
    assert!(matches!(computed.certainty, Certainty::Unresolved(_)));
}
