//! Running processes.
//!
//! Every one is looked at in `/proc`, in as few calls as can be: a node has hundreds, and what the kernel
//! has to put together for them is most of a run. Arguments are read byte for byte, because sysinfo leaves
//! empty ones out; sysinfo says who runs what was found.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::file::{read_whole, too_large};
pub use super::stat::Stat;
use super::user::users;
use super::{ExeFile, Files, Reader, Root, SIZE_LIMIT};
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

/// The thread that starts the kernel's others.
const KTHREADD: u32 = 2;

/// One process that is no kernel thread.
#[derive(Clone, Debug)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// Its executable; `None` if that may not be read, or if it is a zombie.
    pub exe: Option<PathBuf>,
    /// Its arguments, or why they could not be read. Empty for a zombie.
    pub argv: Result<Vec<Vec<u8>>, String>,
}

/// Who runs a process, and in whose name its files are read.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The real user, if `/proc` says it.
    pub uid: Option<u32>,
    /// `None` if it is root or who runs plimsoll: they could read the files themselves.
    reader: Option<Reader>,
}

/// A folder of processes, such as `/proc`.
#[derive(Debug)]
pub struct ProcessTable {
    root: PathBuf,
    /// Whether these are the processes of this machine.
    live: bool,
    /// Whether the kernel makes the files. Those of a copy may be anything, and change while they are read.
    made_by_kernel: bool,
    /// The files of the machine whose processes these are: those that its first process sees.
    pub machine: Root,
    /// Says who runs live processes, once it was asked.
    system: RefCell<Option<System>>,
}

