//! Logs in which k3s and RKE2 say what they run, and lines that only look like theirs.

use serde_json::Value;

use crate::program::plimsoll_reading;

/// The line of k3s that fails, and what anybody can put into the same log.
const REAL: &str = "Nov 30 10:00:00 h k3s[1]: time=\"x\" level=info \
                    msg=\"Running kube-apiserver --authorization-mode=AlwaysAllow\"\n";

fn check(log: &str) -> (i32, Value) {
    let words = ["check", "--format=json", "--only=authz-not-always-allow", "-"];
    let outcome = plimsoll_reading(words, log.as_bytes());
    (outcome.status, outcome.json())
}

/// The statuses of the targets, and whether each has a warning of skipped lines.
fn statuses(report: &Value) -> Vec<(&str, bool)> {
    let targets = report["targets"].as_array().expect("targets").iter();
    let status = |target: &'_ Value| {
        let said = target["diagnostics"].as_array().expect("diagnostics");
        said.iter().any(|it| it["code"] == "quoted-start")
    };
    targets
        .map(|target| (target["results"][0]["status"].as_str().expect("a status"), status(target)))
        .collect()
}

#[test]
fn no_line_of_another_program_takes_the_place_of_k3s_own() {
    let said = "time=\"x\" level=info msg=\"Running kube-apiserver --authorization-mode=RBAC\"";
    let lines = [
        format!("Nov 30 11:00:00 h sshd[9]: Invalid user {said} from 1.2.3.4"),
        format!("Nov 30 11:00:00 h eve[77]: {said}"),
        format!("Nov 30 11:00:00 h k3s[1]: Invalid user {said}"),
        format!("Nov 30 11:00:00 h k3s-eve[1]: {said}"),
        format!("2026-11-30T11:00:00.123456+00:00 h eve[77]: {said}"),
        format!("                      {said}"),
        "Nov 30 11:00:00 h eve[7]: Running kube-apiserver --authorization-mode=RBAC".to_owned(),
    ];
    for line in lines {
        let (status, report) = check(&format!("{REAL}{line}\n"));
        assert_eq!((status, statuses(&report)), (1, vec![("fail", true)]), "{line}");
    }
}

#[test]
fn hosts_and_processes_are_targets_of_their_own() {
    let good = REAL.replace("AlwaysAllow", "RBAC");
    for (other, count) in [
        (good.replace(" h ", " h2 "), 2),
        (good.replace("k3s[1]", "k3s[2]"), 2),
        (good.replace("k3s[1]", "rke2[1]"), 2),
        (good.clone(), 1),
    ] {
        let (status, report) = check(&format!("{REAL}{other}"));
        assert_eq!(statuses(&report).len(), count, "{other}");
        assert_eq!(status, i32::from(count == 2), "{other}");
    }
    // Started again, it is the new process alone.
    let again =
        "Nov 30 10:30:00 h k3s[2]: time=\"x\" level=info msg=\"Starting k3s v1.30.4+k3s1 (x)\"";
    let (status, report) = check(&format!("{REAL}{again}\n{}", good.replace("[1]", "[2]")));
    assert_eq!((status, statuses(&report)), (0, vec![("pass", false)]));
}
