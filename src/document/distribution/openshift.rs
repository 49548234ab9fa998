//! OpenShift: the API server's configuration, the ConfigMap that carries it, the operator's object, and
//! the master of Origin 3.
//!
//! OpenShift's own API server sets more than its configuration says, differently in each release: what is
//! not declared is not known. Sources: openshift/kubernetes
//! `openshift-kube-apiserver/openshiftkubeapiserver/flags.go`; apiserver-library-go
//! `pkg/configflags/{audit,helpers}.go`; origin `pkg/cmd/server/apis/config/v1/types.go`.

use super::added::{Added, Distribution, add};
use super::declared::Declared;
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::version::Minor;
use crate::yaml::{self, Node, Value};

const BY: &str = "OpenShift";

/// Why a flag that is not declared is not known.
const OWN: &str = "OpenShift's own server may set it";
const OPERATOR: &str = "the operator's other configuration may set it";

/// OpenShift, by the part of its configuration that the rows are about.
struct Openshift;

impl Distribution for Openshift {
    type Basis<'a> = Node<'a>;

    fn name(_: &Node<'_>) -> &'static str {
        BY
    }

    fn release(_: &Node<'_>) -> Option<Minor> {
        None
    }

    fn folder(_: &Node<'_>) -> Option<String> {
        None
    }
}

type Row = Added<Openshift>;

/// With an audit log.
const AUDIT: &[Row] = &[
    Row::text("audit-log-maxbackup", "0"),
    Row::text("audit-log-maxsize", "0"),
    Row::text("audit-log-maxage", "0"),
    Row::text("audit-log-path", "-"),
    // The policy may stand in the configuration itself.
    Row::filled_in("audit-policy-file").when(|audit| audit.get("policyConfiguration").is_some()),
];

/// Made of `admission.pluginConfig`, in a file of its own.
const ADMISSION: &[Row] = &[Row::filled_in("admission-control-config-file")];

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let (kind, api) = (text("kind"), text("apiVersion"));
    let lines = match kind {
        "KubeAPIServerConfig" if is_ours(api) => vec![api_server(root, carrier, OWN, kind)],
        "KubeControllerManagerConfig" if is_ours(api) => manager(root, carrier, kind),
        "KubeAPIServer" if api.starts_with("operator.openshift.io/") => operator(root, carrier),
        "MasterConfig" if root.get("kubernetesMasterConfig").is_some() => master(root, carrier),
        "ConfigMap" => return config_map(root, carrier, document),
        _ => Vec::new(),
    };
    let found = |line| {
        let line = CommandLine { of_openshift: true, ..line };
        Found { document, format: Format::Openshift, line, diagnostics: Vec::new() }
    };
    lines.into_iter().map(found).collect()
}

fn is_ours(api: &str) -> bool {
    api.starts_with("kubecontrolplane.config.openshift.io/")
}

/// The rendered configuration of a running cluster: a text, JSON mostly, under one of these keys.
fn config_map(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let texts = ["config.yaml", "config.json"].into_iter();
    let texts = texts.filter_map(|key| root.at(&["data", key]).and_then(|it| carrier.inner(it)));
    let mut found = Vec::new();
    for inner in texts {
        for it in yaml::parse(inner.text).into_iter().flatten() {
            let kind = it.root.get("kind").and_then(Node::as_str);
            if kind != Some("ConfigMap") {
                found.extend(read(&it.root, &inner, document));
            }
        }
    }
    found
}

/// The operator's view: what it observed, and what was forced upon it.
fn operator(root: &Node, carrier: &Carrier<'_>) -> Vec<CommandLine> {
    let configs = ["observedConfig", "unsupportedConfigOverrides"].into_iter();
    let configs = configs.filter_map(|key| Some((key, root.at(&["spec", key])?)));
    let configs = configs.filter(|(_, node)| matches!(node.value, Value::Mapping(_)));
    configs
        .map(|(key, node)| api_server(node, carrier, OPERATOR, &format!("KubeAPIServer, {key}")))
        .collect()
}

/// A map of names and lists of values.
fn arguments(declared: &mut Declared<'_>, args: Option<&Node>) {
    let Some(Value::Mapping(entries)) = args.map(|args| &args.value) else { return };
    for (key, values) in entries {
        let Some(name) = key.as_str() else { continue };
        match values.items() {
            Some(items) => items.iter().for_each(|item| argument(declared, name, item)),
            None => declared.flag(name, values, Some(BY)),
        }
    }
}

