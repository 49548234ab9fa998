//! How admission plugins are configured by `--admission-control-config-file`.

use super::files::in_file;
use super::judged::{Judge, Judged, Outcome};
use crate::config_files::admission::{ImagePolicy, POD_SECURITY_LEVELS};
use crate::config_files::contents::{Content, Lack};
use crate::config_files::plugins::Plugins;

pub(super) const FLAG: &str = "admission-control-config-file";

impl Judge<'_> {
    /// Where a namespace says nothing, pods must meet this level or a stricter one.
    pub(super) fn pod_security_enforces(&self, level: &str) -> Judged {
        let pods = match self.plugin("PodSecurity", |plugins| &plugins.pod_security) {
            Ok(pods) => pods,
            Err(judged) => return judged,
        };
        let rank = |level: &str| POD_SECURITY_LEVELS.iter().position(|known| *known == level);
        let text = format!("Pod Security enforces {} by default", pods.enforce.value);
        let fact = in_file(FLAG, &pods.enforce.value, &pods.enforce.location, text);
        Judged::decided(rank(&pods.enforce.value) >= rank(level), vec![fact])
    }

    /// Nobody but these namespaces is exempt from Pod Security.
    pub(super) fn pod_security_exempts_only(&self, namespaces: &[String]) -> Judged {
        let pods = match self.plugin("PodSecurity", |plugins| &plugins.pod_security) {
            Ok(pods) => pods,
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
        match self.plugin("EventRateLimit", |plugins| &plugins.event_rate_limits) {
            Ok(limits) => {
                let text = format!("EventRateLimit has {} limits", limits.value);
                let value = limits.value.to_string();
                Judged::decided(true, vec![in_file(FLAG, &value, &limits.location, text)])
            }
            Err(judged) => judged,
        }
    }

    /// Images are refused while the image policy webhook cannot be asked.
    pub(super) fn image_policy_fails_closed(&self) -> Judged {
        match self.image_policy() {
            Ok(policy) => {
                let allow = &policy.default_allow;
                let text = format!("defaultAllow of ImagePolicyWebhook is {}", allow.value);
                let fact = in_file(FLAG, &allow.value.to_string(), &allow.location, text);
                Judged::decided(!allow.value, vec![fact])
            }
            Err(judged) => judged,
        }
    }

    /// The configuration of the image policy webhook.
    pub(super) fn image_policy(&self) -> Result<&ImagePolicy, Judged> {
        self.plugin("ImagePolicyWebhook", |plugins| &plugins.image_policy)
    }

    /// A plugin's configuration, in the file or in one that it names.
    fn plugin<T>(
        &self,
        name: &str,
        of: impl FnOnce(&Plugins) -> &Content<T>,
    ) -> Result<&T, Judged> {
        match of(self.content(FLAG, &self.contents.plugins)?) {
            Ok(configuration) => Ok(configuration),
            Err(Lack::NotNamed) => Err(self.not_configured(name)),
            Err(lack) => Err(self.lacking(FLAG, lack)),
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
