//! Formats: every text in `fixtures/documents/FORMAT/`, with what is read from it in `NAME.expect`.
//!
//! A row has a place, what is read, and behind `<-` what stands at the place if that differs.
//! `PLIMSOLL_BLESS=1 cargo test documents` rewrites the expectations.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll::command_line::{Arg, Certainty, Location, Mark, MountSource};
use plimsoll::component::Component::KubeApiserver;
use plimsoll::document::{self, Contents};

use crate::program::{fixture, manifest, plimsoll};

/// The texts below a folder, without the expectations.
fn texts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.append(&mut texts(&path));
        } else if path.extension().is_none_or(|extension| extension != "expect") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Line and column of a mark, checked against its offset.
fn place(mark: Mark, text: &str) -> String {
    let before = &text[..mark.offset()];
    let line = before.matches('\n').count() + 1;
    let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() + 1;
    assert_eq!((mark.line(), mark.column()), (line, column), "at byte {}", mark.offset());
    format!("{line}:{column}")
}

fn at(location: &Location, text: &str) -> (String, String) {
    let Location::Text { span, .. } = location else { panic!("no place in a text") };
    let _ = place(span.end, text);
    let slice = &text[span.start.offset()..span.end.offset()];
    (place(span.start, text), slice.to_owned())
}

fn row(kind: &str, name: &str, arg: &Arg, text: &str, out: &mut String) {
    let (place, written) = at(&arg.location, text);
    let shown = format!("{name}{}", arg.text).escape_debug().to_string().replace("\\\"", "\"");
    write!(out, "{kind} {place} {}", shown.replace("\\'", "'")).expect("a string");
    if let Some(by) = arg.added_by {
        write!(out, " (added by {by})").expect("a string");
    } else if written != arg.text {
        let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut short: String = written.chars().take(60).collect();
        if short != written {
            short.push('…');
        }
        write!(out, " <- {short}").expect("a string");
    }
    match &arg.certainty {
        Certainty::Known => {}
        Certainty::Unresolved(why) => write!(out, " ? {why}").expect("a string"),
        Certainty::Refused(why) => write!(out, " ! {why}").expect("a string"),
    }
    out.push('\n');
}

/// What was read, one row for each part of it.
fn shown(contents: &Contents, text: &str) -> String {
    let mut out = String::new();
    for found in &contents.found {
        let line = &found.line;
        write!(out, "{} by {}", line.component, found.format.name()).expect("a string");
        if let Some(name) = &line.name {
            write!(out, ", {name}").expect("a string");
        }
        if let Some(version) = line.version {
            write!(out, ", {} ({})", version.minor, version.from.name()).expect("a string");
        }
        out.push('\n');
        row("program", "", &line.program, text, &mut out);
        for arg in &line.args {
            row("arg", "", arg, text, &mut out);
        }
        for variable in &line.environment {
            row("variable", &format!("{}=", variable.name), &variable.value, text, &mut out);
        }
        for mount in &line.mounts {
            let source = match &mount.source {
                MountSource::Host(path) => path.clone(),
                MountSource::Other(what) => format!("({what})"),
            };
            writeln!(out, "mount {} = {source}", mount.path).expect("a string");
        }
        for remark in &found.diagnostics {
            let place = remark.location.as_ref().map(|location| at(location, text).0);
            let place = place.unwrap_or_default();
            writeln!(out, "{} {place} {}", remark.level().name(), remark.code.name())
                .expect("a string");
        }
    }
    for error in &contents.errors {
        writeln!(out, "{error}").expect("a string");
    }
    if contents.found.is_empty() && contents.errors.is_empty() {
        out.push_str("nothing\n");
    }
    out
}

