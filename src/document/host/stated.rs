//! The version that a text states beside its command lines, as programs print it.
//!
//! Sources: component-base `version/verflag` (`Kubernetes v1.31.4`), kubectl `version` (`Server Version:`),
//! cmd/kube-apiserver/app/server.go (`Version: v1.31.4` in the log), etcd `etcdmain/etcd.go`.

use super::page::Page;
use crate::component::Component;
use crate::document::Contents;
use crate::version::{KubernetesVersion, Minor, VersionOrigin};

/// Gives the version that a text states to the command lines of which none is known. Versions that
/// disagree tell nothing.
pub(in crate::document) fn apply(mut contents: Contents, page: &Page<'_>) -> Contents {
    if contents.found.iter().all(|found| found.line.version.is_some()) {
        return contents;
    }
    let stated: Vec<Minor> = page.lines().filter_map(|line| minor(line.text)).collect();
    for found in &mut contents.found {
        let own = |minor: &&Minor| (found.line.component == Component::Etcd) == (minor.major != 1);
        let mut minors = stated.iter().filter(own);
        let Some(first) = minors.next().filter(|first| minors.all(|other| other == *first)) else {
            continue;
        };
        let from = VersionOrigin::Field;
        found.line.version.get_or_insert(KubernetesVersion { minor: *first, from });
    }
    contents
}

/// Whether a line is one of those that programs print when they are asked for their version.
pub(super) fn is_version(line: &str) -> bool {
    const BESIDE: [&str; 8] = [
        "Client Version:",
        "Kustomize Version:",
        "Git SHA:",
        "Go Version:",
        "Go OS/Arch:",
        "go version go",
        "etcdctl version:",
        "API version:",
    ];
    minor(line).is_some() || BESIDE.iter().any(|words| line.trim().starts_with(words))
}

/// The minor that a line states.
fn minor(line: &str) -> Option<Minor> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("Server Version: ") {
        // Up to 1.27 kubectl printed all it knew.
        let whole = rest.split_once("GitVersion:\"").and_then(|(_, tail)| tail.split('"').next());
        return whole.unwrap_or(rest).parse().ok();
    }
    if let Some(version) = line.strip_prefix("etcd Version: ") {
        return version.parse().ok();
    }
    if let Some(rest) = line.strip_prefix("k3s version ").or(line.strip_prefix("rke2 version ")) {
        return rest.split(' ').next().filter(|it| it.starts_with('v'))?.parse().ok();
    }
    // A log's line has its own beginning, and perhaps that of the journal before it.
    let logged = line.split_once("] Version: ").map(|(_, rest)| rest);
    let bare = line.strip_prefix("Kubernetes ").or_else(|| line.strip_prefix("Version: "));
    let version = logged.or(bare).filter(|it| it.starts_with('v') && !it.contains(' '))?;
    version.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::minor;
    use crate::document::read;

    #[test]
    fn versions_are_read_as_programs_print_them() {
        let cases = [
            ("Kubernetes v1.31.4", Some("1.31")),
            ("Kubernetes v1.31.4+rke2r1\r", Some("1.31")),
            ("Server Version: v1.31.4", Some("1.31")),
            (
                "Server Version: version.Info{Major:\"1\", Minor:\"20\", GitVersion:\"v1.20.7\", Go:\"go1.15\"}",
                Some("1.20"),
            ),
            ("I0106 10:00:00.123456       1 server.go:148] Version: v1.29.3", Some("1.29")),
            (
                "Jan 06 10:00:00 n kube-apiserver[1]: I0106 1 server.go:1] Version: v1.29.3",
                Some("1.29"),
            ),
            ("Version: v1.29.3", Some("1.29")),
            ("etcd Version: 3.5.13", Some("3.5")),
            ("k3s version v1.28.4+k3s1 (b9ea04c1)", Some("1.28")),
            ("rke2 version v1.30.2+rke2r1 (b9ea04c1)", Some("1.30")),
            ("Client Version: v1.31.4", None),
            ("Kubernetes 1.31 is new", None),
            ("Kubernetes v1.31.4 is new", None),
            ("Version: 3", None),
        ];
        for (line, expected) in cases {
            let minor = minor(line).map(|minor| minor.to_string());
            assert_eq!(minor.as_deref(), expected, "{line}");
        }
    }

    /// What a text's command lines are judged by.
    fn versions(text: &str) -> Vec<Option<String>> {
        let path: Arc<str> = "f".into();
        let found = read(text, &path).found;
        found.iter().map(|it| Some(it.line.version?.minor.to_string())).collect()
    }

    #[test]
    fn a_version_above_a_command_line_is_that_of_the_server() {
        let known = |minor: &str| vec![Some(minor.to_owned())];
        let line = "kube-apiserver --anonymous-auth=false\n";
        let row = "root  1234  1200  5 Jan05 ?  01:02:03 kube-apiserver --profiling=false\n";
        assert_eq!(versions(&format!("Kubernetes v1.31.4\n{line}")), known("1.31"));
        assert_eq!(
            versions(&format!("Client Version: v1.30.1\nServer Version: v1.31.4\n{line}")),
            known("1.31")
        );
        assert_eq!(versions(&format!("Server Version: v1.31.4\n{row}")), known("1.31"));
        assert_eq!(
            versions(&format!("etcd Version: 3.5.13\nKubernetes v1.31.4\n{line}")),
            known("1.31")
        );
        assert_eq!(versions("etcd Version: 3.5.13\netcd --name=a\n"), known("3.5"));
        // What each program prints whole, above what ps prints.
        let etcd = "etcd Version: 3.5.9\nGit SHA: bdbbde998\nGo Version: go1.19.9\nGo OS/Arch: linux/amd64\n";
        assert_eq!(
            versions(&format!("{etcd}root  1234  1200  5 Jan05 ?  01:02:03 etcd --name=a\n")),
            known("3.5")
        );
        let kubectl =
            "Client Version: v1.28.1\nKustomize Version: v5.0.4\nServer Version: v1.29.3\n";
        assert_eq!(versions(&format!("{kubectl}{row}")), known("1.29"));
        let k3s = "k3s version v1.28.4+k3s1 (6ba6c1b6)\ngo version go1.20.11\n";
        assert_eq!(versions(&format!("{k3s}{row}")), known("1.28"));
        // Of two that differ nobody knows which.
        assert_eq!(versions(&format!("Kubernetes v1.31.4\nKubernetes v1.30.1\n{line}")), [None]);
        assert_eq!(
            versions(&format!("Kubernetes v1.31.4\nKubernetes v1.31.1\n{line}")),
            known("1.31")
        );
        let log =
            "I0106 1 server.go:148] Version: v1.29.3\nRunning kube-apiserver --profiling=false\n";
        assert_eq!(versions(log), known("1.29"));
    }
}
