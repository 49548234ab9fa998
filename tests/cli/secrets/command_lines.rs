//! Secrets in the command lines and environments of servers.

use std::fmt::Write as _;

use plimsoll::component::Component;
use plimsoll::flags::catalog::{Catalog, FlagSpec};

use super::Places;

/// Values of flags that hold a credential, whatever the flag takes.
const VALUES: [&str; 14] = [
    "https://u:{S}@h:1",
    "https://u:pa/{S}@h:1",
    "https://u:pa?{S}@h:1/x",
    "https://u:pa#{S}@h:1",
    "https://u:pa,{S}@h:1,https://u:{S}@h2:1",
    "https://u:p;{S}@h:1;https://h2:1",
    "https://u:p {S}@h:1",
    "https://u:p\"{S}@h:1",
    "u:{S}@h:2379",
    "u:p,{S}@h:2379",
    "https:/u:{S}@h:1",
    "https://h:1/x?token={S}&sig={S}",
    "https://h:1?token=a,{S}",
    "a=https://u:{S}@h:1,b=https://h:2",
];

/// Words that are no value of a flag, or of none that the release has.
const WORDS: [&[&str]; 8] = [
    &["{S}"],
    &["--allow-privileged", "{S}"],
    &["-p", "{S}"],
    &["-p{S}"],
    &["--tokn={S}"],
    &["--tokn", "{S}"],
    &["--", "{S}"],
    &["https://u:{S}@h"],
];

pub(super) fn add(places: &mut Places<'_>) {
    for component in Component::ALL {
        let catalog = Catalog::of(component);
        let newest = catalog.newest().to_string();
        let living: Vec<&FlagSpec> =
            catalog.flags.iter().filter(|it| it.life.covers(catalog.newest_release())).collect();
        for (at, value) in VALUES.iter().enumerate() {
            let given = living.iter().filter(|it| !it.credential);
            let args = given.map(|it| format!("--{}={value}", it.name)).collect();
            pod(places, component, &at.to_string(), &newest, args, "");
        }
        let words: Vec<String> =
            WORDS.iter().flat_map(|words| words.iter().map(ToString::to_string)).collect();
        pod(places, component, "words", &newest, words.clone(), "");
        pod(places, component, "old-words", &catalog.oldest().to_string(), words, "");
        credentials(places, component);
    }
    environments(places);
}

/// Every flag that is a credential, in the first release that has it and in the newest.
fn credentials(places: &mut Places<'_>, component: Component) {
    let catalog = Catalog::of(component);
    let secret = catalog.flags.iter().filter(|flag| flag.credential);
    for flag in secret {
        let last = flag.life.last().unwrap_or_else(|| catalog.newest_release());
        for release in [flag.life.first(), last] {
            let minor = release.minor().to_string();
            let values = ["{S}", "Authorization:Bearer {S}", "a:{S},{S}", "no=pair,{S}"];
            let args = values.iter().map(|value| format!("--{}={value}", flag.name)).collect();
            pod(places, component, &format!("{}-{minor}", flag.name), &minor, args, "");
        }
    }
}

/// Variables that set flags, that arguments are filled in from, and that no server reads.
fn environments(places: &mut Places<'_>) {
    for (at, value) in VALUES.iter().enumerate() {
        let mut variables = String::from("    env:\n");
        for name in [
            "ETCD_LISTEN_CLIENT_URLS",
            "ETCD_ADVERTISE_CLIENT_URLS",
            "ETCD_INITIAL_CLUSTER",
            "ETCD_DISCOVERY_PROXY",
            "HTTPS_PROXY",
            "URL",
        ] {
            let value = serde_json::Value::from(*value);
            let _ = writeln!(variables, "    - {{name: {name}, value: {value}}}");
        }
        for name in ["ETCD_DISCOVERY_PASSWORD", "ETCD_INITIAL_CLUSTER_TOKEN", "AWS_SECRET_KEY"] {
            let _ = writeln!(variables, "    - {{name: {name}, value: \"{{S}}\"}}");
        }
        let args = vec!["--listen-peer-urls=$(URL)".to_owned(), "$(AWS_SECRET_KEY)".to_owned()];
        pod(places, Component::Etcd, &format!("env-{at}"), "3.6", args, &variables);
    }
}

fn pod(
    places: &mut Places<'_>,
    component: Component,
    name: &str,
    version: &str,
    args: Vec<String>,
    more: &str,
) {
    let program = component.name();
    let mut text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {program}\nspec:\n  containers:\n  \
         - name: {program}\n    image: registry.k8s.io/{program}:v{version}.0\n{more}    \
         command:\n    - {program}\n"
    );
    for arg in args {
        let _ = writeln!(text, "    - {}", serde_json::Value::from(arg));
    }
    places.file(&format!("inputs/{program}-{name}.yaml"), &text);
}
