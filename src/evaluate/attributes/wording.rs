//! What a person runs where the files are not at hand.

use std::borrow::Cow;

use crate::rule::file_demand::{Each, FileDemand, Owner};

/// A command for the node, and what it must show of what exists.
pub(super) fn by_hand(paths: &[&str], demand: &FileDemand) -> String {
    let path = paths.iter().map(|path| quoted(path)).collect::<Vec<_>>().join(" ");
    if let Some(each) = &demand.each {
        return [&find(&path, each, demand), " must print nothing"].concat();
    }
    let mode = demand.mode.as_ref().map(|mode| format!("{mode} or stricter"));
    let owner = demand.owner.as_ref().map(|owner| {
        let format = if owner.group.is_some() { "%U:%G" } else { "%U" };
        (format, owner.to_string())
    });
    let stat = |format: &[&str], wanted: &[&str]| {
        let [format, wanted] = [format.concat(), wanted.concat()];
        ["stat -L -c '", &format, "' ", &path, " must print ", &wanted].concat()
    };
    let stat = match (&mode, &owner) {
        (Some(mode), Some((format, owner))) => stat(&["%a ", format], &[mode, " and ", owner]),
        (Some(mode), None) => stat(&["%a"], &[mode]),
        (None, Some((format, owner))) => stat(&[format], &[owner]),
        (None, None) => String::new(),
    };
    if !demand.safe_folders {
        return stat;
    }
    let between = if stat.is_empty() { "" } else { "; " };
    let folders = " must show no folder that group or others may write to";
    [&stat, between, "namei -l ", &path, folders].concat()
}

/// What finds the files that are not as they should be.
fn find(path: &str, each: &Each, demand: &FileDemand) -> String {
    let mut words = vec![format!("find -L {path}")];
    if !each.folders {
        words.push("! -type d".to_owned());
    }
    if !each.ending.is_empty() {
        words.push(format!("-name {}", quoted(&each.to_string())));
    }
    let mut wrong = Vec::new();
    if let Some(mode) = &demand.mode {
        wrong.push(format!("-perm /{:o}", mode.forbidden()));
    }
    if let Some(Owner { user, group }) = &demand.owner {
        wrong.push(format!("! -user {}", quoted(user)));
        wrong.extend(group.iter().map(|group| format!("! -group {}", quoted(group))));
    }
    match &wrong[..] {
        [one] => words.push(one.clone()),
        several => words.push(format!(r"\( {} \)", several.join(" -o "))),
    }
    words.join(" ")
}

/// A word as a shell takes it, whatever stands in it.
fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"/._-+@:=,%".contains(&c);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.into();
    }
    ["'", &word.replace('\'', r"'\''"), "'"].concat().into()
}

#[cfg(test)]
mod tests {
    use super::{by_hand, quoted};
    use crate::rule::file_demand::{ByHand, Each, FileDemand, FilePlace, Mode, Owner};

    fn demand(mode: Option<u32>, owner: Option<(&str, Option<&str>)>) -> FileDemand {
        FileDemand {
            place: FilePlace::Path("/f".to_owned()),
            each: None,
            mode: mode.map(|bits| Mode { bits, parameter: None }),
            owner: owner.map(|(user, group)| Owner {
                user: user.to_owned(),
                group: group.map(str::to_owned),
            }),
            safe_folders: false,
            by_hand: ByHand::default(),
        }
    }

    #[test]
    fn a_command_tells_what_plimsoll_cannot_see() {
        let root = Some(("root", Some("root")));
        assert_eq!(
            by_hand(&["/f"], &demand(Some(0o600), None)),
            "stat -L -c '%a' /f must print 600 or stricter"
        );
        assert_eq!(
            by_hand(&["/f"], &demand(Some(0o600), root)),
            "stat -L -c '%a %U:%G' /f must print 600 or stricter and root:root"
        );
        let each = |ending: &str, folders| Some(Each { ending: ending.to_owned(), folders });
        assert_eq!(
            by_hand(
                &["/d"],
                &FileDemand { each: each(".key", false), ..demand(Some(0o600), None) }
            ),
            "find -L /d ! -type d -name '*.key' -perm /7177 must print nothing"
        );
        assert_eq!(
            by_hand(&["/d"], &FileDemand { each: each("", true), ..demand(None, root) }),
            r"find -L /d \( ! -user root -o ! -group root \) must print nothing"
        );
        let above = FileDemand { safe_folders: true, ..demand(None, None) };
        assert!(by_hand(&["/f"], &above).starts_with("namei -l /f must show"));
    }

    #[test]
    fn a_path_cannot_become_a_command() {
        assert_eq!(quoted("/a b; rm -r $x"), "'/a b; rm -r $x'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
