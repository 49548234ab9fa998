//! Gardener's Shoots: typed fields, each of which becomes a flag.
//!
//! Source: gardener `pkg/apis/core/v1beta1/types_shoot.go`,
//! `pkg/component/kubernetes/apiserver/deployment.go`.

use super::declared::{Declared, plain, truth};
use crate::command_line::{CommandLine, Mount, MountSource};
use crate::component::Component;
use crate::document::carrier::Carrier;
use crate::document::{Format, Found};
use crate::yaml::{Node, ScalarKind};

const OTHERS: &str = "Gardener sets the other flags";
const MAY_CHANGE: &str = "Gardener adds to it";

/// Fields whose value is the flag's.
const API_SERVER: [(&[&str], &str); 21] = [
    (&["enableAnonymousAuthentication"], "anonymous-auth"),
    (&["apiAudiences"], "api-audiences"),
    (&["eventTTL"], "event-ttl"),
    (&["logging", "verbosity"], "v"),
    (&["requests", "maxNonMutatingInflight"], "max-requests-inflight"),
    (&["requests", "maxMutatingInflight"], "max-mutating-requests-inflight"),
    (&["serviceAccountConfig", "extendTokenExpiration"], "service-account-extend-token-expiration"),
    (&["serviceAccountConfig", "maxTokenExpiration"], "service-account-max-token-expiration"),
    (&["tlsMinVersion"], "tls-min-version"),
    (&["defaultNotReadyTolerationSeconds"], "default-not-ready-toleration-seconds"),
    (&["defaultUnreachableTolerationSeconds"], "default-unreachable-toleration-seconds"),
    (&["featureGates"], "feature-gates"),
    (&["runtimeConfig"], "runtime-config"),
    (&["oidcConfig", "clientID"], "oidc-client-id"),
    (&["oidcConfig", "issuerURL"], "oidc-issuer-url"),
    (&["oidcConfig", "groupsClaim"], "oidc-groups-claim"),
    (&["oidcConfig", "groupsPrefix"], "oidc-groups-prefix"),
    (&["oidcConfig", "requiredClaims"], "oidc-required-claim"),
    (&["oidcConfig", "signingAlgs"], "oidc-signing-algs"),
    (&["oidcConfig", "usernameClaim"], "oidc-username-claim"),
    (&["oidcConfig", "usernamePrefix"], "oidc-username-prefix"),
];

const CONTROLLER_MANAGER: [(&[&str], &str); 4] = [
    (&["featureGates"], "feature-gates"),
    (&["nodeCIDRMaskSize"], "node-cidr-mask-size"),
    (&["nodeMonitorGracePeriod"], "node-monitor-grace-period"),
    (&["horizontalPodAutoscaler", "syncPeriod"], "horizontal-pod-autoscaler-sync-period"),
];

const SCHEDULER: [(&[&str], &str); 1] = [(&["featureGates"], "feature-gates")];

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let text = |path: &[&str]| root.at(path).and_then(Node::as_str);
    let own = text(&["apiVersion"]).is_some_and(|api| api.starts_with("core.gardener.cloud/"));
    if !own || text(&["kind"]) != Some("Shoot") {
        return Vec::new();
    }
    let name = match (text(&["metadata", "namespace"]), text(&["metadata", "name"])) {
        (Some(namespace), Some(name)) => format!("Shoot {namespace}/{name}"),
        (None, Some(name)) => format!("Shoot {name}"),
        _ => "Shoot".to_owned(),
    };
    let kubernetes = root.at(&["spec", "kubernetes"]);
    let version = kubernetes.and_then(|it| it.get("version")).and_then(Node::as_str);
    let version = version.and_then(|text| text.parse().ok());
    let section = |key: &str| kubernetes.and_then(|kubernetes| kubernetes.get(key));
    let finish = |mut declared: Declared<'_>| -> CommandLine {
        declared.open(OTHERS);
        // It runs in a Pod of another cluster.
        let elsewhere = MountSource::Other("a Pod of the seed cluster".to_owned());
        let mounts = vec![Mount { path: "/".to_owned(), source: elsewhere }];
        declared.finish(name.clone()).carried(version, mounts)
    };
    let server = section("kubeAPIServer");
    let place = server.or(kubernetes).unwrap_or(root);
    let mut declared = Declared::new(carrier, Component::KubeApiserver, place);
    if let Some(server) = server {
        typed(&mut declared, server, &API_SERVER);
        api_server(&mut declared, server);
    }
    let mut lines = vec![finish(declared)];
    for (key, component, fields) in [
        ("kubeControllerManager", Component::KubeControllerManager, &CONTROLLER_MANAGER[..]),
        ("kubeScheduler", Component::KubeScheduler, &SCHEDULER[..]),
    ] {
        if let Some(section) = section(key) {
            let mut declared = Declared::new(carrier, component, section);
            typed(&mut declared, section, fields);
            lines.push(finish(declared));
        }
    }
    let found = |line| Found { document, format: Format::Gardener, line, diagnostics: Vec::new() };
    lines.into_iter().map(found).collect()
}

