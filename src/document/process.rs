//! The processes that are servers, and their command lines.
//!
//! A process counts by its program: its executable or the name it was started by. Wrappers
//! (go-runner, a shell) count only while the server they start is not there to be seen itself.

use std::collections::{HashMap, HashSet};
use std::os::unix::ffi::OsStrExt;

use super::own_flags::owner;
use super::start::{
    Start, basename, can_start, component_named, find, has_flag, is_server_itself, only_prints,
};
use super::title::{is_rewritten, title};
use super::{Format, Found};
use crate::command_line::{Arg, Certainty, CommandLine, Location, Variable};
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::process::{Process, Stat};

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

/// The servers among the processes. What the kernel says of one beside its arguments is asked for only
/// where that decides.
pub fn servers(processes: &[Process], stat: impl Fn(u32) -> Stat) -> Vec<Server> {
    let (mut servers, mut wrappers) = (Vec::new(), Vec::new());
    // What runs, and what a wrapper starts: either is below the processes it was started by.
    let mut started = Vec::new();
    for process in processes {
        match judge(process, &stat) {
            ProcessKind::Server(component, found) => {
                started.push((process.pid, component));
                servers.push(server(process, found.map(|found| *found)));
            }
            ProcessKind::Wrapper(starts) => {
                started.extend(starts.iter().map(|start| (process.pid, Some(start.component))));
                wrappers.push((process, starts));
            }
            ProcessKind::Other => {}
        }
    }
    if !wrappers.is_empty() {
        let seen = servers.iter().filter_map(|server| server.found.as_ref().ok());
        let runs: HashSet<Component> = seen.map(|found| found.line.component).collect();
        let parent = |process: &Process| Some((process.pid, stat(process.pid).parent?));
        let parents: HashMap<u32, u32> = processes.iter().filter_map(parent).collect();
        let below =
            |(pid, component)| ancestors(pid, &parents).map(move |above| (above, component));
        let below: HashSet<_> = started.into_iter().flat_map(below).collect();
        // Of wrappers within each other the last one is shown.
        for (process, starts) in wrappers {
            let unseen = |start: &Start| !below.contains(&(process.pid, Some(start.component)));
            // A container that a command makes runs below another process.
            let elsewhere = |start: &Start| start.is_contained() && runs.contains(&start.component);
            for start in starts.into_iter().filter(unseen).filter(|start| !elsewhere(start)) {
                let found = match &start.not_followed {
                    None => not_seen(process.pid, start),
                    Some(_) => of_line(start.into_line(&[]), Vec::new()),
                };
                servers.push(server(process, Ok(found)));
            }
        }
    }
    servers.sort_unstable_by_key(|server| server.pid);
    servers
}

/// The processes that a process was started by, one by the other.
fn ancestors(pid: u32, parents: &HashMap<u32, u32>) -> impl Iterator<Item = u32> + '_ {
    // A table that changed while it was read may have a circle.
    std::iter::successors(parents.get(&pid), |parent| parents.get(parent))
        .copied()
        .take(parents.len())
}

fn server(process: &Process, found: Result<Found, String>) -> Server {
    let exe = process.exe.as_ref().map(|exe| printable(exe.as_os_str().as_bytes()));
    Server { pid: process.pid, exe, found }
}

enum ProcessKind {
    /// The component is `None` for a hyperkube of which it cannot be told.
    Server(Option<Component>, Result<Box<Found>, String>),
    /// It starts these.
    Wrapper(Vec<Start>),
    Other,
}

