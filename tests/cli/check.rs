//! Inputs, selection, exit status.

use std::fs;
use std::os::unix::fs::symlink;

use crate::program::{fixture, manifest, plimsoll, plimsoll_reading, run};

const IMAGE: &str = "registry.k8s.io/kube-apiserver:v1.34.0";
const COMMAND: &str = "    command: [kube-apiserver, --profiling=false]\n";

#[test]
fn a_manifest_is_read_with_version_and_places() {
    let path = fixture("manifests/kubeadm-1.34.yaml");
    let outcome = plimsoll(["check", "--format", "json", path.to_str().expect("UTF-8")]);
    let report = outcome.json();
    let target = &report["targets"][0];
    assert_eq!(target["kubernetes_version"], serde_json::json!({"minor": "1.34", "from": "image"}));
    assert_eq!(target["source"]["kind"], "file");
    assert_eq!(target["source"]["format"], "pod");
    assert_eq!(report["summary"]["pass"], 17);
    assert_eq!(report["summary"]["fail"], 16);
    assert_eq!(report["summary"]["manual"], 37);
    assert_eq!(report["summary"]["unknown"], 9);
    assert_eq!(outcome.status, 1);
}

#[test]
fn failures_below_the_threshold_are_no_findings() {
    let path = fixture("manifests/kubeadm-1.34.yaml");
    let path = path.to_str().expect("UTF-8");
    let only = |rule: &str, from: &str| {
        plimsoll(["check", "--only", rule, "--fail-on", from, path]).status
    };
    assert_eq!(only("profiling", "low"), 1);
    assert_eq!(only("profiling", "medium"), 0);
    assert_eq!(only("anonymous-auth", "high"), 1);
    assert_eq!(only("anonymous-auth", "never"), 0);
    assert_eq!(only("1.2.2", "info"), 0);
}

#[test]
fn rules_controls_and_sections_choose_what_is_checked() {
    let path = fixture("manifests/kubeadm-1.34.yaml");
    let path = path.to_str().expect("UTF-8");
    let count = |args: &[&str]| {
        let words = ["check", "--format", "json", path].into_iter().chain(args.iter().copied());
        plimsoll(words).json()["targets"][0]["results"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count(&[]), 79, "all that CIS 1.12 asks of an API server");
    assert_eq!(count(&["--only", "1.2"]), 30);
    assert_eq!(count(&["--only", "1.2.1,profiling"]), 2);
    assert_eq!(count(&["--skip", "1.2", "--skip", "profiling"]), 49);
    assert_eq!(count(&["--benchmark", "cis-1.12,apiserver-2020"]), 118);
}

#[test]
fn unknown_names_are_usage_errors_with_a_suggestion() {
    for (args, hint) in [
        (["--only", "9.9.9"], "there is no rule, control or section 9.9.9"),
        (["--only", "profilling"], "did you mean profiling?"),
        (["--skip", "anonymus-auth"], "did you mean anonymous-auth?"),
        (["--benchmark", "cis-1.200"], "did you mean cis-1.20?"),
        (["--component", "kube-api"], "one of kube-apiserver"),
        (["--level", "3"], "3 is not in 1..=2"),
        (["--only=profiling", "--skip=profiling"], "nothing is left to check"),
        (
            ["--benchmark=apiserver-2020", "--component=etcd"],
            "no rule of the chosen benchmark is about etcd",
        ),
        (["--kubernetes-version", "latest"], "is not a version"),
    ] {
        let words = ["check"].iter().chain(&args).chain(["--", "kube-apiserver"].iter());
        let outcome = plimsoll(words);
        assert_eq!(outcome.status, 2, "{args:?}");
        assert!(outcome.stderr.contains(hint), "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn a_minor_outside_the_catalog_is_said() {
    let words = ["check", "--kubernetes-version", "1.99", "--", "kube-apiserver"];
    let outcome = plimsoll(words);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("the catalog covers 1.5 to 1.36"), "{}", outcome.stderr);
}

#[test]
fn what_cannot_be_checked_is_named_and_the_rest_is_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        path
    };
    let good = write("good.yaml", manifest(IMAGE, COMMAND).as_bytes());
    let cases = [
        (write("empty.yaml", b""), "the file is empty"),
        (write("other.yaml", b"kind: Service\n"), "no kube-apiserver, etcd"),
        (write("broken.yaml", b"kind: Pod\na: [\n"), "line"),
        (write("tabs.yaml", b"kind: Pod\n\tmetadata: x\n"), "tab"),
        (write("nul.yaml", b"kind: Pod\na: x\0y\n"), "line 2"),
        (write("utf16.yaml", b"\xff\xfek\0i\0n\0d\0:\0"), "UTF-16"),
        (write("alias.yaml", b"kind: Pod\na: *none\n"), "unknown anchor"),
        (write("deep.yaml", format!("kind: Pod\na: {}\n", "[".repeat(400)).as_bytes()), "line 2"),
        (write("template.yaml", b"kind: Pod\nx: {{ .Values.y }}z: {\n"), "template"),
        (write("binary.yaml", b"kind: Pod\n\xff\xfe"), "line 2: not UTF-8"),
        (folder.path().join("missing.yaml"), "No such file"),
    ];
    for (path, message) in &cases {
        let outcome = plimsoll([
            "check".as_ref(),
            "--format=json".as_ref(),
            path.as_os_str(),
            good.as_os_str(),
        ]);
        let report = outcome.json();
        assert_eq!(outcome.status, 2, "{path:?}");
        assert_eq!(report["summary"]["targets"], 1, "{path:?}");
        let said = report["errors"][0]["message"].as_str().expect("text");
        assert!(said.contains(message), "{said}");
        assert!(outcome.stderr.contains(path.to_str().expect("UTF-8")), "{}", outcome.stderr);
    }
}

