//! What the kubelet refuses: numbers out of range, words it does not know, flags that need others.
//!
//! Its configuration is checked after the flags have been laid over the file, so that what stands in
//! the file counts as well. Sources: kubernetes `pkg/kubelet/apis/config/validation/validation.go`,
//! `cmd/kubelet/app/options/options.go` (`ValidateKubeletFlags`), `cmd/kubelet/app/auth.go`,
//! `pkg/kubelet/cm`, by release. What depends on the machine or on the kubeconfig is let pass.

use super::super::feature_gates::{self, is_off};
use super::super::scalar;
use super::super::value::Value;
use super::Flags;
use super::node_labels;
use crate::command_line::CommandLine;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};

/// The first release that checks its configuration (kubernetes#49927); of 1.8 little is known.
const CHECKED_SINCE: Release = Release::kubernetes(9);
/// The first release in which the lower threshold must be below the upper one (kubernetes#66510).
const THRESHOLDS_SINCE: Release = Release::kubernetes(12);
/// The first release with CRI alone.
const DOCKERSHIM_GONE: Release = Release::kubernetes(24);

const ENFORCE: &str = flag_name!("enforce-node-allocatable");
/// What stands behind a word that means compressible resources alone.
const PART: &str = "-compressible";
/// The first release with that word, and the first certain to refuse what is said twice
/// (kubernetes#125982).
const TOLD_APART_SINCE: Release = Release::kubernetes(32);
const RESERVED: [(&str, &str); 2] = [
    (flag_name!("system-reserved"), flag_name!("system-reserved-cgroup")),
    (flag_name!("kube-reserved"), flag_name!("kube-reserved-cgroup")),
];

pub(super) fn validate(flags: &mut Flags, line: &CommandLine) {
    lock_file(flags);
    if flags.release < CHECKED_SINCE {
        return;
    }
    thresholds(flags);
    enforcement(flags);
    cgroups(flags);
    reserved_cpus(flags);
    gated(flags);
    runtime(flags, line);
    if flags.release >= Release::kubernetes(32) && is_on(flags, flag_name!("runonce")) {
        flags.refuse(
            flag_name!("runonce"),
            Code::BadValue,
            Clause::of_flag("is refused since 1.32"),
        );
    }
    node_labels::validate(flags);
}

fn is_on(flags: &Flags, name: &str) -> bool {
    matches!(flags.set_to(name), Some(Value::Bool(true)))
}

fn lock_file(flags: &mut Flags) {
    let (contention, file) = (flag_name!("exit-on-lock-contention"), flag_name!("lock-file"));
    if is_on(flags, contention) && flags.is_empty(file) {
        flags.refuse(contention, Code::MissingFlag, Clause::of_flag(format!("needs --{file}")));
    }
}

fn thresholds(flags: &mut Flags) {
    let (low, high) = (flag_name!("image-gc-low-threshold"), flag_name!("image-gc-high-threshold"));
    let number = |name: &str| flags.value(name).and_then(Value::as_number);
    let (Some(least), Some(most)) = (number(low), number(high)) else { return };
    if flags.release >= THRESHOLDS_SINCE && least >= most {
        let name = if flags.is_set(low) { low } else { high };
        let message =
            Clause::sentence(format!("--{low}={least} must be less than --{high}={most}"));
        flags.refuse(name, Code::BadValue, message);
    }
}

/// What is enforced on the node, and the control groups that it is enforced in.
fn enforcement(flags: &mut Flags) {
    let set = flags.items(ENFORCE).unwrap_or_default().to_vec();
    for item in &set {
        let base = item.strip_suffix(PART).filter(|_| flags.release >= TOLD_APART_SINCE);
        let base = base.unwrap_or(item);
        let reserved = RESERVED.iter().find(|(name, _)| *name == base);
        if reserved.is_none() && !["pods", "none"].contains(&item.as_str()) {
            let message = Clause::of_value(format!(
                "{item:?} is not one of pods, system-reserved, kube-reserved, none"
            ));
            flags.refuse_item((ENFORCE, item), Code::BadValue, message);
        }
        if let Some((name, group)) = reserved
            && flags.release >= Release::kubernetes(19)
            && flags.is_empty(group)
        {
            flags.refuse_item(
                (ENFORCE, item),
                Code::MissingFlag,
                Clause::of_value(format!("{name} needs --{group}")),
            );
        }
    }
    if flags.release >= TOLD_APART_SINCE {
        once(flags, &set);
    }
    if set.len() > 1 && set.iter().any(|item| item == "none") {
        let message = Clause::of_value("none does not go with others");
        flags.refuse_item((ENFORCE, "none"), Code::BadValue, message);
    }
    // Releases up to 1.30 or so want the list empty, later ones take none as well.
    let by_pod = flag_name!("cgroups-per-qos");
    let enforced = match flags.value(ENFORCE) {
        Some(Value::List(items)) => items.iter().any(|item| item != "none"),
        _ => false,
    };
    if enforced && matches!(flags.set_to(by_pod), Some(Value::Bool(false))) {
        let message =
            Clause::sentence(format!("--{by_pod}=false needs --{ENFORCE}= (nothing enforced)"));
        flags.refuse(by_pod, Code::ExclusiveFlags, message);
    }
}

