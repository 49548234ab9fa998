//! The command lines that other tools read wrongly, each with its right verdict.

use crate::program::{manifest, plimsoll, plimsoll_reading, result, status};

/// What a server needs to start, so that only the flags under test decide.
const BASE: [&str; 4] = [
    "--etcd-servers=https://127.0.0.1:2379",
    "--service-account-issuer=https://kubernetes.default.svc",
    "--service-account-key-file=/pki/sa.pub",
    "--service-account-signing-key-file=/pki/sa.key",
];

/// Checks a command line on 1.34 and returns the report and the exit status.
fn check(args: &[&str]) -> (serde_json::Value, i32) {
    let options = ["check", "--format", "json", "--kubernetes-version", "1.34", "--"];
    let words = options.iter().chain(["kube-apiserver"].iter()).chain(&BASE).chain(args);
    let outcome = plimsoll(words);
    (outcome.json(), outcome.status)
}

fn verdict(rule: &str, args: &[&str]) -> String {
    status(&check(args).0, rule)
}

#[test]
fn the_last_of_two_settings_wins() {
    assert_eq!(verdict("profiling", &["--profiling=false", "--profiling=true"]), "fail");
    assert_eq!(verdict("profiling", &["--profiling=true", "--profiling=false"]), "pass");
}

#[test]
fn repeated_modes_add_up() {
    let modes = ["--authorization-mode=Node,RBAC", "--authorization-mode=AlwaysAllow"];
    assert_eq!(verdict("authz-not-always-allow", &modes), "fail");
    assert_eq!(verdict("authz-rbac", &modes), "pass");
    let modes = ["--authorization-mode=Node", "--authorization-mode=RBAC"];
    assert_eq!(verdict("authz-node", &modes), "pass");
    assert_eq!(verdict("authz-rbac", &modes), "pass");
}

#[test]
fn a_value_may_stand_in_the_next_argument() {
    let modes = ["--authorization-mode", "AlwaysAllow"];
    assert_eq!(verdict("authz-not-always-allow", &modes), "fail");
    assert_eq!(verdict("audit-log-path", &["--audit-log-path", "--profiling=false"]), "pass");
    assert_eq!(verdict("profiling", &["--audit-log-path", "--profiling=false"]), "fail");
}

#[test]
fn underscores_are_dashes() {
    assert_eq!(verdict("token-auth-file", &["--token_auth_file=/tokens.csv"]), "fail");
    assert_eq!(verdict("token-auth-file", &["--token_auth_file="]), "pass");
}

#[test]
fn booleans_have_twelve_spellings() {
    for word in ["0", "f", "F", "FALSE", "false", "False"] {
        assert_eq!(verdict("profiling", &[&format!("--profiling={word}")]), "pass", "{word}");
    }
    assert_eq!(verdict("profiling", &["--profiling=no"]), "error");
}

#[test]
fn a_boolean_takes_no_word_and_the_server_does_not_start() {
    let (report, exit) = check(&["--profiling", "false"]);
    assert_eq!(status(&report, "server-starts"), "fail");
    assert_eq!(status(&report, "profiling"), "fail");
    let diagnostics = report["targets"][0]["diagnostics"].as_array().expect("diagnostics");
    assert!(diagnostics.iter().any(|d| d["code"] == "stray-word" && d["severity"] == "error"));
    assert_eq!(exit, 1);
}

#[test]
fn a_leading_zero_makes_an_octal_number() {
    assert_eq!(verdict("audit-log-maxage", &["--audit-log-maxage=030"]), "fail");
    assert_eq!(verdict("audit-log-maxage", &["--audit-log-maxage=30"]), "pass");
    let (report, _) = check(&["--audit-log-maxage=030"]);
    assert_eq!(result(&report, "audit-log-maxage")["evidence"][0]["value"], "24");
}