#[test]
fn oddities_that_kubernetes_reads_are_read() {
    let head = manifest(IMAGE, "");
    let comments = "    # why\n".repeat(97);
    let oddities = [
        format!("{head}    command:\n{comments}    - kube-apiserver\n    - --profiling=false\n"),
        format!(
            "{head}    command: [sh, -c]\n    args:\n    - |\n      set -e\n      ---\n      exec kube-apiserver --profiling=false\n"
        ),
        format!("{head}    image: {IMAGE}\n    command: [kube-apiserver, --profiling=false]\n"),
        format!("\u{feff}{head}    command: [kube-apiserver, --profiling=false]\n")
            .replace('\n', "\r\n"),
    ];
    for text in &oddities {
        let outcome = plimsoll_reading(["flags", "--format", "json", "-"], text.as_bytes());
        let report = outcome.json();
        let flags = report["targets"][0]["flags"].as_array().expect(text);
        assert_eq!(flags[0]["name"], "profiling", "{text}");
        let place = |key: &str| {
            let number = flags[0]["occurrences"][0]["location"][key].as_u64().expect("a place");
            usize::try_from(number).expect("a small number")
        };
        let (line, column) = (place("line"), place("column"));
        let written = text.lines().nth(line - 1).expect("the line");
        let from: String = written.chars().skip(column - 1).collect();
        assert!(from.starts_with("--profiling=false"), "{from:?} in {text}");
    }
}

#[test]
fn a_file_of_20_megabytes_is_refused_and_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.yaml");
    fs::File::create(&path).expect("created").set_len(20 << 20).expect("grown");
    let outcome = plimsoll(["check".as_ref(), path.as_os_str()]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("larger than 8 MiB"), "{}", outcome.stderr);
}

#[test]
fn a_folder_is_walked_and_only_what_starts_a_server_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("deep/er")).expect("made");
    fs::create_dir(at(".git")).expect("made");
    fs::write(at("deep/er/a.yaml"), manifest(IMAGE, COMMAND)).expect("written");
    fs::write(at("b.txt"), manifest(IMAGE, COMMAND)).expect("written");
    fs::write(at(".git/c.yaml"), manifest(IMAGE, COMMAND)).expect("written");
    fs::write(at("README.md"), "# kube-apiserver\n\n\t- [x\n").expect("written");
    fs::write(at("etcd.yaml"), manifest("etcd:3.5", "    command: [etcd]\n")).expect("written");
    symlink(folder.path(), at("deep/loop")).expect("linked");
    let words = ["check", "--format=json", "--component=kube-apiserver"].map(AsRef::as_ref);
    let outcome = plimsoll(words.into_iter().chain([folder.path().as_os_str()]));
    let report = outcome.json();
    let paths: Vec<_> = report["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .map(|target| target["source"]["path"].as_str().expect("a path").to_owned())
        .collect();
    assert_eq!(paths, [at("b.txt"), at("deep/er/a.yaml")].map(|p| p.display().to_string()));
    assert_eq!(outcome.status, 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("passed over"), "{}", outcome.stderr);
}

#[test]
fn a_broken_manifest_in_a_folder_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = manifest(IMAGE, "    command: [kube-apiserver\n");
    fs::write(folder.path().join("a.yaml"), text).expect("written");
    let outcome = plimsoll(["check".as_ref(), folder.path().as_os_str()]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("a.yaml: line"), "{}", outcome.stderr);
}

