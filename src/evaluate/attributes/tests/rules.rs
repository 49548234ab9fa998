//! Every rule about modes and owners passes and fails by each file it speaks of.

use std::os::unix::fs::chown;

use super::Node;
use crate::flags::catalog::Catalog;
use crate::result::Status;
use crate::rule::file_demand::FileDemand;
use crate::rule::predicate::Predicate;
use crate::rule::{Entry, Library};

/// What a rule asks for, the flags that name files, and the files.
pub(super) type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

const MANIFESTS: [(&str, &str); 4] = [
    ("apiserver", "/etc/kubernetes/manifests/kube-apiserver.yaml"),
    ("kcm", "/etc/kubernetes/manifests/kube-controller-manager.yaml"),
    ("scheduler", "/etc/kubernetes/manifests/kube-scheduler.yaml"),
    ("etcd", "/etc/kubernetes/manifests/etcd.yaml"),
];

const UNITS: &[&str] = &[
    "/lib/systemd/system/kubelet.service",
    "/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf",
    "/etc/systemd/system/kubelet.service.d/20-own.conf",
];

pub(super) const ROWS: &[Row] = &[
    ("file-cni-mode", "600", "", &["/etc/cni/net.d/10-a.conflist", "/etc/cni/net.d/x/kubeconfig"]),
    ("file-cni-owner", "root:root", "", &["/etc/cni/net.d/10-a.conflist"]),
    ("etcd-data-dir-mode", "700", "--data-dir=/srv/data", &["/srv/data/"]),
    ("etcd-data-dir-owner", "etcd:etcd", "-data-dir /srv/data", &["/srv/data/"]),
    (
        "file-admin-conf-mode",
        "600",
        "",
        &["/etc/kubernetes/admin.conf", "/etc/kubernetes/super-admin.conf"],
    ),
    (
        "file-admin-conf-owner",
        "root:root",
        "",
        &["/etc/kubernetes/admin.conf", "/etc/kubernetes/super-admin.conf"],
    ),
    ("file-scheduler-conf-mode", "600", "", &["/etc/kubernetes/scheduler.conf"]),
    ("file-scheduler-conf-owner", "root:root", "", &["/etc/kubernetes/scheduler.conf"]),
    ("file-kcm-conf-mode", "600", "", &["/etc/kubernetes/controller-manager.conf"]),
    ("file-kcm-conf-owner", "root:root", "", &["/etc/kubernetes/controller-manager.conf"]),
    (
        "pki-owner",
        "root:root",
        "",
        &["/etc/kubernetes/pki/", "/etc/kubernetes/pki/etcd/", "/etc/kubernetes/pki/etcd/any"],
    ),
    (
        "pki-cert-mode",
        "644",
        "",
        &["/etc/kubernetes/pki/ca.crt", "/etc/kubernetes/pki/etcd/ca.crt"],
    ),
    ("pki-key-mode", "600", "", &["/etc/kubernetes/pki/ca.key", "/etc/kubernetes/pki/etcd/ca.key"]),
    ("file-kubelet-service-mode", "600", "", UNITS),
    ("file-kubelet-service-owner", "root:root", "", UNITS),
    ("file-kubelet-kubeconfig-mode", "600", "--kubeconfig=/k/kubelet.conf", &["/k/kubelet.conf"]),
    (
        "file-kubelet-kubeconfig-owner",
        "root:root",
        "--kubeconfig=/k/kubelet.conf",
        &["/k/kubelet.conf"],
    ),
    ("file-kubelet-ca-mode", "644", "--client-ca-file=/k/ca.crt", &["/k/ca.crt"]),
    ("file-kubelet-ca-owner", "root:root", "--client-ca-file=/k/ca.crt", &["/k/ca.crt"]),
    ("file-kubelet-config-mode", "600", "--config=/k/config.yaml", &["/k/config.yaml"]),
    ("file-kubelet-config-owner", "root:root", "--config=/k/config.yaml", &["/k/config.yaml"]),
    (
        "kubelet-secret-files",
        "600",
        "--kubeconfig=/k/k --bootstrap-kubeconfig=/k/b --tls-private-key-file=/k/t --cert-dir=/pki",
        &["/k/k", "/k/b", "/k/t", "/pki/kubelet.key", "/pki/kubelet-client-current.pem"],
    ),
];

