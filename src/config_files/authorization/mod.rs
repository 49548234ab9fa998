//! AuthorizationConfiguration: the chain of authorizers that `--authorization-config` names.
//!
//! Decoding is strict. Sources: apiserver `pkg/apis/apiserver/types.go`,
//! `pkg/apis/apiserver/validation/validation.go` (ValidateAuthorizationConfiguration); kubernetes
//! `pkg/kubeapiserver/authorizer/config.go`, for the names of those that are built in.

mod condition;
mod webhook;

pub use webhook::Webhook;

use super::quoted::shown;
use super::{ApiVersions, Located, Object, Problem, document};
use std::collections::HashSet;

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

impl AuthorizationConfiguration {
    /// Decodes a file as a minor does.
    pub fn read(file: &NamedBytes, minor: Minor) -> Result<Self, Problem> {
        let document = document(file)?;
        let object = document.strict_object(&KIND, minor)?;
        object.only(&["kind", "apiVersion", "authorizers"])?;
        let (mut authorizers, mut modes, mut names) = (Vec::new(), HashSet::new(), HashSet::new());
        for entry in object.objects("authorizers")? {
            let (name, authorizer) = authorizer(&entry, minor)?;
            let mode = &authorizer.mode.value;
            if authorizer.webhook.is_none() && !modes.insert(mode.clone()) {
                return Err(entry.problem(format!("{mode} stands twice")));
            }
            if !names.insert(name) {
                return Err(entry.problem("its name is that of another authorizer"));
            }
            authorizers.push(authorizer);
        }
        if authorizers.is_empty() {
            return Err(object.problem("names no authorizer"));
        }
        Ok(Self { authorizers, location: object.location() })
    }
}

/// An authorizer and its name.
fn authorizer(entry: &Object<'_>, minor: Minor) -> Result<(String, Authorizer), Problem> {
    entry.only(&["type", "name", "webhook"])?;
    let mode = entry.text("type")?.ok_or_else(|| entry.problem("an authorizer has no type"))?;
    let name = entry.text("name")?.filter(|name| !name.value.is_empty());
    let name = name.ok_or_else(|| entry.problem("an authorizer has no name"))?;
    let webhook = match (mode.value.as_str(), entry.object("webhook")?) {
        ("Webhook", Some(object)) => Some(Webhook::read(name.value.clone(), &object, minor)?),
        ("Webhook", None) => return Err(entry.problem("a Webhook has no webhook")),
        (_, Some(object)) => return Err(object.problem("only a Webhook has a webhook")),
        (known, None) if BUILT_IN.contains(&known) => None,
        (other, None) => {
            let message = format!("{:?} is not an authorizer", shown(other));
            return Err(Problem { message, location: mode.location });
        }
    };
    if !is_subdomain(&name.value) {
        let message = format!("the name {:?} is not a lower-case DNS name", shown(&name.value));
        return Err(Problem { message, location: name.location });
    }
    let expected = mode.value.to_ascii_lowercase();
    if webhook.is_none() && name.value != expected {
        let message =
            format!("the name of {} is {expected}, not {:?}", mode.value, shown(&name.value));
        return Err(Problem { message, location: name.location });
    }
    Ok((name.value, Authorizer { mode, webhook }))
}