#[test]
fn documents_are_read_with_the_place_of_every_argument() {
    let folder = fixture("documents");
    let mut wrong = Vec::new();
    let all = texts(&folder);
    assert!(all.len() >= 10, "{}", all.len());
    for path in all {
        let text = fs::read_to_string(&path).expect("UTF-8");
        let name = path.strip_prefix(&folder).expect("below it").display().to_string();
        let shown = shown(&document::read(&text, &Arc::from(name.as_str())), &text);
        let expectation = PathBuf::from(format!("{}.expect", path.display()));
        if std::env::var_os("PLIMSOLL_BLESS").is_some() {
            fs::write(&expectation, &shown).expect("written");
        }
        let expected = fs::read_to_string(&expectation).unwrap_or_default();
        if shown != expected {
            wrong.push(format!("{name}: expected\n{expected}\nread\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn documents_cut_anywhere_are_read_all_the_same() {
    for path in texts(&fixture("documents")) {
        let text = fs::read_to_string(&path).expect("UTF-8");
        let ends = (0..text.len()).filter(|end| text.is_char_boundary(*end));
        for end in ends.step_by(7) {
            let cut = &text[..end];
            let _ = shown(&document::read(cut, &Arc::from("cut")), cut);
            let rest = &text[end..];
            let _ = shown(&document::read(rest, &Arc::from("cut")), rest);
        }
    }
}

#[test]
fn a_folder_gives_its_servers_and_no_errors_of_prose() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = ["systemd/plain.service", "environment-file/apiserver", "args-file/microk8s"];
    // Nothing but its flags tells what this one starts.
    for name in names.into_iter().chain(["environment-file/daemon-args"]) {
        let to = folder.path().join(name.replace('/', "-"));
        fs::copy(fixture("documents").join(name), to).expect("copied");
    }
    for path in texts(&fixture("documents/none")) {
        fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("copied");
    }
    let words = ["flags".as_ref(), "--format=json".as_ref(), folder.path().as_os_str()];
    let outcome = plimsoll(words);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let report = outcome.json();
    let targets = report["targets"].as_array().expect("targets").iter();
    let formats: Vec<_> = targets.map(|target| target["source"]["format"].clone()).collect();
    assert_eq!(formats, ["args-file", "environment-file", "environment-file", "systemd"]);
}

/// What a control plane is made from need not name a component.
#[test]
fn a_folder_passes_over_no_control_plane_that_names_no_component() {
    let folder = tempfile::tempdir().expect("a folder");
    for (kind, version) in [
        ("KThreesControlPlane", "v1.33.4+k3s1"),
        ("RKE2ControlPlane", "v1.33.4+rke2r1"),
        ("K0sControlPlane", "v1.33.4+k0s.0"),
    ] {
        let text = format!(
            "apiVersion: controlplane.cluster.x-k8s.io/v1beta1\nkind: {kind}\n\
             metadata: {{name: edge}}\nspec: {{version: {version}, replicas: 1}}\n"
        );
        fs::write(folder.path().join(format!("{kind}.yaml")), text).expect("written");
    }
    let words = ["flags".as_ref(), "--format=json".as_ref(), folder.path().as_os_str()];
    let outcome = plimsoll(words);
    let report = outcome.json();
    let mut names: Vec<&str> = report["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .map(|target| target["source"]["path"].as_str().expect("a path"))
        .collect();
    names.dedup();
    assert_eq!(names.len(), 3, "{names:?} {}", outcome.stderr);
}

#[test]
fn a_broken_part_is_an_error_and_the_rest_is_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let unit = fixture("documents/systemd/unclosed.service");
    fs::copy(unit, folder.path().join("a.service")).expect("copied");
    let words = ["check".as_ref(), "--format=json".as_ref(), folder.path().as_os_str()];
    let outcome = plimsoll(words);
    assert_eq!(outcome.status, 2);
    let report = outcome.json();
    assert_eq!(report["targets"].as_array().map(Vec::len), Some(2));
    assert!(report["errors"].to_string().contains("never closed"), "{}", report["errors"]);
}

#[test]
fn a_text_of_no_format_is_said_to_be_none() {
    let outcome = plimsoll(["check".as_ref(), fixture("documents/none/prose.txt").as_os_str()]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("of no format that plimsoll reads"), "{}", outcome.stderr);
    let list = fixture("documents/args-file/not-told");
    let outcome = plimsoll(["check".as_ref(), list.as_os_str()]);
    assert!(outcome.stderr.contains("no flag tells whose"), "{}", outcome.stderr);
}

#[test]
fn a_unit_is_read_with_the_drop_ins_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, text).expect("written");
        path
    };
    let unit = "[Unit]\nDescription=kubelet\n[Service]\nExecStart=/usr/bin/kubelet\n";
    let unit = write("kubelet.service", unit);
    let first = "[Service]\nEnvironment=ARGS=--anonymous-auth=true\nExecStart=\n\
                 ExecStart=/usr/bin/kubelet \\\n  --read-only-port=0 $ARGS \\\n";
    write("kubelet.service.d/10-args.conf", first);
    write("kubelet.service.d/20-own.conf", "[Service]\nEnvironment=ARGS=--anonymous-auth=false\n");
    write("kubelet.service.d/README", "[Service]\nExecStart=/usr/bin/etcd --x\n");
    for input in [folder.path(), &unit] {
        let words = ["flags".as_ref(), "--format=json".as_ref(), input.as_os_str()];
        let outcome = plimsoll(words);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let report = outcome.json();
        let targets = report["targets"].as_array().expect("targets");
        // The file that is no drop-in is one of the folder's own.
        let kubelet = targets.iter().find(|it| it["component"] == "kubelet").expect("one");
        let place = |name: &str| {
            let flags = kubelet["flags"].as_array().expect("flags");
            let flag = flags.iter().find(|flag| flag["name"] == name).expect("the flag");
            let at = &flag["occurrences"][0]["location"];
            (at["path"].as_str().expect("a path").to_owned(), at["line"].clone())
        };
        let (path, line) = place("read-only-port");
        assert!(path.ends_with("10-args.conf") && line == 5, "{path}:{line}");
        let (path, line) = place("anonymous-auth");
        assert!(path.ends_with("20-own.conf") && line == 2, "{path}:{line}");
        assert_eq!(kubelet["source"]["path"], unit.display().to_string());
    }
}

