//! Who besides root and the user who runs plimsoll can change a file or a folder.
//!
//! Mode, owner and group decide; access control lists are not read.

use std::fmt;

use rustix::fs::Stat;
use rustix::process::geteuid;

/// The owner that the kernel shows for one that this user namespace does not map: its default in
/// `/proc/sys/kernel/overflowuid`.
const UNMAPPED: u32 = 65534;

/// Somebody who can change what is not theirs alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outsider {
    /// The owner, who is neither root nor the user who runs plimsoll.
    Owner(u32),
    /// Everybody.
    Everybody,
    /// The members of a group that has others in it.
    Group(u32),
}

impl fmt::Display for Outsider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owner(uid) => write!(f, "user {uid}"),
            Self::Everybody => f.write_str("anybody"),
            Self::Group(gid) => write!(f, "group {gid}"),
        }
    }
}

/// Whether a user is root or the one who runs plimsoll.
pub fn is_trusted(uid: u32) -> bool {
    uid == 0 || uid == geteuid().as_raw()
}

/// Who can change a file, or the names in a folder, by its owner and mode.
pub fn outsider(stat: &Stat) -> Option<Outsider> {
    if !is_trusted(stat.st_uid) {
        return Some(Outsider::Owner(stat.st_uid));
    }
    writer(stat)
}

/// As [`outsider`], but only by the mode.
pub(super) fn writer(stat: &Stat) -> Option<Outsider> {
    if stat.st_mode & 0o002 != 0 {
        return Some(Outsider::Everybody);
    }
    let by_group = stat.st_mode & 0o020 != 0 && has_others(stat.st_gid);
    by_group.then_some(Outsider::Group(stat.st_gid))
}

/// Whether an owner may be one whom this user namespace does not show. In a container without root
/// that is often the machine's root, who owns `/`.
pub(super) fn is_unmapped(uid: u32) -> bool {
    let maps_all = || {
        let map = std::fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
        map.split_whitespace().eq(["0", "0", "4294967295"])
    };
    uid == UNMAPPED && !maps_all()
}

/// Whether a group has members besides root and the user who runs plimsoll.
fn has_others(gid: u32) -> bool {
    let read = |path| std::fs::read_to_string(path).ok();
    let (Some(passwd), Some(group)) = (read("/etc/passwd"), read("/etc/group")) else {
        return true;
    };
    has_others_in(gid, geteuid().as_raw(), &passwd, &group)
}

/// As [`has_others`], by the texts of `passwd` and `group`, for the user `me`.
fn has_others_in(gid: u32, me: u32, passwd: &str, group: &str) -> bool {
    let users = passwd.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let uid: u32 = fields.nth(1)?.parse().ok()?;
        let primary: u32 = fields.next()?.parse().ok()?;
        Some((name, uid, primary))
    });
    let users: Vec<(&str, u32, u32)> = users.collect();
    let trusted = |uid: u32| uid == 0 || uid == me;
    if users.iter().any(|(_, uid, primary)| *primary == gid && !trusted(*uid)) {
        return true;
    }
    let mut groups = group.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let id: u32 = fields.nth(2)?.parse().ok()?;
        Some((id, fields.next().unwrap_or_default()))
    });
    let Some((_, members)) = groups.find(|(id, _)| *id == gid) else {
        // A group from elsewhere, such as a directory service: a user's own has the user's number.
        return gid != me && gid != 0;
    };
    let mut members = members.split(',').map(str::trim).filter(|name| !name.is_empty());
    members.any(|member| {
        let known = users.iter().find(|(name, ..)| *name == member);
        known.is_none_or(|(_, uid, _)| !trusted(*uid))
    })
}

#[cfg(test)]
mod tests {
    use super::has_others_in;

    #[test]
    fn a_group_of_one_s_own_has_no_others() {
        let passwd =
            "root:x:0:0::/:/bin/sh\nann:x:1000:1000::/:/bin/sh\nbob:x:1001:100::/:/bin/sh\n";
        let group = "root:x:0:\nann:x:1000:\nteam:x:50:ann,bob\nmine:x:51:ann,root\nusers:x:100:\n\
                     gone:x:52:somebody\n";
        let cases = [
            (0, false),
            (1000, false),
            (50, true),
            (51, false),
            (100, true),
            (52, true),
            (7, true),
        ];
        for (gid, others) in cases {
            assert_eq!(has_others_in(gid, 1000, passwd, group), others, "{gid}");
        }
        // A user and a group that no file lists.
        assert!(!has_others_in(5000, 5000, passwd, group));
        assert!(has_others_in(5001, 5000, passwd, group));
    }
}
