//! AdmissionConfiguration and the plugins' own configuration in it or beside it.
//!
//! Decoding is strict. Source: apiserver `pkg/admission/config.go`; kubernetes
//! `plugin/pkg/admission/eventratelimit`, `plugin/pkg/admission/imagepolicy`; pod-security-admission
//! `admission/api/{load,validation}`.

use super::object::Document;
use super::quoted::shown;
use super::{ApiVersions, Located, Problem, document};
use crate::command_line::Location;
use crate::source::NamedBytes;
use crate::version::Minor;

const KIND: ApiVersions = ApiVersions {
    kind: "AdmissionConfiguration",
    versions: &[
        ("apiserver.config.k8s.io/v1", "1.17.."),
        ("apiserver.k8s.io/v1alpha1", "1.5.."),
        ("apiserver.config.k8s.io/v1alpha1", "1.5..1.16"),
    ],
};

const POD_SECURITY: ApiVersions = ApiVersions {
    kind: "PodSecurityConfiguration",
    versions: &[
        ("pod-security.admission.config.k8s.io/v1", "1.25.."),
        ("pod-security.admission.config.k8s.io/v1beta1", "1.23.."),
        ("pod-security.admission.config.k8s.io/v1alpha1", "1.22.."),
    ],
};

const EVENT_RATE_LIMIT: ApiVersions = ApiVersions {
    kind: "Configuration",
    versions: &[("eventratelimit.admission.k8s.io/v1alpha1", "1.9..")],
};

/// The configuration of the admission plugins.
#[derive(Debug)]
pub struct AdmissionConfiguration {
    plugins: Vec<(String, Plugin)>,
}

/// Where a plugin's configuration stands.
#[derive(Debug)]
pub enum Plugin {
    /// In the same file.
    Inline(Document),
    /// In a file of its own, by its path.
    File(Located<String>),
}

impl AdmissionConfiguration {
    /// Decodes a file, which the server knows as `path`, as a minor does.
    pub fn read(file: &NamedBytes, minor: Minor, path: &str) -> Result<Self, Problem> {
        let document = document(file)?;
        let object = document.strict_object(&KIND, minor)?;
        object.only(&["kind", "apiVersion", "plugins"])?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut plugins = Vec::new();
        for entry in object.objects("plugins")? {
            entry.only(&["name", "path", "configuration"])?;
            let name = entry.text("name")?.ok_or_else(|| entry.problem("a plugin has no name"))?;
            // The configuration wins where both are given.
            let plugin = match (entry.object("configuration")?, entry.text("path")?) {
                (Some(configuration), _) => Plugin::Inline(Document::of(&configuration)),
                (None, Some(path)) if path.value.starts_with('/') => Plugin::File(path),
                (None, Some(path)) => {
                    let value = format!("{folder}/{}", path.value);
                    Plugin::File(Located { value, ..path })
                }
                (None, None) => continue,
            };
            plugins.push((name.value, plugin));
        }
        Ok(Self { plugins })
    }

    /// The configuration of a plugin, if it has one.
    pub fn plugin(&self, name: &str) -> Option<&Plugin> {
        self.plugins.iter().find(|(known, _)| known == name).map(|(_, plugin)| plugin)
    }
}

/// A plugin's file as a document.
pub fn plugin_file(file: &NamedBytes) -> Result<Document, Problem> {
    document(file)
}

/// How strict Pod Security admission is where a namespace says nothing.
#[derive(Debug)]
pub struct PodSecurity {
    /// The level that pods must meet: privileged, baseline or restricted.
    pub enforce: Located<String>,
    /// Who and what is exempt: users, runtime classes, namespaces.
    pub exempt: Vec<Located<String>>,
}

/// The levels of the Pod Security Standards, the loosest first.
pub const POD_SECURITY_LEVELS: [&str; 3] = ["privileged", "baseline", "restricted"];

