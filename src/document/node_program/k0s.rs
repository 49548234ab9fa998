//! k0s starts the components as processes of their own. Its arguments say which.
//!
//! Source: k0s `cmd/controller/controller.go`, `pkg/config/cli.go`.

use super::{Within, may_exist};
use crate::component::Component;
use crate::source::Files;

/// Where k0s keeps the data of its etcd.
const ETCD: &str = "/var/lib/k0s/etcd";

/// A node of k0s.
#[derive(Debug)]
pub(super) struct K0s {
    controller: bool,
    worker: bool,
    /// The names of the components that it does not start.
    disabled: Vec<String>,
}

impl K0s {
    pub(super) fn of(mode: Option<&str>, args: &[String]) -> Option<Self> {
        let controller = mode == Some("controller");
        if !controller && mode != Some("worker") {
            return None;
        }
        let mut disabled = Vec::new();
        let mut words = args.iter();
        while let Some(word) = words.next() {
            let value = match word.strip_prefix("--disable-components") {
                Some("") => words.next().map(String::as_str),
                Some(rest) => rest.strip_prefix('='),
                None => None,
            };
            disabled.extend(value.into_iter().flat_map(|list| list.split(',')).map(str::to_owned));
        }
        let is_set = |name: &str| {
            let on = format!("{name}=true");
            args.iter().any(|word| *word == name || *word == on)
        };
        let worker = !controller || is_set("--enable-worker") || is_set("--single");
        Some(Self { controller, worker, disabled })
    }

    /// What it starts, of that which is wanted.
    pub(super) fn read(&self, files: &Files, wants: impl Fn(Component) -> bool) -> Within {
        let runs = |component: &Component| match component {
            Component::Kubelet => self.worker,
            // It may keep its data elsewhere.
            Component::Etcd => self.controller && may_exist(files, ETCD),
            other => self.controller && !self.disabled.iter().any(|name| name == other.name()),
        };
        let starts = Component::ALL.into_iter().filter(|it| runs(it) && wants(*it)).collect();
        Within { starts, ..Within::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::K0s;
    use crate::component::Component;
    use crate::source::Files;

    #[test]
    fn its_role_and_what_is_disabled_decide() {
        let runs = |line: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let node = K0s::of(words.first().map(String::as_str), &words[1..])?;
            let runs = node.read(&Files::elsewhere(), |_| true).starts;
            Some(runs.iter().map(|it| it.name()).collect::<Vec<_>>().join(" "))
        };
        let every = "kube-apiserver kube-controller-manager kube-scheduler";
        assert_eq!(runs("controller --config=/etc/k0s.yaml").as_deref(), Some(every));
        assert_eq!(runs("worker --token-file=/t").as_deref(), Some("kubelet"));
        assert_eq!(runs("controller --single").as_deref(), Some(&*format!("{every} kubelet")));
        let without = "controller --disable-components kube-scheduler,konnectivity-server";
        assert_eq!(runs(without).as_deref(), Some("kube-apiserver kube-controller-manager"));
        assert_eq!(runs("status"), None);
        assert_eq!(Component::ALL.len(), 5, "a component is added: does k0s start it?");
    }
}