#[test]
fn a_longer_flag_is_another_flag() {
    let (report, _) = check(&["--encryption-provider-config-automatic-reload"]);
    assert_eq!(status(&report, "encryption-provider-config"), "fail");
    assert_eq!(status(&report, "server-starts"), "fail");
}

#[test]
fn plugins_are_names_and_not_parts_of_names() {
    let both = ["--enable-admission-plugins=NodeRestriction,AlwaysAdmit"];
    assert_eq!(verdict("always-admit", &both), "fail");
    assert_eq!(verdict("node-restriction", &both), "pass");
    let (report, _) = check(&["--enable-admission-plugins=MyNodeRestriction"]);
    assert_eq!(status(&report, "node-restriction"), "fail");
    assert_eq!(status(&report, "server-starts"), "fail");
}

#[test]
fn an_unknown_flag_and_a_removed_one_are_told_apart() {
    let (report, exit) = check(&["--anonymus-auth=false", "--insecure-port=0"]);
    let said = report["targets"][0]["diagnostics"].to_string();
    assert!(said.contains("did you mean --anonymous-auth?"), "{said}");
    assert!(said.contains("gone since 1.24"), "{said}");
    assert_eq!(status(&report, "server-starts"), "fail");
    assert_eq!(status(&report, "anonymous-auth"), "fail");
    assert_eq!(exit, 1);
}

/// Checks a manifest given on standard input.
fn check_manifest(command: &str) -> (serde_json::Value, i32) {
    let text = manifest("registry.k8s.io/kube-apiserver:v1.34.0", command);
    let outcome = plimsoll_reading(["check", "--format", "json", "-"], text.as_bytes());
    (outcome.json(), outcome.status)
}

#[test]
fn flags_may_stand_in_args_alone() {
    let (report, _) =
        check_manifest("    args:\n    - --profiling=false\n    - --anonymous-auth=0\n");
    assert_eq!(status(&report, "profiling"), "pass");
    let place = &result(&report, "anonymous-auth")["evidence"][0]["location"];
    assert_eq!((&place["line"], &place["column"]), (&11.into(), &7.into()));
}

#[test]
fn command_and_args_are_split_anywhere() {
    for command in [
        "    command: [kube-apiserver]\n    args: [--profiling=false]\n",
        "    command: [kube-apiserver, --profiling=false]\n",
        "    command: [/usr/local/bin/kube-apiserver]\n    args:\n    - --profiling=false\n",
        "    args: [kube-apiserver, --profiling=false]\n",
        "    command: [sh, -c]\n    args: [exec kube-apiserver --profiling=false]\n",
        "    command: [\"/bin/sh\", \"-ec\", \"exec /bin/kube-apiserver '--profiling=false' 2>&1\"]\n",
        "    command:\n    - /bin/sh\n    - -c\n    - |\n      # --profiling=true\n      exec kube-apiserver \\\n        --profiling=false \\\n        --v=2\n",
        "    command: [/go-runner, --log-file=/l, /bin/kube-apiserver, --profiling=false]\n",
        "    command: [/hyperkube, apiserver, --profiling=false]\n",
    ] {
        let (report, _) = check_manifest(command);
        assert_eq!(status(&report, "profiling"), "pass", "{command}");
        let place = &result(&report, "profiling")["evidence"][0]["location"];
        let text = manifest("registry.k8s.io/kube-apiserver:v1.34.0", command);
        let number =
            |key: &str| -> usize { serde_json::from_value(place[key].clone()).expect("a number") };
        let line = text.lines().nth(number("line") - 1);
        let line: Vec<char> = line.expect("the line").chars().collect();
        let written: String = line[number("column") - 1..number("end_column") - 1].iter().collect();
        assert_eq!(written.trim_matches(['\'', '"']), "--profiling=false", "{command}");
    }
}

#[test]
fn what_is_commented_out_is_not_set() {
    let (report, _) = check_manifest(
        "    command:\n    - kube-apiserver\n    # - --profiling=false\n    - --v=2\n",
    );
    assert_eq!(status(&report, "profiling"), "fail");
}

