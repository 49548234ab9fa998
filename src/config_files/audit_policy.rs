//! The audit policy: what is recorded of a request, and at which level.
//!
//! The first rule that matches decides; a request that none matches is not recorded. The server
//! decodes strictly first, and when that fails again without looking at unknown fields: a misspelt
//! selector selects everything. Source: apiserver `pkg/audit/policy/{reader,checker}.go`,
//! `pkg/apis/audit/validation/validation.go`.

use super::quoted::shown;
use super::{ApiVersions, Located, Object, Problem, document};
use crate::command_line::Location;
use crate::source::NamedBytes;
use crate::version::Minor;

const KIND: ApiVersions = ApiVersions {
    kind: "Policy",
    versions: &[
        ("audit.k8s.io/v1", "1.12.."),
        ("audit.k8s.io/v1beta1", "1.8..1.23"),
        ("audit.k8s.io/v1alpha1", "1.7..1.23"),
    ],
};

/// How much of a request is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    None,
    /// Who did what when.
    Metadata,
    /// And the body of the request.
    Request,
    /// And the body of the answer.
    RequestResponse,
}

impl Level {
    /// The levels, lowest first.
    pub const ALL: [Self; 4] = [Self::None, Self::Metadata, Self::Request, Self::RequestResponse];

    /// The name in policies.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Metadata => "Metadata",
            Self::Request => "Request",
            Self::RequestResponse => "RequestResponse",
        }
    }

    /// The level called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// A request of an ordinary user, such as `create pods/exec` or `update roles.rbac.authorization.k8s.io`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    verb: String,
    resource: String,
    group: String,
    subresource: String,
}

impl std::fmt::Display for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { verb, resource, group, subresource } = self;
        let dot = if group.is_empty() { "" } else { "." };
        let slash = if subresource.is_empty() { "" } else { "/" };
        write!(f, "{verb} {resource}{dot}{group}{slash}{subresource}")
    }
}

/// A text that is no request.
#[derive(Debug, thiserror::Error)]
#[error("not a request: expected a verb and a resource, such as \"create pods/exec\"")]
pub struct NoRequest;

impl std::str::FromStr for Request {
    type Err = NoRequest;

    fn from_str(text: &str) -> Result<Self, NoRequest> {
        let (verb, name) = text.split_once(' ').ok_or(NoRequest)?;
        let (name, subresource) = name.split_once('/').unwrap_or((name, ""));
        let (resource, group) = name.split_once('.').unwrap_or((name, ""));
        if verb.is_empty() || resource.is_empty() || text.matches(' ').count() > 1 {
            return Err(NoRequest);
        }
        let [verb, resource, group, subresource] =
            [verb, resource, group, subresource].map(str::to_owned);
        Ok(Self { verb, resource, group, subresource })
    }
}

/// The policy.
#[derive(Debug)]
pub struct AuditPolicy {
    rules: Vec<Rule>,
    omits_outcome: bool,
    location: Location,
    /// The first field that the server does not know and leaves out.
    pub unknown_field: Option<Problem>,
}

#[derive(Debug)]
struct Rule {
    level: Level,
    users: Vec<String>,
    groups: Vec<String>,
    verbs: Vec<String>,
    resources: Vec<Resources>,
    namespaces: Vec<String>,
    urls: Vec<String>,
    omits_outcome: bool,
    location: Location,
}

#[derive(Debug)]
struct Resources {
    group: String,
    kinds: Vec<String>,
    names: Vec<String>,
}

/// Whom and what a rule is asked about.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    /// An ordinary user and object: lists that pick out some do not match.
    Ordinary,
    /// Any user and object: such lists may match.
    Any,
}

impl AuditPolicy {
    /// Decodes a file as a minor does, unknown fields left out.
    pub fn read(file: &NamedBytes, minor: Minor) -> Result<Self, Problem> {
        let document = document(file)?;
        let object = document.object(&KIND, minor)?;
        let mut unknown = object.unknown(&[
            "kind",
            "apiVersion",
            "metadata",
            "rules",
            "omitStages",
            "omitManagedFields",
        ]);
        let mut rules = Vec::new();
        for rule in object.objects("rules")? {
            rules.push(Rule::read(&rule, &mut unknown)?);
        }
        if rules.is_empty() {
            return Err(object.problem("has no rules: the server demands at least one"));
        }
        let omits_outcome = omits_outcome(&object)?;
        Ok(Self { rules, omits_outcome, location: object.location(), unknown_field: unknown })
    }

    /// The level at which an ordinary user's request is recorded, and where that is decided. A
    /// request whose outcome is left out counts as not recorded.
    pub fn level(&self, request: &Request) -> Located<Level> {
        let rule = self.rules.iter().find(|rule| rule.matches(request, Asked::Ordinary));
        match rule {
            Some(rule) => {
                let lost = self.omits_outcome || rule.omits_outcome;
                let value = if lost { Level::None } else { rule.level };
                Located { value, location: rule.location.clone() }
            }
            None => Located { value: Level::None, location: self.location.clone() },
        }
    }

