//! The formats that every component can log in, and the flags that only text goes with.
//!
//! Source: component-base `logs/options.go`, `logs/validate.go`, `logs/api/v1/options.go`.

use super::Flags;
use crate::component::Component;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

const FORMAT: &str = flag_name!("logging-format");
/// What only text can tell apart by source file.
const MODULES: &str = flag_name!("vmodule");

/// klog's own flags, which its text alone honours; 1.26 dropped them.
const KLOG: [&str; 11] = [
    flag_name!("add-dir-header"),
    flag_name!("alsologtostderr"),
    flag_name!("log-backtrace-at"),
    flag_name!("log-dir"),
    flag_name!("log-file"),
    flag_name!("log-file-max-size"),
    flag_name!("logtostderr"),
    flag_name!("one-output"),
    flag_name!("skip-headers"),
    flag_name!("skip-log-headers"),
    flag_name!("stderrthreshold"),
];
/// One that was held to the same in the first releases with a format.
const FLUSH: (&str, Release) = (flag_name!("log-flush-frequency"), Release::kubernetes(20));

/// The kubelet looks since 1.21, the others since 1.19.
pub(super) fn validate(flags: &mut Flags) {
    let since = if flags.catalog.component == Component::Kubelet { 21 } else { 19 };
    if flags.release < Release::kubernetes(since)
        || flags.filled(FORMAT).is_none_or(|format| format == "text")
    {
        return;
    }
    if flags.filled(MODULES).is_some() {
        refuse(flags, MODULES);
    }
    let (flush, last) = FLUSH;
    for name in KLOG.into_iter().chain((flags.release <= last).then_some(flush)) {
        if differs(flags, name) {
            refuse(flags, name);
        }
    }
}

fn refuse(flags: &mut Flags, name: &str) {
    flags.refuse(name, Code::ExclusiveFlags, Clause::of_flag(format!("needs --{FORMAT}=text")));
}

/// Whether a flag is set to other than its default.
fn differs(flags: &Flags, name: &str) -> bool {
    let Some(value) = flags.set_to(name) else { return false };
    let spec = flags.catalog.find(name);
    let default = spec.and_then(|spec| {
        let text = spec.default(flags.release)?;
        Some(spec.kind(flags.release).read_default(text))
    });
    // An empty text takes a place or a file away, which is what klog begins with.
    default.is_some_and(|default| *value != default) && !value.is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{codes, read};
    use crate::component::Component;

    #[test]
    fn modules_are_told_apart_in_text_only() {
        let args = ["--logging-format=json", "--vmodule=a=1"];
        for component in Component::ALL.into_iter().filter(|it| *it != Component::Etcd) {
            assert!(!read(component, "1.34", &args).starts(), "{component}");
            assert!(
                codes(&read(component, "1.34", &args[1..])).iter().all(|c| *c == "missing-flag")
            );
        }
    }

    #[test]
    fn what_only_klog_honours_is_refused_beside_another_format() {
        use Component::{KubeApiserver, KubeControllerManager, KubeScheduler, Kubelet};
        let json = "--logging-format=json";
        for (component, minor, args, refused) in [
            (KubeScheduler, "1.19", [json, "--alsologtostderr"], true),
            (KubeScheduler, "1.20", [json, "--alsologtostderr"], true),
            (KubeControllerManager, "1.20", [json, "--logtostderr=false"], true),
            (KubeControllerManager, "1.20", [json, "--logtostderr=true"], false),
            (KubeControllerManager, "1.20", [json, "--log-file-max-size=1800"], false),
            (KubeControllerManager, "1.20", [json, "--log-backtrace-at="], false),
            (KubeScheduler, "1.20", [json, "--stderrthreshold=ERROR"], false),
            (KubeScheduler, "1.20", [json, "--stderrthreshold=INFO"], true),
            (KubeScheduler, "1.20", [json, "--log-flush-frequency=1s"], true),
            (KubeScheduler, "1.25", [json, "--log-flush-frequency=1s"], false),
            (KubeScheduler, "1.20", [json, "--v=4"], false),
            (KubeScheduler, "1.20", ["--logging-format=text", "--alsologtostderr"], false),
            (KubeApiserver, "1.23", [json, "--log-file=/var/log/a.log"], true),
            (Kubelet, "1.20", [json, "--alsologtostderr"], false),
            (Kubelet, "1.21", [json, "--alsologtostderr"], true),
        ] {
            let flags = read(component, minor, &args);
            let found = codes(&flags).contains(&"exclusive-flags");
            assert_eq!(found, refused, "{component} {minor} {args:?}: {:?}", codes(&flags));
        }
    }
}
