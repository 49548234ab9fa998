//! `plimsoll flags`.

use std::fs;

use crate::program::{fixture, plimsoll};

#[test]
fn real_command_lines_print_as_the_real_server_read_them() {
    let facts = fs::read_to_string(fixture("argv/parse-1.36.jsonl")).expect("facts");
    for fact in facts.lines() {
        let fact: serde_json::Value = serde_json::from_str(fact).expect("JSON");
        let args = fact["args"].as_array().expect("args").iter().map(|a| a.as_str().expect("text"));
        let options = ["flags", "--format", "json", "--kubernetes-version", "1.36", "--"];
        let outcome = plimsoll(options.into_iter().chain(["kube-apiserver"]).chain(args));
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let report = outcome.json();
        let target = &report["targets"][0];
        if fact["ok"] != true {
            assert_eq!(target["starts"], false, "{fact}");
            continue;
        }
        let flags = target["flags"].as_array().expect("flags");
        for (name, value) in fact["set"].as_object().expect("set") {
            let flag = flags.iter().find(|flag| flag["name"] == **name).expect("the flag");
            assert_eq!(flag["origin"], "set");
            match fact["lists"].get(name) {
                Some(items) => assert_eq!(flag["value"], *items, "{name}"),
                None if flag["value"].is_string() => assert_eq!(flag["value"], *value, "{name}"),
                None => assert!(flag["value"].is_object() || flag["value"].is_array(), "{name}"),
            }
        }
    }
}

#[test]
fn every_occurrence_is_shown_with_its_place() {
    let outcome = plimsoll([
        "flags",
        "--kubernetes-version",
        "1.34",
        "--",
        "kube-apiserver",
        "--v=2",
        "--authorization-mode=Node",
        "--authorization-mode",
        "RBAC",
    ]);
    assert_eq!(outcome.status, 0);
    for line in [
        "The server refuses this command line.",
        "--authorization-mode  [Node,RBAC]  (set)",
        "--authorization-mode=Node  argument 2",
        "--authorization-mode RBAC  argument 3",
    ] {
        assert!(outcome.stdout.contains(line), "{line}\n{}", outcome.stdout);
    }
}

#[test]
fn all_flags_come_with_their_defaults() {
    let words = ["flags", "--all", "--format", "json", "--kubernetes-version", "1.36", "--"];
    let report = plimsoll(words.into_iter().chain(["kube-apiserver"])).json();
    let flags = report["targets"][0]["flags"].as_array().expect("flags");
    assert_eq!(flags.len(), 175, "as many as the 1.36 server registers");
    let age = flags.iter().find(|flag| flag["name"] == "audit-log-maxage").expect("it");
    assert_eq!((&age["value"], &age["origin"]), (&"366".into(), &"default".into()));
}

#[test]
fn another_minor_tells_what_it_would_change() {
    let words = ["flags", "--kubernetes-version", "1.23", "--compare", "1.36", "--"];
    let args = ["kube-apiserver", "--insecure-port=0", "--admission-control=NodeRestriction"];
    let outcome = plimsoll(words.iter().chain(&args));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    for part in [
        "1.36 refuses what 1.23 reads here.",
        "--insecure-port is not a flag of kube-apiserver 1.36: it is gone since 1.24  argument 1",
        "--audit-log-maxage          ! 0     366",
    ] {
        assert!(outcome.stdout.contains(part), "{part}\n{}", outcome.stdout);
    }
    let json = ["--format", "json"];
    let report = plimsoll(words[..1].iter().chain(&json).chain(&words[1..]).chain(&args)).json();
    let comparison = &report["targets"][0]["comparison"];
    assert_eq!((&comparison["minor"], &comparison["starts"]), (&"1.36".into(), &false.into()));
    let flags = comparison["flags"].as_array().expect("flags");
    let age = flags.iter().find(|flag| flag["name"] == "audit-log-maxage").expect("it");
    assert_eq!(age["values"], serde_json::json!(["0", "366"]));
    let outcome = plimsoll(["flags", "--compare", "1.99", "--", "kube-apiserver"]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("1.5 to 1.36 are"), "{}", outcome.stderr);
}