fn judge(process: &Process, stat: impl Fn(u32) -> Stat) -> ProcessKind {
    let exe = process.exe.as_ref().and_then(|exe| exe.file_name()).and_then(|name| name.to_str());
    // The kernel cuts its own name of a process at 15 bytes.
    let by_name = || {
        let cut = stat(process.pid).name;
        let same = |name: &str| cut == name || (cut.len() == 15 && name.starts_with(&cut));
        Component::ALL.into_iter().find(|component| same(component.name()))
    };
    let by_exe = exe.and_then(component_named);
    let unreadable = |why: String| match by_exe.or_else(by_name) {
        Some(component) => ProcessKind::Server(Some(component), Err(why)),
        None => ProcessKind::Other,
    };
    let argv = match &process.argv {
        Ok(argv) if argv.is_empty() => {
            return unreadable("it has no arguments: it has ended".to_owned());
        }
        Ok(argv) => argv,
        Err(why) => return unreadable(format!("its arguments cannot be read: {why}")),
    };
    // The words that say what the process is may all be in the first, if it was rewritten.
    let first = argv.first().map(|word| printable(word)).unwrap_or_default();
    let by_title = title(&first).or_else(|| exe.is_none().then(by_name).flatten());
    let first = basename(&first);
    let hyperkube = first == "hyperkube" || exe == Some("hyperkube");
    // Nearly every process of a machine is none that need be looked at any further.
    if by_exe.is_none() && !hyperkube && !can_start(first) && by_title.is_none() {
        return suspect(process, argv, exe);
    }
    let args: Vec<Arg> = words(process, argv);
    let component = by_exe.or(by_title);
    if (component.is_some() || hyperkube) && is_rewritten(&args) {
        let why = "it has rewritten its arguments, so what it was started with cannot be told";
        return ProcessKind::Server(component, Err(why.to_owned()));
    }
    let line = match by_exe {
        // The executable decides, whatever the first argument claims.
        Some(component) => {
            direct(component, &args).filter(|line| !only_prints(component, &line.args))
        }
        None => {
            let mut starts = find(args, None);
            let own = component_named(first).is_some() || is_server_itself(first);
            if !own && !hyperkube {
                return if starts.is_empty() {
                    ProcessKind::Other
                } else {
                    ProcessKind::Wrapper(starts)
                };
            }
            starts.pop().map(|start| start.into_line(&[]))
        }
    };
    let Some(line) = line else {
        return ProcessKind::Other;
    };
    let mut diagnostics = Vec::new();
    let another = by_exe.is_none() && !is_server_itself(first);
    if another && !matches!(exe, None | Some("hyperkube")) {
        let message =
            format!("it calls itself {first}, but its executable is {}", exe.unwrap_or_default());
        diagnostics.push(Diagnostic::new(Code::OtherExecutable, message, None));
    }
    let component = line.component;
    let found = of_line(line, diagnostics);
    ProcessKind::Server(Some(component), Ok(Box::new(found)))
}

fn of_line(line: CommandLine, diagnostics: Vec<Diagnostic>) -> Found {
    Found { document: 0, format: Format::Cmdline, line, diagnostics }
}

/// A process's arguments, each with its place.
fn words(process: &Process, argv: &[Vec<u8>]) -> Vec<Arg> {
    let word = |(argument, word): (usize, &Vec<u8>)| {
        Arg::written(printable(word), Location::Process { pid: process.pid, argument })
    };
    argv.iter().enumerate().map(word).collect()
}