#[test]
fn a_number_in_the_command_is_refused_by_the_kubelet() {
    let (report, exit) = check_manifest(
        "    command:\n    - kube-apiserver\n    - --audit-log-maxage\n    - 30\n    - --profiling=false\n",
    );
    assert_eq!(status(&report, "server-starts"), "fail");
    assert_eq!(status(&report, "audit-log-maxage"), "error");
    assert_eq!(status(&report, "profiling"), "pass");
    assert_eq!(exit, 2);
}

#[test]
fn arguments_that_are_no_list_are_refused_and_leave_everything_open() {
    let (report, exit) =
        check_manifest("    command: [kube-apiserver, --v=2]\n    args: --profiling=false\n");
    assert_eq!(status(&report, "server-starts"), "fail");
    assert_eq!(status(&report, "profiling"), "unknown");
    assert_eq!(exit, 1);
}

#[test]
fn variables_are_filled_in_or_the_value_is_not_known() {
    let (report, _) = check_manifest(
        "    command: [kube-apiserver, --audit-log-path=$(LOG), --client-ca-file=$(CA)]\n    \
         env:\n    - {name: LOG, value: /var/log/audit.log}\n    \
         - {name: CA, valueFrom: {fieldRef: {fieldPath: status.podIP}}}\n",
    );
    assert_eq!(status(&report, "audit-log-path"), "pass");
    assert_eq!(status(&report, "client-ca-file"), "unknown");
}

#[test]
fn a_shell_that_computes_its_arguments_leaves_everything_open() {
    let (report, _) =
        check_manifest("    command: [sh, -c, exec kube-apiserver --profiling=false $ARGS]\n");
    assert_eq!(status(&report, "profiling"), "unknown");
    assert_eq!(status(&report, "anonymous-auth"), "unknown");
    assert_eq!(status(&report, "server-starts"), "unknown");
}

#[test]
fn what_a_template_fills_in_is_not_known() {
    for filled_in in ["{{ ca }}", "${ca}", "%{ if x }/a%{ endif }"] {
        let (report, _) = check_manifest(&format!(
            "    command: [kube-apiserver, '--etcd-cafile={filled_in}', --profiling=false]\n"
        ));
        assert_eq!(status(&report, "etcd-cafile"), "unknown", "{filled_in}");
        assert_eq!(status(&report, "profiling"), "pass");
    }
    // A shell's own variable is no template.
    let script = "    command: [sh, -c, 'P=false; exec kube-apiserver --profiling=${P}']\n";
    assert_eq!(status(&check_manifest(script).0, "profiling"), "pass");
}

#[test]
fn credentials_are_never_printed() {
    let secret = "hunter2";
    let args = [
        "--etcd-servers=https://root:hunter2@etcd:2379",
        "--no-such-flag=hunter2",
        "--no-such-password",
        "hunter2",
    ];
    for format in ["json", "text"] {
        for command in ["check", "flags"] {
            let words = [command, "--format", format, "--", "kube-apiserver"];
            let outcome = plimsoll(words.iter().chain(&args));
            assert!(!outcome.stdout.contains(secret), "{}", outcome.stdout);
            assert!(!outcome.stderr.contains(secret), "{}", outcome.stderr);
        }
    }
}

#[test]
fn where_the_minor_matters_and_is_not_known_a_person_is_asked() {
    let words =
        ["check", "--format", "json", "--benchmark", "apiserver-2020", "--", "kube-apiserver"];
    let outcome = plimsoll(words);
    let report = outcome.json();
    assert_eq!(report["targets"][0]["kubernetes_version"]["from"], "assumed");
    assert_eq!(report["targets"][0]["kubernetes_version"]["minor"], "1.36");
    let port = result(&report, "insecure-port");
    assert_eq!(port["status"], "unknown");
    let message = port["message"].as_str().expect("text");
    assert!(message.contains("fail in 1.5 to 1.19"), "{message}");
    assert_eq!(status(&report, "anonymous-auth"), "fail");
}

