//! pflag's grammar: two dashes, one-letter flags, underscores for dashes.
//!
//! Source: spf13/pflag `parseArgs`, `parseLongArg`, `parseShortArg`; underscores: component-base
//! `cli/flag/flags.go`.

use std::borrow::Cow;

use super::{Parser, name_and_value};
use crate::command_line::Arg;
use crate::component::Component;
use crate::diagnostic::{Clause, Code, Diagnostic};
use crate::flags::catalog::{Release, Standing};
use crate::spelling::not_ascii;

/// The first release of a component that refuses words that are no flags; those before ignore them.
/// Sources: kubernetes `cmd/kubelet/app/server.go` (kubernetes#61833), `Args` of the commands in the
/// other components' `app/server.go` (kubernetes#91349; the scheduler's followed).
const fn words_refused_since(component: Component) -> Release {
    match component {
        Component::Kubelet => Release::kubernetes(11),
        Component::KubeScheduler => Release::kubernetes(20),
        Component::KubeApiserver | Component::KubeControllerManager | Component::Etcd => {
            Release::kubernetes(19)
        }
    }
}

/// From 1.22 on every command turns `_` into `-` in flag names (component-base `cli/run.go`).
const UNDERSCORES_CERTAIN_SINCE: Release = Release::kubernetes(22);

impl<'l> Parser<'l> {
    pub(super) fn pflag(&mut self) {
        while let Some(arg) = self.take() {
            self.argument(self.next - 1, arg);
        }
    }

    fn argument(&mut self, index: usize, arg: &'l Arg) {
        let after_unknown = std::mem::take(&mut self.after_unknown);
        if self.is_hidden(index, arg) {
            return;
        }
        if arg.text == "--" {
            while let Some(word) = self.take() {
                self.word(word, false);
            }
        } else if let Some(long) = arg.text.strip_prefix("--") {
            self.long(index, arg, long);
        } else if let Some(letters) = arg.text.strip_prefix('-').filter(|s| !s.is_empty()) {
            self.letters(index, arg, letters);
        } else {
            self.word(arg, after_unknown);
        }
    }

    /// A word that is no flag. An empty one is let pass by all but the kubelet.
    fn word(&mut self, arg: &Arg, after_unknown: bool) {
        let component = self.catalog.component;
        let ignored = self.release < words_refused_since(component);
        let nothing = arg.text.is_empty() && (ignored || component != Component::Kubelet);
        if nothing || after_unknown {
            return;
        }
        let (word, note) = self.stray(&arg.text);
        if ignored {
            let message = format!("{word} is ignored: it belongs to no flag{note}");
            let location = Some(arg.location.clone());
            self.out.diagnostics.push(Diagnostic::new(Code::IgnoredWord, message, location));
        } else {
            let message = format!("{component} takes no words besides flags, but got {word}{note}");
            self.refuse(Code::StrayWord, &message, &arg.location);
        }
    }

    fn long(&mut self, index: usize, arg: &'l Arg, long: &str) {
        if long.starts_with(['-', '=']) {
            self.refuse(Code::BadSyntax, "a flag has no name", &arg.location);
            return;
        }
        let (written, value) = name_and_value(long);
        let underscore = memchr::memchr(b'_', written.as_bytes()).is_some();
        let name =
            if underscore { Cow::Owned(written.replace('_', "-")) } else { Cow::Borrowed(written) };
        if self.line.of_openshift && name == "openshift-config" {
            // The arguments of the file that it names follow those that are written.
            if value.is_none() {
                self.take();
            }
            return;
        }
        let spec = match self.catalog.standing(&name, self.release) {
            Standing::Known(spec) => Some(spec),
            Standing::Uncertain(spec) => {
                let clause = Clause::sentence("it is not certain that ");
                let clause = clause.release(self.release.minor());
                let clause = clause.and(&format!(" has the flag --{name}"));
                let location = Some(arg.location.clone());
                let uncertain = Diagnostic::new(Code::UncertainFlag, clause, location);
                self.out.diagnostics.push(uncertain.about(spec.name));
                Some(spec)
            }
            // What a distribution adds by itself it adds for the releases that have the flag.
            _ if arg.added_by.is_some() => return,
            standing => {
                self.unknown(&name, standing, arg);
                self.after_unknown = value.is_none();
                None
            }
        };
        if let (true, Some(spec)) = (underscore, spec)
            && self.release < UNDERSCORES_CERTAIN_SINCE
        {
            let clause = Clause::sentence(format!(
                "--{written} is taken for --{name}, which is not certain before 1.22 ("
            ));
            let clause = clause.release(self.release.minor()).and(")");
            let doubt = Diagnostic::new(Code::Underscore, clause, Some(arg.location.clone()));
            self.out.diagnostics.push(doubt.about(spec.name));
        }
        self.setting(index, arg, &name, spec, value);
    }

    /// One-letter flags: `-v2`, `-v=2`, `-v 2`, `-hv2`.
    fn letters(&mut self, index: usize, arg: &'l Arg, letters: &str) {
        let mut rest = letters;
        while let Some(letter) = rest.chars().next() {
            let tail = &rest[letter.len_utf8()..];
            let Some(spec) = self.catalog.by_letter(letter, self.release) else {
                let mut message = format!("-{letter} is not a flag of {}", self.catalog.component);
                message += &not_ascii(&letter.to_string());
                let name = letters.split('=').next().unwrap_or_default().replace('_', "-");
                if let Standing::Known(_) = self.catalog.standing(&name, self.release) {
                    message = format!("-{name} has one dash: only --{name} is a flag");
                }
                self.refuse(Code::UnknownFlag, &message, &arg.location);
                return;
            };
            let name = spec.name;
            if let Some(value) = tail.strip_prefix('=').filter(|value| !value.is_empty()) {
                return self.setting(index, arg, name, Some(spec), Some(value));
            }
            if spec.kind(self.release).value_when_bare().is_none() {
                let value = (!tail.is_empty()).then_some(tail);
                return self.setting(index, arg, name, Some(spec), value);
            }
            self.setting(index, arg, name, Some(spec), None);
            rest = tail;
        }
    }
}
