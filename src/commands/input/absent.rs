//! Whether a component that is not seen among the processes may run here all the same: it may be just
//! restarting. It does not run here only if nothing on the machine speaks for it.

use std::sync::Arc;

use crate::component::Component;
use crate::document;
use crate::source::{Files, Unread};

/// Where kubelets look for static pods: kubeadm's folder, RKE2's and that of k3s.
const STATIC_PODS: [&str; 3] = [
    "/etc/kubernetes/manifests",
    "/var/lib/rancher/rke2/agent/pod-manifests",
    "/var/lib/rancher/k3s/agent/pod-manifests",
];

/// Where people put units of their own. Source: systemd.unit(5).
const OWN_UNITS: [&str; 2] = ["/etc/systemd/system", "/run/systemd/system"];

/// Where packages put units, which run only if they are enabled.
const PACKAGED_UNITS: [&str; 3] =
    ["/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

/// Where a unit that is enabled has a link.
const WANTED: &str = "/etc/systemd/system/multi-user.target.wants";

/// What the machine says of the components that are not seen.
pub(super) struct Written<'m> {
    machine: &'m Files,
    /// The folders of static pods.
    pods: Vec<String>,
}

impl<'m> Written<'m> {
    /// On this machine, whose kubelets take static pods from these folders too.
    pub(super) fn on(machine: &'m Files, kubelets: &[String]) -> Self {
        let mut pods: Vec<String> = STATIC_PODS.map(str::to_owned).into();
        for folder in kubelets {
            if !pods.contains(folder) {
                pods.push(folder.clone());
            }
        }
        Self { machine, pods }
    }

    /// The file that starts a component here, or why none can be excluded.
    pub(super) fn speaks_for(&self, component: Component) -> Option<String> {
        let mut pods = self.pods.iter().filter_map(|folder| {
            // The kubelet passes over hidden files.
            let is_pod = |name: &str| !name.starts_with('.');
            self.in_folder(folder, component, is_pod)
        });
        pods.next().or_else(|| self.unit_of(component))
    }

    fn unit_of(&self, component: Component) -> Option<String> {
        let is_unit = |name: &str| name.ends_with(".service") && name.contains(component.name());
        let is_enabled = |name: &str| {
            is_unit(name) && self.machine.attributes(&format!("{WANTED}/{name}")).is_ok()
        };
        let own = OWN_UNITS.iter().filter_map(|folder| self.in_folder(folder, component, is_unit));
        let packaged = PACKAGED_UNITS
            .iter()
            .filter_map(|folder| self.in_folder(folder, component, is_enabled));
        own.chain(packaged).next()
    }

    /// The first of a folder's files that starts the component.
    fn in_folder(
        &self,
        folder: &str,
        component: Component,
        counts: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let names = match self.machine.list(folder) {
            Ok(names) => names,
            Err(unread) => return unreadable(unread),
        };
        let counts = |path: &String| path.rsplit('/').next().is_some_and(&counts);
        // A unit that is masked is a link to /dev/null, and nobody starts a device.
        let is_file = |path: &String| self.machine.attributes(path).is_ok_and(|it| it.1.is_file);
        let mut files = names.into_iter().filter(|path| counts(path) && is_file(path));
        files.find_map(|path| match self.machine.read(&path) {
            Ok(file) => {
                let text = String::from_utf8_lossy(&file.bytes);
                let name: Arc<str> = file.name.clone();
                let read = document::read(&text, &name);
                let starts = read.found.iter().any(|found| found.line.component == component);
                starts.then(|| format!("{name} starts it"))
            }
            Err(unread) => unreadable(unread),
        })
    }
}

/// What cannot be looked at may start anything; what is not there does not.
fn unreadable(unread: Unread) -> Option<String> {
    match unread {
        Unread::Missing(_) | Unread::Elsewhere(_) => None,
        Unread::Failed(why) => Some(format!("what could start it cannot be looked at: {why}")),
    }
}
