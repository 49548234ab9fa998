//! The arguments and environments of processes.

use std::collections::BTreeMap;

use plimsoll::command_line::Location;
use plimsoll::document;
use plimsoll::source::Files;
use plimsoll::source::process::{Process, Stat};

/// What parts the executable, the arguments and the environment in the bytes.
const BETWEEN: &[u8] = b"\n\n";

/// Reads a process: its executable, its arguments each ended by a line, its environment likewise.
pub fn process(bytes: &[u8]) {
    let mut parts = split(bytes);
    let exe = parts.next().unwrap_or_default();
    let argv = words(parts.next().unwrap_or_default());
    let environ = words(parts.next().unwrap_or_default()).join(&0);
    let exe = String::from_utf8_lossy(exe).into_owned();
    let name: String = exe.rsplit('/').next().unwrap_or_default().chars().take(15).collect();
    let exe = (!exe.is_empty()).then(|| exe.into());
    let processes = [Process { pid: 7, exe, argv: Ok(argv.clone()) }];
    let stat = Stat { name, ..Stat::default() };
    for server in document::servers(&processes, |_| stat.clone()) {
        assert_eq!(server.pid, 7);
        for arg in server.found.iter().flat_map(|found| &found.line.args) {
            match arg.location {
                Location::Process { pid: 7, argument } => assert!(argument < argv.len()),
                ref other => panic!("{other:?}"),
            }
        }
    }
    let _ = document::environment(7, Ok(environ));
    let text = String::from_utf8_lossy(bytes).into_owned();
    for program in document::node_programs(&processes) {
        let paths = ["/etc/rancher/k3s/config.yaml", "/a"].map(|path| (path.into(), text.clone()));
        let _ = program.read(&Files::given(BTreeMap::from(paths)), |_| true);
    }
}

fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let all = rest?;
        let at = all.windows(BETWEEN.len()).position(|two| two == BETWEEN);
        rest = at.and_then(|at| all.get(at + BETWEEN.len()..));
        all.get(..at.unwrap_or(all.len()))
    })
}

fn words(lines: &[u8]) -> Vec<Vec<u8>> {
    lines.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}