/// One value. OpenShift's server has gates and authorizers that no other one has.
fn argument(declared: &mut Declared<'_>, name: &str, item: &Node) {
    let text = item.as_str().unwrap_or_default();
    match name {
        "feature-gates" => declared.unresolved(name, item, "OpenShift has gates of its own"),
        "authorization-mode" if matches!(text, "Scope" | "SystemMasters") => {
            declared.unresolved(name, item, "it is an authorizer of OpenShift's own");
        }
        _ => declared.flag(name, item, Some(BY)),
    }
}

fn api_server(root: &Node, carrier: &Carrier<'_>, open: &str, name: &str) -> CommandLine {
    let args = root.get("apiServerArguments");
    let mut declared = Declared::new(carrier, Component::KubeApiserver, args.unwrap_or(root));
    declared.open(open);
    arguments(&mut declared, args);
    audit(&mut declared, root.get("auditConfig"));
    serving(&mut declared, root.get("servingInfo"));
    for (flag, field) in [
        ("cors-allowed-origins", "corsAllowedOrigins"),
        ("service-account-key-file", "serviceAccountPublicKeyFiles"),
        ("service-cluster-ip-range", "servicesSubnet"),
    ] {
        unless_set(&mut declared, flag, root.get(field));
    }
    if open == OWN {
        add(&mut declared, ADMISSION, root);
    }
    declared.finish(name.to_owned())
}

/// A field that becomes a flag, one for each value of a list, where the arguments do not name it.
fn unless_set(declared: &mut Declared<'_>, flag: &str, field: Option<&Node>) {
    let Some(field) = field.filter(|_| !declared.has(flag)) else { return };
    match field.items() {
        Some(items) => items.iter().for_each(|item| declared.flag(flag, item, Some(BY))),
        None if field.as_str().is_some_and(|text| !text.is_empty()) => {
            declared.flag(flag, field, Some(BY));
        }
        None => {}
    }
}

fn audit(declared: &mut Declared<'_>, config: Option<&Node>) {
    let text = |key: &str| config.and_then(|config| config.get(key)).and_then(Node::as_str);
    let Some(config) = config.filter(|_| text("enabled") == Some("true")) else { return };
    for (flag, field) in [
        ("audit-log-maxbackup", "maximumRetainedFiles"),
        ("audit-log-maxsize", "maximumFileSizeMegabytes"),
        ("audit-log-maxage", "maximumFileRetentionDays"),
        ("audit-log-path", "auditFilePath"),
        ("audit-policy-file", "policyFile"),
    ] {
        let value = text(field).filter(|value| !value.is_empty() && !declared.has(flag));
        if let (Some(value), Some(node)) = (value, config.get(field)) {
            declared.value(flag, value, node);
        }
    }
    add(declared, AUDIT, config);
}

fn serving(declared: &mut Declared<'_>, info: Option<&Node>) {
    let Some(info) = info else { return };
    if let Some(node) = info.get("bindAddress")
        && let Some((host, port)) = node.as_str().and_then(|text| text.rsplit_once(':'))
    {
        for (flag, value) in
            [("bind-address", host.trim_matches(['[', ']'])), ("secure-port", port)]
        {
            if !declared.has(flag) {
                declared.value(flag, value, node);
            }
        }
    }
    unless_set(declared, "tls-cipher-suites", info.get("cipherSuites"));
    unless_set(declared, "tls-min-version", info.get("minTLSVersion"));
    let certificates = info.get("namedCertificates").and_then(Node::items).unwrap_or_default();
    if declared.has("tls-sni-cert-key") {
        return;
    }
    for certificate in certificates {
        let text = |key: &str| certificate.get(key).and_then(Node::as_str).unwrap_or_default();
        let names = certificate.get("names").and_then(Node::items).unwrap_or_default();
        let names: Vec<&str> = names.iter().filter_map(Node::as_str).collect();
        let names = if names.is_empty() { String::new() } else { format!(":{}", names.join(",")) };
        let value = format!("{},{}{names}", text("certFile"), text("keyFile"));
        declared.value("tls-sni-cert-key", value, certificate);
    }
}