    /// The highest level at which anybody's request of this kind can be recorded, and where.
    pub fn highest_level(&self, request: &Request) -> Located<Level> {
        let ordinary = self.rules.iter().position(|rule| rule.matches(request, Asked::Ordinary));
        let reachable = self.rules.iter().take(ordinary.map_or(usize::MAX, |at| at + 1));
        let matching = reachable.filter(|rule| rule.matches(request, Asked::Any));
        // The first of equal ones is the one to look at.
        let highest = matching.fold(None::<&Rule>, |best, rule| match best {
            Some(best) if best.level >= rule.level => Some(best),
            _ => Some(rule),
        });
        match highest {
            Some(rule) => Located { value: rule.level, location: rule.location.clone() },
            None => Located { value: Level::None, location: self.location.clone() },
        }
    }

    /// The rule that makes the policy record nothing behind it, where nothing stands before it that
    /// records anything; or the policy, if no rule records.
    pub fn records_nothing(&self) -> Option<Location> {
        for rule in &self.rules {
            if rule.level != Level::None {
                return None;
            }
            if rule.is_catch_all() {
                return Some(rule.location.clone());
            }
        }
        Some(self.location.clone())
    }

    /// Where the policy stands.
    pub fn location(&self) -> &Location {
        &self.location
    }
}

impl Rule {
    fn read(object: &Object<'_>, unknown: &mut Option<Problem>) -> Result<Self, Problem> {
        let found = object.unknown(&[
            "level",
            "users",
            "userGroups",
            "verbs",
            "resources",
            "namespaces",
            "nonResourceURLs",
            "omitStages",
            "omitManagedFields",
        ]);
        *unknown = unknown.take().or(found);
        let level = object.text("level")?.ok_or_else(|| object.problem("a rule has no level"))?;
        let Some(known) = Level::from_name(&level.value) else {
            let names = Level::ALL.map(Level::name).join(", ");
            let message = format!("{:?} is no level: one of {names}", shown(&level.value));
            return Err(Problem { message, location: level.location });
        };
        let texts = |name: &str| -> Result<Vec<String>, Problem> {
            Ok(object.texts(name)?.into_iter().map(|text| text.value).collect())
        };
        let mut resources = Vec::new();
        for entry in object.objects("resources")? {
            *unknown = unknown.take().or(entry.unknown(&["group", "resources", "resourceNames"]));
            let list = |name: &str| -> Result<Vec<String>, Problem> {
                Ok(entry.texts(name)?.into_iter().map(|text| text.value).collect())
            };
            let group = entry.text("group")?.map(|group| group.value).unwrap_or_default();
            let (names, kinds) = (list("resourceNames")?, list("resources")?);
            if kinds.is_empty() && !names.is_empty() {
                return Err(entry.problem("resourceNames without resources"));
            }
            resources.push(Resources { group, kinds, names });
        }
        let (namespaces, urls) = (texts("namespaces")?, texts("nonResourceURLs")?);
        if !(urls.is_empty() || namespaces.is_empty() && resources.is_empty()) {
            return Err(object.problem("a rule has nonResourceURLs beside resources or namespaces"));
        }
        Ok(Self {
            level: known,
            users: texts("users")?,
            groups: texts("userGroups")?,
            verbs: texts("verbs")?,
            resources,
            namespaces,
            urls,
            omits_outcome: omits_outcome(object)?,
            location: object.location(),
        })
    }

    fn is_catch_all(&self) -> bool {
        let lists = [&self.users, &self.groups, &self.verbs, &self.namespaces, &self.urls];
        lists.into_iter().all(Vec::is_empty) && self.resources.is_empty()
    }

    fn matches(&self, request: &Request, asked: Asked) -> bool {
        let any = asked == Asked::Any;
        let everybody = self.groups.iter().any(|group| group == "system:authenticated");
        let somebody = any || (self.users.is_empty() && (self.groups.is_empty() || everybody));
        let verb = self.verbs.is_empty() || self.verbs.contains(&request.verb);
        let place = any || self.namespaces.is_empty();
        let thing = self.resources.is_empty()
            || self.resources.iter().any(|resources| resources.cover(request, any));
        somebody && verb && place && thing && self.urls.is_empty()
    }
}

impl Resources {
    fn cover(&self, request: &Request, any: bool) -> bool {
        let Request { resource, group, subresource, .. } = request;
        let group = self.group == *group || self.group == "*";
        let named = any || self.names.is_empty();
        let whole = if subresource.is_empty() {
            resource.clone()
        } else {
            format!("{resource}/{subresource}")
        };
        let listed = |name: &String| {
            name == "*"
                || *name == whole
                || (!subresource.is_empty()
                    && (name.strip_prefix("*/") == Some(subresource)
                        || name.strip_suffix("/*") == Some(resource)))
        };
        group && named && (self.kinds.is_empty() || self.kinds.iter().any(listed))
    }
}

