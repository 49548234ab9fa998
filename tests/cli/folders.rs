//! Folders as people have them: what is left out, what comes twice, what is not for plimsoll.

use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use crate::program::{Outcome, manifest, run};

const GOOD: &str = "    command: [kube-apiserver, --profiling=false]\n";
const BAD: &str = "    command: [kube-apiserver, --profiling=true]\n";

fn pod(command: &str) -> String {
    manifest("registry.k8s.io/kube-apiserver:v1.34.2", command)
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    folder
}

/// Checks one control below a folder.
fn check(folder: &Path, words: &[&str]) -> Outcome {
    run(["check", "--only=profiling"].iter().chain(words), None, folder)
}

/// The files of the targets, in order.
fn targets(folder: &Path, words: &[&str]) -> Vec<String> {
    let outcome = check(folder, &[words, &["--format=json"]].concat());
    let report = outcome.json();
    let targets = report["targets"].as_array().expect("targets");
    let path = |target: &serde_json::Value| target["source"]["path"].as_str().map(str::to_owned);
    targets.iter().filter_map(path).collect()
}

#[test]
fn what_is_excluded_is_not_read_and_is_counted() {
    let folder = folder(&[
        ("good.yaml", &pod(GOOD)),
        ("charts/bad.yaml", &pod(BAD)),
        ("a/charts/broken.yaml", "apiVersion: v1\nkind: Pod\nspec: {kube\n"),
    ]);
    let outcome = check(folder.path(), &["--exclude=charts", "--exclude=**/broken.*", "."]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("2 files and folders excluded by --exclude"),
        "{}",
        outcome.stderr
    );
    assert_eq!(check(folder.path(), &["--exclude=charts", "."]).status, 2);
    // A file that is named is asked for.
    let named = check(folder.path(), &["--exclude=charts", "charts/bad.yaml"]);
    assert_eq!(named.status, 1, "{}", named.stderr);
    let all = check(folder.path(), &["--exclude=**", "."]);
    assert_eq!(all.status, 2, "an empty report is no success: {}", all.stderr);
    for glob in ["/charts", "../x", "[a"] {
        let refused = check(folder.path(), &["--exclude", glob, "."]);
        assert_eq!(refused.status, 2, "{glob}");
        assert!(refused.stderr.contains("--exclude"), "{}", refused.stderr);
    }
}