impl PodSecurity {
    /// Decodes the plugin's configuration as a minor does.
    pub fn read(document: &Document, minor: Minor) -> Result<Self, Problem> {
        let object = document.strict_object(&POD_SECURITY, minor)?;
        object.only(&["kind", "apiVersion", "defaults", "exemptions"])?;
        let defaults = object.object("defaults")?;
        let mut enforce = None;
        if let Some(defaults) = defaults {
            let modes = ["enforce", "audit", "warn"];
            let versions = ["enforce-version", "audit-version", "warn-version"];
            defaults.only(&[modes, versions].concat())?;
            for mode in modes {
                let level = defaults.text(mode)?;
                if let Some(level) = &level
                    && !POD_SECURITY_LEVELS.contains(&level.value.as_str())
                {
                    let message = format!("{:?} is no level of Pod Security", shown(&level.value));
                    return Err(Problem { message, location: level.location.clone() });
                }
                if mode == "enforce" {
                    enforce = level;
                }
            }
            for field in versions {
                let version = defaults.text(field)?.filter(|it| !is_version(&it.value));
                if let Some(Located { value, location }) = version {
                    let message = format!("{field} is latest or v1.N, not {:?}", shown(&value));
                    return Err(Problem { message, location });
                }
            }
        }
        let mut exempt = Vec::new();
        if let Some(exemptions) = object.object("exemptions")? {
            let lists = ["usernames", "runtimeClasses", "namespaces"];
            exemptions.only(&lists)?;
            for list in lists {
                let one =
                    |it: Located<String>| Located { value: format!("{list} {}", it.value), ..it };
                exempt.extend(exemptions.texts(list)?.into_iter().map(one));
            }
        }
        let location = object.location();
        let loosest = || Located { value: "privileged".to_owned(), location };
        Ok(Self { enforce: enforce.unwrap_or_else(loosest), exempt })
    }
}

/// Whether it names the release whose Pod Security Standards count: `latest`, or such as `v1.34`. An empty
/// one is filled in. Source: pod-security-admission `api/helpers.go` (`ParseVersion`).
fn is_version(text: &str) -> bool {
    let minor = text.strip_prefix("v1.").filter(|minor| *minor == "0" || !minor.starts_with('0'));
    let number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    matches!(text, "" | "latest") || minor.is_some_and(number)
}

/// The limits of the EventRateLimit plugin; the server does not start without one.
pub fn event_rate_limits(document: &Document, minor: Minor) -> Result<Located<usize>, Problem> {
    let object = document.strict_object(&EVENT_RATE_LIMIT, minor)?;
    object.only(&["kind", "apiVersion", "limits"])?;
    let limits = object.objects("limits")?;
    for limit in &limits {
        limit.only(&["type", "qps", "burst", "cacheSize"])?;
        let kind = limit.text("type")?.map(|kind| kind.value).unwrap_or_default();
        if !["Server", "Namespace", "User", "SourceAndObject"].contains(&kind.as_str()) {
            return Err(limit.problem(format!("{:?} is no type of limit", shown(&kind))));
        }
        for name in ["qps", "burst"] {
            if limit.int(name)?.is_none_or(|number| number.value <= 0) {
                return Err(limit.problem(format!("{name} of a limit is not above 0")));
            }
        }
        let cache = limit.int("cacheSize")?.filter(|size| size.value < 0 && kind != "Server");
        if cache.is_some() {
            return Err(limit.problem("cacheSize of a limit is less than 0"));
        }
    }
    if limits.is_empty() {
        return Err(object.problem("has no limits: the server does not start"));
    }
    Ok(Located { value: limits.len(), location: object.location() })
}

/// What ImagePolicyWebhook does.
#[derive(Debug)]
pub struct ImagePolicy {
    /// Whether images are let in while the webhook cannot be asked.
    pub default_allow: Located<bool>,
    /// The file that says where the webhook is.
    pub kubeconfig: Located<String>,
}

