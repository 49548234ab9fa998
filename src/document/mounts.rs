//! What a container has mounted, so that a path in its arguments leads to a file of the node.

use crate::command_line::{Mount, MountSource};
use crate::yaml::Node;

/// The mounts of a container, by the volumes of its pod.
pub(super) fn read(container: &Node, spec: &Node) -> Vec<Mount> {
    let mounts = container.get("volumeMounts").and_then(Node::items).unwrap_or_default();
    let volumes = spec.get("volumes").and_then(Node::items).unwrap_or_default();
    let own = mounts.iter().filter_map(|mount| one(mount, volumes));
    own.chain([Mount::of_image()]).collect()
}

fn one(mount: &Node, volumes: &[Node]) -> Option<Mount> {
    let text = |key: &str| mount.get(key).and_then(Node::as_str);
    let (path, name) = (text("mountPath")?, text("name")?);
    let is_named = |volume: &&Node| volume.get("name").and_then(Node::as_str) == Some(name);
    let volume = volumes.iter().find(is_named);
    let host = volume.and_then(|volume| volume.at(&["hostPath", "path"])).and_then(Node::as_str);
    let source = match (host, text("subPath"), mount.get("subPathExpr")) {
        (Some(_), _, Some(_)) => MountSource::Other(format!("the volume {name}, by subPathExpr")),
        (Some(host), Some(below), None) => MountSource::Host(format!("{host}/{below}")),
        (Some(host), None, None) => MountSource::Host(host.to_owned()),
        (None, ..) => MountSource::Other(match volume.and_then(kind) {
            Some(kind) => format!("the volume {name}, a {kind}"),
            None => format!("the volume {name}, which the pod does not have"),
        }),
    };
    Some(Mount { path: path.to_owned(), source })
}

/// What a volume is: the key beside its name.
fn kind<'n>(volume: &'n Node<'_>) -> Option<&'n str> {
    let crate::yaml::Value::Mapping(entries) = &volume.value else { return None };
    entries.iter().filter_map(|(key, _)| key.as_str()).find(|key| *key != "name")
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::command_line::{Mount, MountSource};

    #[test]
    fn mounts_lead_to_the_node_or_say_where_else() {
        let text = "
volumes:
- {name: pki, hostPath: {path: /etc/kubernetes/pki}}
- {name: token, secret: {secretName: t}}
containers:
- volumeMounts:
  - {name: pki, mountPath: /pki}
  - {name: pki, mountPath: /ca.crt, subPath: ca.crt}
  - {name: token, mountPath: /token}
  - {name: gone, mountPath: /gone}
";
        let root = crate::yaml::parse(text).remove(0).expect("YAML").root;
        let container = &root.get("containers").and_then(|c| c.items()).expect("containers")[0];
        let host = |path: &str, host: &str| Mount {
            path: path.into(),
            source: MountSource::Host(host.into()),
        };
        let other = |path: &str, what: &str| Mount {
            path: path.into(),
            source: MountSource::Other(what.into()),
        };
        assert_eq!(
            read(container, &root),
            [
                host("/pki", "/etc/kubernetes/pki"),
                host("/ca.crt", "/etc/kubernetes/pki/ca.crt"),
                other("/token", "the volume token, a secret"),
                other("/gone", "the volume gone, which the pod does not have"),
                Mount::of_image(),
            ]
        );
    }
}
