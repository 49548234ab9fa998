//! The servers that run on the machine.

use super::absent::Written;
use super::event::{Event, Out, guarded};
use super::inputs::Inputs;
use crate::command_line::CommandLine;
use crate::component::Component;
use crate::config_files::read_flags;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, NodeProgram, Server};
use crate::flags::catalog::Catalog;
use crate::source::process::{Owner, Process, ProcessTable};
use crate::source::{ExeFile, Files, Root, Source};

/// What was seen among the processes.
#[derive(Default)]
struct Seen {
    /// The components of which there is a process, or which run in a program that is read.
    running: Vec<Component>,
    /// The components that the program of a node runs, and its name.
    started: Vec<(Component, String)>,
    kubelets: Vec<(u32, CommandLine)>,
    /// Whether there was anything to judge, readable or not.
    any: bool,
}

impl Seen {
    /// The folders from which root's kubelets start static pods: who else runs something under that name
    /// has no folders looked at.
    fn static_pods(&self, table: &ProcessTable) -> Vec<String> {
        let folder = |(pid, line): &(u32, CommandLine)| {
            let owner = table.owner(*pid);
            if owner.uid != Some(0) {
                return None;
            }
            let files = table.files(*pid, &owner);
            let flags = read_flags(line, Catalog::of(Component::Kubelet).newest(), &files);
            let folder = flags.value("pod-manifest-path")?.as_text()?.to_owned();
            (!folder.is_empty()).then_some(folder)
        };
        self.kubelets.iter().filter_map(folder).collect()
    }
}

impl Inputs<'_> {
    /// Hands on the servers that run. The components that do not run, where others do, come back.
    pub(super) fn processes(&self, out: Out<'_>) -> anyhow::Result<Vec<Component>> {
        let table = match &self.args.proc {
            Some(root) => ProcessTable::at(root.clone()),
            None => ProcessTable::live(),
        };
        if let Some(pid) = self.args.pid {
            self.one_process(&table, pid, out)?;
            return Ok(Vec::new());
        }
        let processes = match table.list() {
            Ok(processes) => processes,
            Err(error) => {
                out(Event::failure("processes", &error.to_string()))?;
                return Ok(Vec::new());
            }
        };
        if let Some(hidden) = table.hidden() {
            out(Event::failure("processes", &hidden))?;
        }
        let mut seen = Seen::default();
        self.look(&table, &processes, &mut seen, out)?;
        if !self.missing(&seen).is_empty() {
            // A server that is just restarted is none of the processes for a moment.
            let later = table.list_beside(&processes).unwrap_or_default();
            self.look(&table, &later, &mut seen, out)?;
        }
        let missing = self.missing(&seen);
        if seen.any {
            self.not_seen(&table, &seen, &missing, out)?;
            return Ok(missing);
        }
        let uid = table.owner(std::process::id()).uid;
        let who = uid.map(|uid| format!(" as uid {uid}")).unwrap_or_default();
        let message = format!(
            "no {} is running: {} processes seen{who}",
            self.wanted_names(),
            processes.len()
        );
        out(Event::empty("processes", &message))?;
        Ok(Vec::new())
    }

    /// Hands on the servers among processes, and those in the programs that run a node.
    fn look(
        &self,
        table: &ProcessTable,
        processes: &[Process],
        seen: &mut Seen,
        out: Out<'_>,
    ) -> anyhow::Result<()> {
        let servers = document::servers(processes, |pid| table.stat(pid));
        let programs = document::node_programs(processes);
        let pids = servers.iter().map(|server| server.pid);
        table.find_users(pids.chain(programs.iter().map(|program| program.pid)));
        for server in servers {
            let name = format!("pid {}", server.pid);
            let line = server.found.as_ref().ok().map(|found| &found.line);
            seen.running.extend(line.map(|line| line.component));
            seen.kubelets.extend(
                line.filter(|line| line.component == Component::Kubelet)
                    .map(|line| (server.pid, line.clone())),
            );
            // A wrapper is no evidence of a server that nobody sees.
            let only_announced = line.is_some_and(|line| line.only_announced);
            let handed = guarded(&name, out, |out| self.server(table, server, out))?;
            seen.any |= handed.unwrap_or(true) && !only_announced;
        }
        for program in programs {
            let name = format!("pid {}", program.pid);
            let handed = guarded(&name, out, |out| self.node_program(table, &program, seen, out))?;
            seen.any |= handed.unwrap_or(true);
        }
        Ok(())
    }

    /// The components that are wanted and not seen.
    fn missing(&self, seen: &Seen) -> Vec<Component> {
        let missing =
            |component: &Component| self.wants(*component) && !seen.running.contains(component);
        Component::ALL.into_iter().filter(missing).collect()
    }

    /// Tells which of the missing components may run all the same.
    fn not_seen(
        &self,
        table: &ProcessTable,
        seen: &Seen,
        missing: &[Component],
        out: Out<'_>,
    ) -> anyhow::Result<()> {
        if missing.is_empty() {
            return Ok(());
        }
        let machine = Files::below(self.machine(table));
        let written = Written::on(&machine, &seen.static_pods(table));
        for component in missing {
            let started = seen.started.iter().find(|(it, _)| it == component);
            let by_program = started.map(|(_, program)| format!("{program} runs it"));
            if let Some(why) = by_program.or_else(|| written.speaks_for(*component)) {
                let message = format!(
                    "{component} is not seen, but {why}: it may be restarting, so check again, or \
                     check the file by name"
                );
                out(Event::failure("processes", &message))?;
            }
        }
        Ok(())
    }

    fn one_process(&self, table: &ProcessTable, pid: u32, out: Out<'_>) -> anyhow::Result<()> {
        let name = format!("pid {pid}");
        let Some(process) = table.get(pid) else {
            return out(Event::failure(&name, "there is no such process"));
        };
        let mut handed = false;
        let process = [process];
        for server in document::servers(&process, |pid| table.stat(pid)) {
            handed |= self.server(table, server, out)?;
        }
        for program in document::node_programs(&process) {
            handed |= self.node_program(table, &program, &mut Seen::default(), out)?;
        }
        if !handed {
            let message = format!("it is no {}", self.wanted_names());
            out(Event::failure(&name, &message))?;
        }
        Ok(())
    }

    /// Hands on the wanted components that a node's program runs in itself. True if there is one, readable or
    /// not.
    fn node_program(
        &self,
        table: &ProcessTable,
        program: &NodeProgram,
        seen: &mut Seen,
        out: Out<'_>,
    ) -> anyhow::Result<bool> {
        let (pid, exe) = (program.pid, &program.exe);
        let name = format!("pid {pid}");
        let owner = table.owner(pid);
        let within = program.read(&table.files(pid, &owner), |component| self.wants(component));
        let mut any = !within.problems.is_empty();
        for problem in within.problems {
            out(Event::failure(&name, &problem))?;
        }
        let started = format!("{} (pid {pid})", program.name);
        seen.started.extend(within.starts.into_iter().map(|it| (it, started.clone())));
        seen.running.extend(within.runs);
        for mut found in within.found {
            let (source, doubts) = running(table, pid, exe.clone(), &owner);
            found.diagnostics.extend(doubts);
            let files = (table.files(pid, &owner), Files::below(self.machine(table)));
            any |= self.hand_on(&name, source, found, files, out)?;
        }
        Ok(any)
    }

    /// The machine whose processes are read.
    fn machine(&self, table: &ProcessTable) -> Root {
        self.root.as_ref().unwrap_or(&table.machine).clone()
    }

    /// Hands on a server process. True if it is one that was asked for, readable or not.
    fn server(&self, table: &ProcessTable, server: Server, out: Out<'_>) -> anyhow::Result<bool> {
        let Server { pid, exe, found } = server;
        let name = format!("pid {pid}");
        let mut found = match found {
            Ok(found) => found,
            Err(why) => {
                out(Event::failure(&name, &why))?;
                return Ok(true);
            }
        };
        let owner = table.owner(pid);
        let (source, doubts) = running(table, pid, exe, &owner);
        found.diagnostics.extend(doubts);
        // A wrapper's is not that of its server.
        if found.line.environment.is_empty() {
            let environ = table.environ(pid);
            found.line.environment_is_whole = environ.is_ok();
            // That it cannot be read matters where it sets flags; a rule that asks for it says so itself.
            if environ.is_ok() || found.line.component == Component::Etcd {
                found.line.environment = document::environment(pid, environ);
            }
        }
        let node = self.machine(table);
        let files = (table.files(pid, &owner), Files::below(node));
        self.hand_on(&name, source, found, files, out)
    }
}

