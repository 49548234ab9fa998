//! What becomes of an environment on its way to a server, by `env` and by shells.

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
    /// Makes the change.
    pub(super) fn apply(&self, environment: &mut Vec<Variable>) {
        match self {
            Self::Clear => environment.clear(),
            Self::Unset(name) => environment.retain(|it| it.name != *name),
            Self::Set(variable) => {
                environment.retain(|it| it.name != variable.name);
                environment.push(variable.clone());
            }
            Self::Any(value) => {
                for variable in &mut *environment {
                    variable.value.certainty = value.certainty.clone();
                }
                environment.push(Variable { name: String::new(), value: value.clone() });
            }
        }
    }

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
    use super::of_env;
    use crate::command_line::{Arg, Variable};

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
            let mut environment = vec![variable("O"), variable("U")];
            let (changes, rest) = of_env(&args);
            for change in &changes {
                change.apply(&mut environment);
            }
            let set = environment.iter().map(|it| format!("{}={}", it.name, it.value.text));
            let set = set.collect::<Vec<_>>().join(" ");
            let rest = rest.iter().map(|arg| arg.text.as_str()).collect::<Vec<_>>().join(" ");
            assert_eq!(format!("{set} | {rest}"), expected, "{words}");
        }
    }
}
