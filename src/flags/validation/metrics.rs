//! Metrics that are about to go, shown for one more minor.
//!
//! Source: component-base `metrics/options.go`, which every component uses.

use super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::flag_name;

pub(super) fn validate(flags: &mut Flags) {
    let name = flag_name!("show-hidden-metrics-for-version");
    let previous = flags.release.minus(1).minor().to_string();
    if let Some(version) = flags.filled(name)
        && version != previous
    {
        let message = Clause::of_value(format!("{version:?} is not {previous}, the minor before"));
        flags.refuse(name, Code::BadValue, message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{codes, read};
    use crate::component::Component;

    #[test]
    fn hidden_metrics_are_shown_for_the_minor_before_only() {
        for component in
            [Component::KubeApiserver, Component::KubeScheduler, Component::KubeControllerManager]
        {
            for (version, refused) in [("1.33", false), ("1.30", true), ("foo", true), ("", false)]
            {
                let arg = format!("--show-hidden-metrics-for-version={version}");
                let flags = read(component, "1.34", &[&arg]);
                assert_eq!(codes(&flags).contains(&"bad-value"), refused, "{component} {arg}");
            }
        }
    }
}
