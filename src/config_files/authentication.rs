//! AuthenticationConfiguration: JWT issuers and anonymous requests.
//!
//! Decoding is strict. Source: apiserver `pkg/apis/apiserver/types.go`,
//! `pkg/apis/apiserver/validation/validation.go` (ValidateAuthenticationConfiguration).

use super::{ApiVersions, Located, Object, Problem, document};
use crate::command_line::Location;
use crate::flags::Flags;
use crate::flags::feature_gates::is_off;
use crate::source::NamedBytes;
use crate::version::Minor;

const KIND: ApiVersions = ApiVersions {
    kind: "AuthenticationConfiguration",
    versions: &[
        ("apiserver.config.k8s.io/v1alpha1", "1.29.."),
        ("apiserver.config.k8s.io/v1beta1", "1.30.."),
        ("apiserver.config.k8s.io/v1", "1.34.."),
    ],
};

/// The configuration.
#[derive(Debug)]
pub struct AuthenticationConfiguration {
    /// Requests without credentials; `None` leaves them to the flag.
    pub anonymous: Option<Anonymous>,
    /// The issuers of tokens.
    pub issuers: Vec<Issuer>,
}

/// What becomes of requests without credentials.
#[derive(Debug)]
pub struct Anonymous {
    /// Whether they are let in at all.
    pub enabled: bool,
    /// To these paths only, where there are any.
    pub paths: Vec<String>,
    /// Where that stands.
    pub location: Location,
}

/// An issuer of tokens.
#[derive(Debug)]
pub struct Issuer {
    /// Its URL.
    pub url: String,
    /// What keeps its users from being called like the cluster's own.
    pub users: Located<Naming>,
    /// The same for groups; `None` if tokens bring none.
    pub groups: Option<Located<Naming>>,
    /// Whether a rule about users speaks of `system:`; what it refuses is not known here.
    pub refuses_system_names: bool,
}

/// How a name in a token becomes one in the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// A claim behind this prefix.
    Prefixed(String),
    /// A CEL expression.
    Expression(String),
}

/// The first release with the field `anonymous`.
const ANONYMOUS_SINCE: Minor = Minor::kubernetes(31);

/// The feature gate that the field needs: off by default in 1.31.
pub const ANONYMOUS_GATE: &str = "AnonymousAuthConfigurableEndpoints";

impl AuthenticationConfiguration {
    /// Decodes a file as a minor does.
    pub fn read(file: &NamedBytes, minor: Minor) -> Result<Self, Problem> {
        let document = document(file)?;
        let object = document.strict_object(&KIND, minor)?;
        if minor < ANONYMOUS_SINCE {
            object.only(&["kind", "apiVersion", "jwt"])?;
        } else {
            object.only(&["kind", "apiVersion", "jwt", "anonymous"])?;
        }
        let anonymous = object.object("anonymous")?.map(|it| anonymous(&it)).transpose()?;
        let issuers = object.objects("jwt")?.iter().map(issuer).collect::<Result<_, _>>()?;
        Ok(Self { anonymous, issuers })
    }

    /// What the server refuses of it as its flags are.
    pub fn refused_by(&self, flags: &Flags) -> Result<(), Problem> {
        let Some(anonymous) = &self.anonymous else { return Ok(()) };
        if is_off(flags, ANONYMOUS_GATE) {
            let minor = flags.minor();
            let message = format!("anonymous needs the feature gate {ANONYMOUS_GATE} in {minor}");
            return Err(Problem { message, location: anonymous.location.clone() });
        }
        Ok(())
    }
}

fn anonymous(object: &Object<'_>) -> Result<Anonymous, Problem> {
    object.only(&["enabled", "conditions"])?;
    let enabled = object.bool("enabled")?.is_some_and(|enabled| enabled.value);
    let mut paths = Vec::new();
    for condition in object.objects("conditions")? {
        condition.only(&["path"])?;
        let path = condition.text("path")?.filter(|path| !path.value.is_empty());
        paths.push(path.ok_or_else(|| condition.problem("a condition has no path"))?.value);
    }
    if !enabled && !paths.is_empty() {
        return Err(object.problem("has conditions and is not enabled"));
    }
    Ok(Anonymous { enabled, paths, location: object.location() })
}

