//! The admission plugins of kube-apiserver by release, and which of them run without a flag.
//!
//! Up to 1.9 the only flag is `--admission-control`, and its default is AlwaysAdmit alone; plugins run
//! in the order in which it names them. Since then the order is the server's own: see [`in_order`].

use ByDefault::{Off, On, Unsure};

use super::{Life, Release, since, span};

/// Whether a plugin runs when no flag speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByDefault {
    /// It runs.
    On,
    /// It does not run.
    Off,
    /// No source tells for this release.
    Unsure,
}

/// One plugin.
#[derive(Clone, Copy, Debug)]
pub struct PluginSpec {
    /// Its name; case matters.
    pub name: &'static str,
    /// The releases that have it.
    pub life: Life,
    history: &'static [(Release, ByDefault)],
}

const fn plugin(
    name: &'static str,
    life: Life,
    history: &'static [(Release, ByDefault)],
) -> PluginSpec {
    PluginSpec { name, life, history }
}

/// The documentation of 1.7 does not list its plugins: those of 1.8 may exist there.
const NOT_LISTED: Release = 7;

impl PluginSpec {
    /// Whether a release has it; 1.7 is given the benefit of the doubt.
    pub fn lives(&self, release: Release) -> bool {
        self.life.covers(release) || (release == NOT_LISTED && self.life.first == NOT_LISTED + 1)
    }

    /// Whether it runs without a flag in a release.
    pub fn default(&self, release: Release) -> ByDefault {
        super::at(self.history, release).unwrap_or(Unsure)
    }
}

/// The plugin called `name`, whatever releases have it.
pub fn find(name: &str) -> Option<&'static PluginSpec> {
    PLUGINS.binary_search_by(|spec| spec.name.cmp(name)).ok().and_then(|index| PLUGINS.get(index))
}

/// Every plugin of every release, by name.
pub fn all() -> &'static [PluginSpec] {
    PLUGINS
}

/// The first release whose order is its own.
const ORDERED_SINCE: Release = 10;

/// The plugins of a release in the order in which it runs them; none up to 1.9, where the flag says.
pub fn in_order(release: Release) -> impl Iterator<Item = &'static PluginSpec> {
    let names = if release < ORDERED_SINCE { &[][..] } else { ORDER };
    names.iter().filter_map(|name| find(name)).filter(move |spec| spec.life.covers(release))
}

/// The order of all releases from 1.10 on: none ever moved a plugin. Mutating plugins run before
/// validating ones, each kind in this order. Source: kubernetes `pkg/kubeapiserver/options/plugins.go`,
/// `AllOrderedPlugins`.
#[rustfmt::skip]
const ORDER: &[&str] = &[
    "AlwaysAdmit",
    "NamespaceAutoProvision",
    "NamespaceLifecycle",
    "NamespaceExists",
    "SecurityContextDeny",
    "LimitPodHardAntiAffinityTopology",
    "InitialResources",
    "PodPreset",
    "LimitRanger",
    "ServiceAccount",
    "NodeRestriction",
    "TaintNodesByCondition",
    "AlwaysPullImages",
    "ImagePolicyWebhook",
    "PodSecurity",
    "PodSecurityPolicy",
    "PodNodeSelector",
    "Priority",
    "DefaultTolerationSeconds",
    "PodTolerationRestriction",
    "DenyEscalatingExec",
    "DenyExecOnPrivileged",
    "EventRateLimit",
    "ExtendedResourceToleration",
    "PersistentVolumeLabel",
    "DefaultStorageClass",
    "StorageObjectInUseProtection",
    "PodGroupProtection",
    "OwnerReferencesPermissionEnforcement",
    "PersistentVolumeClaimResize",
    "RuntimeClass",
    "CertificateApproval",
    "CertificateSigning",
    "ClusterTrustBundleAttest",
    "CertificateSubjectRestriction",
    "DefaultIngressClass",
    "DenyServiceExternalIPs",
    "PodTopologyLabels",
    "PodGroupWorkloadExists",
    "NodeDeclaredFeatureValidator",
    "JobValidation",
    "PodResizeValidator",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionWebhook",
    "Initializers",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionWebhook",
    "ResourceQuota",
    "AlwaysDeny",
];

