//! The user who runs a process, and the files that this user can open.
//!
//! Anybody can start a process under a server's name and give it the path of a file that only root may
//! read. Plimsoll opens a file for such a process only if the user could open it too, and judges what it
//! has opened, never a path that it looked at before. Where the kernel decides by more than mode, owner
//! and groups, the answer is no.
//! Sources: Linux `fs/namei.c` (`acl_permission_check`), `capabilities(7)`, `proc_pid_status(5)`.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::path::Path;

use rustix::fs::{PROC_SUPER_MAGIC, fstatfs, getxattr};
use rustix::io::Errno;

use super::attributes::Attributes;

/// `CAP_DAC_OVERRIDE` and `CAP_DAC_READ_SEARCH` of the kernel's `include/uapi/linux/capability.h`: with
/// either a process reads every file.
const READS_ALL: u64 = 1 << 1 | 1 << 2;

/// Where the kernel keeps access control lists, which can refuse what the mode allows.
const ACCESS_LISTS: [&str; 2] = ["system.posix_acl_access", "system.nfs4_acl"];

/// The first user namespace: `PROC_USER_INIT_INO` of the kernel's `include/linux/proc_ns.h`.
const FIRST_NAMESPACE: &str = "user:[4026531837]";

/// What the kernel shows for a user or group that a user namespace does not know.
const UNMAPPED: u32 = 65534;

/// Who runs a process.
#[derive(Clone, Debug)]
struct User {
    /// The real, effective, saved and file system user and group. A process can change between them, and
    /// whoever starts a set-id program chooses its arguments: each of the pairs must be allowed.
    pairs: [(u32, u32); 4],
    groups: Vec<u32>,
    reads_all: bool,
}

/// What a user wants of a file, as bits of its mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// To read the file, or to list the folder.
    Read = 4,
    /// To look up a name in the folder.
    Search = 1,
}

impl User {
    /// The user by `/proc/PID/status`, as this process sees it; `None` if a line is missing there. The
    /// folder is that of the process in `/proc`.
    fn read(status: &str, folder: &Path) -> Option<Self> {
        let users = users(status)?;
        let own_groups = <[u32; 4]>::try_from(ids(status, "Gid:")?).ok()?;
        let pairs = std::array::from_fn(|at| (users[at], own_groups[at]));
        let groups = ids(status, "Groups:")?;
        let capabilities =
            line(status, "CapEff:").and_then(|set| u64::from_str_radix(set.trim(), 16).ok());
        let reads_all = capabilities.unwrap_or_default() & READS_ALL != 0
            && is_in_first_namespace(folder)
            && is_in_first_namespace(Path::new("/proc/self"));
        Some(Self { pairs, groups, reads_all })
    }

    /// Whether the user may do this with a file, by what decides nearly always: mode, owner and groups.
    fn may(&self, wish: Wish, file: &Attributes) -> bool {
        self.pairs.iter().all(|(user, group)| {
            let mode = if *user == file.uid {
                file.mode >> 6
            } else if *group == file.gid || self.groups.contains(&file.gid) {
                file.mode >> 3
            } else {
                file.mode
            };
            *user == 0 || mode & wish as u32 != 0
        })
    }

    /// Whether one of its ids stands for all that this user namespace does not know.
    fn is_unmapped(&self) -> bool {
        let unmapped = |(user, group): &(u32, u32)| *user == UNMAPPED || *group == UNMAPPED;
        let any = self.pairs.iter().any(unmapped) || self.groups.contains(&UNMAPPED);
        any && !is_in_first_namespace(Path::new("/proc/self"))
    }
}

/// The real, effective, saved and file system user by `/proc/PID/status`.
pub(super) fn users(status: &str) -> Option<[u32; 4]> {
    ids(status, "Uid:")?.try_into().ok()
}

fn ids(status: &str, name: &str) -> Option<Vec<u32>> {
    line(status, name)?.split_whitespace().map(|id| id.parse().ok()).collect()
}

fn line<'s>(status: &'s str, name: &str) -> Option<&'s str> {
    status.lines().find_map(|line| line.strip_prefix(name))
}

fn is_in_first_namespace(folder: &Path) -> bool {
    std::fs::read_link(folder.join("ns/user")).is_ok_and(|name| name == Path::new(FIRST_NAMESPACE))
}

/// In whose name files are opened, where that is neither root nor who runs plimsoll.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The user, or why it is not known who that is.
    user: Result<User, &'static str>,
}

impl Reader {
    /// The user of a process by its status; its folder is that in `/proc`.
    pub(super) fn of_process(status: &str, folder: &Path) -> Self {
        let unknown = "/proc does not say which user runs the process";
        Self { user: User::read(status, folder).ok_or(unknown) }
    }

    /// Whoever started a set-id program: it can have given up every trace of that user.
    pub(super) fn of_set_id_program() -> Self {
        Self { user: Err("any user may have started the process, because its program is set-id") }
    }

