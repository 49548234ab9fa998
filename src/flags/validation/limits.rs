//! Numbers and words with a range: audit log, requests, logging, emulated version.

use super::super::value::Value;
use super::Flags;
use crate::version::Minor;

/// From 1.27 on the generic server options are validated.
const GENERIC_SINCE: u16 = 27;

pub(super) fn validate(flags: &mut Flags) {
    for name in ["audit-log-maxage", "audit-log-maxbackup", "audit-log-maxsize"] {
        at_least(flags, name, 0);
    }
    at_least(flags, "apiserver-count", 1);
    let modes: &[&str] = if flags.release < 13 {
        &["batch", "blocking"]
    } else {
        &["batch", "blocking", "blocking-strict"]
    };
    one_of(flags, "audit-log-format", &["legacy", "json"]);
    one_of(flags, "audit-log-mode", modes);
    one_of(flags, "audit-webhook-mode", modes);
    logging(flags);
    one_of(flags, "endpoint-reconciler-type", &["master-count", "lease", "none"]);
    if flags.release >= GENERIC_SINCE {
        for name in [
            "max-requests-inflight",
            "max-mutating-requests-inflight",
            "request-timeout",
            "min-request-timeout",
        ] {
            at_least(flags, name, 0);
        }
        if let Some(Value::Float(chance)) = flags.set_to("goaway-chance")
            && !(0.0..=0.02).contains(chance)
        {
            let message = format!("--goaway-chance: {chance} does not lie between 0 and 0.02");
            flags.refuse("goaway-chance", "bad-value", message);
        }
    }
    in_flight(flags);
    emulated_version(flags);
}

/// Priority and fairness, on by default, divides the requests in flight: there must be some.
fn in_flight(flags: &mut Flags) {
    let number = |name: &str| flags.value(name).and_then(|value| value.as_number());
    let limits = ["max-requests-inflight", "max-mutating-requests-inflight"];
    let fair = matches!(flags.value("enable-priority-and-fairness"), Some(Value::Bool(true)));
    if flags.release >= GENERIC_SINCE && fair && limits.map(number) == [Some(0), Some(0)] {
        let message = format!("--{} and --{} must not both be 0", limits[0], limits[1]);
        flags.refuse(limits[0], "bad-value", message);
    }
}

/// The formats that every component can log in.
pub(super) fn logging(flags: &mut Flags) {
    one_of(flags, "logging-format", &["text", "json"]);
}

pub(super) fn at_least(flags: &mut Flags, name: &str, lowest: i128) {
    let number = flags.set_to(name).and_then(Value::as_number);
    if number.is_some_and(|number| number < lowest) {
        flags.refuse(name, "bad-value", format!("--{name} must not be less than {lowest}"));
    }
}

pub(super) fn one_of(flags: &mut Flags, name: &str, words: &[&str]) {
    if let Some(Value::Text(word)) = flags.set_to(name)
        && !words.contains(&word.as_str())
    {
        let message = format!("--{name}: {word:?} is not one of {}", words.join(", "));
        flags.refuse(name, "bad-value", message);
    }
}

/// A server can pretend to be up to three minors older, never newer.
fn emulated_version(flags: &mut Flags) {
    let name = "emulated-version";
    for item in flags.items(name).unwrap_or_default() {
        let version = item.rsplit('=').next().unwrap_or_default();
        let allowed = version.parse::<Minor>().is_ok_and(|minor| {
            flags
                .catalog
                .release(minor)
                .is_some_and(|wanted| (flags.release - 3..=flags.release).contains(&wanted))
        });
        if !allowed {
            let minor = flags.minor();
            let message = format!(
                "--{name}: {item:?} is not a version from three minors before {minor} to it"
            );
            flags.refuse(name, "bad-value", message);
        }
    }
}
