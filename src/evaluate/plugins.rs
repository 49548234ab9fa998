//! How admission plugins are configured by `--admission-control-config-file`.

use super::files::in_file;
use super::judged::{Judge, Judged, Outcome};
use crate::config_files::admission::{
    AdmissionConfiguration, ImagePolicy, POD_SECURITY_LEVELS, Plugin, PodSecurity,
    event_rate_limits, plugin_file,
};
use crate::config_files::{Document, Located, Problem};
use crate::flags::value::Value;
use crate::source::NamedBytes;
use crate::version::Minor;

pub(super) const FLAG: &str = "admission-control-config-file";

impl Judge<'_> {
    /// Where a namespace says nothing, pods must meet this level or a stricter one.
    pub(super) fn pod_security_enforces(&self, level: &str) -> Judged {
        let pods = match self.plugin("PodSecurity", PodSecurity::read) {
            Ok(Some(pods)) => pods,
            Ok(None) => return self.not_configured("PodSecurity"),
            Err(judged) => return judged,
        };
        let rank = |level: &str| POD_SECURITY_LEVELS.iter().position(|known| *known == level);
        let text = format!("Pod Security enforces {} by default", pods.enforce.value);
        let fact = in_file(FLAG, &pods.enforce.value, &pods.enforce.location, text);
        Judged::decided(rank(&pods.enforce.value) >= rank(level), vec![fact])
    }

    /// Nobody but these namespaces is exempt from Pod Security.
    pub(super) fn pod_security_exempts_only(&self, namespaces: &[String]) -> Judged {
        let pods = match self.plugin("PodSecurity", PodSecurity::read) {
            Ok(Some(pods)) => pods,
            Ok(None) => return self.not_configured("PodSecurity"),
            Err(judged) => return judged,
        };
        let allowed = |it: &str| {
            it.strip_prefix("namespaces ").is_some_and(|name| namespaces.iter().any(|n| n == name))
        };
        let bad = pods.exempt.iter().filter(|it| !allowed(&it.value));
        let facts: Vec<_> = bad
            .map(|it| in_file(FLAG, &it.value, &it.location, format!("exempt: {}", it.value)))
            .collect();
        if facts.is_empty() {
            let text = format!("{} namespaces are exempt from Pod Security", pods.exempt.len());
            return Judged::decided(true, vec![in_file(FLAG, "", &pods.enforce.location, text)]);
        }
        Judged::decided(false, facts)
    }

    /// EventRateLimit has limits.
    pub(super) fn event_rate_limited(&self) -> Judged {
        match self.plugin("EventRateLimit", event_rate_limits) {
            Ok(Some(limits)) => {
                let text = format!("EventRateLimit has {} limits", limits.value);
                let value = limits.value.to_string();
                Judged::decided(true, vec![in_file(FLAG, &value, &limits.location, text)])
            }
            Ok(None) => self.not_configured("EventRateLimit"),
            Err(judged) => judged,
        }
    }

    /// Images are refused while the image policy webhook cannot be asked.
    pub(super) fn image_policy_fails_closed(&self) -> Judged {
        match self.plugin("ImagePolicyWebhook", |document, _| ImagePolicy::read(document)) {
            Ok(Some(policy)) => {
                let allow = &policy.default_allow;
                let text = format!("defaultAllow of ImagePolicyWebhook is {}", allow.value);
                let fact = in_file(FLAG, &allow.value.to_string(), &allow.location, text);
                Judged::decided(!allow.value, vec![fact])
            }
            Ok(None) => self.not_configured("ImagePolicyWebhook"),
            Err(judged) => judged,
        }
    }

    /// The file that says where the image policy webhook is.
    pub(super) fn image_policy_kubeconfig(&self) -> Result<Option<Located<String>>, Judged> {
        let policy =
            self.plugin("ImagePolicyWebhook", |document, _| ImagePolicy::read(document))?;
        policy
            .map(|policy| policy.kubeconfig)
            .ok_or_else(|| self.not_configured("ImagePolicyWebhook"))
    }

    /// A plugin's configuration, in the file or in one that it names.
    fn plugin<T>(
        &self,
        name: &str,
        decode: impl FnOnce(&Document, Minor) -> Result<T, Problem>,
    ) -> Result<Option<T>, Judged> {
        let path = match self.flags.value(FLAG) {
            Some(Value::Text(path)) => path.as_str(),
            _ => "",
        };
        let config =
            self.content(FLAG, |file, minor| AdmissionConfiguration::read(file, minor, path))?;
        let minor = self.flags.minor();
        let (setting, _) = self.file_of(FLAG)?;
        let refused = |problem| self.refused(FLAG, setting, problem);
        match config.plugin(name) {
            None => Ok(None),
            Some(Plugin::Inline(document)) => decode(document, minor).map(Some).map_err(refused),
            Some(Plugin::File(path)) => {
                let decode = |file: &NamedBytes, minor| decode(&plugin_file(file)?, minor);
                self.beside(FLAG, &path.value, decode).map(Some)
            }
        }
    }

    fn not_configured(&self, name: &str) -> Judged {
        match self.file_of(FLAG) {
            Ok((setting, _)) => {
                let text = format!("{} says nothing about {name}", setting.shown());
                let fact =
                    self.fact(FLAG, Some(setting.shown_value().into_owned()), Some(setting), text);
                Judged::new(Outcome::Fails, vec![fact])
            }
            Err(judged) => judged,
        }
    }
}
