//! JSON patches in kubeadm's patches folder.
//!
//! Such a file changes the Pod that kubeadm generates. It does not say whose Pod: kubeadm goes by the
//! file's name, and so does this. A strategic or merge patch is a Pod itself and is read as one.
//! Source: kubernetes `cmd/kubeadm/app/util/patches/patches.go`.

use super::declared::Declared;
use crate::command_line::{Mount, MountSource};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::yaml::Node;

/// The command line that a list of operations adds to.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let operations = root.items().unwrap_or_default();
    let touches = |operation: &Node| target(operation).is_some();
    if !operations.iter().any(touches) {
        return Vec::new();
    }
    let Some(component) = component(carrier.path) else { return Vec::new() };
    let mut declared = Declared::new(carrier, component, root);
    for operation in operations.iter().filter(|operation| touches(operation)) {
        let name = operation.get("op").and_then(Node::as_str).unwrap_or_default();
        let Some(value) = operation.get("value") else { continue };
        match (name, value.items()) {
            // The whole list; its first word is the program.
            ("add" | "replace", Some(items)) => {
                for item in items.iter().filter(|item| is_flag(item)) {
                    argument(&mut declared, item);
                }
            }
            ("add" | "replace", None) => argument(&mut declared, value),
            _ => {}
        }
    }
    declared.open("it is a patch: the Pod that it changes is not part of this input");
    // The volumes of that Pod are not known either.
    let elsewhere = MountSource::Other("the Pod that the patch changes".to_owned());
    let mounts = vec![Mount { path: "/".to_owned(), source: elsewhere }];
    let line = declared.finish(format!("patch of {component}")).carried(None, mounts);
    vec![Found { document, format: Format::Kubeadm, line, diagnostics: Vec::new() }]
}

fn is_flag(item: &Node) -> bool {
    item.as_str().is_some_and(|text| text.starts_with('-'))
}

fn argument(declared: &mut Declared<'_>, value: &Node) {
    if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
        declared.argument(text, value);
    }
}

/// Whether an operation changes a container's arguments.
fn target(operation: &Node) -> Option<()> {
    operation.get("op")?;
    let path = operation.get("path")?.as_str()?;
    let mut keys = path.strip_prefix("/spec/containers/")?.split('/');
    let _container = keys.next()?;
    matches!(keys.next()?, "command" | "args").then_some(())
}

/// `kube-apiserver0+json.yaml` is a patch of kube-apiserver's Pod.
fn component(path: &str) -> Option<Component> {
    let file = path.rsplit('/').next()?;
    Component::ALL.into_iter().filter(|it| *it != Component::Kubelet).find(|component| {
        let rest = file.strip_prefix(component.name());
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c == '-' || c.is_ascii_alphabetic()))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::command_line::{Certainty, Location};
    use crate::component::Component;
    use crate::document::{Format, read};

    const PATCH: &str =
        include_str!("../../../fixtures/documents/kubeadm/kube-apiserver0+json.yaml");

    #[test]
    fn a_json_patch_adds_to_a_command_line_that_is_not_known() {
        let path: Arc<str> = "patches/kube-apiserver0+json.yaml".into();
        let found = read(PATCH, &path).found;
        let [one] = &found[..] else { panic!("one line") };
        assert_eq!((one.line.component, one.format), (Component::KubeApiserver, Format::Kubeadm));
        let args = &one.line.args;
        assert!(matches!(args[0].certainty, Certainty::Unresolved(_)));
        assert_eq!(args[1].text, "--profiling=false");
        let Location::Text { span, .. } = &args[1].location else { panic!("no text") };
        assert_eq!(span.start.line(), 4);
        assert_eq!(&PATCH[span.start.offset()..span.end.offset()], "--profiling=false");
        assert_eq!(args.len(), 3);
    }

    #[test]
    fn without_the_name_nobody_knows_whose_pod_it_changes() {
        assert!(read(PATCH, &"<stdin>".into()).found.is_empty());
        assert!(
            read("- op: add\n  path: /spec/replicas\n  value: 1\n", &"etcd.yaml".into())
                .found
                .is_empty()
        );
    }
}
