//! AuthorizationConfiguration: the chain of authorizers that `--authorization-config` names.
//!
//! Decoding is strict. Source: apiserver `pkg/apis/apiserver/types.go`,
//! `pkg/apis/apiserver/validation/validation.go` (ValidateAuthorizationConfiguration).

use super::{ApiVersions, Located, Object, Problem, document};
use crate::command_line::Location;
use crate::source::NamedBytes;
use crate::version::Minor;

const KIND: ApiVersions = ApiVersions {
    kind: "AuthorizationConfiguration",
    versions: &[
        ("apiserver.config.k8s.io/v1alpha1", "1.29.."),
        ("apiserver.config.k8s.io/v1beta1", "1.30.."),
        ("apiserver.config.k8s.io/v1", "1.32.."),
    ],
};

/// What the server knows beside webhooks; each may stand once.
const BUILT_IN: [&str; 5] = ["AlwaysAllow", "AlwaysDeny", "ABAC", "RBAC", "Node"];

/// The chain.
#[derive(Debug)]
pub struct AuthorizationConfiguration {
    /// The authorizers in the order in which they are asked.
    pub authorizers: Vec<Authorizer>,
    /// Where they stand.
    pub location: Location,
}

/// One authorizer.
#[derive(Debug)]
pub struct Authorizer {
    /// Its type: a mode's name.
    pub mode: Located<String>,
    /// What a webhook that cannot be asked means.
    pub webhook: Option<Webhook>,
}

/// A webhook that authorizes.
#[derive(Debug)]
pub struct Webhook {
    /// Its name.
    pub name: String,
    /// Whether requests are denied while it cannot be asked.
    pub fails_closed: Located<bool>,
    /// The file that says where it is.
    pub kubeconfig: Option<Located<String>>,
}

impl AuthorizationConfiguration {
    /// Decodes a file as a minor does.
    pub fn read(file: &NamedBytes, minor: Minor) -> Result<Self, Problem> {
        let document = document(file)?;
        let object = document.object(&KIND, minor)?;
        object.only(&["kind", "apiVersion", "authorizers"])?;
        let mut authorizers: Vec<Authorizer> = Vec::new();
        for entry in object.objects("authorizers")? {
            let authorizer = authorizer(&entry)?;
            let twice = |other: &&Authorizer| match (&other.webhook, &authorizer.webhook) {
                (Some(a), Some(b)) => a.name == b.name,
                (None, None) => other.mode.value == authorizer.mode.value,
                _ => false,
            };
            if authorizers.iter().find(twice).is_some() {
                return Err(entry.problem(format!("{} stands twice", authorizer.mode.value)));
            }
            authorizers.push(authorizer);
        }
        if authorizers.is_empty() {
            return Err(object.problem("names no authorizer"));
        }
        Ok(Self { authorizers, location: object.location() })
    }
}

fn authorizer(entry: &Object<'_>) -> Result<Authorizer, Problem> {
    entry.only(&["type", "name", "webhook"])?;
    let mode = entry.text("type")?.ok_or_else(|| entry.problem("an authorizer has no type"))?;
    let name = entry.text("name")?.map(|name| name.value).unwrap_or_default();
    if name.is_empty() {
        return Err(entry.problem("an authorizer has no name"));
    }
    let webhook = match (mode.value.as_str(), entry.object("webhook")?) {
        ("Webhook", Some(object)) => Some(webhook(name, &object)?),
        ("Webhook", None) => return Err(entry.problem("a Webhook has no webhook")),
        (_, Some(object)) => return Err(object.problem("only a Webhook has a webhook")),
        (known, None) if BUILT_IN.contains(&known) => None,
        (other, None) => {
            let message = format!("{other:?} is not an authorizer");
            return Err(Problem { message, location: mode.location });
        }
    };
    Ok(Authorizer { mode, webhook })
}