/// A process whose program is not known, which may start a component or be one under another name.
fn suspect(process: &Process, argv: &[Vec<u8>], exe: Option<&str>) -> ProcessKind {
    let speaks = |word: &Vec<u8>| {
        word.starts_with(b"-") || HINTS.iter().any(|it| memchr::memmem::find(word, it).is_some())
    };
    if !argv.iter().skip(1).any(speaks) {
        return ProcessKind::Other;
    }
    let args = words(process, argv);
    let starts = find(args.as_slice(), None);
    if let [start] = &*starts
        && start.not_followed.is_none()
        && Some(&start.program) == args.first()
    {
        // It has one of the names that others have, too, such as apiserver.
        let component = Some(start.component);
        let line = starts.into_iter().next().map(|start| start.into_line(&[]));
        let found = line.map(|line| Ok(Box::new(of_line(line, Vec::new()))));
        return found.map_or(ProcessKind::Other, |found| ProcessKind::Server(component, found));
    }
    if !starts.is_empty() {
        return ProcessKind::Wrapper(starts);
    }
    let name = args.first().map(|first| basename(&first.text)).unwrap_or_default();
    // Extension API servers share the flags of kube-apiserver.
    if [Some(name), exe].into_iter().flatten().any(|name| name.ends_with("apiserver")) {
        return ProcessKind::Other;
    }
    let mut flags = args.iter().skip(1).filter(|arg| arg.text.starts_with('-'));
    let known = owner(&args).filter(|it| flags.all(|flag| has_flag(*it, &flag.text)));
    let why = "its flags are those of the component, but not its name".to_owned();
    let start = known.map(|component| Start::not_followed(component, &args, why));
    start.map_or(ProcessKind::Other, |start| ProcessKind::Wrapper(vec![start]))
}

/// What the names of all components have in common.
const HINTS: [&[u8]; 2] = [b"kube", b"etcd"];

/// What a wrapper says of a server that is not seen below it. It may not have come to it yet, or the
/// server has ended: whatever it says is no evidence of one.
fn not_seen(pid: u32, start: Start) -> Found {
    let mut line = start.into_line(&[]);
    let component = line.component;
    let why = format!("it only starts {component}, and no {component} is seen below it");
    let location = Location::Process { pid, argument: 0 };
    let certainty = Certainty::Unresolved(why.clone());
    let unknown = Arg { certainty, ..Arg::written(String::new(), location) };
    // Nor is its environment the wrapper's: a server of the same name may run elsewhere.
    line.environment = vec![Variable { name: String::new(), value: unknown.clone() }];
    line.args.push(unknown);
    line.only_announced = true;
    of_line(line, vec![Diagnostic::new(Code::ServerNotSeen, why, None)])
}

fn direct(component: Component, args: &[Arg]) -> Option<CommandLine> {
    let (program, args) = args.split_first()?;
    Some(CommandLine::of_words(component, program.clone(), args.to_vec()))
}