/// A process as a source, and why it may not be the server it looks like.
fn running(
    table: &ProcessTable,
    pid: u32,
    exe: Option<String>,
    owner: &Owner,
) -> (Source, Vec<Diagnostic>) {
    let exe_file = table.exe_file(pid);
    let mut doubts = Vec::new();
    let mut warn = |code, message| doubts.push(Diagnostic::new(code, message, None));
    match (&exe, exe_file) {
        (None, _) => {
            let message = "its executable cannot be read: that it is the server rests on the name \
                           it was started by; run as root to be sure"
                .to_owned();
            warn(Code::ExecutableUnreadable, message);
        }
        (Some(exe), ExeFile::Other) => {
            let message = format!(
                "its executable is not the machine's file {exe}, although it runs in no container: \
                 it may be a decoy"
            );
            warn(Code::OtherFile, message);
        }
        _ => {}
    }
    match owner.uid {
        Some(0) => {}
        Some(uid) => {
            warn(Code::NotRoot, format!("it runs as uid {uid}, not as root: it may be a decoy"));
        }
        None => {
            let message = "/proc does not say which user runs it: it may be a decoy".to_owned();
            warn(Code::UserUnknown, message);
        }
    }
    if let (Some(exe), ExeFile::Deleted) = (&exe, exe_file) {
        let message = format!(
            "{exe} was deleted or replaced after the process started: restart it to run the new file"
        );
        doubts.push(Diagnostic::new(Code::ExecutableDeleted, message, None));
    }
    (Source::Process { pid, uid: owner.uid, exe, exe_file }, doubts)
}