fn typed(declared: &mut Declared<'_>, section: &Node, fields: &[(&[&str], &str)]) {
    for (path, flag) in fields {
        if let Some(value) = section.at(path) {
            declared.typed(flag, value);
        }
    }
}

/// Fields that are more than a value.
fn api_server(declared: &mut Declared<'_>, server: &Node) {
    if let Some(plugins) = server.get("admissionPlugins").filter(|it| it.items().is_some()) {
        let of = |disabled: bool| -> Vec<String> {
            let plugins = plugins.items().unwrap_or_default().iter();
            let own = plugins.filter(|plugin| {
                plugin.get("disabled").and_then(truth).unwrap_or_default() == disabled
            });
            own.filter_map(|plugin| plugin.get("name")).map(plain).collect()
        };
        declared.uncertain("enable-admission-plugins", of(false).join(","), plugins, MAY_CHANGE);
        if !of(true).is_empty() {
            declared.value("disable-admission-plugins", of(true).join(","), plugins);
        }
    }
    // Files whose contents are objects of the garden cluster.
    for (path, flag) in [
        (&["auditConfig", "auditPolicy", "configMapRef", "name"][..], "audit-policy-file"),
        (&["structuredAuthentication", "configMapName"][..], "authentication-config"),
        (&["structuredAuthorization", "configMapName"][..], "authorization-config"),
    ] {
        if let Some(name) = server.at(path) {
            let why = format!("Gardener makes it of the ConfigMap {}", plain(name));
            declared.uncertain(flag, "", name, &why);
        }
    }
    // The first issuer signs; without one the first is Gardener's own.
    let account = server.get("serviceAccountConfig");
    let issuer = account.and_then(|it| it.get("issuer")).filter(|issuer| is_set(issuer));
    let accepted = account.and_then(|account| account.get("acceptedIssuers"));
    for one in issuer.into_iter().chain(accepted.and_then(Node::items).unwrap_or_default()) {
        declared.uncertain("service-account-issuer", plain(one), one, MAY_CHANGE);
    }
}

fn is_set(node: &Node) -> bool {
    node.scalar().is_some_and(|scalar| scalar.kind() != ScalarKind::Null && !scalar.text.is_empty())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::command_line::{Certainty, CommandLine, Location};
    use crate::component::Component;
    use crate::document::{Format, read};

    const SHOOT: &str = include_str!("../../../fixtures/documents/gardener/shoot.yaml");

    fn written(line: &CommandLine) -> Vec<(String, usize, bool)> {
        let args = line.args.iter().map(|arg| {
            let Location::Text { span, .. } = &arg.location else { panic!("no text") };
            (arg.text.clone(), span.start.line(), arg.certainty == Certainty::Known)
        });
        args.collect()
    }

    #[test]
    fn typed_fields_are_flags_and_the_others_are_open() {
        let path: Arc<str> = "shoot.yaml".into();
        let found = read(SHOOT, &path).found;
        assert!(found.iter().all(|found| found.format == Format::Gardener));
        let [api, manager] = &found[..] else { panic!("two lines") };
        assert_eq!(api.line.component, Component::KubeApiserver);
        assert_eq!(api.line.version.map(|version| version.minor.minor), Some(33));
        let arg = |text: &str, line: usize, known: bool| (text.to_owned(), line, known);
        assert_eq!(
            written(&api.line),
            [
                arg("", 10, false),
                arg("--anonymous-auth=false", 10, true),
                arg("--api-audiences=a,b", 11, true),
                arg("--max-requests-inflight=400", 13, true),
                arg("--service-account-max-token-expiration=720h", 19, true),
                arg("--tls-min-version=VersionTLS12", 20, true),
                arg(
                    "--feature-gates=ContextualLogging=true,StructuredAuthenticationConfiguration=false",
                    12,
                    true
                ),
                arg("--enable-admission-plugins=PodNodeSelector", 15, false),
                arg("--disable-admission-plugins=ResourceQuota", 15, true),
                arg("--audit-policy-file=", 21, false),
                arg("--service-account-issuer=https://i.example", 18, false),
            ]
        );
        assert_eq!(written(&manager.line)[1], arg("--node-monitor-grace-period=40s", 23, true));
    }

    #[test]
    fn a_list_of_them_is_read_too() {
        let item = SHOOT.replace('\n', "\n  ");
        let text = format!("apiVersion: v1\nkind: List\nitems:\n- {item}\n");
        let found = read(&text, &"list.yaml".into()).found;
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].line.name.as_deref(), Some("Shoot garden-dev/demo"));
    }
}
