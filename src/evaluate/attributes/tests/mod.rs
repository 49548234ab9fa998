//! Modes and owners over files that are laid down for the purpose.

#![allow(clippy::disallowed_methods, reason = "tests lay files down")]

mod rules;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::PathBuf;

use crate::command_line::CommandLine;
use crate::document::{Format, Found, shell_words};
use crate::evaluate::{Readings, judge};
use crate::flags::catalog::Catalog;
use crate::result::{Status, Verdict};
use crate::rule::predicate::Predicate;
use crate::rule::{Entry, Library};
use crate::source::{Files, Root, Source};
use crate::target::Target;

/// A folder taken for `/`, in which whoever runs the tests is root and etcd.
struct Node {
    folder: tempfile::TempDir,
    uid: u32,
    gid: u32,
}

impl Node {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let own = fs::metadata(folder.path()).expect("there");
        let node = Self { folder, uid: own.uid(), gid: own.gid() };
        fs::create_dir(node.at("/etc")).expect("made");
        node.owners("root", "etcd");
        node.mode("/", 0o755);
        node
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path.trim_start_matches('/'))
    }

    /// Says who the user is that runs the tests; those who are not named here are somebody else.
    fn owners(&self, first: &str, second: &str) {
        let other = |name: &str| if [first, second].contains(&name) { 0 } else { 70_000 };
        let line = |name: &str, own: u32| format!("{name}:x:{}:7::/:\n", own + other(name));
        let users = ["root", "etcd", "daemon"].map(|name| line(name, self.uid)).concat();
        let line = |name: &str, own: u32| format!("{name}:x:{}:\n", own + other(name));
        let groups = ["root", "etcd", "daemon"].map(|name| line(name, self.gid)).concat();
        fs::write(self.at("/etc/passwd"), users).expect("written");
        fs::write(self.at("/etc/group"), groups).expect("written");
    }

    /// A file, or a folder if the path ends in a slash.
    fn make(&self, path: &str, mode: u32) {
        let at = self.at(path);
        if path.ends_with('/') {
            fs::create_dir_all(&at).expect(path);
        } else {
            fs::create_dir_all(at.parent().expect("a folder")).expect(path);
            fs::write(&at, "").expect(path);
        }
        self.mode(path, mode);
    }

    fn mode(&self, path: &str, mode: u32) {
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(mode)).expect(path);
    }

    fn judge(&self, entry: &Entry, require: &Predicate, line: &str) -> Verdict {
        let line = CommandLine::given(entry.component, shell_words(line));
        let found = Found { document: 0, format: Format::Argv, line, diagnostics: Vec::new() };
        let files = || Files::below(Root::new(self.folder.path().to_owned()));
        let newest = Catalog::of(entry.component).newest();
        let target = Target::new(Source::Argv, found, (files(), files()), Some(newest));
        let mut target = target.expect("a target");
        let readings = Readings::of(&mut target, None, jiff::Timestamp::UNIX_EPOCH);
        judge(&target, &readings, None, &[], require)
    }

    fn status(&self, entry: &Entry, line: &str) -> Status {
        self.judge(entry, &entry.demand().require, line).status
    }
}

#[test]
fn what_is_not_there_fails_nothing() {
    let library = Library::load(&[]).expect("valid packs");
    for (id, _, line, _) in rules::ROWS {
        let entry = library.rule(id).expect(id);
        let status = Node::new().status(entry, line);
        // Of several files that flags name the server misses one that is gone.
        let expected =
            if *id == "kubelet-secret-files" { Status::Error } else { Status::NotApplicable };
        assert_eq!(status, expected, "{id}");
    }
    let node = Node::new();
    let admin = library.rule("file-admin-conf-mode").expect("a rule");
    node.make("/etc/kubernetes/admin.conf", 0o600);
    assert_eq!(node.status(admin, ""), Status::Pass);
    let keys = library.rule("etcd-secret-files").expect("a rule");
    node.make("/k/a", 0o600);
    assert_eq!(node.status(keys, "--key-file=/k/a"), Status::Pass);
    assert_eq!(node.status(keys, "--key-file=/k/a --peer-key-file=/k/none"), Status::Error);
    node.make("/k/b", 0o604);
    assert_eq!(node.status(keys, "--key-file=/k/b --peer-key-file=/k/none"), Status::Fail);
}

#[test]
fn a_link_is_judged_by_what_it_leads_to() {
    let library = Library::load(&[]).expect("valid packs");
    let rule = library.rule("file-admin-conf-mode").expect("a rule");
    let node = Node::new();
    node.make("/etc/kubernetes/", 0o755);
    node.make("/srv/admin", 0o600);
    let link = node.at("/etc/kubernetes/admin.conf");
    let status = |target: &str| {
        let _ = fs::remove_file(&link);
        symlink(target, &link).expect("linked");
        node.status(rule, "")
    };
    assert_eq!(status("/srv/admin"), Status::Pass);
    assert_eq!(status("../../srv/admin"), Status::Pass);
    node.mode("/srv/admin", 0o640);
    assert_eq!(status("/srv/admin"), Status::Fail);
    let outside = tempfile::NamedTempFile::new().expect("a file");
    assert_eq!(status(outside.path().to_str().expect("UTF-8")), Status::NotApplicable);
    assert_eq!(status("admin.conf"), Status::Error, "a link to itself");

    let keys = library.rule("pki-key-mode").expect("a rule");
    node.make("/srv/keys/a.key", 0o600);
    node.make("/etc/kubernetes/pki/", 0o755);
    symlink("/srv/keys", node.at("/etc/kubernetes/pki/more")).expect("linked");
    symlink(".", node.at("/etc/kubernetes/pki/round")).expect("linked");
    assert_eq!(node.status(keys, ""), Status::Pass);
    node.mode("/srv/keys/a.key", 0o604);
    assert_eq!(node.status(keys, ""), Status::Fail);
    node.mode("/srv/keys/a.key", 0o600);
    symlink("/none.key", node.at("/etc/kubernetes/pki/gone.key")).expect("linked");
    assert_eq!(node.status(keys, ""), Status::Error, "a pass would rest on less than is there");
}

