//! The servers that run on the machine.

use super::{Each, Reader};
use crate::component::Component;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Embedder, Server};
use crate::source::process::ProcessTable;
use crate::source::{Files, Root, Source};

impl Reader<'_> {
    pub(super) fn processes(&mut self, each: Each<'_>) -> anyhow::Result<()> {
        let table = match &self.args.proc {
            Some(root) => ProcessTable::at(root.clone()),
            None => ProcessTable::live(),
        };
        if let Some(pid) = self.args.pid {
            return self.one_process(&table, pid, each);
        }
        let processes = match table.list() {
            Ok(processes) => processes,
            Err(error) => {
                self.fail("processes", error.to_string());
                return Ok(());
            }
        };
        if let Some(hidden) = table.hidden() {
            self.fail("processes", hidden);
        }
        let mut running = Vec::new();
        let mut any = false;
        for server in document::servers(&processes) {
            running.extend(server.found.as_ref().ok().map(|found| found.line.component));
            let name = format!("pid {}", server.pid);
            let handed = self.guarded(&name, |reader| reader.server(&table, server, each))?;
            any |= handed.unwrap_or(true);
        }
        for embedder in document::embedders(&processes) {
            let name = format!("pid {}", embedder.pid);
            let handed = self
                .guarded(&name, |reader| reader.embedder(&table, &embedder, &mut running, each))?;
            any |= handed.unwrap_or(true);
        }
        // What could not be read may be the very component that seems to be missing.
        if any && self.failures.is_empty() {
            let missing =
                |component: &Component| self.wants(*component) && !running.contains(component);
            self.absent = Component::ALL.into_iter().filter(missing).collect();
        }
        if !any {
            let uid = table.uid(std::process::id());
            let who = uid.map(|uid| format!(" as uid {uid}")).unwrap_or_default();
            let message = format!(
                "no {} is running: {} processes seen{who}",
                self.wanted_names(),
                processes.len()
            );
            self.fail("processes", message);
        }
        Ok(())
    }

    fn one_process(
        &mut self,
        table: &ProcessTable,
        pid: u32,
        each: Each<'_>,
    ) -> anyhow::Result<()> {
        let name = format!("pid {pid}");
        let Some(process) = table.get(pid) else {
            self.fail(name, "there is no such process");
            return Ok(());
        };
        let mut servers = document::servers(&[process]);
        let handed = match servers.pop() {
            Some(server) => self.server(table, server, each)?,
            None => false,
        };
        if !handed {
            let message = format!("it is no {}", self.wanted_names());
            self.fail(name, message);
        }
        Ok(())
    }

    /// Hands on the components that a process runs in itself. True if it is such a process.
    fn embedder(
        &mut self,
        table: &ProcessTable,
        embedder: &Embedder,
        running: &mut Vec<Component>,
        each: Each<'_>,
    ) -> anyhow::Result<bool> {
        let name = format!("pid {}", embedder.pid);
        let (found, problems) = embedder.read(&table.files(embedder.pid));
        for problem in problems {
            self.fail(name.clone(), problem);
        }
        for found in found {
            running.push(found.line.component);
            let (pid, uid) = (embedder.pid, table.uid(embedder.pid));
            let source = Source::Process { pid, uid, exe: embedder.exe.clone() };
            let files = (table.files(pid), Files::below(self.machine(table)));
            self.hand_on(&name, source, found, files, each)?;
        }
        Ok(true)
    }

    /// The machine whose processes are read.
    fn machine(&self, table: &ProcessTable) -> Root {
        self.args.root.clone().map_or_else(|| table.machine(), Root::new)
    }

    /// Hands on a server process. True if it is one that was asked for, readable or not.
    fn server(
        &mut self,
        table: &ProcessTable,
        server: Server,
        each: Each<'_>,
    ) -> anyhow::Result<bool> {
        let Server { pid, exe, found } = server;
        let name = format!("pid {pid}");
        let mut found = match found {
            Ok(found) => found,
            Err(why) => {
                self.fail(name, why);
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
        let environ = table.environ(pid);
        found.line.environment_is_whole = environ.is_ok();
        // That it cannot be read matters where it sets flags; a rule that asks for it says so itself.
        if environ.is_ok() || found.line.component == Component::Etcd {
            found.line.environment = document::environment(pid, environ);
        }
        let node = self.machine(table);
        let files = (table.files(pid), Files::below(node));
        self.hand_on(&name, Source::Process { pid, uid, exe }, found, files, each)
    }
}
