//! What a server makes of several flags together, and of what is left out: facts that no single
//! flag's value shows.

use super::admission::running;
use super::answer::Known;
use super::authorization::{CONFIG, Chain, authorizers};
use super::{Flags, Setting};
use crate::component::Component;

/// One such fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// A stable word for programs.
    pub name: &'static str,
    /// The same for people.
    pub title: &'static str,
    /// What it comes to, in the server's order; or why that cannot be told.
    pub value: Result<Vec<String>, String>,
}

/// What follows from the flags of kube-apiserver; nothing for other components.
pub fn derived(flags: &Flags) -> Vec<Derived> {
    if flags.catalog.component != Component::KubeApiserver {
        return Vec::new();
    }
    let modes = match authorizers(flags) {
        Ok(Known { value: Chain::Modes(modes), .. }) => {
            Ok(modes.into_iter().map(str::to_owned).collect())
        }
        Ok(Known { value: Chain::File, by }) => {
            let path = by.setting().map(Setting::shown_value).unwrap_or_default();
            Err(format!("they stand in the file of --{CONFIG}, {path}"))
        }
        Err(gap) => Err(gap.words(flags).into_owned()),
    };
    vec![
        Derived { name: "authorizers", title: "authorizers", value: modes },
        Derived { name: "admission-plugins", title: "admission plugins", value: running(flags) },
    ]
}

#[cfg(test)]
mod tests {
    use super::{Flags, derived};
    use crate::command_line::CommandLine;
    use crate::component::Component;
    use crate::version::Minor;

    fn shown(component: Component, minor: u16, args: &[&str]) -> Vec<String> {
        let line = CommandLine::given(component, args.iter().map(ToString::to_string));
        let flags = Flags::read(&line, Minor::kubernetes(minor));
        let value = |value: Result<Vec<String>, String>| match value {
            Ok(items) => items.join(","),
            Err(why) => format!("? {why}"),
        };
        derived(&flags).into_iter().map(|fact| value(fact.value)).collect()
    }

    #[test]
    fn authorizers_are_what_the_server_completes_them_to() {
        let cases: [(u16, &[&str], &str); 5] = [
            (36, &[], "AlwaysAllow"),
            (36, &["--authorization-mode="], "AlwaysAllow"),
            (36, &["--authorization-mode=Node,RBAC"], "Node,RBAC"),
            (28, &["--authorization-mode="], "? names no mode"),
            (
                36,
                &["--authorization-config=/a.yaml"],
                "? they stand in the file of --authorization-config, /a.yaml",
            ),
        ];
        for (minor, args, expected) in cases {
            assert_eq!(shown(Component::KubeApiserver, minor, args)[0], expected, "{args:?}");
        }
        assert!(shown(Component::Kubelet, 36, &[]).is_empty());
    }

    #[test]
    fn admission_plugins_run_in_the_servers_order_not_in_that_of_the_flag() {
        let run = |minor, args: &[&str]| shown(Component::KubeApiserver, minor, args).remove(1);
        assert_eq!(
            run(23, &["--admission-control=ResourceQuota,NodeRestriction,NamespaceLifecycle"]),
            "NamespaceLifecycle,NodeRestriction,ResourceQuota"
        );
        assert_eq!(
            run(9, &["--admission-control=ResourceQuota,LimitRanger"]),
            "ResourceQuota,LimitRanger"
        );
        assert_eq!(run(9, &[]), "AlwaysAdmit");
        let names =
            ["--enable-admission-plugins=AlwaysPullImages", "--disable-admission-plugins=Priority"];
        let names = run(36, &names);
        let at = |name: &str| names.split(',').position(|other| other == name);
        assert!(at("TaintNodesByCondition") < at("AlwaysPullImages"), "{names}");
        assert!(at("AlwaysPullImages") < at("PodSecurity"), "{names}");
        assert!(at("Priority").is_none() && names.ends_with(",ResourceQuota"), "{names}");
        assert!(run(36, &["--enable-admission-plugins=Nope"]).starts_with("? \"Nope\""));
        assert!(run(11, &[]).starts_with("? whether P"));
    }
}
