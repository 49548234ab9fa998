//! The processes that are servers, and their command lines.
//!
//! A process counts by its program: its executable or the name it was started by. Wrappers
//! (go-runner, a shell) count only while the server they start is not there to be seen itself.

use std::collections::HashSet;
use std::os::unix::ffi::OsStrExt;

use super::program::{Start, basename, can_start, find};
use super::{Format, Found};
use crate::command_line::{Arg, Certainty, CommandLine, Location, Variable};
use crate::component::Component;
use crate::diagnostic::Diagnostic;
use crate::source::process::Process;

/// A process that is a server, or that looks like one and cannot be read.
#[derive(Debug)]
pub struct Server {
    /// The process.
    pub pid: u32,
    /// Its executable, printable.
    pub exe: Option<String>,
    /// Its command line, or why there is none.
    pub found: Result<Found, String>,
}

/// The servers among the processes.
pub fn servers(processes: &[Process]) -> Vec<Server> {
    let mut servers = Vec::new();
    let mut wrappers = Vec::new();
    for process in processes {
        match judge(process) {
            Judged::Server(found) => servers.push(server(process, found)),
            Judged::Wrapper(found) => wrappers.push((process, found)),
            Judged::Other => {}
        }
    }
    let started_by: HashSet<u32> = servers
        .iter()
        .filter_map(|server| processes.iter().find(|process| process.pid == server.pid)?.parent)
        .collect();
    for (process, found) in wrappers {
        if !started_by.contains(&process.pid) {
            servers.push(server(process, Ok(found)));
        }
    }
    servers.sort_unstable_by_key(|server| server.pid);
    servers
}

fn server(process: &Process, found: Result<Found, String>) -> Server {
    let exe = process.exe.as_ref().map(|exe| printable(exe.as_os_str().as_bytes()));
    Server { pid: process.pid, exe, found }
}

enum Judged {
    Server(Result<Found, String>),
    Wrapper(Found),
    Other,
}

fn judge(process: &Process) -> Judged {
    let exe = process.exe.as_ref().and_then(|exe| exe.file_name()).and_then(|name| name.to_str());
    // The kernel cuts its own name of a process at 15 bytes.
    let by_name = Component::ALL.into_iter().find(|component| {
        let name = component.name();
        process.name == name || (process.name.len() == 15 && name.starts_with(&process.name))
    });
    let by_exe = exe.and_then(Component::from_name);
    let argv = match &process.argv {
        Ok(argv) => argv,
        Err(why) => {
            return match by_exe.or(by_name) {
                Some(_) => Judged::Server(Err(format!("its arguments cannot be read: {why}"))),
                None => Judged::Other,
            };
        }
    };
    if argv.is_empty() {
        return match by_exe.or(by_name) {
            Some(_) => Judged::Server(Err("it has no arguments: it has ended".to_owned())),
            None => Judged::Other,
        };
    }
    // The words that say what the process is may all be in the first, if it was rewritten.
    let first = argv.first().map(|word| printable(word)).unwrap_or_default();
    let first = basename(&first);
    let rewritten_name = first.split(' ').next().and_then(Component::from_name);
    // Nearly every process of a machine is none that need be looked at any further.
    let by_first = can_start(first) || rewritten_name.is_some();
    if by_exe.is_none() && exe != Some("hyperkube") && !by_first {
        return Judged::Other;
    }
    let args: Vec<Arg> = argv
        .iter()
        .enumerate()
        .map(|(argument, word)| Arg {
            text: printable(word),
            location: Location::Process { pid: process.pid, argument },
            certainty: Certainty::Known,
            added_by: None,
        })
        .collect();
    let mut diagnostics = Vec::new();
    let start = match by_exe {
        // The executable decides, whatever the first argument claims.
        Some(component) => direct(component, &args),
        None if Component::from_name(first).is_some() => find(&args, None),
        None if first == "hyperkube" || exe == Some("hyperkube") => find(&args, None),
        None if rewritten_name.is_some() && first.contains(" -") => {
            rewritten_name.and_then(|component| direct(component, &args))
        }
        None => {
            return match find(&args, None) {
                Some(start) => Judged::Wrapper(found(start, diagnostics)),
                None => Judged::Other,
            };
        }
    };
    let Some(start) = start else {
        return Judged::Other;
    };
    if is_rewritten(&args) {
        let why = "it has rewritten its arguments into one text, which cannot be taken apart again";
        return Judged::Server(Err(why.to_owned()));
    }
    if by_exe.is_none() && !matches!(exe, None | Some("hyperkube")) {
        let message =
            format!("it calls itself {first}, but its executable is {}", exe.unwrap_or_default());
        diagnostics.push(Diagnostic::warning("other-executable", message, None));
    }
    Judged::Server(Ok(found(start, diagnostics)))
}