#[test]
fn the_checklist_of_2020_is_complete_on_old_and_new_servers() {
    for (minor, insecure_port) in [("1.16", "fail"), ("1.22", "pass"), ("1.36", "not-applicable")] {
        let outcome = plimsoll([
            "check",
            "--format",
            "json",
            "--benchmark",
            "apiserver-2020",
            "--kubernetes-version",
            minor,
            "--",
            "kube-apiserver",
            "--etcd-servers=https://e:2379",
        ]);
        let report = outcome.json();
        let results = report["targets"][0]["results"].as_array().expect("results");
        assert_eq!(results.len(), 39, "38 checks and the command line itself");
        assert_eq!(status(&report, "insecure-port"), insecure_port, "{minor}");
    }
}

#[test]
fn a_removed_flag_that_is_given_makes_its_rule_an_error() {
    let outcome = plimsoll([
        "check",
        "--format",
        "json",
        "--benchmark",
        "apiserver-2020",
        "--kubernetes-version",
        "1.36",
        "--",
        "kube-apiserver",
        "--insecure-port=0",
    ]);
    assert_eq!(status(&outcome.json(), "insecure-port"), "error");
    assert_eq!(outcome.status, 2);
}

#[test]
fn a_manifest_judged_by_a_later_minor_tells_what_changes() {
    let text = manifest(
        "registry.k8s.io/kube-apiserver:v1.31.0",
        "    command: [kube-apiserver, --cloud-provider=external, --audit-log-path=/a]\n",
    );
    let words = ["check", "--format", "json", "--kubernetes-version", "1.36", "-"];
    let report = plimsoll_reading(words, text.as_bytes()).json();
    let said = report["targets"][0]["diagnostics"].as_array().expect("diagnostics");
    let messages = |code: &str| -> Vec<&str> {
        let coded = said.iter().filter(|d| d["code"] == code);
        coded.map(|d| d["message"].as_str().expect("text")).collect()
    };
    assert_eq!(messages("removed-flag").len(), 1);
    let changed = messages("changed-default");
    assert!(changed.contains(&"--audit-log-maxage is 0 in 1.31 and 366 in 1.36"), "{changed:?}");
    assert!(changed.contains(&"JobValidation is not there in 1.31 and on in 1.36"), "{changed:?}");
}

/// A folder for `/` with these files.
fn root_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    root
}

#[test]
fn the_kubelets_own_files_decide_what_its_flags_do_not() {
    let header = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    let base = format!(
        "{header}# anonymous-auth: true\nauthentication:\n  anonymous:\n    enabled: false\nreadOnlyPort: 10255\n"
    );
    let drop_in = format!("{header}readOnlyPort: 0\nauthorization: {{mode: AlwaysAllow}}\n");
    let root = root_with(&[
        ("etc/kubernetes/kubelet.yaml", &base),
        ("etc/kubernetes/kubelet.d/10-port.conf", &drop_in),
        ("etc/kubernetes/broken.yaml", "kind: KubeletConfiguration\n"),
    ]);
    let folder = root.path().display().to_string();
    let check = |args: &[&str]| {
        let options = ["check", "--format=json", "--kubernetes-version=1.34", "--root", &folder];
        let words = options.iter().chain(&["--", "kubelet"]).chain(args);
        plimsoll(words.copied()).json()
    };
    let args = [
        "--config=/etc/kubernetes/kubelet.yaml",
        "--config-dir=/etc/kubernetes/kubelet.d",
        "--rotate-certificates",
    ];
    let report = check(&args);
    for (rule, expected) in [
        ("kubelet-anonymous-auth", "pass"),
        ("kubelet-read-only-port", "pass"),
        ("kubelet-authz-mode", "fail"),
        ("kubelet-rotate-certificates", "pass"),
        ("kubelet-seccomp-default", "fail"),
        ("kubelet-starts", "pass"),
    ] {
        assert_eq!(status(&report, rule), expected, "{rule}");
    }
    let evidence = &result(&report, "kubelet-anonymous-auth")["evidence"][0];
    let path = root.path().join("etc/kubernetes/kubelet.yaml").display().to_string();
    assert_eq!(evidence["origin"], "file");
    assert_eq!(evidence["location"]["path"], path.as_str());
    assert_eq!(
        (&evidence["location"]["line"], &evidence["location"]["column"]),
        (&6.into(), &14.into())
    );
    for (file, starts) in [("broken", "fail"), ("missing", "fail")] {
        let report = check(&[&format!("--config=/etc/kubernetes/{file}.yaml")]);
        assert_eq!(status(&report, "kubelet-anonymous-auth"), "error", "{file}");
        assert_eq!(status(&report, "kubelet-hostname-override"), "pass", "{file}");
        assert_eq!(status(&report, "kubelet-starts"), starts, "{file}");
    }
}

