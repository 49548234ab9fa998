//! Programs that run a whole node: some run the components in themselves, where no process of theirs is to
//! be seen (k3s, kubelite of MicroK8s), others start them (RKE2, k0s). What their role says they run is not
//! absent, whether it is seen or not.

mod k0s;
mod k3s;
mod kubelite;

use std::sync::Arc;

use super::Found;
use super::start::basename;
use crate::component::Component;
use crate::source::process::Process;
use crate::source::{Files, NamedBytes, Unread};

/// A process that runs a node.
#[derive(Debug)]
pub struct NodeProgram {
    /// The process.
    pub pid: u32,
    /// Its executable.
    pub exe: Option<String>,
    /// Its name and role.
    pub name: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    K3s(k3s::Node),
    Kubelite(kubelite::Kubelite),
    K0s(k0s::K0s),
}

/// What a node's program runs.
#[derive(Debug, Default)]
pub struct Within {
    /// The command lines of the components that it runs in itself.
    pub found: Vec<Found>,
    /// Why others of them cannot be read.
    pub problems: Vec<String>,
    /// The components that it runs in itself, readable or not.
    pub runs: Vec<Component>,
    /// The components that it starts as processes of their own.
    pub starts: Vec<Component>,
}

/// The processes that run a node.
pub fn node_programs(processes: &[Process]) -> Vec<NodeProgram> {
    processes.iter().filter_map(node_program).collect()
}

fn node_program(process: &Process) -> Option<NodeProgram> {
    let argv = process.argv.as_ref().ok()?;
    let first = String::from_utf8_lossy(argv.first()?);
    let exe = process.exe.as_ref().map(|exe| exe.display().to_string());
    // k3s rewrites its arguments into one: `/usr/local/bin/k3s server`.
    let program = first.split(' ').next().unwrap_or_default();
    let name = basename(exe.as_deref().unwrap_or(program)).to_owned();
    if !matches!(&*name, "k3s" | "k3s-server" | "k3s-agent" | "rke2" | "k0s" | "kubelite") {
        return None;
    }
    let rest = first.split(' ').skip(1).map(str::to_owned);
    let args: Vec<String> =
        rest.chain(argv.iter().skip(1).map(|word| String::from_utf8_lossy(word).into())).collect();
    let mode = args.first().map(String::as_str);
    let kind = match &*name {
        "kubelite" => Kind::Kubelite(kubelite::Kubelite::of(argv)),
        "k0s" => Kind::K0s(k0s::K0s::of(mode, args.get(1..).unwrap_or_default())?),
        name => Kind::K3s(k3s::Node::of(name, mode)?),
    };
    let role = mode.filter(|_| !matches!(kind, Kind::Kubelite(_)));
    let name = role.map_or_else(|| name.clone(), |role| format!("{name} {role}"));
    Some(NodeProgram { pid: process.pid, exe, name, kind })
}

impl NodeProgram {
    /// What it runs of the components that are wanted, by the files it sees.
    pub fn read(&self, files: &Files, wants: impl Fn(Component) -> bool) -> Within {
        match &self.kind {
            Kind::K3s(node) => node.read(self.pid, files, wants),
            Kind::Kubelite(kubelite) => kubelite.read(files, wants),
            Kind::K0s(k0s) => k0s.read(files, wants),
        }
    }
}

/// Whether there is a file or folder, or whoever looks may not know.
fn may_exist(files: &Files, path: &str) -> bool {
    !matches!(files.attributes(path), Err(Unread::Missing(_) | Unread::Elsewhere(_)))
}

fn text(file: &NamedBytes) -> Result<(String, Arc<str>), String> {
    match String::from_utf8(file.bytes.clone()) {
        Ok(text) => Ok((text, file.name.clone())),
        Err(_) => Err(format!("{} is not UTF-8", file.name)),
    }
}