#[test]
fn a_folder_without_manifests_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "nothing").expect("written");
    let outcome = plimsoll(["check".as_ref(), folder.path().as_os_str()]);
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stderr.contains("or kubelet is started in any file below it"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn lists_documents_json_and_sidecars_are_all_read() {
    let one = serde_json::json!({"kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [
        {"name": "proxy", "image": "x", "command": ["proxy", "--profiling=true"]},
        {"name": "s", "image": IMAGE, "command": ["kube-apiserver", "--profiling=false"]},
    ]}});
    let list = serde_json::json!({"kind": "List", "items": [one, one]});
    let pods = serde_json::json!({"kind": "PodList", "items": [{"spec": one["spec"]}]});
    let workload =
        serde_json::json!({"kind": "Deployment", "spec": {"template": {"spec": one["spec"]}}});
    let text = format!("{list}\n---\n{pods}\n---\n{workload}\n--- # nothing\n---\nkind: Service\n");
    let outcome = plimsoll_reading(
        ["check", "--format", "json", "--only", "profiling", "-"],
        text.as_bytes(),
    );
    let report = outcome.json();
    assert_eq!(report["summary"]["targets"], 4);
    assert_eq!(report["summary"]["pass"], 4);
    let documents: Vec<_> = report["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .map(|target| target["source"]["document"].clone())
        .collect();
    assert_eq!(documents, [0, 0, 1, 2]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
}

#[test]
fn a_broken_document_does_not_hide_the_others() {
    let good = manifest(IMAGE, COMMAND);
    let text = format!("{good}---\na: [\n---\n{good}");
    let outcome = plimsoll_reading(["check", "--format", "json", "-"], text.as_bytes());
    let report = outcome.json();
    assert_eq!(report["summary"]["targets"], 2);
    assert_eq!(report["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(outcome.status, 2);
}

#[test]
fn reports_go_to_files_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let json = folder.path().join("out.json");
    let text = folder.path().join("out.txt");
    let manifest_path = fixture("manifests/kubeadm-1.34.yaml");
    let outcome = run(
        [
            "check",
            "--color=never",
            &format!("--output=json={}", json.display()),
            &format!("--output=text={}", text.display()),
            manifest_path.to_str().expect("UTF-8"),
        ],
        None,
        folder.path(),
    );
    assert_eq!(outcome.status, 1);
    let written: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&json).expect("there")).expect("JSON");
    assert_eq!(written["summary"]["fail"], 16);
    assert_eq!(fs::read_to_string(&text).expect("there"), outcome.stdout);
    assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 2, "no draft stays");
    let nowhere = format!("--output=json={}", folder.path().join("no/such/out.json").display());
    let outcome = plimsoll(["check", &nowhere, "--", "kube-apiserver"]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("no/such/out.json"), "{}", outcome.stderr);
}

#[test]
fn a_format_that_goes_to_a_file_leaves_standard_output_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("pod.yaml"), manifest(IMAGE, COMMAND)).expect("written");
    fs::write(folder.path().join("other.yaml"), "kind: ConfigMap\n").expect("written");
    let words = ["check", "--format=json", "--output=json=../kept.json", "."];
    let inputs = folder.path().join("inputs");
    fs::create_dir(&inputs).expect("made");
    for name in ["pod.yaml", "other.yaml"] {
        fs::rename(folder.path().join(name), inputs.join(name)).expect("moved");
    }
    let outcome = run(words, None, &inputs);
    assert_eq!((outcome.status, &*outcome.stdout, &*outcome.stderr), (1, "", ""));
    let kept = fs::read_to_string(folder.path().join("kept.json")).expect("there");
    assert!(kept.contains("plimsoll.report/1"));
}