#[test]
fn each_minor_that_may_be_meant_reads_the_file_itself() {
    let file = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nenableProfiling: false\n";
    let root = root_with(&[("etc/s.yaml", file)]);
    let folder = root.path().display().to_string();
    let words = ["check", "--format=json", "--benchmark=cis-1.12", "--root", &folder, "--"];
    let words = words.into_iter().chain(["kube-scheduler", "--config=/etc/s.yaml"]);
    assert_eq!(status(&plimsoll(words).json(), "scheduler-profiling"), "pass");
    let words = ["flags", "--format=json", "--root", &folder, "--"];
    let words = words.into_iter().chain(["kube-scheduler", "--config=/etc/s.yaml", "--profiling"]);
    let report = plimsoll(words).json();
    let flags = report["targets"][0]["flags"].as_array().expect("flags");
    let profiling = flags.iter().find(|flag| flag["name"] == "profiling").expect("profiling");
    assert_eq!((&profiling["value"], &profiling["origin"]), (&"false".into(), &"file".into()));
}

#[test]
fn the_environment_can_weaken_a_server() {
    let base =
        manifest("registry.k8s.io/kube-apiserver:v1.34.0", "    command: [kube-apiserver]\n");
    for (more, status) in [
        ("", "pass"),
        ("    env: [{name: GODEBUG, value: \"tlsrsakex=1\"}]\n", "fail"),
        ("    env: [{name: GODEBUG, value: http2debug=1}]\n", "pass"),
        (
            "    env: [{name: GODEBUG, valueFrom: {configMapKeyRef: {name: a, key: b}}}]\n",
            "unknown",
        ),
        ("    envFrom: [{configMapRef: {name: a}}]\n", "unknown"),
    ] {
        let words =
            ["check", "--format=json", "--benchmark=hardening", "--only=godebug-apiserver", "-"];
        let outcome = plimsoll_reading(words, format!("{base}{more}").as_bytes());
        assert_eq!(outcome.json()["targets"][0]["results"][0]["status"], status, "{more}");
    }
    // A command line given directly says nothing of the environment.
    let words =
        ["check", "--benchmark=hardening", "--only=godebug-apiserver", "--", "kube-apiserver"];
    assert!(plimsoll(words).stdout.contains("the environment is not part of this input"));
}

