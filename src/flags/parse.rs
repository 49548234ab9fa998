//! pflag's grammar: arguments → settings, each with its place.
//!
//! pflag stops at the first mistake and the server exits; we note the mistake and read on, so that
//! one report names them all. Source: spf13/pflag `parseArgs`, `parseLongArg`, `parseShortArg`;
//! underscores: component-base `cli/flag/flags.go`.

use super::catalog::{Catalog, FlagSpec, Release, Standing};
use crate::command_line::{Arg, Certainty, CommandLine, Location, Span};
use crate::credential::hide;
use crate::diagnostic::Diagnostic;
use crate::spelling::suggestion;

/// One occurrence of a flag.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The flag's name without dashes, underscores turned into dashes.
    pub name: String,
    /// The flag, if this release has it.
    pub spec: Option<&'static FlagSpec>,
    /// The text given for its value, a bare switch's `true` filled in.
    pub value: String,
    /// As it was written, such as `--v=2` or `--v 2`.
    pub text: String,
    /// Where it was written.
    pub location: Location,
    /// Whether the value is what the server receives.
    pub certainty: Certainty,
    /// Index of the flag's argument in the command line.
    pub argument: usize,
}

/// What the grammar finds in a command line.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) settings: Vec<Setting>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Arguments that stand for an unknown number of unknown arguments.
    pub(super) hidden: Vec<Hidden>,
}

/// An argument whose text is not known, not even whether it is a flag.
#[derive(Clone, Debug)]
pub struct Hidden {
    /// Its index in the command line.
    pub argument: usize,
    /// Why it is not known.
    pub why: String,
}

/// Up to 1.17 the API server ignored words that are no flags; since then it refuses them.
/// Source: kube-apiserver `app/server.go`, `Args`.
const WORDS_REFUSED_SINCE: Release = 18;

/// From 1.22 on every command turns `_` into `-` in flag names (component-base `cli/run.go`).
const UNDERSCORES_CERTAIN_SINCE: Release = 22;

/// Reads the arguments as the server of a release does.
pub(super) fn parse(line: &CommandLine, catalog: &Catalog, release: Release) -> Parsed {
    let mut parser =
        Parser { line, catalog, release, next: 0, after_unknown: false, out: Parsed::default() };
    while let Some(arg) = parser.take() {
        parser.argument(parser.next - 1, arg);
    }
    parser.out
}

struct Parser<'l> {
    line: &'l CommandLine,
    catalog: &'l Catalog,
    release: Release,
    next: usize,
    /// The argument before was an unknown flag without a value: a word may belong to it.
    after_unknown: bool,
    out: Parsed,
}