#[test]
fn the_text_report_is_for_people() {
    let path = fixture("manifests/kubeadm-1.34.yaml");
    let words = ["check", "--show", "problems", "--color", "always", "--only", "1.2.15,1.2.2"];
    let outcome =
        plimsoll(words.iter().map(|w| (*w).to_owned()).chain([path.display().to_string()]));
    assert!(outcome.stdout.contains("\u{1b}[31mfail"), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("--profiling not set, default true (1.34)"),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stdout.contains("kubeadm-1.34.yaml:15"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("Set --profiling=false"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("1.2.2 "), "passes are counted only: {}", outcome.stdout);
    assert!(outcome.stdout.contains("1 pass"), "{}", outcome.stdout);
}

#[test]
fn control_characters_reach_no_terminal() {
    let outcome =
        plimsoll(["check", "--", "kube-apiserver", "--audit-log-path=a\u{1b}[2Jb\u{202e}c\nd"]);
    assert!(!outcome.stdout.contains(['\u{1b}', '\u{202e}']), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("a\\u{1b}[2Jb\\u{202e}c\\nd"), "{}", outcome.stdout);
}

#[test]
fn each_component_of_a_node_is_checked_by_its_own_rules() {
    let pod = |name: &str, image: &str, command: &str| {
        format!(
            "kind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers:\n  - name: {name}\n    \
             image: {image}\n    command: [{command}]\n---\n"
        )
    };
    let text = [
        pod("etcd", "registry.k8s.io/etcd:3.6.4-0", "etcd, --client-cert-auth=true"),
        pod("kcm", "kube-controller-manager:v1.34.0", "kube-controller-manager, --profiling=0"),
        pod("ks", "kube-scheduler:v1.34.0", "kube-scheduler, --config=/etc/scheduler.yaml"),
        pod("kubelet", "kubelet:v1.34.0", "kubelet, --read-only-port=10255"),
    ]
    .concat();
    let outcome = plimsoll_reading(["check", "--format", "json", "-"], text.as_bytes());
    let report = outcome.json();
    let status = |component: &str, rule: &str| -> String {
        let targets = report["targets"].as_array().expect("targets");
        let target = targets.iter().find(|target| target["component"] == component);
        let results = target.expect("the target")["results"].as_array().expect("results");
        let result = results.iter().find(|result| result["rule"] == rule).expect("the rule");
        // etcd's version does not tell which Kubernetes it serves.
        let edition = if component == "etcd" { "cis-2.0" } else { "cis-1.12" };
        assert_eq!(result["benchmark"], edition);
        result["status"].as_str().expect("a status").to_owned()
    };
    assert_eq!(status("etcd", "etcd-client-cert-auth"), "pass");
    assert_eq!(status("etcd", "etcd-cert-key"), "fail");
    assert_eq!(status("kube-controller-manager", "kcm-profiling"), "pass");
    assert_eq!(status("kube-controller-manager", "kcm-bind-address"), "fail");
    assert_eq!(status("kube-scheduler", "scheduler-profiling"), "unknown");
    assert_eq!(status("kubelet", "kubelet-read-only-port"), "fail");
    assert_eq!(status("kubelet", "kubelet-anonymous-auth"), "fail");
    assert_eq!(outcome.status, 1, "{}", outcome.stderr);
}

#[test]
fn the_edition_made_for_the_minor_is_chosen() {
    for (minor, edition, said) in [
        ("1.12", "cis-1.3", false),
        ("1.20", "cis-1.20", false),
        ("1.24", "cis-1.24", false),
        ("1.25", "cis-1.7", false),
        ("1.34", "cis-1.12", false),
        ("1.35", "cis-2.0", false),
        ("1.36", "cis-2.0", true),
        ("1.6", "cis-1.3", true),
    ] {
        let words =
            ["check", "--format=json", "--kubernetes-version", minor, "--", "kube-apiserver"];
        let report = plimsoll(words).json();
        assert_eq!(report["benchmarks"][0]["id"], edition, "{minor}");
        let diagnostics = report["targets"][0]["diagnostics"].to_string();
        assert_eq!(diagnostics.contains("nearest edition"), said, "{minor}");
    }
}

#[test]
fn what_an_edition_asks_for_may_turn_around() {
    let external_ips = |benchmark: &str, minor: &str| {
        let words = ["check", "--format=json", "--benchmark", benchmark, "--kubernetes-version"];
        let args = [minor, "--only=1.2.3", "--", "kube-apiserver"];
        let flag = "--enable-admission-plugins=DenyServiceExternalIPs";
        let report = plimsoll(words.into_iter().chain(args).chain([flag])).json();
        report["targets"][0]["results"][0]["status"].as_str().expect("a status").to_owned()
    };
    assert_eq!(external_ips("cis-1.24", "1.24"), "fail");
    assert_eq!(external_ips("cis-1.7", "1.25"), "pass");
}

#[test]
fn a_selection_that_is_about_nothing_that_was_read_is_an_error_and_not_a_success() {
    let about_another = ["check", "--format", "json", "--only", "1.2.2", "--", "kubelet", "--v=1"];
    let outcome = plimsoll(about_another);
    assert_eq!(outcome.status, 2);
    let message = outcome.json()["errors"][0]["message"].as_str().map(str::to_owned);
    assert_eq!(message.as_deref(), Some("no selected control is about kubelet"));
    assert_eq!(outcome.stderr, "plimsoll: the selection: no selected control is about kubelet\n");
}