fn issuer(jwt: &Object<'_>) -> Result<Issuer, Problem> {
    jwt.only(&["issuer", "claimValidationRules", "claimMappings", "userValidationRules"])?;
    let issuer = jwt.object("issuer")?.ok_or_else(|| jwt.problem("has no issuer"))?;
    issuer.only(&[
        "url",
        "discoveryURL",
        "certificateAuthority",
        "audiences",
        "audienceMatchPolicy",
        "egressSelectorType",
    ])?;
    let url = issuer.text("url")?.ok_or_else(|| issuer.problem("an issuer has no url"))?;
    if !url.value.starts_with("https://") {
        let message = "the url of an issuer is not https".to_owned();
        return Err(Problem { message, location: url.location });
    }
    if issuer.texts("audiences")?.is_empty() {
        return Err(issuer.problem("an issuer has no audiences"));
    }
    let mappings =
        jwt.object("claimMappings")?.ok_or_else(|| jwt.problem("has no claimMappings"))?;
    mappings.only(&["username", "groups", "uid", "extra"])?;
    let username =
        mappings.object("username")?.ok_or_else(|| mappings.problem("has no username"))?;
    let users = naming(&username)?
        .ok_or_else(|| username.problem("username has neither claim nor expression"))?;
    let groups = mappings.object("groups")?.map(|it| naming(&it)).transpose()?.flatten();
    let rules = jwt.objects("userValidationRules")?;
    let mut refuses_system_names = false;
    for rule in rules {
        rule.only(&["expression", "message"])?;
        let expression = rule.text("expression")?.map(|it| it.value).unwrap_or_default();
        refuses_system_names |= expression.contains("system:");
    }
    Ok(Issuer { url: url.value, users, groups, refuses_system_names })
}

fn naming(object: &Object<'_>) -> Result<Option<Located<Naming>>, Problem> {
    object.only(&["claim", "prefix", "expression"])?;
    let (claim, prefix) = (object.text("claim")?, object.text("prefix")?);
    let filled = |text: Option<Located<String>>| text.filter(|text| !text.value.is_empty());
    let value = match (filled(claim), prefix, filled(object.text("expression")?)) {
        (None, None, None) => return Ok(None),
        (None, None, Some(expression)) => Naming::Expression(expression.value),
        (Some(_), Some(prefix), None) => Naming::Prefixed(prefix.value),
        (Some(_), None, None) => {
            return Err(object.problem("a claim needs a prefix, which may be \"\""));
        }
        _ => return Err(object.problem("claim and prefix, or expression, not both")),
    };
    Ok(Some(Located { value, location: object.location() }))
}

#[cfg(test)]
mod tests {
    use super::{AuthenticationConfiguration, Naming};
    use crate::source::NamedBytes;
    use crate::version::Minor;

    const HEAD: &str =
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n";
    const JWT: &str = "jwt:
- issuer: {url: 'https://id.example', audiences: [k8s]}
  claimMappings:
    username: {claim: sub, prefix: 'oidc:'}
    groups: {expression: claims.groups}
  userValidationRules:
  - expression: \"!user.username.startsWith('system:')\"
";

    fn read(text: &str) -> Result<AuthenticationConfiguration, String> {
        let file = NamedBytes { name: "/a.yaml".into(), bytes: text.as_bytes().to_vec() };
        AuthenticationConfiguration::read(&file, Minor { major: 1, minor: 34 })
            .map_err(|problem| format!("{}: {}", problem.location, problem.message))
    }

    #[test]
    fn issuers_and_anonymous_requests_are_read_with_their_places() {
        let text =
            format!("{HEAD}{JWT}anonymous:\n  enabled: true\n  conditions: [{{path: /livez}}]\n");
        let read = read(&text).expect("valid");
        let anonymous = read.anonymous.expect("said");
        assert!(anonymous.enabled && anonymous.paths == ["/livez"]);
        assert_eq!(anonymous.location.to_string(), "/a.yaml:11");
        let issuer = &read.issuers[0];
        assert_eq!(issuer.users.value, Naming::Prefixed("oidc:".into()));
        assert_eq!(issuer.groups.as_ref().expect("mapped").location.to_string(), "/a.yaml:7");
        assert!(issuer.refuses_system_names);
        assert!(self::read(HEAD).expect("valid").anonymous.is_none());
        let json = r#"{"kind":"AuthenticationConfiguration","apiVersion":"apiserver.config.k8s.io/v1","anonymous":{"enabled":false}}"#;
        assert!(!self::read(json).expect("valid").anonymous.expect("said").enabled);
    }

    #[test]
    fn what_the_server_refuses_is_refused_at_its_place() {
        let jwt = |from: &str, to: &str| format!("{HEAD}{}", JWT.replace(from, to));
        for (text, message) in [
            (String::new(), "is empty"),
            (
                format!("{HEAD}anonymus: {{}}\n"),
                "/a.yaml:3: unknown field \"anonymus\", did you mean anonymous?",
            ),
            (format!("{HEAD}anonymous: {{conditions: [{{path: /x}}]}}\n"), "is not enabled"),
            (format!("{HEAD}anonymous: {{enabled: 'true'}}\n"), "enabled is not true or false"),
            (jwt("https:", "http:"), "/a.yaml:4: the url of an issuer is not https"),
            (jwt("[k8s]", "[]"), "no audiences"),
            (jwt(", prefix: 'oidc:'", ""), "/a.yaml:6: a claim needs a prefix"),
            (jwt("prefix: 'oidc:'", "expression: x"), "not both"),
            (HEAD.replace("/v1", "/v2"), "no AuthenticationConfiguration of version"),
        ] {
            let found = read(&text).expect_err(&text);
            assert!(found.contains(message), "{text}\n{found}");
        }
    }
}