#[test]
fn what_a_text_cannot_tell_is_neither_pass_nor_fail() {
    let status = |name: &str, rule: &str| {
        let path = fixture("documents").join(name);
        let words = ["check".as_ref(), "--format=json".as_ref(), path.as_os_str()];
        crate::program::status(&plimsoll(words).json(), rule)
    };
    // The unit may set what the file of variables does not.
    assert_eq!(status("environment-file/apiserver", "profiling"), "unknown");
    // What was cut off may set it again.
    assert_eq!(status("ps/cut.txt", "profiling"), "unknown");
    assert_eq!(status("ps/axf.txt", "scheduler-profiling"), "pass");
    // A flag behind a line without its backslash is not in force.
    let unit = "systemd/blank-behind-backslash.service";
    assert_eq!(status(unit, "token-auth-file"), "pass");
    assert_eq!(status(unit, "anonymous-auth"), "fail");
}

#[test]
fn a_text_is_read_as_what_the_user_says_it_is() {
    let unit = fixture("documents/systemd/plain.service").display().to_string();
    let read = |format: &str| plimsoll(["flags", "--format=json", "--input-format", format, &unit]);
    let outcome = read("systemd");
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert_eq!(outcome.json()["targets"][0]["source"]["format"], "systemd");
    let outcome = read("kubeadm");
    assert_eq!(outcome.status, 2);
    let outcome = read("kubeadmin");
    assert!(outcome.stderr.contains("did you mean kubeadm?"), "{}", outcome.stderr);
}

/// Public files of every format, where they are at hand: recognised, with as many arguments as were
/// counted by eye, those of the distribution left out.
#[test]
fn real_files_are_read() {
    let Some(folder) = std::env::var_os("PLIMSOLL_REAL_INPUTS").map(PathBuf::from) else {
        let skipped = "skipped: PLIMSOLL_REAL_INPUTS names no folder of real files";
        let _ = writeln!(std::io::stderr(), "{skipped}");
        return;
    };
    for (name, format, minor, arguments) in REAL {
        let text = fs::read_to_string(folder.join(name)).expect(name);
        let contents = document::read(&text, &Arc::from(name));
        let servers = contents.found.iter().filter(|found| found.line.component == KubeApiserver);
        let found = servers.into_iter().next().unwrap_or_else(|| panic!("{name}: {contents:?}"));
        assert_eq!(found.format.name(), format, "{name}");
        let stated = found.line.version.map(|version| version.minor.to_string());
        assert_eq!(stated.as_deref(), minor, "{name}");
        let written = found.line.args.iter().filter(|arg| arg.added_by.is_none());
        let written: Vec<_> = written.filter(|arg| !arg.text.is_empty()).collect();
        let texts: Vec<_> = written.iter().map(|arg| &arg.text).collect();
        assert_eq!(written.len(), arguments, "{name}: {texts:#?}");
        for arg in written {
            let _ = at(&arg.location, &text);
        }
    }
    for template in ["09-kubeadm-v1alpha1.conf.j2", "12-kind.yaml.j2"] {
        let outcome = plimsoll(["flags".into(), folder.join(template).into_os_string()]);
        assert_eq!(outcome.status, 2, "{template}");
        assert!(outcome.stderr.contains("looks like a template"), "{}", outcome.stderr);
    }
}

