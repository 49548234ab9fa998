//! Patches by themselves: what they change is not part of the input.
//!
//! kubeadm's patch of a Pod does not say whose Pod it is: kubeadm goes by the file's name, and so does this.
//! A list of operations on kubeadm's configuration names the section that it changes.

use super::container::{self, Kind};
use super::folder::target;
use super::section::{Change, Section};
use crate::command_line::{ARGUMENT_LIMIT, Arg, CommandLine, Mount, MountSource};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::distribution::declared::Declared;
use crate::document::own_flags::names_own_flag;
use crate::document::{Format, Found};
use crate::yaml::Node;

const WHY: &str = "it is a patch: what it changes is not part of this input";

/// What stands above kubeadm's configuration in what is patched: itself, and objects of Cluster API.
const ABOVE: [&[&str]; 6] = [
    &[],
    &["clusterConfiguration"],
    &["spec", "clusterConfiguration"],
    &["spec", "kubeadmConfigSpec", "clusterConfiguration"],
    &["spec", "template", "spec", "clusterConfiguration"],
    &["spec", "template", "spec", "kubeadmConfigSpec", "clusterConfiguration"],
];

/// The flags of the control plane in kubeadm's configuration.
const SECTIONS: [(&[&str], Component); 4] = [
    (&["apiServer"], Component::KubeApiserver),
    (&["controllerManager"], Component::KubeControllerManager),
    (&["scheduler"], Component::KubeScheduler),
    (&["etcd", "local"], Component::Etcd),
];

/// The command lines that a patch adds to.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let mut lines = match root.items() {
        Some(items) => of_sections(items, carrier),
        None => Vec::new(),
    };
    if lines.is_empty() {
        lines.extend(of_pod(root, carrier, document));
    }
    let found = |line| Found { document, format: Format::Kubeadm, line, diagnostics: Vec::new() };
    lines.into_iter().map(found).collect()
}

/// A line of which only a patch is known; its files are not those of the node for all that is known.
fn finished(line: CommandLine, component: Component) -> CommandLine {
    let elsewhere = MountSource::Other("what the patch changes".to_owned());
    let mounts = vec![Mount { path: "/".to_owned(), source: elsewhere }];
    CommandLine { mounts, name: Some(format!("patch of {component}")), ..line }
}

/// Operations on kubeadm's configuration, wherever it is kept.
fn of_sections(items: &[Node], carrier: &Carrier<'_>) -> Vec<CommandLine> {
    let changes: Vec<Change<'_>> = items.iter().map(Change::of).collect();
    let mut lines = Vec::new();
    for (section, component) in SECTIONS {
        let paths = ABOVE.iter().map(|above| [*above, section].concat());
        let touched = paths.into_iter().find_map(|path| {
            let section = Section { path: &path, args: "extraArgs" };
            let item = changes.iter().find_map(|change| change.item_in(&section))?;
            Some((path, item))
        });
        let Some((path, item)) = touched else { continue };
        let mut declared = Declared::new(carrier, component, item);
        declared.open(WHY);
        let section = Section { path: &path, args: "extraArgs" };
        for change in changes.iter().take(ARGUMENT_LIMIT) {
            change.apply(&section, &mut declared);
        }
        if changes.len() > ARGUMENT_LIMIT {
            declared.may_change("there are too many operations");
        }
        lines.push(finished(declared.finish(String::new()), component));
    }
    lines
}

/// A patch of the Pod of the component that the file's name says.
fn of_pod(root: &Node, carrier: &Carrier<'_>, document: usize) -> Option<CommandLine> {
    let (component, kind) = target(carrier.path)?;
    let kind = kind.ok()?;
    // A Pod that says all that it has to is none.
    let is_pod = root.get("kind").and_then(Node::as_str) == Some("Pod");
    let containers = root.at(&["spec", "containers"]).and_then(Node::items).unwrap_or_default();
    if is_pod && containers.iter().any(|container| container.get("image").is_some()) {
        return None;
    }
    // A list of operations is one whatever its name says, and nothing else is.
    let is_list = root.items().is_some();
    let kind = match (is_list, kind) {
        (true, _) => Kind::Json,
        (false, Kind::Json) => return None,
        (false, kind) => kind,
    };
    let program = Arg::written(component.name().to_owned(), carrier.location(root.span));
    let hidden = Arg::hidden(WHY.to_owned(), carrier.location(root.span));
    let line = CommandLine::of_words(component, program, vec![hidden]);
    let before = line.clone();
    let mut one = Found { document, format: Format::Kubeadm, line, diagnostics: Vec::new() };
    container::patch(&mut one, root, carrier, kind);
    let changed = one.line.args != before.args
        || one.line.environment != before.environment
        || one.line.version != before.version;
    changed.then(|| finished(one.line, component))
}