/// Nothing is enforced twice: not by the same word, and not all of it beside a part.
fn once(flags: &mut Flags, items: &[String]) {
    for (index, item) in items.iter().enumerate() {
        let whole = item.strip_suffix(PART);
        let problem = if items.iter().take(index).any(|earlier| earlier == item) {
            format!("{item:?} is given twice")
        } else if let Some(whole) = whole.filter(|whole| items.iter().any(|other| other == whole)) {
            format!("{whole} and {item} exclude each other")
        } else {
            continue;
        };
        flags.refuse_item((ENFORCE, item), Code::BadValue, Clause::of_value(problem));
    }
}

fn cgroups(flags: &mut Flags) {
    let (system, root) = (flag_name!("system-cgroups"), flag_name!("cgroup-root"));
    if flags.filled(system).is_some() && flags.is_empty(root) {
        flags.refuse(system, Code::MissingFlag, Clause::of_flag(format!("needs --{root}")));
    }
}

fn reserved_cpus(flags: &mut Flags) {
    let name = flag_name!("reserved-cpus");
    let Some(text) = flags.filled(name).map(str::to_owned) else { return };
    for (_, group) in RESERVED {
        if flags.filled(group).is_some() {
            let message = Clause::of_flag(format!("and --{group} exclude each other"));
            flags.refuse(name, Code::ExclusiveFlags, message);
        }
    }
    let number = |text: &str| text.parse::<u32>().ok();
    let good = text.split(',').all(|part| match part.split_once('-') {
        None => number(part).is_some(),
        Some((first, last)) => matches!((number(first), number(last)), (Some(_), Some(_))),
    });
    if !good {
        let message = Clause::of_value(format!("{text:?} is not a list of CPUs such as 0-3,8"));
        flags.refuse(name, Code::BadValue, message);
    }
}

/// Flags that need a feature gate.
fn gated(flags: &mut Flags) {
    let refuse = |flags: &mut Flags, flag: &str, name: &str| {
        let message = Clause::of_flag(format!("needs the feature gate {name} in "));
        let message = message.release(flags.minor());
        flags.refuse(flag, Code::GatedFlag, message);
    };
    let certificates = flag_name!("rotate-server-certificates");
    if is_on(flags, certificates) && is_off(flags, "RotateKubeletServerCertificate") {
        refuse(flags, certificates, "RotateKubeletServerCertificate");
    }
    if is_on(flags, flag_name!("seccomp-default")) && is_off(flags, "SeccompDefault") {
        refuse(flags, flag_name!("seccomp-default"), "SeccompDefault");
    }
    let period = flag_name!("cpu-cfs-quota-period");
    let hundred = 100_000_000;
    if let Some(Value::Duration(time)) = flags.set_to(period) {
        let time = *time;
        // Of a gate that is off the value was left alone at first (kubernetes#94687).
        let looked_at = flags.release >= Release::kubernetes(20)
            || feature_gates::is_on(flags, "CustomCPUCFSQuotaPeriod");
        // kubernetes#112123
        let (shortest, shown) = if flags.release >= Release::kubernetes(26) {
            (1_000_000, "1ms")
        } else {
            (1_000, "1µs")
        };
        if looked_at && time != hundred && is_off(flags, "CustomCPUCFSQuotaPeriod") {
            refuse(flags, period, "CustomCPUCFSQuotaPeriod");
        } else if looked_at && !(shortest..=1_000_000_000).contains(&time) {
            let message = Clause::of_flag(format!("must lie between {shown} and 1s"));
            flags.refuse(period, Code::BadValue, message);
        }
    }
    let folder = flag_name!("dynamic-config-dir");
    if flags.is_set(folder) && is_off(flags, "DynamicKubeletConfig") {
        refuse(flags, folder, "DynamicKubeletConfig");
    }
}

/// From 1.24 on there is no runtime but over CRI, at an endpoint that has to be named until 1.27
/// gave it a default.
fn runtime(flags: &mut Flags, line: &CommandLine) {
    if flags.release < DOCKERSHIM_GONE {
        return;
    }
    let endpoint = flag_name!("container-runtime-endpoint");
    if flags.names_nothing(endpoint) {
        flags.require(line, endpoint, Clause::of_flag("is required in ").release(flags.minor()));
    }
    let size = flag_name!("container-log-max-size");
    if let Some(text) = flags.filled(size)
        && let Err(why) = scalar::quantity(text)
    {
        flags.refuse(size, Code::BadValue, Clause::of_value(format!("{text:?} {why}")));
    }
}
