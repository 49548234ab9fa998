//! A component does not run here only if nothing on the machine speaks for it.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::live::{Proc, of_pid, status};
use crate::program::Outcome;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    \
                   command: [kube-apiserver, --profiling=true]\n";
const UNIT: &str = "[Service]\nExecStart=/usr/local/bin/kube-apiserver --profiling=true\n";

/// A machine on which a kubelet runs, with these files.
fn node(kubelet: &[u8], files: &[(&str, &str)]) -> Proc {
    let table = Proc::new();
    table.add(1, 0, 0, Some("/sbin/init"), b"init\0");
    table.add(7, 1, 0, Some("/usr/bin/kubelet"), kubelet);
    fs::create_dir_all(table.folder(1).join("root/etc")).expect("made");
    for (path, text) in files {
        write(&table, 1, path, text);
    }
    table
}

/// A file as a process sees it.
fn write(table: &Proc, pid: u32, path: &str, text: &str) {
    let path = table.folder(pid).join("root").join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

/// Whether the API server is said not to run here; else what is said of it.
fn api_server(outcome: &Outcome) -> Result<(), String> {
    let report = outcome.json();
    let targets = report["targets"].as_array().expect("targets");
    let absent = targets
        .iter()
        .any(|target| target["component"] == "kube-apiserver" && target["source"]["pid"].is_null());
    let said = outcome.stderr.contains("kube-apiserver is not seen, but ");
    assert_ne!(absent, said, "{}", outcome.stderr);
    assert_eq!(outcome.status == 2, said, "{}", outcome.stderr);
    if absent { Ok(()) } else { Err(outcome.stderr.clone()) }
}

#[test]
fn a_static_pod_or_a_unit_speaks_for_a_server_that_is_not_seen() {
    let plain: &[u8] = b"kubelet\0--v=2\0";
    let own: &[u8] = b"kubelet\0--pod-manifest-path=/srv/pods\0";
    for (kubelet, file, text) in [
        (plain, "etc/kubernetes/manifests/kube-apiserver.yaml", POD),
        (plain, "etc/kubernetes/manifests/any.name", POD),
        (plain, "var/lib/rancher/rke2/agent/pod-manifests/kube-apiserver.yaml", POD),
        (own, "srv/pods/kube-apiserver.yaml", POD),
        (plain, "etc/systemd/system/kube-apiserver.service", UNIT),
        (plain, "etc/systemd/system/snap.kube-apiserver.daemon.service", UNIT),
    ] {
        let said = api_server(&node(kubelet, &[(file, text)]).check()).expect_err(file);
        assert!(said.contains(&format!("{file} starts it")), "{said}");
    }
    for (kubelet, file, text) in [
        (plain, "etc/kubernetes/manifests/.kube-apiserver.yaml", POD),
        (plain, "etc/kubernetes/manifests/etcd.yaml", "kind: Pod\n"),
        (plain, "srv/pods/kube-apiserver.yaml", POD),
        (plain, "etc/systemd/system/kube-apiserver-backup.service", "[Service]\nExecStart=/b\n"),
        (plain, "usr/lib/systemd/system/kube-apiserver.service", UNIT),
    ] {
        assert_eq!(api_server(&node(kubelet, &[(file, text)]).check()), Ok(()), "{file}");
    }
}

#[test]
fn a_packaged_unit_counts_if_it_is_enabled_and_a_masked_one_never() {
    let path = "usr/lib/systemd/system/kube-apiserver.service";
    let table = node(b"kubelet\0", &[(path, UNIT)]);
    let etc = table.folder(1).join("root/etc/systemd/system");
    fs::create_dir_all(etc.join("multi-user.target.wants")).expect("made");
    assert_eq!(api_server(&table.check()), Ok(()));
    let wanted = etc.join("multi-user.target.wants/kube-apiserver.service");
    symlink(format!("/{path}"), wanted).expect("linked");
    assert!(api_server(&table.check()).is_err());

    let table = node(b"kubelet\0", &[("dev/null-like", "")]);
    let etc = table.folder(1).join("root/etc/systemd/system");
    fs::create_dir_all(&etc).expect("made");
    symlink("/dev/null", etc.join("kube-apiserver.service")).expect("linked");
    assert_eq!(api_server(&table.check()), Ok(()));
}

#[test]
fn what_the_program_of_a_node_starts_is_not_absent() {
    let rke2_node = |mode: &str, config: &str| {
        let table = node(b"kubelet\0", &[]);
        let argv = format!("/usr/local/bin/rke2 {mode}\0");
        table.add(9, 1, 0, Some("/usr/local/bin/rke2"), argv.as_bytes());
        write(&table, 9, "etc/rancher/rke2/config.yaml", config);
        table.check()
    };
    let rke2 = |mode: &str, config: &str| api_server(&rke2_node(mode, config));
    let said = rke2("server", "token: x\n").expect_err("it runs one");
    assert!(said.contains("rke2 server (pid 9) runs it"), "{said}");
    assert_eq!(rke2("agent", "token: x\n"), Ok(()));
    assert_eq!(rke2("agent", "kube-apiserver-arg: [v=2]\n"), Ok(()));
    let others = rke2_node("server", "disable-apiserver: true\n").stderr;
    assert!(others.contains("kube-scheduler is not seen"), "{others}");
    assert!(!others.contains("kube-apiserver is not seen"), "{others}");

    let k0s = |line: &[u8]| {
        let table = node(b"kubelet\0", &[]);
        table.add(9, 1, 0, Some("/usr/local/bin/k0s"), line);
        table.check()
    };
    assert!(api_server(&k0s(b"k0s\0controller\0--single\0")).is_err());
    assert_eq!(api_server(&k0s(b"k0s\0worker\0--token-file=/t\0")), Ok(()));
}

#[test]
fn k3s_runs_what_its_role_says_whatever_its_file_sets() {
    let k3s = |mode: &str, config: &str| {
        let table = Proc::new();
        let argv = format!("/usr/local/bin/k3s {mode}\0");
        table.add(9, 1, 0, Some("/usr/local/bin/k3s"), argv.as_bytes());
        write(&table, 9, "etc/rancher/k3s/config.yaml", config);
        table.check()
    };
    let components = |report: &Value| -> Vec<String> {
        let components = of_pid(report, 9).into_iter().map(|it| it["component"].clone());
        components.map(|it| it.as_str().expect("a name").to_owned()).collect()
    };
    let control_plane = ["kube-apiserver", "kubelet", "kube-controller-manager", "kube-scheduler"];
    let server = k3s("server", "kubelet-arg: [anonymous-auth=false]\n").json();
    assert_eq!(components(&server), control_plane);
    let api_server = of_pid(&server, 9)[0];
    assert_eq!(status(api_server, "authz-not-always-allow"), "unknown");
    let without =
        k3s("server", "kubelet-arg: [v=2]\ndisable-apiserver: true\ndisable-agent: true\n");
    assert_eq!(components(&without.json()), ["kube-controller-manager", "kube-scheduler"]);
    let agent = k3s("agent", "kube-apiserver-arg: [profiling=false]\nkubelet-arg: [v=2]\n");
    assert_eq!(components(&agent.json()), ["kubelet"]);
    let agent = k3s("agent", "token: x\n");
    assert_eq!(components(&agent.json()), ["kubelet"]);
}

#[test]
fn a_worker_of_microk8s_runs_no_control_plane() {
    let table = Proc::new();
    let line = b"/snap/kubelite\0--apiserver-args-file=/a\0--kubelet-args-file=/k\0--start-control-plane=false\0";
    table.add(9, 1, 0, Some("/snap/kubelite"), line);
    write(&table, 9, "a", "--profiling=false\n");
    write(&table, 9, "k", "--anonymous-auth=false\n");
    let report = table.check().json();
    let of_it = of_pid(&report, 9);
    assert_eq!(of_it.len(), 1);
    assert_eq!(of_it[0]["component"], "kubelet");
}