impl ImagePolicy {
    /// Decodes the plugin's configuration.
    pub fn read(document: &Document) -> Result<Self, Problem> {
        let object = document.any_object()?;
        let policy =
            object.object("imagePolicy")?.ok_or_else(|| object.problem("has no imagePolicy"))?;
        let location: Location = policy.location();
        let default_allow =
            policy.bool("defaultAllow")?.unwrap_or(Located { value: false, location });
        let kubeconfig = policy.text("kubeConfigFile")?.filter(|path| !path.value.is_empty());
        let kubeconfig =
            kubeconfig.ok_or_else(|| policy.problem("imagePolicy has no kubeConfigFile"))?;
        for (name, most) in SPANS {
            // -1 switches it off, and 0 stands for the default.
            let span = policy.int(name)?.filter(|span| !(-1..=most).contains(&span.value));
            if let Some(Located { value, location }) = span {
                let message = format!("{name} is {value}: the server takes 1 to {most}");
                return Err(Problem { message, location });
            }
        }
        Ok(Self { default_allow, kubeconfig })
    }
}

/// The spans of time of an image policy and the most that each may be: answers are kept for seconds, and
/// asking again waits for milliseconds. Source: `plugin/pkg/admission/imagepolicy/config.go`.
const SPANS: [(&str, i64); 3] =
    [("allowTTL", 1_800), ("denyTTL", 1_800), ("retryBackoff", 300_000)];

#[cfg(test)]
mod tests {
    use super::{AdmissionConfiguration, ImagePolicy, Plugin, PodSecurity, event_rate_limits};
    use crate::config_files::object::Document;
    use crate::source::NamedBytes;
    use crate::version::Minor;

    const MINOR: Minor = Minor { major: 1, minor: 34 };

    fn read(text: &str) -> Result<AdmissionConfiguration, String> {
        let file = NamedBytes { name: "/etc/a.yaml".into(), bytes: text.as_bytes().to_vec() };
        AdmissionConfiguration::read(&file, MINOR, "/etc/a.yaml")
            .map_err(|problem| format!("{}: {}", problem.location, problem.message))
    }

    fn config(plugins: &str) -> String {
        format!(
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n{plugins}"
        )
    }

    fn inline(text: &str, name: &str) -> Document {
        let mut read = read(text).expect("valid");
        let at = read.plugins.iter().position(|(known, _)| known == name).expect("there");
        match read.plugins.remove(at).1 {
            Plugin::Inline(document) => document,
            Plugin::File(path) => panic!("{path:?}"),
        }
    }

    const POD_SECURITY: &str = "- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    kind: PodSecurityConfiguration
    defaults: {enforce: baseline, enforce-version: latest}
    exemptions: {namespaces: [kube-system]}
";

    #[test]
    fn a_plugin_is_configured_in_place_or_in_a_file_beside() {
        let text = config(&format!("{POD_SECURITY}- name: EventRateLimit\n  path: limits.yaml\n"));
        let read = read(&text).expect("valid");
        match read.plugin("EventRateLimit") {
            Some(Plugin::File(path)) => assert_eq!(path.value, "/etc/limits.yaml"),
            other => panic!("{other:?}"),
        }
        assert!(read.plugin("ImagePolicyWebhook").is_none());
        let pods = PodSecurity::read(&inline(&text, "PodSecurity"), MINOR).expect("valid");
        assert_eq!(pods.enforce.value, "baseline");
        assert_eq!(pods.enforce.location.to_string(), "/etc/a.yaml:8");
        assert_eq!(pods.exempt[0].value, "namespaces kube-system");
    }