#[test]
fn two_inputs_stand_side_by_side() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = fixture("manifests/kubeadm-1.34.yaml");
    let second = folder.path().join("b.yaml");
    let text = fs::read_to_string(&first).expect("read");
    let text = text.replace("--secure-port=6443", "--secure-port=443");
    fs::write(&second, text.replace("--allow-privileged=true", "--profiling=false"))
        .expect("written");
    let outcome = plimsoll(["flags".as_ref(), first.as_os_str(), second.as_os_str()]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let differing: Vec<&str> =
        outcome.stdout.lines().filter(|line| line.contains(" ! ")).map(str::trim).collect();
    assert_eq!(differing.len(), 3, "{}", outcome.stdout);
    assert!(differing[0].starts_with("--allow-privileged"), "{differing:?}");
    assert!(differing[1].starts_with("--profiling") && differing[1].ends_with("false"));
    assert!(outcome.stdout.contains("3 of 28 flags differ"), "{}", outcome.stdout);
    let words = ["flags".as_ref(), "--format=json".as_ref(), first.as_os_str(), second.as_os_str()];
    let report = plimsoll(words).json();
    assert_eq!(report["targets"].as_array().map(Vec::len), Some(2));
    let port = serde_json::json!({"name": "secure-port", "values": ["6443", "443"]});
    assert!(report["differences"].as_array().expect("differences").contains(&port));
}

#[test]
fn every_component_is_listed_with_its_own_version() {
    let words = ["flags", "--format", "json", "--kubernetes-version", "1.34", "--"];
    for (component, minor) in [
        ("etcd", "3.7"),
        ("kubelet", "1.34"),
        ("kube-scheduler", "1.34"),
        ("kube-controller-manager", "1.34"),
    ] {
        let outcome = plimsoll(words.iter().chain([component, "--name=x"].iter()));
        let report = outcome.json();
        let target = &report["targets"][0];
        assert_eq!(target["component"], component);
        assert_eq!(target["kubernetes_version"]["minor"], minor);
        assert_eq!(target["starts"], component == "etcd");
    }
}

#[test]
fn files_that_k3s_reads_together_are_one_target() {
    let folder = fixture("documents/k3s");
    let words = ["flags", "--format=json", "--component=kube-apiserver"].map(AsRef::as_ref);
    let report = plimsoll(words.into_iter().chain([folder.as_os_str()])).json();
    let targets = report["targets"].as_array().expect("targets");
    let paths = targets.iter().filter_map(|target| target["source"]["path"].as_str());
    assert!(paths.clone().all(|path| !path.contains("config.yaml.d")));
    let merged = targets.iter().zip(paths).find(|(_, path)| path.ends_with("k3s/config.yaml"));
    let flags = merged.expect("config.yaml").0["flags"].as_array().expect("flags");
    let backup = flags.iter().find(|flag| flag["name"] == "audit-log-maxbackup").expect("it");
    let place = backup["occurrences"][0]["location"]["path"].as_str().expect("a path");
    assert!(place.ends_with("config.yaml.d/10-audit.yaml"), "{place}");
}

/// The report on one command line, and its text.
fn listed(options: &[&str], argv: &[&str]) -> (serde_json::Value, String) {
    let words = |format: &'static str| {
        let head = ["flags", "--format", format].into_iter().chain(options.iter().copied());
        plimsoll(head.chain(["--"]).chain(argv.iter().copied()))
    };
    (words("json").json()["targets"][0].clone(), words("text").stdout)
}

#[test]
fn the_kubelets_default_thresholds_are_shown_and_compared() {
    let all =
        "imagefs.available<15%,memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%";
    for minor in ["1.9", "1.10", "1.12", "1.22", "1.25"] {
        let (report, text) = listed(&["--all", "--kubernetes-version", minor], &["kubelet"]);
        let flags = report["flags"].as_array().expect("flags");
        let row = flags.iter().find(|flag| flag["name"] == "eviction-hard").expect("it");
        assert_eq!(row["value"]["memory.available"], "100Mi", "{minor}");
        assert_eq!(row["value"].as_object().map(serde_json::Map::len), Some(4), "{minor}");
        assert!(text.contains(all), "{minor}\n{text}");
    }
    let (report, _) = listed(&["--kubernetes-version", "1.25", "--compare", "1.26"], &["kubelet"]);
    let changed = serde_json::json!({"name": "eviction-hard", "values": [all, ""]});
    let flags = report["comparison"]["flags"].as_array().expect("flags");
    assert!(flags.contains(&changed), "{flags:?}");
}