fn webhook(name: String, object: &Object<'_>) -> Result<Webhook, Problem> {
    object.only(&[
        "authorizedTTL",
        "cacheAuthorizedRequests",
        "unauthorizedTTL",
        "cacheUnauthorizedRequests",
        "timeout",
        "subjectAccessReviewVersion",
        "matchConditionSubjectAccessReviewVersion",
        "failurePolicy",
        "connectionInfo",
        "matchConditions",
    ])?;
    for required in ["timeout", "subjectAccessReviewVersion"] {
        if object.text(required)?.is_none() {
            return Err(object.problem(format!("a webhook has no {required}")));
        }
    }
    let policy = object
        .text("failurePolicy")?
        .ok_or_else(|| object.problem("a webhook has no failurePolicy"))?;
    let closed = match policy.value.as_str() {
        "Deny" => true,
        "NoOpinion" => false,
        other => {
            let message = format!("failurePolicy is NoOpinion or Deny, not {other}");
            return Err(Problem { message, location: policy.location });
        }
    };
    let connection = object
        .object("connectionInfo")?
        .ok_or_else(|| object.problem("a webhook has no connectionInfo"))?;
    connection.only(&["type", "kubeConfigFile"])?;
    let kind = connection.text("type")?;
    if kind.is_none_or(|kind| kind.value != "KubeConfigFile") {
        return Err(connection.problem("the type of connectionInfo is KubeConfigFile here"));
    }
    let fails_closed = Located { value: closed, location: policy.location };
    Ok(Webhook { name, fails_closed, kubeconfig: connection.text("kubeConfigFile")? })
}

#[cfg(test)]
mod tests {
    use super::AuthorizationConfiguration;
    use crate::source::NamedBytes;
    use crate::version::Minor;

    const HEAD: &str =
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n";
    const WEBHOOK: &str = "- type: Webhook
  name: w
  webhook:
    timeout: 3s
    subjectAccessReviewVersion: v1
    failurePolicy: NoOpinion
    connectionInfo: {type: KubeConfigFile, kubeConfigFile: /w.yaml}
";

    fn read(text: &str, minor: u16) -> Result<AuthorizationConfiguration, String> {
        let file = NamedBytes { name: "/a.yaml".into(), bytes: text.as_bytes().to_vec() };
        AuthorizationConfiguration::read(&file, Minor { major: 1, minor })
            .map_err(|problem| format!("{}: {}", problem.location, problem.message))
    }

    #[test]
    fn the_chain_is_read_in_order_with_its_places() {
        let text = format!(
            "{HEAD}- {{type: Node, name: node}}\n{WEBHOOK}- {{type: RBAC, name: rbac}} # AlwaysAllow\n"
        );
        let read = read(&text, 34).expect("valid");
        let modes: Vec<_> = read.authorizers.iter().map(|a| a.mode.value.as_str()).collect();
        assert_eq!(modes, ["Node", "Webhook", "RBAC"]);
        let webhook = read.authorizers[1].webhook.as_ref().expect("one");
        assert!(!webhook.fails_closed.value);
        assert_eq!(webhook.fails_closed.location.to_string(), "/a.yaml:10");
        assert_eq!(webhook.kubeconfig.as_ref().map(|k| k.value.as_str()), Some("/w.yaml"));
        let json = r#"{"kind":"AuthorizationConfiguration","apiVersion":"apiserver.config.k8s.io/v1","authorizers":[{"type":"RBAC","name":"r"}]}"#;
        assert_eq!(self::read(json, 34).expect("valid").authorizers.len(), 1);
    }

    #[test]
    fn what_the_server_refuses_is_refused_at_its_place() {
        for (text, message) in [
            (String::new(), "/a.yaml:1: is empty"),
            (HEAD.to_owned(), "/a.yaml:1: names no authorizer"),
            (
                format!("{HEAD}- {{type: Rbac, name: r}}\n"),
                "/a.yaml:4: \"Rbac\" is not an authorizer",
            ),
            (format!("{HEAD}- {{type: RBAC}}\n"), "has no name"),
            (
                format!("{HEAD}- {{type: RBAC, name: a}}\n- {{type: RBAC, name: b}}\n"),
                "/a.yaml:5: RBAC stands twice",
            ),
            (format!("{HEAD}- {{type: RBAC, name: a, modes: []}}\n"), "unknown field \"modes\""),
            (
                format!("{HEAD}{}", WEBHOOK.replace("NoOpinion", "Allow")),
                "/a.yaml:9: failurePolicy is",
            ),
            (format!("{HEAD}{}", WEBHOOK.replace("    timeout: 3s\n", "")), "has no timeout"),
            (
                format!(
                    "{HEAD}{}",
                    WEBHOOK.replace("type: KubeConfigFile", "type: InClusterConfig")
                ),
                "KubeConfigFile here",
            ),
            (format!("{HEAD}{WEBHOOK}{WEBHOOK}"), "Webhook stands twice"),
        ] {
            let found = read(&text, 34).expect_err(&text);
            assert!(found.contains(message), "{text}\n{found}");
        }
        let text = format!("{HEAD}- {{type: RBAC, name: r}}\n");
        let found = read(&text, 31).expect_err("too old");
        assert!(found.contains("known to Kubernetes 1.32"), "{found}");
    }
}
