//! Words that stay the same while a server stays the same, for reports that are compared from run to
//! run: a restart of the server, which gives it another process id, changes none of them.

use std::collections::HashSet;

use super::finished::{Evidence, Location, Target};
use super::{Opening, quotable};
use crate::result::Origin;

/// Names that are each given once.
#[derive(Debug, Default)]
pub(super) struct Names {
    given: HashSet<String>,
    host: Option<String>,
}

impl Names {
    /// Names that tell the servers of this machine from those of others.
    pub(super) fn of(opening: &Opening) -> Self {
        let host = opening.host.as_deref().map(|host| quotable(host).into_owned());
        Self { given: HashSet::new(), host }
    }

    /// The name, or where it is taken the first of `name~2`, `name~3`, … that is not.
    pub(super) fn claim(&mut self, name: &str) -> String {
        let numbered = (2_usize..).map(|number| format!("{name}~{number}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        let free = candidates.find(|candidate| !self.given.contains(candidate));
        let free = free.expect("there is always another number");
        self.given.insert(free.clone());
        free
    }

    /// What a target is called: its id, but with the executable, and the machine where that is
    /// wanted, for a process. Two servers of one executable are told apart by their order.
    pub(super) fn target(&mut self, target: &Target<'_>) -> String {
        let source = &target.source;
        if source.kind != "process" {
            return self.claim(&target.id);
        }
        let host = self.host.as_ref().map(|host| format!("{host}:")).unwrap_or_default();
        let unread = if source.is_absent() { "absent" } else { "process" };
        let exe = source.exe.as_deref().unwrap_or(unread);
        self.claim(&format!("{}@{host}{exe}", target.component))
    }
}

/// A place without a process id.
pub(super) fn place(location: &Location<'_>) -> String {
    match location {
        Location::Text { .. } => location.to_string(),
        Location::Argument { argument, .. } => format!("argument {argument}"),
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