fn direct(component: Component, args: &[Arg]) -> Option<Start> {
    let (program, args) = args.split_first()?;
    Some(Start { component, program: program.clone(), args: args.to_vec() })
}

fn found(start: Start, diagnostics: Vec<Diagnostic>) -> Found {
    let Start { component, program, args } = start;
    let line = CommandLine::of_words(component, program, args);
    Found { document: 0, format: Format::Cmdline, line, diagnostics }
}

/// A process that sets its own title leaves one text with blanks, padded with nothing.
pub(super) fn is_rewritten(args: &[Arg]) -> bool {
    let Some((first, rest)) = args.split_first() else { return false };
    first.text.contains(" -") && rest.iter().all(|arg| arg.text.is_empty())
}

/// The variables of a process's environment that set etcd's flags. What cannot be read is kept as
/// one variable without a name.
pub fn environment(pid: u32, environ: Result<Vec<Vec<u8>>, String>) -> Vec<Variable> {
    let location = Location::Process { pid, argument: 0 };
    let known = |name: &str, value: &str| Variable {
        name: name.to_owned(),
        value: Arg {
            text: value.to_owned(),
            location: location.clone(),
            certainty: Certainty::Known,
            added_by: None,
        },
    };
    match environ {
        Ok(entries) => entries
            .iter()
            .map(|entry| printable(entry))
            .filter_map(|entry| entry.split_once('=').map(|(name, value)| known(name, value)))
            .filter(|variable| variable.name.starts_with("ETCD_") || variable.name == "GODEBUG")
            .collect(),
        Err(why) => {
            let why = format!("its environment, which can set flags, cannot be read: {why}");
            let mut unknown = known("", "");
            unknown.value.certainty = Certainty::Unresolved(why);
            vec![unknown]
        }
    }
}

/// Bytes as text; those that are not UTF-8 are written as `\xff`, so that no two texts look alike.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            use std::fmt::Write as _;
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Process, Server, servers};

    fn process(pid: u32, parent: u32, exe: Option<&str>, argv: &[&str]) -> Process {
        Process {
            pid,
            parent: Some(parent),
            name: argv.first().copied().unwrap_or("kube-apiserver").to_owned(),
            exe: exe.map(Into::into),
            argv: Ok(argv.iter().map(|word| word.as_bytes().to_vec()).collect()),
        }
    }

    fn outcome(found: &[Server]) -> Vec<(u32, bool)> {
        found.iter().map(|server| (server.pid, server.found.is_ok())).collect()
    }

    #[test]
    fn a_process_counts_by_its_program_and_not_by_its_arguments() {
        let found = servers(&[
            process(1, 0, Some("/usr/bin/kube-apiserver"), &["kube-apiserver", "--a"]),
            process(2, 0, Some("/usr/bin/kube-apiserver"), &["anything", "--a"]),
            process(3, 0, None, &["/usr/local/bin/kube-apiserver", "--a"]),
            process(4, 0, Some("/opt/hyperkube"), &["/hyperkube", "apiserver", "--a"]),
            process(10, 0, Some("/usr/bin/vim"), &["vim", "kube-apiserver.yaml", "--profiling"]),
            process(11, 0, Some("/usr/bin/grep"), &["grep", "kube-apiserver"]),
        ]);
        assert_eq!(outcome(&found), [(1, true), (2, true), (3, true), (4, true)]);
    }

    #[test]
    fn a_wrapper_counts_only_while_its_server_is_not_seen() {
        let shell = ["sh", "-c", "kube-apiserver --a | tee /log"];
        let wrapper = process(5, 1, Some("/bin/sh"), &shell);
        let server = process(6, 5, Some("/kube-apiserver"), &["kube-apiserver", "--a"]);
        assert_eq!(outcome(&servers(&[wrapper.clone(), server])), [(6, true)]);
        assert_eq!(outcome(&servers(&[wrapper])), [(5, true)]);
    }

    #[test]
    fn what_looks_like_a_server_and_cannot_be_read_is_said() {
        let title = "kube-apiserver --a=b --c=d";
        let found = servers(&[
            process(1, 0, Some("/kube-apiserver"), &[]),
            process(2, 0, Some("/kube-apiserver"), &[title, "", ""]),
            process(3, 0, Some("/renamed"), &[title, ""]),
        ]);
        assert_eq!(outcome(&found), [(1, false), (2, false), (3, false)]);
    }

    #[test]
    fn another_executable_under_the_servers_name_is_warned_of() {
        let found = servers(&[process(1, 0, Some("/usr/bin/sleep"), &["kube-apiserver", "9"])]);
        let diagnostics = &found[0].found.as_ref().expect("read").diagnostics;
        assert_eq!(diagnostics[0].code, "other-executable");
    }

    #[test]
    fn bytes_that_are_no_text_stay_visible() {
        assert_eq!(super::printable(b"a\xffb\xc3"), "a\\xffb\\xc3");
    }
}