/// Processes that cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The process table is not there or may not be read.
    #[error("{}: cannot list processes: {cause}", root.display())]
    Unreadable {
        /// The folder.
        root: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

impl ProcessTable {
    /// The processes of this machine.
    pub fn live() -> Self {
        let (root, machine) = (PathBuf::from("/proc"), Root::new("/".into()));
        Self { root, live: true, made_by_kernel: true, machine, system: RefCell::default() }
    }

    /// The processes of a `/proc` that is mounted or kept somewhere else.
    pub fn at(root: PathBuf) -> Self {
        let machine = Root::of_process(&root.join("1"), None);
        let kind = rustix::fs::statfs(&root).map(|system| system.f_type);
        let made_by_kernel = kind.is_ok_and(|kind| kind == rustix::fs::PROC_SUPER_MAGIC);
        Self { root, live: false, made_by_kernel, machine, system: RefCell::default() }
    }

    /// Every process but kernel threads, by id.
    pub fn list(&self) -> Result<Vec<Process>, Error> {
        self.list_beside(&[])
    }

    /// The processes that are there beside those already known, which are sorted by id.
    pub fn list_beside(&self, known: &[Process]) -> Result<Vec<Process>, Error> {
        let unreadable = |cause| Error::Unreadable { root: self.root.clone(), cause };
        let kernels = self.started_by_kernel();
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.root).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            if known.binary_search_by_key(&pid, |process| process.pid).is_ok() {
                continue;
            }
            // A copy of `/proc` may have links to folders.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if !is_folder && !entry.path().is_dir() {
                continue;
            }
            if kernels.binary_search(&pid).is_ok() {
                continue;
            }
            let exe = self.exe(pid);
            if exe.is_err() && self.stat(pid).kernel_thread {
                continue;
            }
            let argv = self.argv(pid).map_err(|error| error.to_string());
            found.push(Process { pid, exe: exe.ok(), argv });
        }
        found.sort_unstable_by_key(|process| process.pid);
        Ok(found)
    }

    /// One process, if it exists.
    pub fn get(&self, pid: u32) -> Option<Process> {
        let argv = self.argv(pid);
        if argv.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return None;
        }
        let argv = argv.map_err(|error| error.to_string());
        Some(Process { pid, exe: self.exe(pid).ok(), argv })
    }

    /// Who runs a process. Of a live one that is root's the kernel is not asked again.
    pub fn owner(&self, pid: u32) -> Owner {
        let known = self.users(pid);
        if known == Some((0, 0)) {
            return Owner { uid: Some(0), reader: self.set_id_reader(pid) };
        }
        let status = self.read(pid, "status").unwrap_or_default();
        let status = String::from_utf8_lossy(&status);
        let users = users(&status);
        let uid = users.map(|[real, ..]| real).or(known.map(|(real, _)| real));
        let own = rustix::process::geteuid().as_raw();
        let reader = match users {
            Some(users) if users == [0; 4] || users == [own; 4] => self.set_id_reader(pid),
            _ => Some(Reader::of_process(&status, &self.root.join(pid.to_string()))),
        };
        Owner { uid, reader }
    }

    /// In whose name files are read where the program of a process is set-id: such a program can be root's
    /// all through, and have its arguments from anybody.
    fn set_id_reader(&self, pid: u32) -> Option<Reader> {
        // In a copy the link leads to a program of another machine.
        let program = self.made_by_kernel.then(|| std::fs::metadata(self.file(pid, "exe")));
        let is_set_id = program.and_then(Result::ok).is_some_and(|it| it.mode() & 0o6000 != 0);
        is_set_id.then(Reader::of_set_id_program)
    }

    /// Finds out who runs these processes, if they are live, before [`Self::owner`] is asked for each.
    pub fn find_users(&self, pids: impl Iterator<Item = u32>) {
        let pids: Vec<_> = pids.map(sysinfo::Pid::from_u32).collect();
        if !self.live || pids.is_empty() {
            return;
        }
        let mut system = self.system.borrow_mut();
        if system.is_none() {
            *system = System::new().ok();
        }
        if let Some(system) = &mut *system {
            let kind = ProcessRefreshKind::nothing().with_user(UpdateKind::Always).without_tasks();
            system.refresh_processes_specifics(ProcessesToUpdate::Some(&pids), false, kind);
        }
    }

    /// The real and the effective user, if they were found out.
    fn users(&self, pid: u32) -> Option<(u32, u32)> {
        let system = self.system.borrow();
        let process = system.as_ref()?.process(sysinfo::Pid::from_u32(pid))?;
        Some((**process.user_id()?, **process.effective_user_id()?))
    }

    /// A process's environment: `NAME=value`, each ended by a NUL; or why it cannot be read.
    pub fn environ(&self, pid: u32) -> Result<Vec<u8>, String> {
        self.read(pid, "environ").map_err(|error| error.to_string())
    }

    /// Whether a process runs the machine's file. A copy of `/proc` cannot say so.
    pub fn exe_file(&self, pid: u32) -> ExeFile {
        if self.made_by_kernel {
            ExeFile::of_process(&self.root.join(pid.to_string()), &self.machine)
        } else {
            ExeFile::Unknown
        }
    }

    /// The files that a process of this owner sees.
    pub fn files(&self, pid: u32, owner: &Owner) -> Files {
        let folder = std::fs::read_link(self.file(pid, "cwd")).ok();
        let folder = folder.and_then(|folder| folder.to_str().map(str::to_owned));
        let root = Root::of_process(&self.root.join(pid.to_string()), owner.reader.clone());
        Files::of_process(root, folder)
    }

    /// What hides processes from this run, if anything does.
    ///
    /// A `/proc` mounted with `hidepid` shows only one's own processes, not even the first; or it
    /// lists those of others and lets nobody look into them.
    pub fn hidden(&self) -> Option<String> {
        let root = self.root.display();
        let own = self.root.join("self").symlink_metadata().is_ok();
        if self.live && !own {
            return Some(format!("{root}: the processes are not there: is it mounted?"));
        }
        let real = own || self.root.join("version").exists();
        let first = std::fs::metadata(self.file(1, "stat"));
        let unseen = first.is_err_and(|error| {
            error.kind() == io::ErrorKind::PermissionDenied || !self.root.join("1").exists()
        });
        (real && unseen).then(|| {
            format!(
                "{root}: processes of other users are hidden (hidepid): run as root to see them all"
            )
        })
    }

    fn file(&self, pid: u32, name: &str) -> PathBuf {
        self.root.join(pid.to_string()).join(name)
    }

    /// What the kernel has started itself, in order, if that can be told in one call: its threads, and for
    /// a while helpers such as that of core dumps. For one by one, its stat says so too.
    fn started_by_kernel(&self) -> Vec<u32> {
        // In a namespace of its own, process 2 is any process.
        if !self.stat(KTHREADD).kernel_thread {
            return Vec::new();
        }
        let children = self.read(KTHREADD, "task/2/children").unwrap_or_default();
        let children = String::from_utf8_lossy(&children);
        let mut pids: Vec<u32> =
            children.split_ascii_whitespace().filter_map(|pid| pid.parse().ok()).collect();
        pids.sort_unstable();
        pids
    }

    /// What `/proc/PID/stat` says; of a process without a readable one nothing is known.
    pub fn stat(&self, pid: u32) -> Stat {
        Stat::read(&self.stat_line(pid).unwrap_or_default())
    }

    fn stat_line(&self, pid: u32) -> io::Result<Vec<u8>> {
        if !self.made_by_kernel {
            return self.read(pid, "stat");
        }
        // The kernel gives it all at once.
        let mut line = vec![0; 1024];
        let length = File::open(self.file(pid, "stat"))?.read(&mut line)?;
        line.truncate(length);
        Ok(line)
    }

    fn exe(&self, pid: u32) -> io::Result<PathBuf> {
        let target = std::fs::read_link(self.file(pid, "exe"))?;
        // The kernel marks the link of a program whose file was replaced while it ran.
        Ok(match target.as_os_str().as_bytes().strip_suffix(b" (deleted)") {
            Some(path) => Path::new(std::ffi::OsStr::from_bytes(path)).to_owned(),
            None => target,
        })
    }

    fn argv(&self, pid: u32) -> io::Result<Vec<Vec<u8>>> {
        Ok(split(&self.read(pid, "cmdline")?))
    }

    /// A file about a process.
    fn read(&self, pid: u32, name: &str) -> io::Result<Vec<u8>> {
        let path = self.file(pid, name);
        if !self.made_by_kernel {
            return read_whole(&path);
        }
        let mut bytes = Vec::with_capacity(4096);
        File::open(path)?.take(SIZE_LIMIT + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > SIZE_LIMIT { Err(too_large()) } else { Ok(bytes) }
    }
}