#[test]
fn a_verdict_on_a_flag_that_no_source_lists_says_so() {
    let check = |minor: &str, args: &[&str]| {
        let version = format!("--kubernetes-version={minor}");
        let words = ["check", "--format=json", "--benchmark=cis-1.6", &version, "--", "kubelet"];
        plimsoll(words.iter().chain(args)).json()
    };
    let message = |report: &serde_json::Value| {
        result(report, "kubelet-read-only-port")["message"].as_str().expect("text").to_owned()
    };
    let notes = |report: &serde_json::Value| -> Vec<String> {
        let all = report["targets"][0]["diagnostics"].as_array().expect("diagnostics").clone();
        let concluded = all.into_iter().filter(|d| d["code"] == "concluded");
        concluded.map(|d| d["message"].as_str().expect("text").to_owned()).collect()
    };
    let doubt = "; that 1.11 has the flag is concluded";
    let args = ["--read-only-port=0", "--anonymous-auth=false"];
    let report = check("1.11", &args);
    assert_eq!(message(&report), format!("--read-only-port=0{doubt}"));
    let unread =
        "the flags of kubelet 1.11 are those of the minors around it: no source lists them";
    assert_eq!(notes(&report), [unread]);
    // So does one on its default.
    assert!(message(&check("1.11", &[])).ends_with(doubt));
    // Everywhere else nothing is said but of the flag in question.
    let report = check("1.12", &args);
    assert_eq!((message(&report).as_str(), notes(&report)), ("--read-only-port=0", vec![]));
    assert_eq!(
        notes(&check("1.10", &["--logtostderr", "--v=2", "--vmodule=a=1"])),
        [
            "that kubelet 1.10 has --logtostderr, --v and --vmodule is concluded from the minors around it"
        ]
    );
    assert_eq!(notes(&check("1.22", &args)).len(), 1);
    assert_eq!(message(&check("1.22", &args)), "--read-only-port=0");
}

#[test]
fn a_tag_beside_a_digest_is_only_a_claim_and_that_is_said() {
    let warned = |image: &str| {
        let text = manifest(image, "    command: [kube-apiserver, --profiling=false]\n");
        let report = plimsoll_reading(["check", "--format", "json", "-"], text.as_bytes()).json();
        let target = report["targets"][0].clone();
        let diagnostics = target["diagnostics"].as_array().expect("a list").clone();
        let warned = diagnostics.iter().any(|it| it["code"] == "tag-beside-digest");
        (target["kubernetes_version"]["from"].clone(), warned)
    };
    let image = "registry.k8s.io/kube-apiserver:v1.10.0";
    assert_eq!(warned(image), ("image".into(), false));
    assert_eq!(warned(&format!("{image}@sha256:abc")), ("tag-beside-digest".into(), true));
}

/// The argument behind the base that the evidence of a result points at.
fn argument(rule: &str, args: &[&str]) -> Option<u64> {
    let (report, _) = check(args);
    let location = &result(&report, rule)["evidence"][0]["location"];
    location["argument"].as_u64().map(|argument| argument - BASE.len() as u64)
}

#[test]
fn an_item_of_a_list_is_placed_at_its_own_argument_however_alike_another_is() {
    let plugins = ["--enable-admission-plugins=NodeRestriction", "--enable-admission-plugins=X"];
    assert_eq!(argument("node-restriction", &plugins), Some(1));
    let modes = ["--authorization-mode=AlwaysAllow", "--authorization-mode=Node,RBAC"];
    assert_eq!(argument("authz-not-always-allow", &modes), Some(1));
    assert_eq!(argument("authz-rbac", &modes), Some(2));
    let suites = [
        "--tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA",
        "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    ];
    assert_eq!(argument("tls-cipher-suites", &suites), Some(1));
}

#[test]
fn two_flags_in_one_argument_are_told() {
    let told = |argument: &str| -> Option<String> {
        let (report, _) = check(&[argument]);
        let said = report["targets"][0]["diagnostics"].as_array().expect("diagnostics").clone();
        let said = said.into_iter().find(|it| it["code"] == "two-flags")?;
        Some(said["message"].as_str().expect("a message").to_owned())
    };
    assert_eq!(
        told("--tls-private-key-file=/k --token-auth-file=/t").as_deref(),
        Some(
            "--tls-private-key-file holds --token-auth-file as well, which the server takes for part \
             of the value: write each as an argument of its own"
        )
    );
    for one in ["--service-account-issuer=https://a b", "--tls-private-key-file=/k -- --no-flag=1"]
    {
        assert_eq!(told(one), None);
    }
}