/// File, format, minor if it is stated, and how many arguments of the API server it writes.
const REAL: [(&str, &str, Option<&str>, usize); 22] = [
    ("01-pod-crlf-dup-flag.yaml", "pod", Some("1.24"), 26),
    ("02-pod-kubectl-get.yaml", "pod", Some("1.20"), 28),
    ("03-pod-sh-c.yaml", "pod", None, 13),
    ("04-pod-hyperkube.yaml", "pod", Some("1.3"), 12),
    ("05-deployment-template.yaml", "workload", None, 26),
    ("06-kops-cluster.yaml", "kops", Some("1.32"), 1),
    ("07-kubeadm-v1beta2.yaml", "kubeadm", Some("1.21"), 1),
    ("08-kubeadm-v1beta4.conf", "kubeadm", None, 6),
    ("10-kubeadmcontrolplane.yaml", "kubeadm", None, 0),
    ("11-kind.yaml", "kind", None, 2),
    ("13-openshift-kubeapiserverconfig.yaml", "openshift", None, 72),
    ("14-systemd-quotes.service", "systemd", None, 23),
    ("15-systemd-underscore.service", "systemd", None, 7),
    ("16-env-apiserver", "environment-file", None, 6),
    ("17-microk8s-args", "args-file", None, 29),
    ("18-talhelper.yaml", "talos", Some("1.36"), 4),
    ("19-gardener-shoot.yaml", "gardener", None, 0),
    ("20-commandlines.txt", "script", None, 22),
    ("21-kubespray-vars.yml", "kubespray", None, 14),
    ("22-rke2-ansible.yml", "rke2", None, 4),
    ("23-k0s-capi.yaml", "k0s", None, 1),
    ("24-aks-engine.json", "aks-engine", None, 1),
];

#[test]
fn a_remedy_is_in_the_words_of_the_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let head = "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\nkubernetesVersion: v1.33.0\n";
    for (text, fix) in [
        (
            format!("{head}apiServer: {{extraArgs: {{profiling: \"true\"}}}}\n"),
            "line 4 becomes profiling: \"false\", then kubeadm init phase control-plane all",
        ),
        (head.to_owned(), "add profiling: \"false\" to apiServer.extraArgs"),
        (
            "cni: canal\nkube-apiserver-arg: [profiling=true]\n".to_owned(),
            "line 2 becomes - profiling=false, then systemctl restart rke2-server",
        ),
        (
            "[Service]\nExecStart=/bin/kube-apiserver --v=2 \\\n  --profiling\n".to_owned(),
            "line 3 becomes --profiling=false, then systemctl daemon-reload && systemctl restart kube-apiserver",
        ),
        (
            manifest("registry.k8s.io/kube-apiserver:v1.34.0", "    command: [kube-apiserver]\n"),
            "add - --profiling=false to the container's arguments",
        ),
    ] {
        let path = folder.path().join("input");
        fs::write(&path, &text).expect("written");
        let words = ["check", "--format=json", "--component=kube-apiserver", "--only=profiling"];
        let path = path.display().to_string();
        let report = plimsoll(words.iter().copied().chain([path.as_str()])).json();
        let found = report["targets"][0]["results"][0]["fix"].as_str().unwrap_or_default();
        assert!(found.starts_with(fix), "{found}\n{text}");
    }
}

