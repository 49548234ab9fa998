//! ClusterClasses: JSON patches that add flags to a KubeadmControlPlaneTemplate.
//!
//! Source: cluster-api `api/core/v1beta1/clusterclass_types.go`.

use super::{COMPONENTS, Line, extra_args};
use crate::command_line::{Mount, MountSource};
use crate::document::carrier::Carrier;
use crate::document::distribution::declared::Declared;
use crate::yaml::{Node, Value};

/// What stands above a component's section in the template that is patched.
const ABOVE: &str = "/spec/template/spec/kubeadmConfigSpec/clusterConfiguration/";

const COMPUTED: &str = "the ClusterClass computes it for each cluster";

/// The flags that the patches of a class add.
pub(super) fn read(root: &Node, carrier: &Carrier<'_>) -> Vec<Line> {
    let name = root.at(&["metadata", "name"]).and_then(Node::as_str);
    let name = name.map_or("ClusterClass".to_owned(), |name| format!("ClusterClass {name}"));
    let operations = operations(root);
    let line = |(section, _, component): (&str, &str, _)| {
        let above = format!("{ABOVE}{section}/extraArgs");
        let below = |operation: &&Node| -> Option<String> {
            let path = operation.get("path")?.as_str()?.strip_prefix(&above)?;
            (path.is_empty() || path.starts_with('/')).then(|| path.replace("~1", "/"))
        };
        let place = operations.iter().find(|operation| below(operation).is_some())?;
        let mut declared = Declared::new(carrier, component, place);
        for operation in &operations {
            if let Some(rest) = below(operation) {
                apply(&mut declared, operation, rest.trim_start_matches('/'));
            }
        }
        declared.open("it is a patch: the template that it changes is not part of it");
        let elsewhere = MountSource::Other("the template that the patch changes".to_owned());
        let mounts = vec![Mount { path: "/".to_owned(), source: elsewhere }];
        Some(declared.finish(name.clone()).carried(None, mounts))
    };
    COMPONENTS.into_iter().filter_map(line).collect()
}

fn operations<'n>(root: &'n Node<'n>) -> Vec<&'n Node<'n>> {
    let patches = root.at(&["spec", "patches"]).and_then(Node::items).unwrap_or_default();
    let definitions = patches.iter().filter_map(|it| it.get("definitions")?.items()).flatten();
    definitions.filter_map(|it| it.get("jsonPatches")?.items()).flatten().collect()
}

/// One operation; `name` is the flag's, `-` the end of a list, and nothing all of them.
fn apply(declared: &mut Declared<'_>, operation: &Node, name: &str) {
    if !matches!(operation.get("op").and_then(Node::as_str), Some("add" | "replace")) {
        return;
    }
    let computed = operation.get("valueFrom");
    match (name, operation.get("value"), computed) {
        ("", Some(args), _) => extra_args(declared, Some(args)),
        ("-", Some(entry @ Node { value: Value::Mapping(_), .. }), _) => {
            let flag = entry.get("name").and_then(Node::as_str);
            if let (Some(flag), Some(value)) = (flag, entry.get("value")) {
                declared.flag(flag, value, Some(super::BY));
            }
        }
        ("" | "-", ..) => {}
        (flag, Some(value), _) => declared.flag(flag, value, Some(super::BY)),
        (flag, None, Some(from)) => declared.uncertain(flag, "", from, COMPUTED),
        _ => {}
    }
}