/// Flags of kube-apiserver that exclude each other: the one group or the other can be given.
const EXCLUSIVE: [&[&str]; 2] = [
    &["authentication-config", "authorization-config"],
    &["oidc-ca-file", "authorization-webhook-config-file"],
];

/// The files that a demand's flags name, each in a folder of its own, and the line that names them.
fn named_by_flags(entry: &Entry, left_out: &[&str]) -> (String, Vec<String>) {
    let catalog = Catalog::of(entry.component);
    let require = &entry.demand().require;
    let mut flags: Vec<&str> = require.flags();
    flags.sort_unstable();
    flags.dedup();
    flags.retain(|flag| {
        let spec = catalog.find(flag).expect("a flag");
        // A configuration file would speak of the others, and a folder is no file.
        let whole = ["config", "config-file"].contains(flag) || left_out.contains(flag);
        spec.life.covers(catalog.newest_release()) && !whole
    });
    let path = |flag: &str| match flag {
        "data-dir" | "cert-dir" => format!("/f/{flag}/file/"),
        _ => format!("/f/{flag}/file"),
    };
    let word = |flag: &str| match flag {
        "tls-sni-cert-key" => format!("--{flag}=/no/matter,{}:a.example", path(flag)),
        _ => format!("--{flag}={}", path(flag)),
    };
    let line = flags.iter().map(|flag| word(flag)).collect::<Vec<_>>().join(" ");
    (line, flags.into_iter().map(path).collect())
}

/// The parts of a demand that speak of files.
fn parts(predicate: &Predicate) -> Vec<&FileDemand> {
    match predicate {
        Predicate::File(demand) => vec![demand],
        _ => predicate.parts().iter().flat_map(parts).collect(),
    }
}

/// Lays the files down so that the rule passes, then spoils each in turn.
fn try_row(library: &Library, (id, asked, line, paths): (&str, &str, &str, &[&str])) {
    let entry = library.rule(id).expect(id);
    let node = Node::new();
    let mode = u32::from_str_radix(asked, 8);
    for path in paths {
        node.make(path, mode.clone().unwrap_or(if path.ends_with('/') { 0o755 } else { 0o604 }));
    }
    let expect = |status: Status, what: &str| {
        let verdict = node.judge(entry, &entry.demand().require, line);
        assert_eq!(verdict.status, status, "{id}, {what}: {}", verdict.message);
        assert!(!verdict.evidence.is_empty(), "{id}, {what}");
        verdict.message
    };
    expect(Status::Pass, "all as it should be");
    for path in paths {
        if let Ok(mode) = mode {
            for bit in [0o002, 0o010, 0o2000, 0o4000] {
                node.mode(path, mode | bit);
                let message = expect(Status::Fail, path);
                assert!(message.contains(path.trim_end_matches('/')), "{message}");
            }
            node.mode(path, mode & 0o500);
            expect(Status::Pass, "stricter");
            node.mode(path, mode);
        } else if node.uid == 0 {
            for (uid, gid) in [(Some(1), None), (None, Some(1))] {
                if gid.is_some() && !asked.contains(':') {
                    continue;
                }
                chown(node.at(path), uid, gid).expect(path);
                let message = expect(Status::Fail, path);
                assert!(message.contains(path.trim_end_matches('/')), "{message}");
                chown(node.at(path), Some(0), Some(0)).expect(path);
            }
        }
    }
    if mode.is_err() {
        let (user, _) = asked.split_once(':').unwrap_or((asked, ""));
        node.owners("daemon", "daemon");
        let message = expect(Status::Fail, "somebody else's");
        assert!(message.contains("daemon:daemon"), "{message}");
        node.owners(user, "daemon");
        expect(Status::Pass, "by its owner's name");
    }
}