impl<'l> Parser<'l> {
    fn take(&mut self) -> Option<&'l Arg> {
        let arg = self.line.args.get(self.next)?;
        self.next += 1;
        if let Certainty::Refused(why) = &arg.certainty {
            self.refuse("not-a-string", format!("an argument {why}"), &arg.location);
        }
        Some(arg)
    }

    fn refuse(&mut self, code: &'static str, message: String, location: &Location) {
        self.out.diagnostics.push(Diagnostic::refusal(code, message, Some(location.clone())));
    }

    fn argument(&mut self, index: usize, arg: &'l Arg) {
        let after_unknown = std::mem::take(&mut self.after_unknown);
        if let Certainty::Unresolved(why) = &arg.certainty
            && !names_its_flag(&arg.text)
        {
            self.out.hidden.push(Hidden { argument: index, why: why.clone() });
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

    /// A word that is no flag. An empty one is let pass by the server.
    fn word(&mut self, arg: &Arg, after_unknown: bool) {
        if arg.text.is_empty() || after_unknown {
            return;
        }
        let component = self.catalog.component;
        if self.release < WORDS_REFUSED_SINCE {
            let message =
                format!("the word {:?} is ignored: it belongs to no flag", hide(&arg.text));
            let location = Some(arg.location.clone());
            self.out.diagnostics.push(Diagnostic::warning("stray-word", message, location));
        } else {
            let message =
                format!("{component} takes no words besides flags, but got {:?}", hide(&arg.text));
            self.refuse("stray-word", message, &arg.location);
        }
    }

    fn long(&mut self, index: usize, arg: &'l Arg, long: &str) {
        if long.starts_with(['-', '=']) {
            self.refuse("bad-syntax", "a flag has no name".to_owned(), &arg.location);
            return;
        }
        let (written, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        let name = written.replace('_', "-");
        let spec = match self.catalog.standing(&name, self.release) {
            Standing::Known(spec) => Some(spec),
            Standing::Uncertain(spec) => {
                let minor = self.catalog.minor(self.release);
                let message = format!("it is not certain that {minor} has the flag --{name}");
                let location = Some(arg.location.clone());
                self.out.diagnostics.push(Diagnostic::warning("uncertain-flag", message, location));
                Some(spec)
            }
            standing => {
                self.unknown(&name, standing, arg);
                self.after_unknown = value.is_none();
                None
            }
        };
        if written.contains('_') && spec.is_some() && self.release < UNDERSCORES_CERTAIN_SINCE {
            let minor = self.catalog.minor(self.release);
            let message = format!(
                "--{written} is taken for --{name}, which is not certain before 1.22 ({minor})"
            );
            let location = Some(arg.location.clone());
            self.out.diagnostics.push(Diagnostic::warning("underscore", message, location));
        }
        self.setting(index, arg, name, spec, value);
    }

    fn unknown(&mut self, name: &str, standing: Standing, arg: &Arg) {
        let (component, minor) = (self.catalog.component, self.catalog.minor(self.release));
        let base = format!("--{name} is not a flag of {component} {minor}");
        let (code, message) = match standing {
            Standing::Elsewhere(spec) if spec.life.first > self.release => {
                let first = self.catalog.minor(spec.life.first);
                ("later-flag", format!("{base}: it is new in {first}"))
            }
            Standing::Elsewhere(spec) => {
                let gone = spec.life.last.map(|last| self.catalog.minor(last + 1));
                let since = gone.map(|minor| format!(": it is gone since {minor}"));
                ("removed-flag", format!("{base}{}", since.unwrap_or_default()))
            }
            _ => {
                let near = self.catalog.nearest(name, self.release).map(|near| format!("--{near}"));
                ("unknown-flag", format!("{base}{}", suggestion(near.as_deref())))
            }
        };
        self.refuse(code, message, &arg.location);
    }

    /// Records a setting, taking the next argument for its value where the server would.
    fn setting(
        &mut self,
        index: usize,
        arg: &'l Arg,
        name: String,
        spec: Option<&'static FlagSpec>,
        value: Option<&str>,
    ) {
        let mut text = arg.text.clone();
        let mut location = arg.location.clone();
        let mut certainty = arg.certainty.clone();
        let bare = spec.and_then(|spec| spec.kind(self.release).value_when_bare());
        let value = match (value, bare, spec) {
            (Some(value), ..) => value.to_owned(),
            (None, Some(bare), _) => bare.to_owned(),
            (None, None, None) => String::new(),
            (None, None, Some(_)) => match self.take() {
                Some(next) => {
                    text = format!("{text} {}", next.text);
                    location = join(&location, &next.location);
                    if next.certainty != Certainty::Known {
                        certainty = next.certainty.clone();
                    }
                    next.text.clone()
                }
                None => {
                    let why = format!("--{name} needs a value, and nothing follows it");
                    self.refuse("missing-value", why.clone(), &arg.location);
                    certainty = Certainty::Refused(why);
                    String::new()
                }
            },
        };
        let setting = Setting { name, spec, value, text, location, certainty, argument: index };
        self.out.settings.push(setting);
    }

    /// One-letter flags: `-v2`, `-v=2`, `-v 2`, `-hv2`.
    fn letters(&mut self, index: usize, arg: &'l Arg, letters: &str) {
        let mut rest = letters;
        while let Some(letter) = rest.chars().next() {
            let tail = &rest[letter.len_utf8()..];
            let Some(spec) = self.catalog.by_letter(letter, self.release) else {
                let mut message = format!("-{letter} is not a flag of {}", self.catalog.component);
                let name = letters.split('=').next().unwrap_or_default().replace('_', "-");
                if let Standing::Known(_) = self.catalog.standing(&name, self.release) {
                    message = format!("-{name} has one dash: only --{name} is a flag");
                }
                self.refuse("unknown-flag", message, &arg.location);
                return;
            };
            let name = spec.name.to_owned();
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

/// Whether the flag's name is known although part of the argument is not: `--x=$(Y)`.
fn names_its_flag(text: &str) -> bool {
    text.strip_prefix("--")
        .and_then(|long| long.split_once('='))
        .is_some_and(|(name, _)| !name.is_empty() && !name.contains('$'))
}

/// From the start of one place to the end of another in the same text.
fn join(first: &Location, last: &Location) -> Location {
    match (first, last) {
        (Location::Text { path, span }, Location::Text { span: end, .. })
            if span.start.offset <= end.end.offset =>
        {
            let span = Span { start: span.start, end: end.end };
            Location::Text { path: path.clone(), span }
        }
        _ => first.clone(),
    }
}