/// Ordered by name. Columns: name, life span, default from a release on.
#[rustfmt::skip]
const PLUGINS: &[PluginSpec] = &[
    plugin("AlwaysAdmit",                          since(5),     &[(5, On), (10, Off)]),
    plugin("AlwaysDeny",                           since(5),     &[(5, Off)]),
    plugin("AlwaysPullImages",                     since(5),     &[(5, Off)]),
    plugin("CertificateApproval",                  since(18),    &[(18, On)]),
    plugin("CertificateSigning",                   since(18),    &[(18, On)]),
    plugin("CertificateSubjectRestriction",        since(18),    &[(18, On)]),
    plugin("ClusterTrustBundleAttest",             since(27),    &[(27, On)]),
    plugin("DefaultIngressClass",                  since(18),    &[(18, On)]),
    plugin("DefaultStorageClass",                  since(5),     &[(5, Off), (10, On)]),
    plugin("DefaultTolerationSeconds",             since(6),     &[(6, Off), (10, On)]),
    plugin("DenyEscalatingExec",                   span(5, 20),  &[(5, Off)]),
    plugin("DenyExecOnPrivileged",                 span(5, 20),  &[(5, Off)]),
    plugin("DenyServiceExternalIPs",               since(21),    &[(21, Off)]),
    plugin("EventRateLimit",                       since(8),     &[(8, Off)]),
    plugin("ExtendedResourceToleration",           since(9),     &[(9, Off)]),
    plugin("GenericAdmissionWebhook",              span(8, 8),   &[(8, Off)]),
    plugin("ImagePolicyWebhook",                   since(5),     &[(5, Off)]),
    plugin("InitialResources",                     span(5, 10),  &[(5, Off)]),
    plugin("Initializers",                         span(8, 13),  &[(8, Off)]),
    plugin("JobValidation",                        since(36),    &[(36, On)]),
    plugin("LimitPodHardAntiAffinityTopology",     since(5),     &[(5, Off)]),
    plugin("LimitRanger",                          since(5),     &[(5, Off), (10, On)]),
    plugin("MutatingAdmissionPolicy",              since(32),    &[(32, On)]),
    plugin("MutatingAdmissionWebhook",             since(9),     &[(9, Off), (10, On)]),
    plugin("NamespaceAutoProvision",               since(5),     &[(5, Off)]),
    plugin("NamespaceExists",                      since(5),     &[(5, Off)]),
    plugin("NamespaceLifecycle",                   since(5),     &[(5, Off), (10, On)]),
    plugin("NodeDeclaredFeatureValidator",         since(35),    &[(35, On)]),
    plugin("NodeRestriction",                      since(8),     &[(8, Off)]),
    plugin("OwnerReferencesPermissionEnforcement", since(5),     &[(5, Off)]),
    plugin("PVCProtection",                        span(9, 9),   &[(9, Off)]),
    plugin("PersistentVolumeClaimResize",          since(8),     &[(8, Off), (11, Unsure), (12, On)]),
    plugin("PersistentVolumeLabel",                span(5, 30),  &[(5, Off), (10, On), (11, Unsure), (12, Off)]),
    plugin("PodGroupProtection",                   since(36),    &[(36, On)]),
    plugin("PodGroupWorkloadExists",               since(36),    &[(36, On)]),
    plugin("PodNodeSelector",                      since(5),     &[(5, Off)]),
    plugin("PodPreset",                            span(6, 19),  &[(6, Off)]),
    plugin("PodResizeValidator",                   since(36),    &[(36, On)]),
    plugin("PodSecurity",                          since(22),    &[(22, Unsure), (23, On)]),
    plugin("PodSecurityPolicy",                    span(5, 24),  &[(5, Off)]),
    plugin("PodTolerationRestriction",             since(8),     &[(8, Off)]),
    plugin("PodTopologyLabels",                    since(33),    &[(33, On)]),
    plugin("Priority",                             since(8),     &[(8, Off), (11, Unsure), (12, On)]),
    plugin("ResourceQuota",                        since(5),     &[(5, Off), (10, On)]),
    plugin("RuntimeClass",                         since(16),    &[(16, On)]),
    plugin("SecurityContextDeny",                  span(5, 29),  &[(5, Off)]),
    plugin("ServiceAccount",                       since(5),     &[(5, Off), (10, On)]),
    plugin("StorageObjectInUseProtection",         since(10),    &[(10, Off), (16, On)]),
    plugin("TaintNodesByCondition",                since(14),    &[(14, On)]),
    plugin("ValidatingAdmissionPolicy",            since(26),    &[(26, On)]),
    plugin("ValidatingAdmissionWebhook",           since(9),     &[(9, Off), (10, On)]),
];
