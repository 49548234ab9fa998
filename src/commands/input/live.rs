//! The servers that run on the machine.

use super::event::{Event, Out, guarded};
use super::inputs::Inputs;
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Embedder, Server};
use crate::source::process::{Owner, ProcessTable};
use crate::source::{ExeFile, Files, Root, Source};

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
                out(Event::failure("processes", error.to_string()))?;
                return Ok(Vec::new());
            }
        };
        if let Some(hidden) = table.hidden() {
            out(Event::failure("processes", hidden))?;
        }
        let mut running = Vec::new();
        let mut any = false;
        let servers = document::servers(&processes, |pid| table.stat(pid));
        let embedders = document::embedders(&processes);
        let pids = servers.iter().map(|server| server.pid);
        table.find_users(pids.chain(embedders.iter().map(|embedder| embedder.pid)));
        for server in servers {
            running.extend(server.found.as_ref().ok().map(|found| found.line.component));
            let name = format!("pid {}", server.pid);
            // A wrapper is no evidence of a server that nobody sees.
            let only_announced = server.found.as_ref().is_ok_and(|found| found.line.only_announced);
            let handed = guarded(&name, out, |out| self.server(&table, server, out))?;
            any |= handed.unwrap_or(true) && !only_announced;
        }
        for embedder in embedders {
            let name = format!("pid {}", embedder.pid);
            let handed =
                guarded(&name, out, |out| self.embedder(&table, &embedder, &mut running, out))?;
            any |= handed.unwrap_or(true);
        }
        if any {
            let missing =
                |component: &Component| self.wants(*component) && !running.contains(component);
            return Ok(Component::ALL.into_iter().filter(missing).collect());
        }
        let uid = table.owner(std::process::id()).uid;
        let who = uid.map(|uid| format!(" as uid {uid}")).unwrap_or_default();
        let message = format!(
            "no {} is running: {} processes seen{who}",
            self.wanted_names(),
            processes.len()
        );
        out(Event::failure("processes", message))?;
        Ok(Vec::new())
    }

    fn one_process(&self, table: &ProcessTable, pid: u32, out: Out<'_>) -> anyhow::Result<()> {
        let name = format!("pid {pid}");
        let Some(process) = table.get(pid) else {
            return out(Event::failure(name, "there is no such process"));
        };
        let mut handed = false;
        let process = [process];
        for server in document::servers(&process, |pid| table.stat(pid)) {
            handed |= self.server(table, server, out)?;
        }
        for embedder in document::embedders(&process) {
            handed |= self.embedder(table, &embedder, &mut Vec::new(), out)?;
        }
        if !handed {
            let message = format!("it is no {}", self.wanted_names());
            out(Event::failure(name, message))?;
        }
        Ok(())
    }

    /// Hands on the wanted components that a process runs in itself. True if there is one, readable or not.
    fn embedder(
        &self,
        table: &ProcessTable,
        embedder: &Embedder,
        seen: &mut Vec<Component>,
        out: Out<'_>,
    ) -> anyhow::Result<bool> {
        let (pid, exe) = (embedder.pid, &embedder.exe);
        let name = format!("pid {pid}");
        let owner = table.owner(pid);
        let wants = |component| self.wants(component);
        let (found, problems) = embedder.read(&table.files(pid, &owner), wants);
        let mut any = !problems.is_empty();
        for problem in problems {
            out(Event::failure(name.clone(), problem))?;
        }
        for mut found in found {
            seen.push(found.line.component);
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
                out(Event::failure(name, why))?;
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