#[test]
fn every_rule_passes_and_fails_by_every_file_it_speaks_of() {
    let library = Library::load(&[]).expect("valid packs");
    let mut tried: Vec<String> = Vec::new();
    for row in ROWS {
        try_row(&library, *row);
        tried.push(row.0.to_owned());
    }
    for (name, path) in MANIFESTS {
        let ids = [format!("file-{name}-manifest-mode"), format!("file-{name}-manifest-owner")];
        try_row(&library, (&ids[0], "600", "", &[path]));
        try_row(&library, (&ids[1], "root:root", "", &[path]));
        tried.extend(ids);
    }
    for name in ["apiserver", "kcm", "scheduler", "etcd", "kubelet"] {
        for (kind, mode) in [("secret", "600"), ("certificate", "644")] {
            let id = format!("{name}-{kind}-files");
            let (line, paths) = named_by_flags(library.rule(&id).expect("a rule"), EXCLUSIVE[0]);
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            if id != "kubelet-secret-files" {
                try_row(&library, (&id, mode, &line, &paths));
                tried.push(id.clone());
            }
        }
        // Owners as well: these rules ask for both.
        let id = format!("{name}-secret-files");
        let entry = library.rule(&id).expect("a rule");
        assert!(parts(&entry.demand().require).iter().all(|part| part.owner.is_some()), "{id}");
    }
    for name in ["apiserver", "kcm", "scheduler", "etcd", "kubelet"] {
        let id = format!("{name}-file-folders");
        for left_out in EXCLUSIVE {
            every_folder_above_counts(library.rule(&id).expect("a rule"), left_out);
        }
        tried.push(id);
    }
    let of_files = library.rules().filter(|entry| !parts(&entry.demand().require).is_empty());
    let mut of_files: Vec<&str> = of_files.map(|entry| &*entry.id).collect();
    of_files.sort_unstable();
    tried.sort_unstable();
    assert_eq!(tried, of_files);
}

fn every_folder_above_counts(entry: &Entry, left_out: &[&str]) {
    let (line, paths) = named_by_flags(entry, left_out);
    let node = Node::new();
    for path in &paths {
        node.make(path, 0o600);
    }
    let (id, status) = (&entry.id, || node.status(entry, &line));
    assert_eq!(status(), Status::Pass, "{id}");
    let own = paths.iter().map(|path| path.trim_end_matches('/').trim_end_matches("file"));
    for folder in own.chain(["/", "/f"]) {
        for writable in [0o775, 0o757, 0o1777] {
            node.mode(folder, writable);
            assert_eq!(status(), Status::Fail, "{id}: {folder}");
        }
        node.mode(folder, 0o755);
    }
    assert_eq!(status(), Status::Pass, "{id}");
}

#[test]
fn a_part_of_a_demand_that_is_left_out_is_missed() {
    let library = Library::load(&[]).expect("valid packs");
    let mut left_out = 0;
    for (id, asked, line, paths) in ROWS.iter().filter(|row| row.1.parse::<u32>().is_ok()) {
        let entry = library.rule(id).expect(id);
        let Predicate::All(list) = &entry.demand().require else { continue };
        for at in 0..list.len() {
            let mut rest = list.clone();
            rest.remove(at);
            let (node, mode) = (Node::new(), u32::from_str_radix(asked, 8).expect("a mode"));
            for path in *paths {
                node.make(path, mode);
            }
            let missed = paths.iter().any(|path| {
                node.mode(path, 0o666);
                let status = node.judge(entry, &Predicate::All(rest.clone()), line).status;
                node.mode(path, mode);
                status != Status::Fail
            });
            assert!(missed, "{id}: part {at}");
            left_out += 1;
        }
    }
    assert!(left_out >= 8, "{left_out}");
}
