//! The audit log and the audit webhook.
//!
//! Either is only looked at when it is on: a log with a path, a webhook with a file. Source: apiserver
//! `pkg/server/options/audit.go`.

use super::super::feature_gates::is_off;
use super::super::value::Value;
use super::Flags;
use super::demand::hold;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Demand, Release, flag_name};

/// From 1.10 on what is off is not validated.
const ONLY_ENABLED_SINCE: Release = Release::kubernetes(10);

pub(super) fn validate(flags: &mut Flags) {
    let all = flags.release < ONLY_ENABLED_SINCE;
    // Without the gate, which went with 1.28, the old log knows only files.
    let advanced = !is_off(flags, "AdvancedAuditing");
    if all || flags.filled(flag_name!("audit-log-path")).is_some() {
        for name in [
            flag_name!("audit-log-maxage"),
            flag_name!("audit-log-maxbackup"),
            flag_name!("audit-log-maxsize"),
        ] {
            hold(flags, name, Demand::AtLeast(0));
        }
        if advanced {
            hold(flags, flag_name!("audit-log-format"), Demand::OneOf(&["legacy", "json"]));
            backend(flags, &LOG);
        }
    }
    if advanced && (all || flags.filled(flag_name!("audit-webhook-config-file")).is_some()) {
        backend(flags, &WEBHOOK);
    }
}

/// The flags of one backend.
struct Backend {
    mode: &'static str,
    version: &'static str,
    buffer_size: &'static str,
    batch_size: &'static str,
    throttle: &'static str,
    throttle_rate: &'static str,
    throttle_burst: &'static str,
    largest_event: &'static str,
    largest_batch: &'static str,
}

const LOG: Backend = Backend {
    mode: flag_name!("audit-log-mode"),
    version: flag_name!("audit-log-version"),
    buffer_size: flag_name!("audit-log-batch-buffer-size"),
    batch_size: flag_name!("audit-log-batch-max-size"),
    throttle: flag_name!("audit-log-batch-throttle-enable"),
    throttle_rate: flag_name!("audit-log-batch-throttle-qps"),
    throttle_burst: flag_name!("audit-log-batch-throttle-burst"),
    largest_event: flag_name!("audit-log-truncate-max-event-size"),
    largest_batch: flag_name!("audit-log-truncate-max-batch-size"),
};

const WEBHOOK: Backend = Backend {
    mode: flag_name!("audit-webhook-mode"),
    version: flag_name!("audit-webhook-version"),
    buffer_size: flag_name!("audit-webhook-batch-buffer-size"),
    batch_size: flag_name!("audit-webhook-batch-max-size"),
    throttle: flag_name!("audit-webhook-batch-throttle-enable"),
    throttle_rate: flag_name!("audit-webhook-batch-throttle-qps"),
    throttle_burst: flag_name!("audit-webhook-batch-throttle-burst"),
    largest_event: flag_name!("audit-webhook-truncate-max-event-size"),
    largest_batch: flag_name!("audit-webhook-truncate-max-batch-size"),
};

fn backend(flags: &mut Flags, backend: &Backend) {
    let modes: &'static [&'static str] = if flags.release < Release::kubernetes(13) {
        &["batch", "blocking"]
    } else {
        &["batch", "blocking", "blocking-strict"]
    };
    hold(flags, backend.mode, Demand::OneOf(modes));
    if flags.release >= ONLY_ENABLED_SINCE {
        if matches!(flags.value(backend.mode), Some(Value::Text(mode)) if mode == "batch") {
            batch(flags, backend);
        }
        truncation(flags, backend);
    }
    hold(flags, backend.version, Demand::OneOf(versions(flags.release)));
}

/// The versions that events can be written in.
fn versions(release: Release) -> &'static [&'static str] {
    const ALL: &[&str] = &["audit.k8s.io/v1", "audit.k8s.io/v1beta1", "audit.k8s.io/v1alpha1"];
    if release < Release::kubernetes(12) {
        &ALL[1..]
    } else if release < Release::kubernetes(24) {
        ALL
    } else {
        &ALL[..1]
    }
}