/// The variables of a process's environment, `NAME=value` each ended by a NUL, that set etcd's flags or
/// change how Go's library works. What cannot be read is kept as one variable without a name.
pub fn environment(pid: u32, environ: Result<Vec<u8>, String>) -> Vec<Variable> {
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
            .split(|byte| *byte == 0)
            .filter(|entry| entry.starts_with(b"ETCD_") || entry.starts_with(b"GODEBUG="))
            .map(printable)
            .filter_map(|entry| entry.split_once('=').map(|(name, value)| known(name, value)))
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
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
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
    use super::{Certainty, Process, Server, Stat};

    /// A process and what the kernel says of it.
    type Known = (Process, Stat);

    fn process(pid: u32, parent: u32, exe: Option<&str>, argv: &[&str]) -> Known {
        let argv: Vec<_> = argv.iter().map(|word| word.as_bytes().to_vec()).collect();
        let name = argv.first().map_or("kube-apiserver".into(), |name| super::printable(name));
        let stat = Stat { name, parent: Some(parent), kernel_thread: false };
        (Process { pid, exe: exe.map(Into::into), argv: Ok(argv) }, stat)
    }

    fn servers(known: &[Known]) -> Vec<Server> {
        let processes: Vec<_> = known.iter().map(|(process, _)| process.clone()).collect();
        super::servers(&processes, |pid| {
            known.iter().find(|(process, _)| process.pid == pid).expect("known").1.clone()
        })
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
        let found = servers(&[wrapper]);
        assert_eq!(outcome(&found), [(5, true)]);
        // It may not have come to it, or the server has ended: what it says is no evidence.
        let found = found[0].found.as_ref().expect("read");
        assert_eq!(found.diagnostics[0].code.name(), "server-not-seen");
        let last = found.line.args.last().expect("an argument");
        assert!(matches!(last.certainty, Certainty::Unresolved(_)) && last.text.is_empty());
        let variable = &found.line.environment[0];
        assert!(variable.name.is_empty() && variable.value == *last);
    }

    #[test]
    fn a_server_is_found_below_wrappers_within_each_other() {
        let script = "kube-apiserver --a; true";
        let init = process(1, 0, Some("/sbin/tini"), &["tini", "--", "sh", "-c", script]);
        let shell = process(7, 1, Some("/bin/dash"), &["sh", "-c", script]);
        let server = process(8, 7, Some("/kube-apiserver"), &["kube-apiserver", "--a"]);
        let other = process(9, 7, Some("/usr/bin/etcd"), &["etcd"]);
        let all = [init.clone(), shell.clone(), server];
        assert_eq!(outcome(&servers(&all)), [(8, true)]);
        // Of what is missing below all of them, the last one is told.
        let missing = [init.clone(), shell.clone(), other];
        assert_eq!(outcome(&servers(&missing)), [(7, true), (9, true)]);
        // A table that changed while it was read.
        let circle = [(init.0, Stat { parent: Some(7), ..init.1 }), shell];
        assert_eq!(outcome(&servers(&circle)).len(), 0);
    }

    #[test]
    fn rewritten_arguments_are_no_arguments() {
        let zeros = ["", "", "", "", ""];
        let cases: &[(&[&str], bool)] = &[
            (&zeros, false),
            (&[""], false),
            (&["kube-apiserver: serving", "", "", ""], false),
            (&["kube-apiserver: serving"], false),
            (&["kube-apiserver: serving on /a/b"], false),
            (&["kube-apiserver", "", ""], false),
            (&["kube-apiserver      "], false),
            (&["kube-apiserver --a=/b/c"], false),
            (&["kube-apiserver", "--a=b", "", "", "", "--c"], false),
            (&["kube-apiserver", "--a", ""], true),
            (&["kube-apiserver", "--a", "", "", "--b"], true),
            (&["kube-apiserver", ""], true),
            (&["", "--a"], true),
            (&["kube-apiserver: serving", "uth-file=/x", "--a=b"], false),
            (&["kube-apiserver", "              "], false),
            (&["kube-apiserver", "   ", ""], false),
            (&["kube-apiserver", "--a", "   "], true),
            (&["kube-apiserver"], true),
            (&["/opt/bin dir/kube-apiserver"], true),
            (&["/opt/bin dir/kube-apiserver", "--a"], true),
        ];
        for (argv, read) in cases {
            let found = servers(&[process(1, 0, Some("/kube-apiserver"), argv)]);
            assert_eq!(outcome(&found), [(1, *read)], "{argv:?}");
        }
        // Where the executable cannot be read, the title or the kernel's name tells.
        let mut hidden = process(1, 0, None, &zeros);
        assert_eq!(outcome(&servers(std::slice::from_ref(&hidden))), []);
        hidden.1.name = "kube-apiserver".to_owned();
        assert_eq!(outcome(&servers(&[hidden])), [(1, false)]);
        for title in ["kube-apiserver: serving", "/bin/kube-apiserver --a=/b", "kube-apiserver   "]
        {
            assert_eq!(
                outcome(&servers(&[process(1, 0, None, &[title])])),
                [(1, false)],
                "{title}"
            );
        }
        let hyperkube = process(1, 0, Some("/hyperkube"), &["hyperkube apiserver --a", "", ""]);
        assert_eq!(outcome(&servers(&[hyperkube])), [(1, false)]);
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
        assert_eq!(diagnostics[0].code.name(), "other-executable");
    }

    #[test]
    fn bytes_that_are_no_text_stay_visible() {
        assert_eq!(super::printable(b"a\xffb\xc3"), "a\\xffb\\xc3");
    }
}