/// Whether a document is a patch of the arguments of a server's container, of which nothing says whose it
/// is. Servers run in Pods of their own; in a Deployment, mostly others do.
pub(in crate::document) fn is_of_nobody(root: &Node, text: &str) -> bool {
    let changes = |item: &Node, below: &str| {
        let path = item.get("path").and_then(Node::as_str).unwrap_or_default();
        let rest = path.split_once(below).map(|(_, rest)| rest).unwrap_or_default();
        item.get("op").is_some() && matches!(rest.split('/').nth(1), Some("command" | "args"))
    };
    let items = root.items().unwrap_or_default();
    let own = || text.get(root.span.start.offset()..root.span.end.offset()).unwrap_or_default();
    items.iter().any(|item| changes(item, "/spec/containers/")) && own().contains("--")
        || items.iter().any(|item| changes(item, "/containers/")) && names_own_flag(own())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::command_line::{Certainty, Location};
    use crate::component::Component;
    use crate::document::{Format, read};

    const PATCH: &str =
        include_str!("../../../../fixtures/documents/kubeadm/kube-apiserver0+json.yaml");

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

    #[test]
    fn a_part_of_a_pod_is_a_patch_by_the_name_of_its_file() {
        let path: Arc<str> = "patches/kube-apiserver0+strategic.yaml".into();
        let adds = "spec: {containers: [{name: kube-apiserver, args: [--profiling=true]}]}\n";
        let [one] = &read(adds, &path).found[..] else { panic!("one") };
        assert!(matches!(one.line.args[0].certainty, Certainty::Unresolved(_)));
        assert_eq!(one.line.args[1].text, "--profiling=true");
        let whole = adds.replace("args: [", "command: [kube-apiserver, ");
        let [one] = &read(&whole, &path).found[..] else { panic!("one") };
        assert_eq!(one.line.args.len(), 1, "nothing else is in the command");
        let beside =
            adds.replacen("]}", "]}, {name: x, command: [kube-scheduler, --profiling]}", 1);
        let [_, other] = &read(&beside, &path).found[..] else { panic!("two") };
        assert_eq!(other.line.component, Component::KubeScheduler);
        let none = "spec: {containers: [{name: kube-apiserver, resources: {}}]}\n";
        assert!(read(none, &path).found.is_empty());
    }

    #[test]
    fn operations_on_kubeadms_configuration_name_their_component() {
        for above in ["", "/spec/kubeadmConfigSpec/clusterConfiguration", "/clusterConfiguration"] {
            let text = format!(
                "- {{op: add, path: {above}/apiServer/extraArgs/anonymous-auth, value: \"true\"}}\n"
            );
            let [one] = &read(&text, &"x.yaml".into()).found[..] else { panic!("one: {above}") };
            assert_eq!(one.line.component, Component::KubeApiserver);
            assert!(matches!(one.line.args[0].certainty, Certainty::Unresolved(_)));
            assert_eq!(one.line.args[1].text, "--anonymous-auth=true");
        }
    }

    #[test]
    fn a_patch_of_which_nothing_says_whose_it_is_is_an_error() {
        let path: Arc<str> = "x.yaml".into();
        let text =
            "- {op: add, path: /spec/containers/0/command/-, value: --authorization-mode=X}\n";
        let contents = read(text, &path);
        assert!(contents.found.is_empty() && contents.certain);
        assert!(contents.errors[0].message.contains("whose it is cannot be told"));
        let other = text.replace("/spec/", "/spec/template/spec/");
        assert!(read(&other.replace("value: --", "value: "), &path).errors.is_empty());
    }
}