fn batch(flags: &mut Flags, backend: &Backend) {
    positive(flags, backend.buffer_size, backend.mode);
    positive(flags, backend.batch_size, backend.mode);
    if flags.value(backend.throttle) == Some(&Value::Bool(true)) {
        positive(flags, backend.throttle_rate, backend.throttle);
        positive(flags, backend.throttle_burst, backend.throttle);
    }
}

/// Refuses a number that is not above 0; if it is a default, then the flag that makes it count.
fn positive(flags: &mut Flags, name: &str, by: &str) {
    let good = match flags.value(name) {
        Some(Value::Float(number)) => *number > 0.0,
        Some(value) => value.as_number().is_none_or(|number| number > 0),
        None => true,
    };
    if good {
        return;
    }
    if flags.is_set(name) {
        flags.refuse(name, Code::BadValue, Clause::of_flag("must be more than 0"));
    } else {
        flags.refuse(
            by,
            Code::BadValue,
            Clause::of_flag(format!("needs --{name} to be more than 0")),
        );
    }
}

/// Sizes are held to each other whether or not anything is cut.
fn truncation(flags: &mut Flags, backend: &Backend) {
    let [event, batch] = [backend.largest_event, backend.largest_batch];
    positive(flags, event, event);
    let number = |name: &str| flags.value(name).and_then(Value::as_number);
    if let (Some(one), Some(many)) = (number(event), number(batch))
        && many < one
    {
        let name = if flags.is_set(batch) { batch } else { event };
        let message =
            Clause::of_value(format!("a batch of {many} bytes cannot hold an event of {one}"));
        flags.refuse(name, Code::BadValue, message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes};

    #[test]
    fn what_is_off_is_not_looked_at() {
        for args in [
            "--audit-webhook-mode=foo",
            "--audit-webhook-version=x",
            "--audit-log-maxage=-1",
            "--audit-log-format=xml",
            "--audit-log-truncate-max-event-size=0",
        ] {
            let flags = apiserver("1.34", &[args]);
            assert!(flags.starts(), "{args}: {:?}", flags.diagnostics);
        }
    }

    #[test]
    fn a_backend_that_is_on_is_held_to_its_limits() {
        let log = "--audit-log-path=/x";
        let hook = "--audit-webhook-config-file=/x";
        for (minor, args, starts) in [
            ("1.34", &[log, "--audit-log-maxage=-1"][..], false),
            ("1.34", &[log, "--audit-log-format=xml"], false),
            ("1.34", &[log, "--audit-log-mode=batch", "--audit-log-batch-buffer-size=0"], false),
            ("1.34", &[log, "--audit-log-mode=batch", "--audit-log-batch-max-size=0"], false),
            ("1.34", &[log, "--audit-log-batch-max-size=0"], true),
            ("1.34", &[log, "--audit-log-mode=batch"], true),
            ("1.34", &[log, "--audit-log-mode=batch", "--audit-log-batch-throttle-enable"], false),
            ("1.34", &[log, "--audit-log-version=v3"], false),
            ("1.34", &[log, "--audit-log-version=audit.k8s.io/v1"], true),
            ("1.34", &[log, "--audit-log-version=audit.k8s.io/v1beta1"], false),
            ("1.23", &[log, "--audit-log-version=audit.k8s.io/v1beta1"], true),
            ("1.34", &[log, "--audit-log-truncate-max-event-size=0"], false),
            ("1.34", &[log, "--audit-log-truncate-max-batch-size=9"], false),
            ("1.34", &[hook, "--audit-webhook-mode=foo"], false),
            ("1.34", &[hook, "--audit-webhook-version=audit.k8s.io/v9"], false),
            ("1.34", &[hook], true),
        ] {
            let flags = apiserver(minor, args);
            assert_eq!(flags.starts(), starts, "{minor} {args:?}: {:?}", codes(&flags));
        }
    }
}