/// Arguments are ended by NUL, so exactly one NUL at the end separates nothing.
fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let ended = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    ended.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::{ProcessTable, split};

    #[test]
    fn arguments_are_split_byte_for_byte() {
        let words = |bytes: &[u8]| -> Vec<String> {
            split(bytes).iter().map(|w| String::from_utf8_lossy(w).into_owned()).collect()
        };
        assert_eq!(words(b"a\0--b c\0\0"), ["a", "--b c", ""]);
        assert_eq!(words(b"a"), ["a"]);
        assert_eq!(words(b"\0"), [""]);
        assert!(words(b"").is_empty());
        assert_eq!(split(b"a\0\xff\0"), [b"a".to_vec(), vec![0xff]]);
    }

    #[test]
    fn a_folder_of_processes_is_read_without_kernel_threads() {
        let root = tempfile::tempdir().expect("a folder");
        let make = |pid: u32, stat: &str, cmdline: &[u8]| {
            let folder = root.path().join(pid.to_string());
            std::fs::create_dir(&folder).expect("made");
            std::fs::write(folder.join("stat"), stat).expect("written");
            std::fs::write(folder.join("cmdline"), cmdline).expect("written");
            std::fs::write(folder.join("status"), "Name:\tx\nUid:\t7\t7\t7\t7\n").expect("written");
        };
        make(2, "2 (kthreadd) S 0 0 0 0 -1 2129984 0", b"");
        make(9, "9 (kworker/0:1) I 2 0 0 0 -1 69238880 0", b"");
        make(50, "50 (a) b) S 2 0 0 0 -1 4194560 0", b"a\0");
        make(7, "7 (x) S 50 0", b"x\0");
        std::os::unix::fs::symlink("7", root.path().join("60")).expect("linked");
        std::fs::write(root.path().join("70"), "").expect("written");
        let table = ProcessTable::at(root.path().to_owned());
        let seen = || -> Vec<_> {
            let pids = table.list().expect("listed").into_iter().map(|process| process.pid);
            pids.map(|pid| (pid, table.stat(pid))).map(|(p, s)| (p, s.parent, s.name)).collect()
        };
        let expected = [(7, Some(50), "x"), (50, Some(2), "a) b"), (60, Some(50), "x")];
        let expected = expected.map(|(pid, parent, name)| (pid, parent, name.to_owned()));
        assert_eq!(seen(), expected);
        // What the kernel starts is not looked at, unless process 2 is another's.
        std::fs::create_dir_all(root.path().join("2/task/2")).expect("made");
        std::fs::write(root.path().join("2/task/2/children"), "9 50 ").expect("written");
        assert_eq!(seen(), [&expected[..1], &expected[2..]].concat());
        std::fs::write(root.path().join("2/stat"), "2 (sh) S 1 0 0 0 -1 4194560 0")
            .expect("written");
        assert_eq!(seen().len(), 4);
        assert_eq!(table.owner(7).uid, Some(7));
        assert!(table.get(8).is_none() && table.get(7).is_some());
        // What is no file, or too large a one, is not read.
        std::fs::remove_file(root.path().join("7/cmdline")).expect("removed");
        std::fs::create_dir(root.path().join("7/cmdline")).expect("made");
        let large = std::fs::File::create(root.path().join("50/cmdline")).expect("created");
        large.set_len(20 << 20).expect("grown");
        let argv = |pid| table.get(pid).expect("there").argv.expect_err("unreadable");
        assert_eq!(argv(7), "not a regular file");
        assert_eq!(argv(50), "larger than 8 MiB, the most that is read");
        assert_eq!(table.hidden(), None);
        assert!(ProcessTable::at(root.path().join("none")).list().is_err());
    }
    #[test]
    fn what_the_kernel_makes_is_told_from_a_copy() {
        let mounted = ProcessTable::at("/proc".into());
        assert!(mounted.made_by_kernel);
        let argv = |table: &ProcessTable| table.get(std::process::id()).expect("there").argv;
        assert_eq!(argv(&mounted), argv(&ProcessTable::live()));
        let copy = tempfile::tempdir().expect("a folder");
        assert!(!ProcessTable::at(copy.path().to_owned()).made_by_kernel);
    }
}