    /// Why the user may not do this with an open file or folder, whose path is for the message; nothing if
    /// it may.
    pub(super) fn refuses(
        &self,
        wish: Wish,
        file: &File,
        (path, has): (&str, &Attributes),
    ) -> Option<String> {
        let user = match &self.user {
            Ok(user) => user,
            Err(why) => return Some((*why).to_owned()),
        };
        let (uid, _) = user.pairs[0];
        if user.reads_all {
            return None;
        }
        if user.is_unmapped() {
            let why = "stands for every user that this user namespace does not map";
            return Some(format!("uid {uid}, which runs the process, {why}"));
        }
        if !user.may(wish, has) {
            let verb = if wish == Wish::Search { "search" } else { "read" };
            return Some(format!("uid {uid}, which runs the process, may not {verb} {path}"));
        }
        if wish == Wish::Read && fstatfs(file).is_ok_and(|system| system.f_type == PROC_SUPER_MAGIC)
        {
            return Some(format!("no mode tells if uid {uid} may read {path}, a file of /proc"));
        }
        has_access_list(file).then(|| {
            format!(
                "{path} may have an access control list, which decides if uid {uid} may open it"
            )
        })
    }
}

/// Whether an open file has an access control list, or may have one.
fn has_access_list(file: &File) -> bool {
    // A file that is open by its path alone has no attributes to ask for, but its name in /proc does.
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    ACCESS_LISTS.iter().any(|name| {
        let mut none: [u8; 0] = [];
        let found = getxattr(&path, *name, &mut none);
        !matches!(found, Err(Errno::NODATA | Errno::OPNOTSUPP))
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{User, Wish};
    use crate::source::attributes::Attributes;

    fn user(uids: [u32; 4], gids: [u32; 4], groups: &str) -> User {
        let row = |ids: [u32; 4]| ids.map(|id| id.to_string()).join("\t");
        let status = format!(
            "Name:\tx\nUid:\t{}\nGid:\t{}\nGroups:\t{groups} \nCapEff:\t0000000000000000\n",
            row(uids),
            row(gids)
        );
        User::read(&status, Path::new("/none")).expect("read")
    }

    fn file(mode: u32, uid: u32, gid: u32) -> Attributes {
        Attributes { mode, uid, gid, is_folder: false, is_file: true, identity: (0, 0) }
    }

    #[test]
    fn the_first_class_that_a_user_is_in_decides() {
        let eve = user([1000; 4], [100; 4], "4 27");
        let cases = [
            (file(0o600, 0, 0), false),
            (file(0o604, 0, 0), true),
            (file(0o400, 1000, 0), true),
            // The owner is not one of the others, nor is the group.
            (file(0o044, 1000, 100), false),
            (file(0o604, 0, 100), false),
            (file(0o640, 0, 100), true),
            (file(0o640, 0, 27), true),
            (file(0o604, 0, 27), false),
            (file(0o640, 0, 28), false),
        ];
        for (file, may) in cases {
            assert_eq!(eve.may(Wish::Read, &file), may, "{file:?}");
        }
        assert!(eve.may(Wish::Search, &file(0o711, 0, 0)));
        assert!(!eve.may(Wish::Search, &file(0o744, 0, 0)));
    }

    #[test]
    fn whoever_starts_a_set_id_program_gains_no_eyes() {
        let secret = file(0o640, 0, 42);
        let of_root = user([1000, 0, 0, 0], [100; 4], "");
        let of_a_group = user([1000; 4], [100, 42, 42, 42], "");
        let member = user([1000; 4], [42; 4], "");
        assert!(!of_root.may(Wish::Read, &secret) && !of_a_group.may(Wish::Read, &secret));
        assert!(member.may(Wish::Read, &secret));
    }

    #[test]
    fn a_status_without_users_or_groups_tells_nothing() {
        let whole = ["Uid:\t1 1 1 1", "Gid:\t1 1 1 1", "Groups:\t"];
        assert!(User::read(&whole.join("\n"), Path::new("/none")).is_some());
        for at in 0..whole.len() {
            let rest: Vec<&str> = (0..).zip(whole).filter(|(n, _)| *n != at).map(|w| w.1).collect();
            assert!(User::read(&rest.join("\n"), Path::new("/none")).is_none(), "{rest:?}");
        }
        let three = whole.join("\n").replacen("1 1 1 1", "1 1 1", 1);
        assert!(User::read(&three, Path::new("/none")).is_none());
    }

    #[test]
    fn capabilities_of_another_user_namespace_do_not_count() {
        let status = "Uid:\t9 9 9 9\nGid:\t9 9 9 9\nGroups:\t\nCapEff:\t000001ffffffffff\n";
        assert!(!User::read(status, Path::new("/none")).expect("read").reads_all);
    }
}
