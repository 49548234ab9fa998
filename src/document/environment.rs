//! What becomes of an environment on its way to a server, by `env` and by shells.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::command_line::{Arg, Certainty, Variable};

/// One thing that happens to an environment.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Nothing of it is kept.
    Clear,
    /// A variable is taken out.
    Unset(String),
    /// A variable is set, perhaps to what is not known.
    Set(Variable),
    /// Any variable may be set; says why.
    Any(Arg),
}

impl Change {
    /// What tells it from others, without its place.
    pub(super) fn said(&self) -> (String, Certainty) {
        match self {
            Self::Clear => ("-i".to_owned(), Certainty::Known),
            Self::Unset(name) => (["-u ", name].concat(), Certainty::Known),
            Self::Set(Variable { name, value }) => {
                ([name, "=", &value.text].concat(), value.certainty.clone())
            }
            Self::Any(value) => (String::new(), value.certainty.clone()),
        }
    }
}

/// An environment after changes. They are gone through from the last one on, which decides: each takes the
/// same time, however many there are.
pub(super) fn changed(mut environment: Vec<Variable>, changes: &[Change]) -> Vec<Variable> {
    let (mut decided, mut unknown) = (HashSet::new(), None);
    let mut set = Vec::new();
    let keep = |variable: &mut Variable, unknown: Option<&Certainty>| {
        if let Some(certainty) = unknown {
            variable.value.certainty = certainty.clone();
        }
    };
    for change in changes.iter().rev() {
        match change {
            Change::Clear => {
                environment.clear();
                break;
            }
            Change::Unset(name) => {
                decided.insert(name.as_str());
            }
            Change::Set(variable) => {
                if decided.insert(&variable.name) {
                    let mut variable = variable.clone();
                    keep(&mut variable, unknown);
                    set.push(variable);
                }
            }
            Change::Any(value) => {
                let mut any = Variable { name: String::new(), value: value.clone() };
                keep(&mut any, unknown);
                set.push(any);
                unknown = unknown.or(Some(&value.certainty));
            }
        }
    }
    environment.retain(|variable| !decided.contains(variable.name.as_str()));
    for variable in &mut environment {
        keep(variable, unknown);
    }
    environment.extend(set.into_iter().rev());
    environment
}

/// The most variables that each of several servers is told of, which have them from the same place: a script
/// can start thousands of servers.
pub(super) const MOST_SHARED: usize = 32;

/// Whether a server reads a variable for itself; one without a name stands for any.
pub(super) fn is_read_by_servers(name: &str) -> bool {
    name.is_empty() || name.starts_with("ETCD_") || name == "GODEBUG"
}

/// What of an environment so many servers are told.
pub(super) fn shared(environment: &[Variable], servers: usize) -> Cow<'_, [Variable]> {
    if servers <= 1 || environment.len() <= MOST_SHARED {
        return Cow::Borrowed(environment);
    }
    let mut read = environment.iter().filter(|variable| is_read_by_servers(&variable.name));
    let mut own: Vec<Variable> = read.by_ref().take(MOST_SHARED).cloned().collect();
    if let Some(Variable { value, .. }) = read.next() {
        own = vec![Variable { name: String::new(), value: too_many(value) }];
    }
    Cow::Owned(own)
}

/// What of the changes of their environment so many servers are told.
pub(super) fn shared_changes(changes: &[Change], servers: usize) -> Cow<'_, [Change]> {
    if servers <= 1 || changes.len() <= MOST_SHARED {
        return Cow::Borrowed(changes);
    }
    let is_read = |change: &&Change| match change {
        Change::Unset(name) | Change::Set(Variable { name, .. }) => is_read_by_servers(name),
        Change::Clear | Change::Any(_) => true,
    };
    let own: Vec<Change> = changes.iter().filter(is_read).take(MOST_SHARED + 1).cloned().collect();
    let place = changes.iter().rev().find_map(|change| match change {
        Change::Set(Variable { value, .. }) | Change::Any(value) => Some(value),
        Change::Clear | Change::Unset(_) => None,
    });
    match place.filter(|_| own.len() > MOST_SHARED) {
        Some(place) => Cow::Owned(vec![Change::Any(too_many(place))]),
        None => Cow::Owned(own),
    }
}

fn too_many(place: &Arg) -> Arg {
    let why = format!("several servers are started with more than {MOST_SHARED} variables");
    Arg { text: String::new(), certainty: Certainty::Unresolved(why), ..place.clone() }
}

/// What the arguments of `env` change, and the command behind them.
///
/// Source: coreutils `env.c`: options, a lone `-` for `-i`, assignments, the command.
pub(super) fn of_env(args: &[Arg]) -> (Vec<Change>, &[Arg]) {
    let (mut cleared, mut changes) = (false, Vec::new());
    let mut rest = args;
    while let Some((first, tail)) = rest.split_first() {
        let text = first.text.as_str();
        if text == "-" || !text.starts_with('-') {
            break;
        }
        rest = tail;
        if text == "--" {
            break;
        }
        let (option, attached) = match text.strip_prefix("--") {
            Some(long) => match long.split_once('=') {
                Some((name, value)) => (long_option(name), Some(value)),
                None => (long_option(long), None),
            },
            None => short_options(text.trim_start_matches('-'), &mut cleared),
        };
        cleared |= option == 'i';
        let value = attached.or_else(|| {
            let (next, tail) = rest.split_first().filter(|_| "uCaS".contains(option))?;
            rest = tail;
            Some(next.text.as_str())
        });
        changes.extend(value.filter(|_| option == 'u').map(|it| Change::Unset(it.to_owned())));
    }
    if let Some((_, tail)) = rest.split_first().filter(|(first, _)| first.text == "-") {
        (cleared, rest) = (true, tail);
    }
    if cleared {
        changes.insert(0, Change::Clear);
    }
    while let Some((first, tail)) = rest.split_first() {
        if let Some((name, value)) = first.text.split_once('=') {
            let value = Arg { text: value.to_owned(), ..first.clone() };
            changes.push(Change::Set(Variable { name: name.to_owned(), value }));
        } else if first.certainty != Certainty::Known && !tail.is_empty() {
            // `env $(cat /file) program`: any assignments.
            changes.push(Change::Any(Arg { text: String::new(), ..first.clone() }));
        } else {
            break;
        }
        rest = tail;
    }
    (changes, rest)
}

