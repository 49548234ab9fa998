//! Each item of a list or a map is placed at the argument that gave it, however alike the items are.

use super::servers::read;
use crate::command_line::Location;
use crate::component::Component::{KubeApiserver, Kubelet};
use crate::flags::admission::plugin;
use crate::flags::feature_gates::gate;
use crate::flags::{Flags, Setting};

/// The argument of a setting; the first behind the program is 1.
fn argument(setting: Option<&Setting>) -> Option<usize> {
    place(&setting?.location)
}

fn place(location: &Location) -> Option<usize> {
    match location {
        Location::Argv { argument } => Some(*argument),
        _ => None,
    }
}

fn gate_argument(flags: &Flags, name: &str) -> Option<usize> {
    argument(gate(flags, name).ok()?.by.setting())
}

#[test]
fn a_gate_is_placed_where_it_is_set_and_not_where_its_name_begins_another() {
    let args = ["--feature-gates=AppArmor=true", "--feature-gates=AppArmorFields=true"];
    // As a map, and from 1.31 on as a list of components.
    for minor in ["1.30", "1.31"] {
        for (args, expected) in [(args, [1, 2]), ([args[1], args[0]], [2, 1])] {
            let flags = read(KubeApiserver, minor, &args);
            let found = ["AppArmor", "AppArmorFields"].map(|name| gate_argument(&flags, name));
            assert_eq!(found, expected.map(Some), "{minor} {args:?}");
        }
    }
}

#[test]
fn the_last_of_several_settings_of_a_gate_decides() {
    let args = [
        "--feature-gates=APIServerIdentity=true",
        "--feature-gates=APIServerIdentity=false",
        "--feature-gates=APIServerIdentity=true,AllAlpha=true",
        "--feature-gates=WatchList=true",
    ];
    for minor in ["1.30", "1.34"] {
        let flags = read(KubeApiserver, minor, &args);
        assert_eq!(gate_argument(&flags, "APIServerIdentity"), Some(3), "{minor}");
        assert_eq!(gate_argument(&flags, "WatchList"), Some(4), "{minor}");
        // By the gate of its stage.
        assert_eq!(gate_argument(&flags, "APIServingWithRoutine"), Some(3), "{minor}");
    }
}

#[test]
fn an_admission_plugin_is_placed_at_its_own_argument() {
    let flags = read(
        KubeApiserver,
        "1.34",
        &[
            "--enable-admission-plugins=PodSecurity",
            "--enable-admission-plugins=PodTolerationRestriction,NodeRestriction",
            "--disable-admission-plugins=Priority",
            "--disable-admission-plugins=ResourceQuota",
        ],
    );
    for (name, expected) in
        [("PodSecurity", 1), ("NodeRestriction", 2), ("Priority", 3), ("ResourceQuota", 4)]
    {
        let fact = plugin(&flags, name);
        let setting = fact.ok().and_then(|fact| fact.by.setting());
        assert_eq!(argument(setting), Some(expected), "{name}");
    }
}

#[test]
fn every_item_of_a_list_or_a_map_remembers_its_argument() {
    for (flag, items) in [
        ("authorization-mode", ["Node", "RBAC"]),
        ("tls-cipher-suites", ["TLS_RSA_WITH_AES_256", "TLS_RSA_WITH_AES_256_GCM_SHA384"]),
        ("service-account-key-file", ["/pki/sa.pub", "/pki/sa.pub.old"]),
        ("runtime-config", ["api/all", "api/alpha"]),
        ("tls-sni-cert-key", ["/a,/b", "/a,/bc"]),
    ] {
        let args: Vec<String> = items.iter().map(|item| format!("--{flag}={item}")).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let flags = read(KubeApiserver, "1.34", &args);
        let found = items.map(|item| argument(flags.giving(flag, item)));
        assert_eq!(found, [Some(1), Some(2)], "{flag}");
    }
}

#[test]
fn the_last_argument_that_gives_a_name_decides_it() {
    let args = ["--node-labels=a.b/c=1", "--node-labels=a.b/c=2,d=3", "--node-labels=e=4"];
    let flags = read(Kubelet, "1.34", &args);
    let found = ["a.b/c", "d", "e"].map(|name| argument(flags.giving("node-labels", name)));
    assert_eq!(found, [Some(2), Some(2), Some(3)]);
}

#[test]
fn what_is_refused_in_a_list_is_refused_at_its_own_argument() {
    for (code, args) in [
        ("unknown-gate", ["--feature-gates=AppArmr=true", "--feature-gates=WatchList=true"]),
        (
            "unknown-plugin",
            ["--enable-admission-plugins=NodeRestrictio", "--enable-admission-plugins=Priority"],
        ),
        (
            "unknown-cipher",
            ["--tls-cipher-suites=TLS_NO", "--tls-cipher-suites=TLS_AES_128_GCM_SHA256"],
        ),
        ("authorization-mode", ["--authorization-mode=RBACK", "--authorization-mode=RBAC"]),
        ("missing-flag", ["--authorization-mode=Webhook", "--authorization-mode=RBAC"]),
        ("unknown-api", ["--runtime-config=apps/v9=true", "--runtime-config=api/beta=true"]),
        ("bad-value", ["--cors-allowed-origins=*", "--cors-allowed-origins=^a$"]),
        ("bad-value", ["--etcd-servers-overrides=x", "--etcd-servers-overrides=a/b#http://c"]),
    ] {
        let flags = read(KubeApiserver, "1.34", &args);
        let places: Vec<_> = flags
            .diagnostics
            .iter()
            .filter(|said| said.code.name() == code && said.refuses())
            .filter_map(|said| place(said.location.as_ref()?))
            .collect();
        assert!(places.contains(&1) && !places.contains(&2), "{code} {args:?}: {places:?}");
    }
}