/// Whether a name is one of DNS, as RFC 1123 has them. Source: apimachinery
/// `pkg/util/validation/validation.go` (`IsDNS1123Subdomain`).
fn is_subdomain(name: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(inside)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(label)
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
        let json = r#"{"kind":"AuthorizationConfiguration","apiVersion":"apiserver.config.k8s.io/v1","authorizers":[{"type":"RBAC","name":"rbac"}]}"#;
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
                format!("{HEAD}- {{type: RBAC, name: rbac}}\n- {{type: RBAC, name: rbac}}\n"),
                "/a.yaml:5: RBAC stands twice",
            ),
            (format!("{HEAD}- {{type: RBAC, name: r}}\n"), "/a.yaml:4: the name of RBAC is rbac"),
            (format!("{HEAD}- {{type: RBAC, name: RBAC}}\n"), "\"RBAC\" is not a lower-case DNS"),
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
            (format!("{HEAD}{WEBHOOK}{WEBHOOK}"), "/a.yaml:11: its name is that of"),
            (
                format!("{HEAD}{}", WEBHOOK.replace("name: w", "name: rbac"))
                    + "- {type: RBAC, name: rbac}\n",
                "its name",
            ),
            (
                format!("{HEAD}{WEBHOOK}authorizers: []\n"),
                "/a.yaml:11: the field \"authorizers\" is set twice",
            ),
            (
                format!("{HEAD}- &r {{type: RBAC, name: rbac}}\n- {{<<: *r, type: Node}}\n"),
                "\"type\" is set twice",
            ),
        ] {
            let found = read(&text, 34).expect_err(&text);
            assert!(found.contains(message), "{text}\n{found}");
        }
        let text = format!("{HEAD}- {{type: RBAC, name: r}}\n");
        let found = read(&text, 31).expect_err("too old");
        assert!(found.contains("known to Kubernetes 1.32"), "{found}");
    }

    /// The webhook with one of its lines changed, or with lines behind it.
    fn webhook(from: &str, to: &str) -> String {
        assert!(WEBHOOK.contains(from), "{from}");
        format!("{HEAD}{}", WEBHOOK.replace(from, to))
    }

    #[test]
    fn a_webhook_that_the_server_refuses_is_refused() {
        const VERSION: &str = "    matchConditionSubjectAccessReviewVersion: v1\n";
        let more = |more: &str| webhook("    timeout", &format!("{more}    timeout"));
        let when = |list: &str| more(&format!("{VERSION}    matchConditions: {list}\n"));
        for (text, message) in [
            (webhook("3s", "0s"), "no timeout"),
            (webhook("3s", "99s"), "at most 30s"),
            (webhook("3s", "-1s"), "at most 30s"),
            (webhook("3s", "30s1ns"), "at most 30s"),
            (webhook("3s", "3"), "timeout is not a string"),
            (webhook("3s", "'3'"), "has no unit"),
            (webhook("3s", "soon"), "is not a duration"),
            (more("    authorizedTTL: -1s\n"), "authorizedTTL is less than 0s"),
            (more("    unauthorizedTTL: -1ns\n"), "unauthorizedTTL is less than 0s"),
            (more("    authorizedTTL: ''\n"), "is not a duration"),
            (more("    unauthorizedTTL: 5M\n"), "unknown unit"),
            (more("    cacheAuthorizedRequests: 'no'\n"), "is not true or false"),
            (webhook("Version: v1", "Version: v7"), "is v1 or v1beta1, not \"v7\""),
            (webhook("Version: v1", "Version: ''"), "has no subjectAccessReviewVersion"),
            (webhook("NoOpinion", "deny"), "is NoOpinion or Deny"),
            (webhook("NoOpinion", "''"), "no failurePolicy"),
            (webhook("/w.yaml", "w.yaml"), "not an absolute path"),
            (webhook("/w.yaml", "''"), "no kubeConfigFile"),
            (webhook(", kubeConfigFile: /w.yaml", ""), "no kubeConfigFile"),
            (webhook("name: w", "name: N x"), "not a lower-case DNS name"),
            (webhook("name: w", "name: -w"), "not a lower-case DNS name"),
            (more("    matchConditions: [{expression: 'true'}]\n"), "no matchCondition"),
            (more(&VERSION.replace("v1", "v1beta1")), "is v1, not \"v1beta1\""),
            (when("[{expression: '%%%'}]"), "has \"%\" where a value belongs"),
            (when("[{expression: request.user}]"), "is no condition"),
            (when("[{expression: ' '}]"), "no expression"),
            (when("[{}]"), "no expression"),
            (when("[{expression: 1}]"), "expression is not a string"),
            (when("[{name: a, expression: 'true'}]"), "unknown field \"name\""),
            (when("[{expression: 'true'}, {expression: 'true'}]"), "in two match conditions"),
            (when(&format!("[{}]", "{expression: 'true'}, ".repeat(65))), "more than 64"),
        ] {
            let found = read(&text, 34).expect_err(&text);
            assert!(found.contains(message), "{text}\n{found}");
        }
        let uncached = more("    cacheAuthorizedRequests: false\n");
        assert!(read(&uncached, 34).is_ok());
        assert!(read(&uncached, 33).is_err(), "a field of 1.34");
        for text in [
            webhook("3s", "30s"),
            more("    authorizedTTL: 0s\n"),
            webhook("Version: v1", "Version: v1beta1"),
            webhook("name: w", "name: w.example-1.org"),
            when("[{expression: has(request.resourceAttributes)}]"),
        ] {
            let read = read(&text, 34).unwrap_or_else(|found| panic!("{text}\n{found}"));
            assert!(read.authorizers[0].webhook.as_ref().is_some_and(|it| it.unsure.is_none()));
        }
        let unsure = read(&when("[{expression: request.user.matches('a')}]"), 34).expect("valid");
        let unsure = unsure.authorizers[0].webhook.as_ref().and_then(|it| it.unsure.as_ref());
        assert_eq!(unsure.expect("unsure").location.to_string(), "/a.yaml:8");
    }
}