#[test]
fn what_git_ignores_is_counted_with_a_remedy() {
    let folder = folder(&[
        (".gitignore", "build/\n*.local.yaml\n!keep.local.yaml\n"),
        ("build/bad.yaml", &pod(BAD)),
        ("bad.local.yaml", &pod(BAD)),
        ("keep.local.yaml", &pod(GOOD)),
    ]);
    let outcome = check(folder.path(), &["."]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let said = "2 files and folders ignored because of .gitignore; --no-ignore reads them";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    let kept = check(folder.path(), &[".", "--format=json", "--output=json=report.json"]);
    assert!(kept.stderr.contains(said), "{}", kept.stderr);
    assert_eq!(check(folder.path(), &["-q", "."]).stderr, "");
    let verbose = check(folder.path(), &["-v", "."]);
    assert!(
        verbose.stderr.contains("ignored because of .gitignore: ./bad.local.yaml"),
        "{}",
        verbose.stderr
    );
    let all = check(folder.path(), &["--no-ignore", "."]);
    assert_eq!(all.status, 1, "{}", all.stderr);
    assert!(!all.stderr.contains("gitignore"), "{}", all.stderr);
    assert_eq!(check(folder.path(), &["build"]).status, 1, "a folder that is named is read");
}

#[test]
fn one_file_is_one_target_however_often_it_is_named_or_linked() {
    let folder = folder(&[("a/s.yaml", &pod(GOOD)), ("t.yaml", &pod(BAD))]);
    symlink("a", folder.path().join("0")).expect("linked");
    symlink("a/s.yaml", folder.path().join("b.yaml")).expect("linked");
    for (words, expected) in [
        (&["."][..], &["./a/s.yaml", "./t.yaml"][..]),
        (&[".", "a", "./a/../a"], &["./a/s.yaml", "./t.yaml"]),
        (&["t.yaml", "./t.yaml", "a"], &["t.yaml", "a/s.yaml"]),
        (&[".", "b.yaml"], &["./t.yaml", "b.yaml"]),
    ] {
        assert_eq!(targets(folder.path(), words), expected, "{words:?}");
    }
    let empty = tempfile::tempdir().expect("a folder");
    std::fs::write(empty.path().join("x"), "nothing").expect("written");
    symlink("x", empty.path().join("y")).expect("linked");
    let path = empty.path().display().to_string();
    assert_eq!(check(folder.path(), &["t.yaml", &path]).status, 2, "nothing is started there");
}

/// A unit is read with the drop-ins beside it, which a link to it elsewhere does not have.
#[test]
fn a_unit_that_is_linked_is_read_with_its_drop_ins() {
    let unit = "[Service]\nExecStart=/usr/bin/kube-apiserver $MORE\n";
    let drop_in = "[Service]\nEnvironment=MORE=--profiling=false\n";
    let folder = folder(&[
        ("system/kube-apiserver.service", unit),
        ("system/kube-apiserver.service.d/10.conf", drop_in),
    ]);
    std::fs::create_dir(folder.path().join("a.wants")).expect("made");
    let link = folder.path().join("a.wants/kube-apiserver.service");
    symlink("../system/kube-apiserver.service", link).expect("linked");
    let outcome = check(folder.path(), &["."]);
    assert_eq!(outcome.status, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert_eq!(targets(folder.path(), &["."]), ["./system/kube-apiserver.service"]);
}

#[test]
fn that_nothing_is_found_is_a_success_only_where_it_may_be() {
    let folder = folder(&[
        ("none/notes.txt", "nothing\n"),
        ("broken/a.yaml", "apiVersion: v1\nkind: Pod\nspec: {kube\n"),
        ("good/a.yaml", &pod(GOOD)),
    ]);
    for (words, status) in [
        (&["none"][..], 2),
        (&["--if-any", "none"], 0),
        (&["--if-any", "none/notes.txt"], 0),
        (&["--if-any", "none", "broken"], 2),
        (&["--if-any", "missing"], 2),
        (&["--if-any", "good", "none"], 2),
        (&["--if-any", "good"], 0),
    ] {
        let outcome = check(folder.path(), words);
        assert_eq!(outcome.status, status, "{words:?}: {}", outcome.stderr);
        let says = outcome.stderr.contains("nothing to check: none");
        assert_eq!(says, status == 0 && words.len() == 2 && words[1] != "good", "{words:?}");
    }
    let report = check(folder.path(), &["--if-any", "--format=json", "none"]).json();
    assert_eq!(report["summary"]["targets"], 0);
    assert_eq!(report["errors"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_if_it_speaks_of_a_component() {
    let unit = b"# gr\xfc\xdfe\n[Service]\nExecStart=/usr/bin/kube-apiserver --profiling=true\n";
    let wide: Vec<u8> =
        [0xfeff].into_iter().chain(pod(BAD).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut long = vec![b'\n'; 9 << 20];
    long.extend_from_slice(pod(BAD).as_bytes());
    let prose = b"caf\xe9".to_vec();
    let program = [b"\x7fELF\x02\x01\x01".as_slice(), unit].concat();
    let cases: [(&str, &[u8], bool); 12] = [
        ("kube-apiserver.service", unit, true),
        ("x.conf", unit, true),
        ("x.env", b"KUBE_API_ARGS=\"--v=2\"\n# \xfc\n", true),
        ("x.rst", unit, true),
        ("bad.txt", &wide, true),
        ("kube-apiserver.bak", &long, true),
        ("big.log", &long, true),
        ("x.yaml", &prose, false),
        ("x.txt", &prose, false),
        ("picture", b"\x89PNG\r\n\x1a\n\0\xffkubelet", false),
        ("program", &program, false),
        ("zeros", &vec![0; 9 << 20], false),
    ];
    for (name, bytes, is_error) in cases {
        let folder = folder(&[("good.yaml", &pod(GOOD))]);
        std::fs::write(folder.path().join(name), bytes).expect("written");
        let outcome = check(folder.path(), &["."]);
        assert_eq!(outcome.status, if is_error { 2 } else { 0 }, "{name}: {}", outcome.stderr);
        assert_eq!(outcome.stderr.contains(&format!("./{name}: ")), is_error, "{}", outcome.stderr);
    }
}

#[test]
fn a_template_of_a_folder_is_an_error_if_it_starts_a_component() {
    let helm = |command: &str| format!("{}    {{{{- toYaml .x | nindent 4 }}}}\n", pod(command));
    let starts = helm("    command:\n    - kube-apiserver\n");
    let other = starts.replace("kube-apiserver", "app").replace("/kube-", "/");
    let jinja = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n\
                 {% if v is defined %}\nkubernetesVersion: {{ v }}\n{% endif %}\n";
    let unit = "[Service]\nExecStart=/usr/bin/kubelet <%= @args %>\n";
    let app = pod("    command: [app]\n").replace("kube-apiserver", "app");
    let folder = folder(&[
        ("good.yaml", &pod(GOOD)),
        ("chart/Chart.yaml", "name: x\n"),
        ("chart/templates/a.yaml", &starts),
        ("chart/templates/b.yaml", &other),
        ("c.yaml.j2", jinja),
        ("d.tmpl", &other),
        ("e.service.erb", unit),
        ("f.yaml", &format!("{app}    # {{{{ {GOOD} }}}}\n")),
    ]);
    let outcome = check(folder.path(), &["."]);
    assert_eq!(outcome.status, 2);
    let said: Vec<&str> = outcome.stderr.lines().collect();
    let expected = [
        "./c.yaml.j2: a template that starts kube-apiserver, etcd, kube-controller-manager, \
         kube-scheduler: render it first",
        "./chart/templates/a.yaml: a template that starts kube-apiserver: render it first, with helm \
         template ./chart",
        "./e.service.erb: a template that starts kubelet: render it first",
    ];
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.ends_with(expected), "{}", outcome.stderr);
    }
    assert_eq!(said.len(), 4, "and what was passed over: {}", outcome.stderr);
    let words = ["--exclude=chart", "--exclude=*.j2", "--exclude=*.erb", "."];
    assert_eq!(check(folder.path(), &words).status, 0);
    assert_eq!(check(folder.path(), &["--component=etcd", "--if-any", "chart"]).status, 0);
}

/// A text of another language is no manifest, whatever stands in its strings.
#[test]
fn sources_and_pages_are_no_manifests() {
    let document = "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\n";
    let go = format!("package x\n\nconst in = `\n---\n{document}---\n`\n");
    let page = format!("Write this:\n\n---\n{document}---\n\nDone.\n");
    let folder = folder(&[
        ("good.yaml", &pod(GOOD)),
        ("x_test.go", &go),
        ("page.md", &page),
        ("x.js", &go),
        ("Makefile", "build:\n\tgo build ./... # kube\nkind: build\n\tkind create cluster\n"),
    ]);
    let outcome = check(folder.path(), &["."]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(targets(folder.path(), &["."]), ["./good.yaml"]);
    // The kubelet starts the pod of a file of any name.
    std::fs::write(folder.path().join("pod.md"), pod(BAD)).expect("written");
    assert_eq!(targets(folder.path(), &["."]), ["./good.yaml", "./pod.md"]);
}

#[test]
fn a_file_with_several_errors_gets_one_message() {
    let part =
        "kind: ClusterConfiguration\n{% if a %}\napiVersion: kubeadm.k8s.io/v1beta4\n{% endif %}\n";
    let folder = folder(&[("k.yaml", &[part, part, part].join("---\n"))]);
    for words in [&["k.yaml"][..], &["."]] {
        let outcome = check(folder.path(), words);
        assert_eq!(outcome.status, 2);
        assert_eq!(outcome.stderr.matches("k.yaml").count(), 1, "{}", outcome.stderr);
        assert!(outcome.stderr.contains("render it first"), "{}", outcome.stderr);
    }
}
