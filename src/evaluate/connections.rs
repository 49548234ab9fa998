//! Connections that the server makes: webhooks by their kubeconfig, proxies by the egress selector.

use super::files::in_file;
use super::judged::{Judge, Judged};
use super::plugins;
use crate::config_files::Located;
use crate::config_files::contents::{Content, Weakness};
use crate::flags::authorization::CONFIG;

impl Judge<'_> {
    /// Every cluster of a kubeconfig is reached by TLS that is verified. The flag names it, or a
    /// configuration that names it for the webhooks in it.
    pub(super) fn kubeconfig_protected(&self, flag: &'static str) -> Judged {
        let kubeconfigs = match flag {
            CONFIG => self.content(flag, &self.contents.authorization).map(|config| {
                let webhooks = config.authorizers.iter().filter_map(|it| it.webhook.as_ref());
                webhooks.filter_map(|webhook| webhook.kubeconfig.as_ref()).collect()
            }),
            plugins::FLAG => self.image_policy().map(|policy| vec![&policy.kubeconfig]),
            _ => return self.protected(flag, |path| self.contents.kubeconfig(path, self.files)),
        };
        match kubeconfigs {
            Ok(kubeconfigs) => self.all_protected(flag, &kubeconfigs),
            Err(judged) => judged,
        }
    }

    /// Every proxy is reached by a socket or by TLS that is verified.
    pub(super) fn egress_protected(&self) -> Judged {
        self.protected("egress-selector-config-file", |_| self.contents.egress.clone())
    }

    /// The kubeconfigs that a file names.
    fn all_protected(&self, flag: &'static str, kubeconfigs: &[&Located<String>]) -> Judged {
        let mut facts = Vec::new();
        for named in kubeconfigs {
            let Located { value: path, location } = named;
            match self.contents.kubeconfig_beside(named, self.files) {
                Err(lack) => return self.lacking(flag, &lack),
                Ok(Some(weak)) => {
                    let fact = in_file(flag, path, &weak.location, weak.value);
                    return Judged::decided(false, vec![fact]);
                }
                Ok(None) => {
                    let text = format!("{path}: https that is verified");
                    facts.push(in_file(flag, path, location, text));
                }
            }
        }
        if facts.is_empty() {
            return self.file_of(flag).map_or_else(
                |judged| judged,
                |(setting, _)| {
                    let text = format!("{} names no kubeconfig", setting.shown());
                    let path = Some(setting.shown_value().into_owned());
                    Judged::decided(true, vec![self.fact(flag, path, Some(setting), text)])
                },
            );
        }
        Judged::decided(true, facts)
    }

    fn protected(
        &self,
        flag: &'static str,
        look: impl FnOnce(&str) -> Content<Weakness>,
    ) -> Judged {
        let (setting, path) = match self.named_by(flag) {
            Ok(named) => named,
            Err(judged) => return judged,
        };
        match look(path) {
            Err(lack) => self.lacking(flag, &lack),
            Ok(Some(weak)) => {
                Judged::decided(false, vec![in_file(flag, "", &weak.location, weak.value)])
            }
            Ok(None) => {
                let text = format!("{}: https that is verified, or a socket", setting.shown());
                let path = Some(setting.shown_value().into_owned());
                Judged::decided(true, vec![self.fact(flag, path, Some(setting), text)])
            }
        }
    }
}