    #[test]
    fn pod_security_says_nothing_by_default_and_refuses_what_it_does_not_know() {
        let text = config(
            &POD_SECURITY
                .replace("    defaults: {enforce: baseline, enforce-version: latest}\n", ""),
        );
        let pods = PodSecurity::read(&inline(&text, "PodSecurity"), MINOR).expect("valid");
        assert_eq!(pods.enforce.value, "privileged");
        for (from, to, message) in [
            ("baseline", "strict", "no level"),
            ("version: latest", "version: v1.034", "enforce-version is latest"),
            ("enforce:", "enforced:", "unknown field"),
            ("config.k8s.io/v1\n    kind: P", "config.k8s.io/v2\n    kind: P", "of version"),
            ("namespaces", "namespace", "unknown field"),
        ] {
            let text = config(&POD_SECURITY.replace(from, to));
            let problem = PodSecurity::read(&inline(&text, "PodSecurity"), MINOR).expect_err(to);
            assert!(problem.message.contains(message), "{to}: {problem:?}");
        }
        let problem = PodSecurity::read(
            &inline(&config(POD_SECURITY), "PodSecurity"),
            Minor { major: 1, minor: 24 },
        );
        assert!(problem.expect_err("too old").message.contains("1.25"), "version");
    }

    #[test]
    fn event_rate_limits_must_limit() {
        let limits = |limits: &str| {
            let text = config(&format!(
                "- name: EventRateLimit\n  configuration: {{apiVersion: eventratelimit.admission.k8s.io/v1alpha1, kind: Configuration, limits: {limits}}}\n"
            ));
            event_rate_limits(&inline(&text, "EventRateLimit"), MINOR)
        };
        assert_eq!(limits("[{type: Server, qps: 50, burst: 100}]").expect("valid").value, 1);
        for (text, message) in [
            ("[]", "has no limits"),
            ("[{type: Server, qps: 0, burst: 1}]", "qps of a limit"),
            ("[{type: Server, qps: 1}]", "burst of a limit"),
            ("[{type: Host, qps: 1, burst: 1}]", "no type"),
            ("[{type: User, qps: 1, burst: 1, cacheSize: -1}]", "cacheSize of a limit"),
        ] {
            let problem = limits(text).expect_err(text);
            assert!(problem.message.contains(message), "{text}: {problem:?}");
        }
    }

    #[test]
    fn an_image_policy_fails_open_only_if_it_says_so() {
        let policy = |policy: &str| {
            let text =
                config(&format!("- name: ImagePolicyWebhook\n  configuration: {{{policy}}}\n"));
            ImagePolicy::read(&inline(&text, "ImagePolicyWebhook"))
        };
        let open = policy("imagePolicy: {kubeConfigFile: /k, defaultAllow: true}").expect("valid");
        assert!(open.default_allow.value && open.kubeconfig.value == "/k");
        assert!(!policy("imagePolicy: {kubeConfigFile: /k}").expect("valid").default_allow.value);
        for refused in [
            "imagePolicies: {}",
            "imagePolicy: {}",
            "imagePolicy: {kubeConfigFile: ''}",
            "imagePolicy: {kubeConfigFile: /k, allowTTL: 1801}",
            "imagePolicy: {kubeConfigFile: /k, denyTTL: -2}",
            "imagePolicy: {kubeConfigFile: /k, retryBackoff: 300001}",
        ] {
            assert!(policy(refused).is_err(), "{refused}");
        }
        assert!(policy("imagePolicy: {kubeConfigFile: /k, allowTTL: -1, denyTTL: 30}").is_ok());
    }

    #[test]
    fn what_the_server_refuses_is_refused_at_its_place() {
        for (text, message) in [
            (String::new(), "is empty"),
            (config("- {path: x}"), "/etc/a.yaml:4: a plugin has no name"),
            (config("- {name: x, config: {}}"), "unknown field \"config\""),
            (config("- x"), "is no object"),
            (config("").replace("config.k8s.io/v1", "config.k8s.io/v3"), "of version"),
        ] {
            let found = read(&text).err().unwrap_or_default();
            assert!(found.contains(message), "{text}\n{found}");
        }
    }
}
