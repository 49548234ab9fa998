//! Whether a server runs with the arguments that are written for it.
//!
//! Values are compared, not texts: another order, `_` for `-` or `=0` for `=false` is no change.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::judged::{Judge, Judged, Outcome};
use crate::command_line::CommandLine;
use crate::flags::compare::{difference, is_resolved};
use crate::flags::{Effective, Flags, Setting};
use crate::result::{Evidence, Origin};

impl Judge<'_> {
    pub(super) fn as_written(&self) -> Judged {
        let (written, read) = self.written;
        let line = match written {
            None => {
                let why = "compare it with its manifest: --against FILE".to_owned();
                return Judged::new(Outcome::Unknown(why), Vec::new());
            }
            Some(Err(why)) => return Judged::new(Outcome::Unknown(why.clone()), Vec::new()),
            Some(Ok(line)) => line,
        };
        let (runs, written) = (self.flags, read.of(line, self.flags.minor(), self.files));
        if let Some(refusal) = written.diagnostics.iter().find(|said| said.refuses())
            && runs.starts()
        {
            let why = format!("the server would refuse what is written: {}", refusal.message());
            return Judged::new(Outcome::Broken(why), vec![whole(line, written)]);
        }
        // What the files set that flags name is not compared: what a server has read of them is not known.
        let names: BTreeSet<&str> =
            given(runs).chain(given(written)).map(|setting| &*setting.name).collect();
        let mut facts = Vec::new();
        let mut unresolved = Vec::new();
        for name in names {
            // What is not known is not the same because it is not known twice.
            if !is_resolved(runs, name) || !is_resolved(written, name) {
                unresolved.push(format!("--{name}"));
                continue;
            }
            let Some(difference) = difference(name, runs, written) else { continue };
            let [now, then] = difference.values;
            facts.push(fact("runs with", name, now, runs, self.line));
            facts.push(fact("written is", name, then, written, line));
        }
        if !facts.is_empty() {
            return Judged::new(Outcome::Fails, facts);
        }
        if runs.has_hidden() || written.has_hidden() {
            unresolved.push("arguments that are not seen".to_owned());
        }
        let evidence = vec![whole(line, written)];
        if unresolved.is_empty() {
            return Judged::new(Outcome::Holds, evidence);
        }
        let what = format!("what is filled in cannot be compared: {}", unresolved.join(", "));
        Judged::new(Outcome::Unknown(what), evidence)
    }
}

/// The settings of a command line itself.
fn given(flags: &Flags) -> impl DoubleEndedIterator<Item = &Setting> {
    flags.settings.iter().filter(|setting| !setting.in_file)
}

/// One side of a difference.
fn fact(
    words: &str,
    name: &str,
    value: Option<String>,
    flags: &Flags,
    line: &CommandLine,
) -> Evidence {
    let setting = given(flags).rfind(|setting| setting.name == name);
    let value = value.filter(|_| !matches!(flags.effective(name), Effective::Unresolved { .. }));
    let shown = match (setting, &value) {
        (Some(setting), _) => setting.shown().into_owned(),
        (None, Some(value)) if !value.is_empty() => format!("--{name} not set, default {value}"),
        (None, _) => format!("--{name} not set"),
    };
    let location = setting.map_or(&line.program.location, |setting| &setting.location);
    Evidence {
        flag: name.to_owned().into(),
        value: value.map(Cow::Owned),
        origin: if setting.is_some() { Origin::Set } else { Origin::Default },
        location: Some(location.clone()),
        names_file: false,
        words: format!("{words} {shown} ({location})"),
    }
}

/// What is written, as a whole.
fn whole(line: &CommandLine, written: &Flags) -> Evidence {
    let location = line.program.location.clone();
    let count = given(written).count();
    Evidence {
        flag: "".into(),
        value: None,
        origin: Origin::Set,
        names_file: false,
        words: format!("{count} arguments are written in {location}"),
        location: Some(location),
    }
}
