//! The servers that run on the machine.

use super::event::{Event, Out, guarded};
use super::inputs::Inputs;
use crate::component::Component;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Embedder, Server};
use crate::source::process::ProcessTable;
use crate::source::{Files, Root, Source};

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
        table.find_users(servers.iter().map(|server| server.pid));
        for server in servers {
            running.extend(server.found.as_ref().ok().map(|found| found.line.component));
            let name = format!("pid {}", server.pid);
            let handed = guarded(&name, out, |out| self.server(&table, server, out))?;
            any |= handed.unwrap_or(true);
        }
        for embedder in document::embedders(&processes) {
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
        let uid = table.uid(std::process::id());
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
        for server in document::servers(&[process], |pid| table.stat(pid)) {
            handed |= self.server(table, server, out)?;
        }
        if !handed {
            let message = format!("it is no {}", self.wanted_names());
            out(Event::failure(name, message))?;
        }
        Ok(())
    }

    /// Hands on the components that a process runs in itself. True if it is such a process.
    fn embedder(
        &self,
        table: &ProcessTable,
        embedder: &Embedder,
        running: &mut Vec<Component>,
        out: Out<'_>,
    ) -> anyhow::Result<bool> {
        let name = format!("pid {}", embedder.pid);
        let (found, problems) = embedder.read(&table.files(embedder.pid));
        for problem in problems {
            out(Event::failure(name.clone(), problem))?;
        }
        for found in found {
            running.push(found.line.component);
            let (pid, uid) = (embedder.pid, table.uid(embedder.pid));
            let source = Source::Process { pid, uid, exe: embedder.exe.clone() };
            let files = (table.files(pid), Files::below(self.machine(table)));
            self.hand_on(&name, source, found, files, out)?;
        }
        Ok(true)
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
        let uid = table.uid(pid);
        if exe.is_none() {
            let message = "its executable cannot be read: that it is the server rests on the name \
                           it was started by; run as root to be sure"
                .to_owned();
            found.diagnostics.push(Diagnostic::warning("executable-unreadable", message, None));
        }
        if let Some(uid) = uid.filter(|uid| *uid != 0) {
            let message = format!("it runs as uid {uid}, not as root: it may be a decoy");
            found.diagnostics.push(Diagnostic::warning("not-root", message, None));
        }
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
        let files = (table.files(pid), Files::below(node));
        self.hand_on(&name, Source::Process { pid, uid, exe }, found, files, out)
    }
}
