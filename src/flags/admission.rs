//! Which admission plugins run.
//!
//! From 1.10 on the defaults of the release, plus `--enable-admission-plugins`, minus
//! `--disable-admission-plugins`; or exactly `--admission-control` when that is given. Up to 1.9
//! only the latter exists. Source: kubernetes `pkg/kubeapiserver/options/admission.go`, apiserver
//! `pkg/server/options/admission.go`.

use std::ops::RangeInclusive;

use super::Flags;
use super::answer::{Answer, By, Cause, Gap, Known, Why};
use super::catalog::admission_plugins::{ByDefault, find, in_order};
use super::catalog::{Release, flag_name};
use super::feature_gates::is_off;
use super::value::Value;
use crate::diagnostic::Clause;

/// The first release with `--enable-admission-plugins` and `--disable-admission-plugins`.
const LISTS_SINCE: Release = Release::kubernetes(10);

const ONLY: &str = flag_name!("admission-control");
const ENABLE: &str = flag_name!("enable-admission-plugins");
const DISABLE: &str = flag_name!("disable-admission-plugins");

/// Plugins that do not start without a configuration of their own.
pub const NEED_CONFIGURATION: [&str; 2] = ["EventRateLimit", "ImagePolicyWebhook"];

/// The plugin that from 1.27 until it went, after 1.29, needed an alpha gate of its own name.
pub(super) const GATED: &str = "SecurityContextDeny";
/// The releases with that gate.
const GATED_IN: RangeInclusive<Release> = Release::kubernetes(27)..=Release::kubernetes(29);

/// What is wrong with a plugin that is enabled while its gate is off.
pub(super) fn lacking_gate(flags: &Flags, name: &str) -> Option<Clause> {
    let lacks = name == GATED && GATED_IN.contains(&flags.release) && is_off(flags, name);
    lacks.then(|| {
        let clause = Clause::sentence(format!("{name} needs the feature gate {name} in "));
        clause.release(flags.minor())
    })
}

/// Whether the plugin called `name` runs.
pub fn plugin<'f>(flags: &'f Flags, name: &str) -> Answer<'f, bool> {
    let fact = asked_for(flags, name)?;
    match lacking_gate(flags, name) {
        Some(why) if fact.value => fact.by.refuses(why.text().into_owned()),
        _ => Ok(fact),
    }
}

/// Whether the flags and the defaults ask for it.
fn asked_for<'f>(flags: &'f Flags, name: &str) -> Answer<'f, bool> {
    let Some(spec) = find(name) else {
        return By::default_of(ENABLE).refuses(format!("{name} is not an admission plugin"));
    };
    if !spec.lives(flags.release) {
        return plugin_of_another_release(flags, name);
    }
    let lists = flags.release >= LISTS_SINCE;
    if !lists || flags.is_set(ONLY) {
        return match list(flags, ONLY)? {
            Some(named) => match named.giving(name) {
                Some(by) => by.is(true),
                None => named.by.is(false),
            },
            None => By::default_of(ONLY).is(name == "AlwaysAdmit"),
        };
    }
    let by = |flag| Ok(list(flags, flag)?.and_then(|named| named.giving(name)));
    match (by(ENABLE)?, by(DISABLE)?) {
        (Some(by), Some(_)) => by.refuses(format!("{name} is both enabled and disabled")),
        (Some(by), None) => by.is(true),
        (None, Some(by)) => by.is(false),
        (None, None) => match spec.default(flags.release) {
            ByDefault::On => By::default_of(DISABLE).is(true),
            ByDefault::Off => By::default_of(ENABLE).is(false),
            ByDefault::Unsure => {
                let minor = flags.minor();
                let why = format!("whether {name} runs by default in {minor} is not known");
                By::default_of(ENABLE).unsure(why)
            }
        },
    }
}

/// The plugins that run, in the order in which the server runs them, or why that cannot be told.
pub fn running(flags: &Flags) -> Result<Vec<String>, String> {
    for flag in [ENABLE, DISABLE, ONLY] {
        let named = list(flags, flag).map_err(|gap| gap.words(flags).into_owned())?;
        for name in named.iter().flat_map(PluginList::names) {
            if !is_plugin(flags, name) {
                return Err(format!("{name:?} is not an admission plugin of {}", flags.minor()));
            }
        }
        // Up to 1.9 the flag gives the order too.
        if flag == ONLY && flags.release < LISTS_SINCE {
            return Ok(match named {
                Some(named) => named.names().map(str::to_owned).collect(),
                None => vec!["AlwaysAdmit".to_owned()],
            });
        }
    }
    let mut running = Vec::new();
    for spec in in_order(flags.release) {
        match plugin(flags, spec.name) {
            Ok(fact) if fact.value => running.push(spec.name.to_owned()),
            Ok(_) => {}
            Err(gap) if gap.cause == Cause::NotHere => {}
            Err(gap) => return Err(gap.words(flags).into_owned()),
        }
    }
    Ok(running)
}

/// Whether the server has a plugin. OpenShift's has more of its own: `quota.openshift.io/ClusterResourceQuota`.
pub(super) fn is_plugin(flags: &Flags, name: &str) -> bool {
    let group = name.split_once('/').map(|(group, _)| group);
    find(name).is_some_and(|spec| spec.lives(flags.release))
        || flags.of_openshift && group.is_some_and(|group| group.ends_with(".openshift.io"))
}

fn plugin_of_another_release<'f>(flags: &'f Flags, name: &str) -> Answer<'f, bool> {
    let named = |flag| list(flags, flag).ok().flatten().and_then(|named| named.giving(name));
    let by = [ENABLE, DISABLE, ONLY].into_iter().find_map(named);
    let why = format!("{name} is not an admission plugin of {}", flags.minor());
    by.unwrap_or(By::default_of(ENABLE)).lacks(why)
}

/// The plugins that a flag names.
pub(super) struct PluginList<'f> {
    /// The flag's value: rules ask it for one plugin after the other, so it is not split once more.
    value: &'f Value,
    /// The occurrences that made the list.
    by: By<'f>,
}

impl<'f> PluginList<'f> {
    /// The items. Up to 1.6 `--admission-control` is a text with commas.
    pub(super) fn names(&self) -> impl Iterator<Item = &'f str> + use<'f> {
        let (items, text) = match self.value {
            Value::List(items) => (items.as_slice(), ""),
            Value::Text(text) => (&[][..], text.as_str()),
            _ => (&[][..], ""),
        };
        let split = text.split(',').filter(|_| !text.is_empty());
        items.iter().map(String::as_str).chain(split)
    }

    /// The occurrence that names a plugin, if it is in the list.
    fn giving(&self, name: &str) -> Option<By<'f>> {
        let occurrence = || By::setting_of(self.by.flag, self.by.occurrences.giving(name));
        self.names().any(|named| named == name).then(occurrence)
    }
}

/// What one of the three flags names, or why that cannot be told; `None` if it is not set.
pub(super) fn list<'f>(
    flags: &'f Flags,
    flag: &'static str,
) -> Result<Option<PluginList<'f>>, Gap<'f>> {
    match flags.answer(flag) {
        Ok(Known { value, by }) if by.setting().is_some() => Ok(Some(PluginList { value, by })),
        Ok(_) => Ok(None),
        Err(gap) if matches!(gap.why, Why::NoDefault | Why::NoFlag) => Ok(None),
        Err(gap) => Err(Gap { by: By::setting_of(flag, flags.last(flag)), ..gap }),
    }
}
