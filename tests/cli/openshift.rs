//! OpenShift's own kube-apiserver, which takes flags from a file.

use std::fs;

use crate::program::{Outcome, run, status};

const CONFIG: &str = "apiVersion: kubecontrolplane.config.openshift.io/v1
kind: KubeAPIServerConfig
apiServerArguments:
  anonymous-auth: ['true']
  audit-log-maxage: ['30']
  audit-log-path: [/a.log]
  enable-admission-plugins: [NodeRestriction, config.openshift.io/ValidateImage]
";

fn check(root: &[&str], flags: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("etc")).expect("made");
    fs::write(folder.path().join("etc/c.yaml"), CONFIG).expect("written");
    let args = ["check", "--format=json", "--kubernetes-version=1.30"];
    let all: Vec<&str> =
        args.iter().chain(root).chain(&["--", "kube-apiserver"]).chain(flags).copied().collect();
    run(&all, None, folder.path())
}

#[test]
fn a_configuration_that_is_not_part_of_the_input_may_set_anything() {
    for flags in [
        &["--openshift-config=/etc/c.yaml", "--profiling=false", "--v=2"][..],
        &["--profiling=false", "--openshift-config", "/etc/c.yaml", "-v=2"],
        &["--profiling=false", "--openshift_config=/etc/c.yaml"],
    ] {
        let report = check(&[], flags).json();
        for rule in ["profiling", "anonymous-auth"] {
            assert_eq!(status(&report, rule), "unknown", "{flags:?}");
        }
        assert!(!report.to_string().contains("is not a flag"), "{flags:?}");
    }
}

#[test]
fn a_configuration_below_the_root_comes_behind_the_flags() {
    let flags =
        ["--openshift-config=/etc/c.yaml", "--anonymous-auth=false", "--audit-log-maxage=7"];
    let report = check(&["--root=."], &flags).json();
    assert_eq!(status(&report, "anonymous-auth"), "fail");
    assert_eq!(status(&report, "audit-log-maxage"), "pass");
    assert_eq!(status(&report, "profiling"), "unknown");
    assert!(!report.to_string().contains("is not an admission plugin"));
}