#[test]
fn what_two_minors_keep_in_two_ways_and_mean_the_same_is_no_difference() {
    let cases: [(&str, &str, &[&str]); 4] = [
        ("1.30", "1.31", &["kube-apiserver", "--feature-gates=KMSv1=true"]),
        ("1.10", "1.11", &["kube-apiserver", "--authorization-mode=Node,RBAC"]),
        ("1.6", "1.7", &["kube-apiserver", "--admission-control=ServiceAccount,LimitRanger"]),
        ("1.8", "1.9", &["kubelet", "--eviction-hard=memory.available<1Gi"]),
    ];
    for (before, after, argv) in cases {
        let options = ["--kubernetes-version", before, "--compare", after];
        let (report, text) = listed(&options, argv);
        let name = argv[1].trim_start_matches('-').split('=').next().expect("a name");
        let flags = report["comparison"]["flags"].as_array().expect("flags");
        assert!(flags.iter().all(|flag| flag["name"] != name), "{flags:?}\n{text}");
    }
    // Two manifests side by side.
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = |minor: &str, gates: &str| {
        let text = fs::read_to_string(fixture("manifests/kubeadm-1.34.yaml")).expect("read");
        let text = text.replace("v1.34", &format!("v{minor}"));
        let path = folder.path().join(format!("{minor}-{}.yaml", gates.len()));
        let flag = format!("    - --feature-gates={gates}\n    - --allow-privileged=true");
        let text = text.replace("    - --allow-privileged=true", &flag);
        assert!(text.contains(gates));
        fs::write(&path, text).expect("written");
        path
    };
    let [old, new, off] = [
        manifest("1.30", "KMSv1=true"),
        manifest("1.31", "kube:KMSv1=true"),
        manifest("1.31", "KMSv1=false"),
    ];
    let differences = |a: &std::path::Path, b: &std::path::Path| {
        let words = ["flags".as_ref(), "--format=json".as_ref(), a.as_os_str(), b.as_os_str()];
        let report = plimsoll(words).json();
        let all = report["differences"].as_array().expect("differences").clone();
        all.into_iter().find(|difference| difference["name"] == "feature-gates")
    };
    assert_eq!(differences(&old, &new), None);
    let differing = differences(&old, &off).expect("a difference");
    assert_eq!(differing["values"], serde_json::json!(["KMSv1=true", "KMSv1=false"]));
}

#[test]
fn gates_whose_default_changes_are_told() {
    let options = ["--kubernetes-version", "1.33", "--compare", "1.34"];
    let (report, text) = listed(&options, &["kube-apiserver"]);
    let gates = report["comparison"]["gates"].as_array().expect("gates");
    let list = serde_json::json!({"name": "WatchList", "values": ["off", "on"]});
    assert!(gates.contains(&list), "{gates:?}");
    assert!(text.contains("Feature gates that change\n"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("  WatchList ") && line.ends_with(" on")));
    // A gate that is set is what it is set to, and a gate of one of the two alone changes nothing.
    let (report, _) = listed(&options, &["kube-apiserver", "--feature-gates=WatchList=true"]);
    let gates = report["comparison"]["gates"].as_array().expect("gates");
    assert!(gates.iter().all(|gate| gate["name"] != "WatchList"), "{gates:?}");
    let (report, _) = listed(&options, &["kubelet"]);
    assert_eq!(report["comparison"]["gates"], serde_json::json!([]));
}