/// The short name of a long option, as far as it matters.
fn long_option(name: &str) -> char {
    match name {
        "ignore-environment" => 'i',
        "unset" => 'u',
        "chdir" => 'C',
        "argv0" => 'a',
        "split-string" => 'S',
        _ => 'v',
    }
}

/// The last of several short options in a word, and the value that stands behind it.
fn short_options<'t>(letters: &'t str, cleared: &mut bool) -> (char, Option<&'t str>) {
    for (at, letter) in letters.char_indices() {
        *cleared |= letter == 'i';
        if "uCaS".contains(letter) {
            let value = letters.get(at + 1..).filter(|value| !value.is_empty());
            return (letter, value);
        }
    }
    ('v', None)
}

#[cfg(test)]
mod tests {
    use super::{Change, MOST_SHARED, changed, of_env, shared, shared_changes};
    use crate::command_line::{Arg, Certainty, Variable};

    #[test]
    fn the_last_change_of_a_variable_decides_and_what_sets_any_leaves_those_before_it_open() {
        let set = |word: &str| {
            let (name, value) = word.split_once('=').expect("an assignment");
            let value = Arg::given(0, value.to_owned());
            Variable { name: name.to_owned(), value }
        };
        let open = |why: &str| {
            Change::Any(Arg {
                certainty: Certainty::Unresolved(why.to_owned()),
                ..Arg::given(0, String::new())
            })
        };
        let changes = [
            Change::Set(set("A=1")),
            open("x"),
            Change::Set(set("B=1")),
            open("y"),
            Change::Set(set("A=2")),
            Change::Set(set("C=1")),
            Change::Unset("C".to_owned()),
        ];
        let after = changed(vec![set("O=1"), set("C=0"), set("A=0")], &changes);
        let shown = after.iter().map(|it| {
            let known = it.value.certainty == Certainty::Known;
            format!("{}={}{}", it.name, it.value.text, if known { "" } else { "?" })
        });
        assert_eq!(shown.collect::<Vec<_>>(), ["O=1?", "=?", "B=1?", "=?", "A=2"]);
    }

    #[test]
    fn several_servers_are_told_of_the_variables_that_they_read_or_that_any_may_be_set() {
        let variable = |name: String| Variable { name, value: Arg::given(0, "1".to_owned()) };
        let named = |count: usize| -> Vec<Variable> {
            let own = (0..count).map(|number| variable(format!("ETCD_{number}")));
            own.chain((0..40).map(|number| variable(format!("A{number}")))).collect()
        };
        let changes =
            |count| -> Vec<Change> { named(count).into_iter().map(Change::Set).collect() };
        for (count, servers, told) in [(3, 1, 43), (3, 2, 3), (MOST_SHARED, 2, MOST_SHARED)] {
            assert_eq!(shared(&named(count), servers).len(), told);
            assert_eq!(shared_changes(&changes(count), servers).len(), told);
        }
        let many = MOST_SHARED + 1;
        let all = named(many);
        let [any] = &*shared(&all, 2) else { panic!("one") };
        assert!(any.name.is_empty() && any.value.certainty != Certainty::Known);
        assert!(matches!(&*shared_changes(&changes(many), 2), [Change::Any(_)]));
    }

    #[test]
    fn env_sets_unsets_and_clears_before_its_command() {
        for (words, expected) in [
            ("A=b C=d=e etcd --x", "O=1 U=1 A=b C=d=e | etcd --x"),
            ("U=2 etcd", "O=1 U=2 | etcd"),
            ("-u U etcd", "O=1 | etcd"),
            ("-uU --unset=O A=b etcd", "A=b | etcd"),
            ("--unset U -- A=b etcd", "O=1 A=b | etcd"),
            ("-i A=b etcd", "A=b | etcd"),
            ("- etcd", " | etcd"),
            ("-vi etcd", " | etcd"),
            ("-iu U A=b etcd", "A=b | etcd"),
            ("--ignore-environment --chdir=/x etcd", " | etcd"),
            ("-C / -v etcd -u U", "O=1 U=1 | etcd -u U"),
        ] {
            let args: Vec<Arg> =
                words.split(' ').map(|word| Arg::given(0, word.to_owned())).collect();
            let variable = |name: &str| Variable {
                name: name.to_owned(),
                value: Arg::given(0, "1".to_owned()),
            };
            let environment = vec![variable("O"), variable("U")];
            let (changes, rest) = of_env(&args);
            let environment = changed(environment, &changes);
            let set = environment.iter().map(|it| format!("{}={}", it.name, it.value.text));
            let set = set.collect::<Vec<_>>().join(" ");
            let rest = rest.iter().map(|arg| arg.text.as_str()).collect::<Vec<_>>().join(" ");
            assert_eq!(format!("{set} | {rest}"), expected, "{words}");
        }
    }
}
