//! Connections that the server makes: webhooks by their kubeconfig, proxies by the egress selector.

use super::files::in_file;
use super::judged::{Judge, Judged};
use super::plugins;
use crate::config_files::authorization::AuthorizationConfiguration;
use crate::config_files::{Located, Problem, egress, kubeconfig};
use crate::flags::authorization::CONFIG;
use crate::source::NamedBytes;
use crate::version::Minor;

impl Judge<'_> {
    /// Every cluster of a kubeconfig is reached by TLS that is verified. The flag names it, or a
    /// configuration that names it for the webhooks in it.
    pub(super) fn kubeconfig_protected(&self, flag: &'static str) -> Judged {
        let kubeconfigs = match flag {
            CONFIG => self.content(flag, AuthorizationConfiguration::read).map(|config| {
                let webhooks = config.authorizers.into_iter().filter_map(|it| it.webhook);
                webhooks.filter_map(|webhook| webhook.kubeconfig).collect()
            }),
            plugins::FLAG => self.image_policy_kubeconfig().map(|it| it.into_iter().collect()),
            _ => return self.protected(flag, |file, _| kubeconfig::unprotected(file)),
        };
        match kubeconfigs {
            Ok(kubeconfigs) => self.all_protected(flag, kubeconfigs),
            Err(judged) => judged,
        }
    }

    /// Every proxy is reached by a socket or by TLS that is verified.
    pub(super) fn egress_protected(&self) -> Judged {
        self.protected("egress-selector-config-file", egress::unprotected)
    }

    /// The kubeconfigs that a file names.
    fn all_protected(&self, flag: &'static str, kubeconfigs: Vec<Located<String>>) -> Judged {
        let mut facts = Vec::new();
        for Located { value: path, location } in kubeconfigs {
            let looked = self.beside(flag, &path, |file, _| kubeconfig::unprotected(file));
            match looked {
                Err(judged) => return judged,
                Ok(Some(weak)) => {
                    let fact = in_file(flag, &path, &weak.location, weak.value);
                    return Judged::decided(false, vec![fact]);
                }
                Ok(None) => {
                    let text = format!("{path}: https that is verified");
                    facts.push(in_file(flag, &path, &location, text));
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
        look: impl FnOnce(&NamedBytes, Minor) -> Result<Option<Located<String>>, Problem>,
    ) -> Judged {
        match self.content(flag, look) {
            Err(judged) => judged,
            Ok(Some(weak)) => {
                Judged::decided(false, vec![in_file(flag, "", &weak.location, weak.value)])
            }
            Ok(None) => match self.file_of(flag) {
                Ok((setting, _)) => {
                    let text = format!("{}: https that is verified, or a socket", setting.shown());
                    let path = Some(setting.shown_value().into_owned());
                    Judged::decided(true, vec![self.fact(flag, path, Some(setting), text)])
                }
                Err(judged) => judged,
            },
        }
    }
}