#[test]
fn what_the_server_makes_of_its_flags_is_shown_beside_them() {
    let minor = ["--kubernetes-version", "1.36"];
    let (report, text) = listed(&minor, &["kube-apiserver", "--authorization-mode="]);
    assert_eq!(report["flags"][0]["value"], serde_json::json!([]));
    let derived = report["derived"].as_array().expect("derived facts");
    assert_eq!(derived[0], serde_json::json!({"name": "authorizers", "value": ["AlwaysAllow"]}));
    let plugins = derived[1]["value"].as_array().expect("plugins");
    assert_eq!((&derived[1]["name"], plugins.len()), (&"admission-plugins".into(), 27));
    assert_eq!(plugins[..2], ["NamespaceLifecycle", "LimitRanger"]);
    for part in [
        "--authorization-mode  []  (set)",
        "What follows from the flags, in the server's order",
        "  authorizers        AlwaysAllow",
        "  admission plugins  NamespaceLifecycle, LimitRanger, ServiceAccount, TaintNodesByCondition,",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let (report, text) = listed(&minor, &["kube-apiserver", "--authorization-config=/a"]);
    assert_eq!(report["derived"][0]["value"], serde_json::Value::Null);
    assert!(text.contains("not known: they stand in the file of --authorization-config, /a"));
    let (report, text) = listed(&minor, &["kubelet"]);
    assert!(report.get("derived").is_none() && !text.contains("What follows"));
}

#[test]
fn what_the_kubelets_file_has_out_of_range_is_refused_with_its_place() {
    let root = tempfile::tempdir().expect("a folder");
    fs::create_dir(root.path().join("etc")).expect("made");
    let text = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    for (field, flag) in [
        ("readOnlyPort: 70000", "--read-only-port: 70000 must lie between 0 and 65535"),
        ("maxPods: -1", "--max-pods must not be less than 0"),
        ("authorization: {mode: RBAC}", "--authorization-mode: \"RBAC\" is not one of"),
        ("imageGCHighThresholdPercent: 70", "must be less than --image-gc-high-threshold=70"),
    ] {
        fs::write(root.path().join("etc/k.yaml"), format!("{text}{field}\n")).expect("written");
        let head = ["flags", "--format=json", "--kubernetes-version=1.36", "--root"];
        let words = head.into_iter().map(AsRef::as_ref).chain([root.path().as_os_str()]);
        let argv = ["--", "kubelet", "--config=/etc/k.yaml"].map(AsRef::as_ref);
        let target = plimsoll(words.chain(argv)).json()["targets"][0].clone();
        assert_eq!(target["starts"], false, "{field}");
        let all = target["diagnostics"].as_array().expect("diagnostics");
        let refusal = all.iter().find(|d| d["severity"] == "error").expect("a refusal");
        let message = refusal["message"].as_str().expect("text");
        assert!(message.contains(flag), "{message}");
        assert_eq!(refusal["location"]["line"], 3, "{refusal}");
    }
}

#[test]
fn a_minor_that_refuses_for_another_reason_at_the_same_place_says_it() {
    let base = [
        "flags",
        "--kubernetes-version=1.30",
        "--compare=1.31",
        "--",
        "kube-apiserver",
        "--etcd-servers=https://e",
        "--service-account-issuer=https://k",
        "--service-account-key-file=/a",
        "--service-account-signing-key-file=/b",
    ];
    let compare = |flag: &str| plimsoll(base.into_iter().chain([flag])).stdout;
    let text = compare("--feature-gates=Bogus=true,ConsistentHTTPGetHandlers=true");
    assert!(text.contains("1.31 refuses what 1.30 reads here."), "{text}");
    assert!(text.contains("ConsistentHTTPGetHandlers"), "{text}");
    let text = compare("--no-such-flag");
    assert!(text.contains("1.31 refuses it as 1.30 does."), "{text}");
    let text = compare("--profiling=false");
    assert!(text.contains("1.31 does not object to what 1.30 reads here."), "{text}");
}

#[test]
fn thresholds_are_shown_as_the_kubelet_takes_them() {
    let words = ["flags", "--", "kubelet", "--config=", "--eviction-hard=memory.available<100Mi"];
    let text = plimsoll(words).stdout;
    assert!(text.contains("--eviction-hard  memory.available<100Mi  (set, deprecated)"), "{text}");
}
