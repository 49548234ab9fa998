//! Words that stay the same while a server stays the same, for reports that are compared from run to
//! run: a restart of the server, which gives it another process id, changes none of them.

use std::collections::HashSet;

use super::finished::{Evidence, Target};
use crate::result::Origin;

/// Names that are each given once.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// The name, or where it is taken the first of `name~2`, `name~3`, … that is not.
    pub(super) fn claim(&mut self, name: &str) -> String {
        let numbered = (2_usize..).map(|number| format!("{name}~{number}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        let free = candidates.find(|candidate| !self.0.contains(candidate));
        let free = free.expect("there is always another number");
        self.0.insert(free.clone());
        free
    }

    /// What a target is called: its id, but with the executable for a process. Two servers of one
    /// executable are told apart by their order.
    pub(super) fn target(&mut self, target: &Target<'_>) -> String {
        if target.source.pid.is_none() {
            return self.claim(&target.id);
        }
        let exe = target.source.exe.as_deref().unwrap_or("process");
        self.claim(&format!("{}@{exe}", target.component))
    }
}

/// A fact as one would write the flag; nothing where it is about no flag and has no value.
pub(super) fn fact(fact: &Evidence<'_>) -> Option<String> {
    let value = fact.value.as_deref();
    let Some(flag) = fact.flag.as_deref() else {
        return value.map(str::to_owned);
    };
    Some(match (fact.origin, value) {
        (Origin::Set, Some(value)) => format!("--{flag}={value}"),
        (Origin::Set, None) => format!("--{flag} is set"),
        (Origin::Default, None | Some("")) => format!("--{flag} is not set"),
        (Origin::Default, Some(value)) => format!("--{flag}={value} (default)"),
        (Origin::File, Some(value)) => format!("--{flag}={value} (from a file)"),
        (Origin::File, None) => format!("--{flag} (from a file)"),
    })
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn no_name_is_given_twice() {
        let mut names = Names::default();
        let given = ["a", "a", "a~2", "a", "b"].map(|name| names.claim(name));
        assert_eq!(given, ["a", "a~2", "a~2~2", "a~3", "b"]);
    }
}
