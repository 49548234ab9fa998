//! The generic options of the server: requests in flight, the header of secure transport.

use super::super::value::Value;
use super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

/// From 1.27 on the generic server options are validated.
pub(super) const GENERIC_SINCE: Release = Release::kubernetes(27);

pub(super) fn validate(flags: &mut Flags) {
    if flags.release >= GENERIC_SINCE {
        transport_security(flags);
    }
    in_flight(flags);
}

/// The words of a Strict-Transport-Security header.
fn transport_security(flags: &mut Flags) {
    let name = flag_name!("strict-transport-security-directives");
    for word in flags.items(name).unwrap_or_default().to_vec() {
        let age = word.strip_prefix("max-age=").is_some_and(|age| !age.contains('='));
        if !(age || ["includeSubDomains", "preload"].contains(&word.as_str())) {
            let message = Clause::of_value(format!(
                "{word:?} is none of max-age=…, includeSubDomains and preload"
            ));
            flags.refuse_item((name, &word), Code::BadValue, message);
        }
    }
}

/// Priority and fairness, on by default, divides the requests in flight: there must be some.
fn in_flight(flags: &mut Flags) {
    let number = |name: &str| flags.value(name).and_then(Value::as_number);
    let limits =
        [flag_name!("max-requests-inflight"), flag_name!("max-mutating-requests-inflight")];
    let fair =
        matches!(flags.value(flag_name!("enable-priority-and-fairness")), Some(Value::Bool(true)));
    if flags.release >= GENERIC_SINCE && fair && limits.map(number) == [Some(0), Some(0)] {
        let message = Clause::of_flag(format!("and --{} must not both be 0", limits[1]));
        flags.refuse(limits[0], Code::BadValue, message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{apiserver, codes};

    #[test]
    fn spans_of_time_are_not_negative_from_1_27_on() {
        for (minor, args, starts) in [
            ("1.34", "--livez-grace-period=-1s", false),
            ("1.25", "--livez-grace-period=-1s", true),
            ("1.34", "--shutdown-delay-duration=-1s", false),
            ("1.34", "--shutdown-watch-termination-grace-period=-1s", false),
            ("1.34", "--storage-initialization-timeout=-1s", false),
            ("1.34", "--storage-initialization-timeout=0", true),
            ("1.34", "--strict-transport-security-directives=foo", false),
            ("1.34", "--strict-transport-security-directives=max-age=1,preload", true),
            ("1.25", "--strict-transport-security-directives=foo", true),
        ] {
            let flags = apiserver(minor, &[args]);
            assert_eq!(flags.starts(), starts, "{minor} {args}: {:?}", codes(&flags));
        }
    }
}