#[test]
fn a_remedy_replaces_no_line_that_holds_more_than_the_flag() {
    let image = "registry.k8s.io/kube-apiserver:v1.34.0";
    let folder = tempfile::tempdir().expect("a folder");
    for (container, profiling, tokens) in [
        (
            "    command:\n    - kube-apiserver\n    - --profiling=true # why\n    - \"--token-auth-file=/x\"\n",
            "line N becomes - --profiling=false",
            "take --token-auth-file out, line N+1",
        ),
        (
            "    command:\n    - sh\n    - exec kube-apiserver --profiling=true --token-auth-file=/x\n",
            "set --profiling=false in line N",
            "take --token-auth-file out, line N",
        ),
        (
            "    command: [kube-apiserver]\n    args: [--profiling=true]\n",
            "set --profiling=false in line N",
            "",
        ),
        (
            "    command:\n    - kube-apiserver\n    - --authorization-mode\n    - AlwaysAllow\n    - --token-auth-file\n    - /x\n",
            "",
            "take --token-auth-file out, lines N and N+1",
        ),
        (
            "    command: [kube-apiserver, --token-auth-file, /x, --profiling=true]\n",
            "set --profiling=false in line N",
            "take --token-auth-file and its value out, line N",
        ),
    ] {
        let container = container.replace("    - sh\n", "    - sh\n    - -c\n");
        let text = manifest(image, &container);
        let path = folder.path().join("input.yaml");
        fs::write(&path, &text).expect("written");
        let path = path.display().to_string();
        let words = ["check", "--format=json", "--only=profiling,token-auth-file", &path];
        let report = plimsoll(words).json();
        let first = if profiling.is_empty() { "- --token-auth-file" } else { "--profiling" };
        let line = text.lines().position(|line| line.contains(first)).expect("there") + 1;
        let results = report["targets"][0]["results"].as_array().expect("results");
        for (rule, expected) in [("profiling", profiling), ("token-auth-file", tokens)] {
            let expected =
                expected.replace("N+1", &(line + 1).to_string()).replace('N', &line.to_string());
            let result = results.iter().find(|it| it["rule"] == rule).expect("the rule");
            let fix = result["fix"].as_str().unwrap_or_default();
            assert!(expected.is_empty() || fix == expected, "{fix}\n{text}");
        }
    }
}

#[test]
fn the_same_flags_get_the_same_verdicts_from_every_carrier() {
    let flags = [
        "--profiling=false",
        "--authorization-mode=Node,RBAC",
        "--audit-log-maxage=030",
        "--anonymous_auth=0",
        "--enable-admission-plugins=NodeRestriction,AlwaysPullImages",
    ];
    let line = format!("kube-apiserver {}", flags.join(" "));
    let list = format!("    - {}\n", flags.join("\n    - "));
    let lines = flags.join("\n");
    let texts = [
        ("pod", manifest("kube-apiserver", &format!("    command:\n    - kube-apiserver\n{list}"))),
        ("pod", manifest("kube-apiserver", &format!("    command: [sh, -c, 'exec {line}']\n"))),
        ("systemd", format!("[Service]\nExecStart=/usr/bin/{}\n", line.replace(' ', " \\\n  "))),
        ("args-file", format!("kube-apiserver\n{lines}\n")),
        ("args-file", format!("# --profiling=true\n{lines}\n")),
        ("compose", format!("services:\n  api:\n    image: x\n    command: {line}\n")),
        ("supervisord", format!("[program:api]\ncommand=/usr/bin/{line}\n")),
        ("cmdline", format!("{}\0", line.replace(' ', "\0"))),
        ("script", format!("cd /srv && \\\n  {line} &\ntrue\n")),
    ];
    let mut first: Option<Vec<(String, String)>> = None;
    for (format, text) in texts {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("input");
        fs::write(&path, &text).expect("written");
        let words = ["check", "--format=json", "--kubernetes-version=1.34", "--benchmark=cis-1.12"];
        let path = path.display().to_string();
        let outcome = plimsoll(words.iter().copied().chain(["--skip=1.1", path.as_str()]));
        let report = outcome.json();
        assert_eq!(report["targets"][0]["source"]["format"], format, "{text}{}", outcome.stderr);
        let results = report["targets"][0]["results"].as_array().expect("results").iter();
        let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let verdicts: Vec<_> = results.map(|it| (word(&it["rule"]), word(&it["status"]))).collect();
        assert!(verdicts.len() > 50);
        match &first {
            None => first = Some(verdicts),
            Some(first) => assert_eq!(*first, verdicts, "{format}\n{text}"),
        }
    }
}
