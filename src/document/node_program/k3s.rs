//! k3s runs the components in itself, RKE2 starts them. Both hide their arguments, so their configuration on
//! disk is read in their place; only the log of k3s has the whole of its arguments.

use super::{Within, may_exist, text};
use crate::command_line::{Arg, Location};
use crate::component::Component;
use crate::document::distribution::k3s::{Distribution, Role, read_node};
use crate::document::parts::merged;
use crate::document::{Contents, Error, Found, Neighbour};
use crate::source::{Files, Unread};

/// A node of k3s or RKE2.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) distribution: Distribution,
    pub(super) role: Role,
}

impl Node {
    /// A process of one of them by its name and its first argument.
    pub(super) fn of(name: &str, mode: Option<&str>) -> Option<Self> {
        let distribution = match name {
            "k3s" | "k3s-server" | "k3s-agent" => Distribution::K3s,
            "rke2" => Distribution::Rke2,
            _ => return None,
        };
        let role = match mode.or_else(|| name.strip_prefix("k3s-")) {
            Some("server") => Role::Server,
            Some("agent") => Role::Agent,
            _ => return None,
        };
        Some(Self { distribution, role })
    }

    fn folder(&self) -> &'static str {
        match self.distribution {
            Distribution::Rke2 => "rke2",
            Distribution::K3s | Distribution::Either => "k3s",
        }
    }

    /// What it runs, of that which is wanted.
    pub(super) fn read(
        &self,
        pid: u32,
        files: &Files,
        wants: impl Fn(Component) -> bool,
    ) -> Within {
        let mut within = match self.texts(files) {
            Ok(texts) => self.by_configuration(pid, files, &texts, &wants),
            Err(why) => Within { problems: vec![why], ..Within::default() },
        };
        if self.has_etcd(files) && wants(Component::Etcd) && !within.runs.contains(&Component::Etcd)
        {
            within.runs.push(Component::Etcd);
            if self.distribution == Distribution::K3s {
                let why = format!(
                    "k3s may keep an etcd of its own in {}, which its configuration does not tell; {}",
                    self.etcd_folder(),
                    self.its_log()
                );
                within.problems.push(why);
            }
        }
        if self.distribution == Distribution::Rke2 {
            // Its components are processes of their own, which are looked at themselves.
            within.found.clear();
            within.starts = std::mem::take(&mut within.runs);
        }
        within
    }

    /// The files of its configuration, in the order in which it reads them.
    fn texts(&self, files: &Files) -> Result<Vec<Neighbour>, String> {
        let main = format!("/etc/rancher/{}/config.yaml", self.folder());
        let parts = match files.list(&format!("{main}.d")) {
            Ok(parts) => parts,
            Err(Unread::Missing(_)) => Vec::new(),
            Err(Unread::Elsewhere(why) | Unread::Failed(why)) => return Err(why),
        };
        let parts = parts.into_iter().filter(|path| {
            let lower = path.to_ascii_lowercase();
            [".yaml", ".yml"].iter().any(|ending| lower.ends_with(ending))
        });
        let mut texts = Vec::new();
        for path in [main].into_iter().chain(parts) {
            match files.read(&path) {
                Ok(file) => {
                    let (text, name) = text(&file)?;
                    texts.push((name, Ok(text)));
                }
                Err(Unread::Missing(_)) => {}
                Err(Unread::Elsewhere(why) | Unread::Failed(why)) => return Err(why),
            }
        }
        Ok(texts)
    }

    fn by_configuration(
        &self,
        pid: u32,
        files: &Files,
        texts: &[Neighbour],
        wants: &impl Fn(Component) -> bool,
    ) -> Within {
        let contents = merged(texts, |roots| read_node(roots, self.distribution, self.role));
        let Some(Contents { mut found, errors, .. }) = contents else {
            return self.nothing_to_read(wants);
        };
        // The words of a file that somebody else has named are not shown.
        let said = |error: &Error| {
            if files.are_foreign() {
                format!("{}: it cannot be read", error.path)
            } else {
                error.to_string()
            }
        };
        found.retain(|one| wants(one.line.component));
        for one in &mut found {
            self.hide(pid, one);
        }
        let runs = found.iter().map(|one| one.line.component).collect();
        let problems = errors.iter().map(said).collect();
        Within { found, problems, runs, ..Within::default() }
    }

    /// Arguments come after the configuration, and the last one counts.
    fn hide(&self, pid: u32, one: &mut Found) {
        let why = format!("k3s hides the arguments it was started with; {}", self.its_log());
        let location = Location::Process { pid, argument: 0 };
        one.line.args.push(Arg::hidden(why, location));
        one.line.name = Some("in k3s, by its configuration on disk".to_owned());
    }

    /// Where no file configures it, its role says what it runs.
    fn nothing_to_read(&self, wants: &impl Fn(Component) -> bool) -> Within {
        let every = [
            Component::KubeApiserver,
            Component::KubeControllerManager,
            Component::KubeScheduler,
            Component::Kubelet,
        ];
        let runs = |component| self.role == Role::Server || component == Component::Kubelet;
        let runs: Vec<_> = every.into_iter().filter(|it| runs(*it) && wants(*it)).collect();
        let mut problems = Vec::new();
        if self.distribution == Distribution::K3s && !runs.is_empty() {
            let names: Vec<&str> = runs.iter().map(|it| it.name()).collect();
            problems.push(format!(
                "k3s runs {} in itself and hides the arguments; {}",
                names.join(", "),
                self.its_log()
            ));
        }
        Within { problems, runs, ..Within::default() }
    }

    fn etcd_folder(&self) -> String {
        format!("/var/lib/rancher/{}/server/db/etcd", self.folder())
    }

    /// Whether it has data of an etcd of its own: an argument that nobody sees may have made it.
    fn has_etcd(&self, files: &Files) -> bool {
        self.role == Role::Server && may_exist(files, &self.etcd_folder())
    }

    /// What is to be done where it cannot be told from outside.
    fn its_log(&self) -> &'static str {
        match self.role {
            Role::Server => "its log tells: journalctl -u k3s | plimsoll check -",
            Role::Agent => "its log tells: journalctl -u k3s-agent | plimsoll check -",
        }
    }
}