fn manager(root: &Node, carrier: &Carrier<'_>, name: &str) -> Vec<CommandLine> {
    let Some(args) = root.get("extendedArguments") else { return Vec::new() };
    let mut declared = Declared::new(carrier, Component::KubeControllerManager, args);
    declared.open(OWN);
    arguments(&mut declared, Some(args));
    vec![declared.finish(name.to_owned())]
}

/// `/etc/origin/master/master-config.yaml`: one process with all three.
fn master(root: &Node, carrier: &Carrier<'_>) -> Vec<CommandLine> {
    let Some(config) = root.get("kubernetesMasterConfig") else { return Vec::new() };
    let components = [
        ("apiServerArguments", Component::KubeApiserver),
        ("controllerArguments", Component::KubeControllerManager),
        ("schedulerArguments", Component::KubeScheduler),
    ];
    let line = |(field, component): (&str, Component)| {
        let args = config.get(field);
        let mut declared = Declared::new(carrier, component, args.unwrap_or(config));
        declared.open("OpenShift's master sets more by itself");
        arguments(&mut declared, args);
        if component == Component::KubeApiserver {
            audit(&mut declared, root.get("auditConfig"));
        }
        declared.finish("MasterConfig".to_owned())
    };
    components.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use crate::component::Component;
    use crate::document::distribution::samples::{args, effective, found, of};

    macro_rules! fixture {
        ($name:literal) => {
            include_str!(concat!("../../../fixtures/documents/openshift/", $name))
        };
    }

    #[test]
    fn fields_become_flags_where_the_arguments_do_not_name_them() {
        let text = fixture!("config.yaml");
        let found = found(text);
        let server = of(&found, Component::KubeApiserver);
        assert_eq!(
            args(
                text,
                server,
                &["event-ttl", "audit-log-maxage", "secure-port", "tls-sni-cert-key"]
            ),
            [
                ("--event-ttl=3h".into(), "3h", 4, None),
                ("--audit-log-maxage=7".into(), "\"7\"", 5, None),
                ("--secure-port=6443".into(), "0.0.0.0:6443", 13, None),
                (
                    "--tls-sni-cert-key=/a.crt,/a.key:x.example".into(),
                    "{certFile: /a.crt, keyFile: /a.key, names: [x.example]}",
                    17,
                    None
                ),
            ]
        );
        for (flag, expected) in [
            ("audit-log-path", "/var/log/audit.log"),
            ("audit-log-maxbackup", "0"),
            ("bind-address", "0.0.0.0"),
            // HTTP/2 would need one more, and VersionTLS13 none.
            ("tls-cipher-suites", "broken"),
            ("tls-min-version", "VersionTLS12"),
            ("anonymous-auth", "not known"),
            ("profiling", "not known"),
            ("max-requests-inflight", "broken"),
        ] {
            assert_eq!(effective(server, "1.33", flag), expected, "{flag}");
        }
    }

    #[test]
    fn the_rendered_configuration_is_one_line_in_a_config_map() {
        let text = fixture!("configmap.yaml");
        let found = found(text);
        let server = of(&found, Component::KubeApiserver);
        assert_eq!(effective(server, "1.33", "anonymous-auth"), "true");
        assert_eq!(args(text, server, &["anonymous-auth"])[0].2, 6);
    }

    #[test]
    fn the_operator_and_the_old_master_say_a_part() {
        let operator = found(fixture!("operator.yaml"));
        assert_eq!(operator.len(), 2);
        assert_eq!(effective(&operator[0], "1.33", "feature-gates"), "not known");
        let plugins = effective(&operator[0], "1.33", "enable-admission-plugins");
        assert_eq!(plugins, "NodeRestriction,quota.openshift.io/ClusterResourceQuota");
        assert_eq!(effective(&operator[1], "1.33", "v"), "4");
        let master = found(fixture!("master-config.yaml"));
        let server = of(&master, Component::KubeApiserver);
        assert_eq!(effective(server, "1.11", "request-timeout"), "1m0s");
        assert_eq!(effective(server, "1.11", "anonymous-auth"), "not known");
        let manager = of(&master, Component::KubeControllerManager);
        assert_eq!(effective(manager, "1.11", "terminated-pod-gc-threshold"), "10");
        assert!(
            found("apiVersion: v1\nkind: ConfigMap\ndata: {config.yaml: 'kube: x'}\n").is_empty()
        );
    }
}
