//! Connections that the server makes: webhooks by their kubeconfig, proxies by the egress selector.

use super::files::in_file;
use super::judged::{Judge, Judged};
use crate::config_files::{Located, egress, kubeconfig};

impl Judge<'_> {
    /// Every cluster of a kubeconfig is reached by TLS that is verified.
    pub(super) fn kubeconfig_protected(&self, flag: &str) -> Judged {
        self.protected(flag, |file, _| kubeconfig::unprotected(file))
    }

    /// Every proxy is reached by a socket or by TLS that is verified.
    pub(super) fn egress_protected(&self) -> Judged {
        self.protected("egress-selector-config-file", egress::unprotected)
    }

    fn protected(
        &self,
        flag: &str,
        look: impl FnOnce(
            &crate::source::NamedBytes,
            crate::version::Minor,
        ) -> Result<Option<Located<String>>, crate::config_files::Problem>,
    ) -> Judged {
        match self.content(flag, look) {
            Err(judged) => judged,
            Ok(Some(weak)) => {
                Judged::decided(false, vec![in_file(flag, "", &weak.location, weak.value)])
            }
            Ok(None) => match self.file_of(flag) {
                Ok((setting, _)) => {
                    let text = format!("{}: https that is verified, or a socket", setting.shown());
                    let path = Some(setting.shown_value());
                    Judged::decided(true, vec![self.fact(flag, path, Some(setting), text)])
                }
                Err(judged) => judged,
            },
        }
    }
}
