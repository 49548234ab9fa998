//! The configuration of each admission plugin, in the AdmissionConfiguration or in a file that it names.

use super::admission::{
    AdmissionConfiguration, ImagePolicy, Plugin, PodSecurity, event_rate_limits, plugin_file,
};
use super::content::{Content, Lack};
use super::{Document, Located, Problem};
use crate::source::Files;
use crate::version::Minor;

/// The configurations of the plugins that are known here; of one that has none nothing is named.
#[derive(Debug)]
pub struct Plugins {
    /// Of PodSecurity.
    pub pod_security: Content<PodSecurity>,
    /// Of EventRateLimit: how many limits it has.
    pub event_rate_limits: Content<Located<usize>>,
    /// Of ImagePolicyWebhook.
    pub image_policy: Content<ImagePolicy>,
}

impl Plugins {
    /// Decodes what a configuration says of its plugins, as a minor does.
    pub(super) fn read(config: &AdmissionConfiguration, minor: Minor, files: &Files) -> Self {
        Self {
            pod_security: read(config, "PodSecurity", files, |it| PodSecurity::read(it, minor)),
            event_rate_limits: read(config, "EventRateLimit", files, |it| {
                event_rate_limits(it, minor)
            }),
            image_policy: read(config, "ImagePolicyWebhook", files, ImagePolicy::read),
        }
    }

    /// The plugins of which no configuration is known, and why.
    pub(super) fn lacks(&self) -> Vec<(&'static str, &Lack)> {
        let lacks = [
            ("PodSecurity", self.pod_security.as_ref().err()),
            ("EventRateLimit", self.event_rate_limits.as_ref().err()),
            ("ImagePolicyWebhook", self.image_policy.as_ref().err()),
        ];
        lacks.into_iter().filter_map(|(name, lack)| Some((name, lack?))).collect()
    }
}

fn read<T>(
    config: &AdmissionConfiguration,
    name: &str,
    files: &Files,
    decode: impl FnOnce(&Document) -> Result<T, Problem>,
) -> Content<T> {
    match config.plugin(name) {
        None => Err(Lack::NotNamed),
        Some(Plugin::Inline(document)) => decode(document).map_err(Lack::Refused),
        Some(Plugin::File(path)) => {
            let file = files.read(&path.value).map_err(|unread| Lack::beside(unread, path))?;
            plugin_file(&file).and_then(|it| decode(&it)).map_err(Lack::Refused)
        }
    }
}