#[test]
fn a_folder_that_cannot_be_read_is_an_error() {
    let library = Library::load(&[]).expect("valid packs");
    let keys = library.rule("pki-key-mode").expect("a rule");
    let node = Node::new();
    if node.uid == 0 {
        return;
    }
    node.make("/etc/kubernetes/pki/ca.key", 0o600);
    node.make("/etc/kubernetes/pki/etcd/", 0o000);
    assert_eq!(node.status(keys, ""), Status::Error);
    node.mode("/etc/kubernetes/pki/ca.key", 0o644);
    assert_eq!(node.status(keys, ""), Status::Fail);
    node.mode("/etc/kubernetes/pki/etcd/", 0o755);
}

#[test]
fn who_somebody_is_can_be_unknown() {
    let library = Library::load(&[]).expect("valid packs");
    let etcd = library.rule("etcd-data-dir-owner").expect("a rule");
    let node = Node::new();
    node.make("/srv/data/", 0o700);
    for name in ["passwd", "group"] {
        fs::write(node.at("/etc").join(name), "").expect("written");
    }
    let expected = if node.uid == 0 { Status::Fail } else { Status::Unknown };
    assert_eq!(node.status(etcd, "--data-dir=/srv/data"), expected);
    if node.uid == 0 {
        chown(node.at("/srv/data"), Some(977), Some(977)).expect("owned");
        assert_eq!(node.status(etcd, "--data-dir=/srv/data"), Status::Unknown);
    }
}

#[test]
fn the_file_of_a_component_names_files_as_its_flags_do() {
    let library = Library::load(&[]).expect("valid packs");
    let node = Node::new();
    node.make("/srv/data/", 0o700);
    node.make("/srv/store/", 0o755);
    fs::write(node.at("/etc/etcd.yaml"), "data-dir: /srv/store\n").expect("written");
    let rule = library.rule("etcd-data-dir-mode").expect("a rule");
    assert_eq!(node.status(rule, "--data-dir=/srv/data"), Status::Pass);
    let both = "--data-dir=/srv/data --config-file=/etc/etcd.yaml";
    assert_eq!(node.status(rule, both), Status::Fail, "the file alone counts");
    // Where etcd was started is not known, so neither is where its default lies.
    assert_eq!(node.status(rule, ""), Status::Unknown);

    let rule = library.rule("file-kubelet-ca-mode").expect("a rule");
    let config = |text: &str| {
        let head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
        fs::write(node.at("/k/config.yaml"), format!("{head}{text}")).expect("written");
    };
    node.make("/k/pki/ca.crt", 0o644);
    config("authentication: {x509: {clientCAFile: pki/ca.crt}}\n");
    assert_eq!(node.status(rule, "--config=/k/config.yaml"), Status::Pass);
    node.mode("/k/pki/ca.crt", 0o664);
    assert_eq!(node.status(rule, "--config=/k/config.yaml"), Status::Fail);
    let drop_ins = "--config=/k/config.yaml --config-dir=/k/d";
    node.make("/k/d/10.conf", 0o600);
    node.make("/k/other.crt", 0o600);
    let over = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n\
                authentication: {x509: {clientCAFile: /k/other.crt}}\n";
    fs::write(node.at("/k/d/10.conf"), over).expect("written");
    assert_eq!(node.status(rule, drop_ins), Status::Pass, "the drop-in counts");
    config("");
    assert_eq!(node.status(rule, "--config=/k/config.yaml"), Status::NotApplicable);
    config("authentication: [\n");
    assert_eq!(node.status(rule, "--config=/k/config.yaml"), Status::Error);
}

#[test]
fn editions_ask_for_the_modes_they_name() {
    let library = Library::load(&[]).expect("valid packs");
    let node = Node::new();
    let manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
    for path in [manifest, "/etc/kubernetes/admin.conf", "/etc/kubernetes/pki/ca.crt"] {
        node.make(path, 0o644);
    }
    let (pass, fail) = (Status::Pass, Status::Fail);
    for (edition, manifest, admin, certificate) in [
        ("cis-1.6", pass, pass, pass),
        ("cis-1.20", pass, pass, pass),
        ("cis-1.23", pass, fail, pass),
        ("cis-1.24", fail, fail, fail),
        ("cis-1.10", fail, fail, fail),
        ("cis-1.12", fail, fail, pass),
        ("cis-2.0", fail, fail, pass),
        ("stig", pass, pass, pass),
    ] {
        let benchmark = library.benchmark(edition).expect(edition);
        for (rule, expected) in [
            ("file-apiserver-manifest-mode", manifest),
            ("file-admin-conf-mode", admin),
            ("pki-cert-mode", certificate),
        ] {
            let mut controls = benchmark.controls().map(|(_, control)| control);
            let control = controls.find(|control| control.entry.id == rule).expect(rule);
            let verdict = node.judge(&control.entry, control.require(), "");
            assert_eq!(verdict.status, expected, "{edition} {rule}: {}", verdict.message);
        }
    }
}
