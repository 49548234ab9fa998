//! The grammar of Go's flag package, and the variables that stand in for flags: etcd's way.
//!
//! One dash or two, no one-letter flags, underscores are underscores; the first word that is no flag
//! ends the flags. A flag that is not given is taken from `ETCD_NAME`. Sources: Go's flag
//! `parseOne`; etcd `server/etcdmain/config.go`, `pkg/flags/flag.go`.

use super::{Hidden, Parser, Setting, ValueText, name_and_value};
use crate::command_line::{Arg, Certainty};
use crate::diagnostic::{Code, Diagnostic};
use crate::flags::catalog::Standing;

/// What the variables' names begin with.
const PREFIX: &str = "ETCD_";

impl<'l> Parser<'l> {
    pub(super) fn go_flag(&mut self) {
        while let Some(arg) = self.take() {
            let index = self.next - 1;
            if self.is_hidden(index, arg) {
                continue;
            }
            let dashes = arg.text.len() - arg.text.trim_start_matches('-').len();
            if arg.text == "--" {
                break;
            }
            if dashes == 0 || arg.text == "-" {
                // This word and all behind it are words; etcd names the first and ends.
                let (word, note) = self.stray(&arg.text);
                let message = format!("{word} is not a valid flag{note}");
                self.refuse(Code::StrayWord, &message, &arg.location);
                self.environment();
                return;
            }
            self.flag(index, arg, arg.text.get(dashes.min(2)..).unwrap_or_default());
        }
        if let Some(word) = self.take() {
            let (shown, note) = self.stray(&word.text);
            let message = format!("{shown} is not a valid flag{note}");
            self.refuse(Code::StrayWord, &message, &word.location);
        }
        self.environment();
    }

    fn flag(&mut self, index: usize, arg: &'l Arg, written: &str) {
        if written.is_empty() || written.starts_with(['-', '=']) {
            self.refuse(Code::BadSyntax, "a flag has no name", &arg.location);
            return;
        }
        let (name, value) = name_and_value(written);
        let spec = match self.catalog.standing(name, self.release) {
            Standing::Known(spec) | Standing::Uncertain(spec) => Some(spec),
            // No program defines these, and Go's package answers them itself.
            _ if ["h", "help"].contains(&name) => {
                let message = format!("with -{name} the program prints and ends: it never serves");
                let location = Some(arg.location.clone());
                self.out.diagnostics.push(Diagnostic::new(Code::PrintsAndEnds, message, location));
                return;
            }
            // What a distribution adds by itself it adds for the releases that have the flag.
            _ if arg.added_by.is_some() => return,
            standing => {
                self.unknown(name, standing, arg);
                // A word behind it may be its value: Go would have ended here.
                if value.is_none()
                    && self.line.args.get(self.next).is_some_and(|next| !next.text.starts_with('-'))
                {
                    self.next += 1;
                }
                None
            }
        };
        self.setting(index, arg, name, spec, value);
    }

    /// Adds what the environment sets and the command line does not. An empty variable is none.
    fn environment(&mut self) {
        for variable in &self.line.environment {
            if let (true, Certainty::Unresolved(why)) =
                (variable.name.is_empty(), &variable.value.certainty)
            {
                // The command line wins, so only what it does not set is in doubt.
                self.out.hidden.push(Hidden { argument: 0, why: why.clone() });
            }
            let Some(upper) = variable.name.strip_prefix(PREFIX) else { continue };
            let name = upper.to_ascii_lowercase().replace('_', "-");
            let Standing::Known(spec) = self.catalog.standing(&name, self.release) else {
                continue;
            };
            let given = self.out.settings.iter().any(|setting| setting.name == name);
            let empty =
                variable.value.text.is_empty() && variable.value.certainty == Certainty::Known;
            if given || empty {
                continue;
            }
            let text = format!("{}={}", variable.name, variable.value.text);
            self.out.settings.push(Setting {
                name: spec.name.into(),
                spec: Some(spec),
                value: ValueText::end_of(&text, &variable.value.text),
                text,
                location: variable.value.location.clone(),
                certainty: variable.value.certainty.clone(),
                argument: self.line.args.len(),
                added_by: variable.value.added_by,
                in_file: false,
            });
        }
    }
}