/// Whether the stage is left out that says how a request ended.
fn omits_outcome(object: &Object<'_>) -> Result<bool, Problem> {
    Ok(object.texts("omitStages")?.iter().any(|stage| stage.value == "ResponseComplete"))
}

#[cfg(test)]
mod tests {
    use super::{AuditPolicy, Level, Request};
    use crate::source::NamedBytes;
    use crate::version::Minor;

    fn read(rules: &str) -> Result<AuditPolicy, String> {
        let text = format!("apiVersion: audit.k8s.io/v1\nkind: Policy\n{rules}");
        read_text(&text)
    }

    fn read_text(text: &str) -> Result<AuditPolicy, String> {
        let file = NamedBytes { name: "/p.yaml".into(), bytes: text.as_bytes().to_vec() };
        AuditPolicy::read(&file, Minor { major: 1, minor: 34 })
            .map_err(|problem| format!("{}: {}", problem.location, problem.message))
    }

    fn request(text: &str) -> Request {
        text.parse().expect("a request")
    }

    #[test]
    fn the_first_match_decides_and_no_match_is_none() {
        let policy = read(
            "rules:
- level: None
  users: [system:kube-proxy]
- level: Metadata
  resources:
  - group: ''
    resources: [secrets, pods/*]
- level: RequestResponse
  verbs: [create]
  resources:
  - group: rbac.authorization.k8s.io
  - group: '*'
    resources: ['*/scale']
- level: Request
  namespaces: [kube-system]
",
        )
        .expect("valid");
        for (text, level, line) in [
            ("get secrets", Level::Metadata, 6),
            ("create pods/exec", Level::Metadata, 6),
            ("create pods", Level::None, 1),
            ("create roles.rbac.authorization.k8s.io", Level::RequestResponse, 10),
            ("delete roles.rbac.authorization.k8s.io", Level::None, 1),
            ("create deployments.apps/scale", Level::RequestResponse, 10),
            ("get secrets.example.com", Level::None, 1),
        ] {
            let found = policy.level(&request(text));
            assert_eq!(found.value, level, "{text}");
            assert_eq!(found.location.to_string(), format!("/p.yaml:{line}"), "{text}");
            assert_eq!(request(text).to_string(), text);
        }
        // What picks out users or objects can still record more of theirs.
        assert_eq!(policy.highest_level(&request("create pods")).value, Level::Request);
        assert_eq!(policy.highest_level(&request("get secrets")).value, Level::Metadata);
        assert_eq!(policy.records_nothing(), None);
    }

    #[test]
    fn a_misspelt_selector_selects_everything() {
        let policy =
            read("rules:\n- level: None\n  resource: [{resources: [events]}]\n- level: Metadata\n")
                .expect("the server takes it");
        assert_eq!(policy.level(&request("get secrets")).value, Level::None);
        assert_eq!(policy.records_nothing().expect("nothing").to_string(), "/p.yaml:4");
        let unknown = policy.unknown_field.expect("said");
        assert!(unknown.message.contains("did you mean resources?"), "{unknown:?}");
        assert_eq!(unknown.location.to_string(), "/p.yaml:5");
    }

    #[test]
    fn a_request_whose_outcome_is_left_out_is_not_recorded() {
        let policy =
            read("omitStages: [RequestReceived]\nrules: [{level: Metadata}]\n").expect("valid");
        assert_eq!(policy.level(&request("get pods")).value, Level::Metadata);
        let policy =
            read("rules: [{level: Metadata, omitStages: [ResponseComplete]}]\n").expect("valid");
        assert_eq!(policy.level(&request("get pods")).value, Level::None);
    }

    #[test]
    fn what_the_server_refuses_is_refused_at_its_place() {
        for (rules, message) in [
            ("", "/p.yaml:1: has no rules"),
            ("rules: []", "has no rules"),
            ("rules: [{users: [a]}]", "/p.yaml:3: a rule has no level"),
            ("rules: [{level: metadata}]", "\"metadata\" is no level"),
            ("rules: {level: None}", "rules is not a list"),
            ("rules: [{level: None, verbs: get}]", "verbs is not a list"),
            ("rules: [{level: None, nonResourceURLs: [/x], namespaces: [a]}]", "beside"),
            (
                "rules: [{level: None, resources: [{group: '', resourceNames: [a]}]}]",
                "without resources",
            ),
        ] {
            let found = read(rules).expect_err(rules);
            assert!(found.contains(message), "{rules}\n{found}");
        }
        assert!(read_text("").expect_err("empty").contains("is empty"));
        let old = "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules: [{level: None}]\n";
        assert!(read_text(old).expect_err("too old").contains("known to Kubernetes 1.8 to 1.23"));
        let json =
            r#"{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{"level":"Metadata"}]}"#;
        assert_eq!(
            read_text(json).expect("valid").level(&request("get pods")).value,
            Level::Metadata
        );
        assert!("pods".parse::<Request>().is_err() && "get a b".parse::<Request>().is_err());
    }
}
