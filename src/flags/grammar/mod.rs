//! Arguments → settings, each with its place: the grammars of pflag and of Go's flag package.
//!
//! Both stop at the first mistake and the server exits; we note the mistake and read on, so that one
//! report names them all.

mod go_flag;
mod pflag;

use std::borrow::Cow;

use super::catalog::{Catalog, FlagSpec, Grammar, Release, Standing};
use crate::command_line::{Arg, Certainty, CommandLine, Location, Span};
use crate::credential::{HIDDEN, hide, hide_value};
use crate::diagnostic::{Clause, Code, Diagnostic};
use crate::spelling::{not_ascii, suggestion};

/// One occurrence of a flag.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The flag's name without dashes, underscores turned into dashes.
    pub name: Cow<'static, str>,
    /// The flag, if this release has it.
    pub spec: Option<&'static FlagSpec>,
    /// As it was written, such as `--v=2` or `--v 2`.
    pub text: String,
    pub(super) value: ValueText,
    /// Where it was written.
    pub location: Location,
    /// Whether the value is what the server receives.
    pub certainty: Certainty,
    /// Index of the flag's argument in the command line.
    pub argument: usize,
    /// The distribution that sets it by itself.
    pub added_by: Option<&'static str>,
    /// Whether it stands in the component's own file, not on the command line.
    pub in_file: bool,
}

/// Where the text of a setting's value is. Nearly always it is the end of the setting's own text: a
/// second copy of it for every flag of every release that reads it would be a tenth of a reading.
#[derive(Clone, Debug)]
pub(super) enum ValueText {
    /// From this offset of the setting's text to its end.
    End(usize),
    /// A switch is written without one.
    Bare(&'static str),
    /// A file writes it in its own way.
    OfFile(String),
}

impl ValueText {
    /// A value that the setting's text ends with.
    pub(super) fn end_of(text: &str, value: &str) -> Self {
        Self::End(text.len().saturating_sub(value.len()))
    }
}

impl Setting {
    /// The text given for its value, a bare switch's `true` filled in.
    pub fn value(&self) -> &str {
        match &self.value {
            ValueText::End(start) => self.text.get(*start..).unwrap_or_default(),
            ValueText::Bare(value) => value,
            ValueText::OfFile(value) => value,
        }
    }

    /// The setting as it was written, without what may be a credential.
    pub fn shown(&self) -> Cow<'_, str> {
        if self.is_credential() {
            let equals = if self.in_file { ": " } else { "=" };
            let name = if self.spec.is_some() { &self.name } else { shown_name(&self.name) };
            return ["--", name, equals, HIDDEN].concat().into();
        }
        let text = match self.text.strip_suffix(self.value()) {
            Some(name) => match hide_value(self.value()) {
                Cow::Owned(hidden) => Cow::Owned([name, &hidden].concat()),
                Cow::Borrowed(_) => Cow::Borrowed(self.text.as_str()),
            },
            None => hide(&self.text),
        };
        match self.added_by {
            Some(distribution) => [&text, " (", distribution, " default)"].concat().into(),
            None => text,
        }
    }

    /// The text of its value, without what may be a credential.
    pub fn shown_value(&self) -> Cow<'_, str> {
        if self.is_credential() {
            return HIDDEN.into();
        }
        hide_value(self.value())
    }

    /// Whether the flag's value can be a credential, whatever it looks like. That of a flag which this
    /// release does not have can: it may be a misspelt password.
    pub fn is_credential(&self) -> bool {
        self.spec.is_none_or(|spec| spec.credential)
    }
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

/// Reads the arguments as the server of a release does.
pub(super) fn parse(line: &CommandLine, catalog: &Catalog, release: Release) -> Parsed {
    let settings = Vec::with_capacity(line.args.len());
    let out = Parsed { settings, ..Parsed::default() };
    let mut parser = Parser { line, catalog, release, next: 0, after_unknown: false, out };
    match catalog.grammar {
        Grammar::Pflag => parser.pflag(),
        Grammar::GoFlag => parser.go_flag(),
    }
    parser.refused_variables();
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
            self.refuse(Code::NotAString, &format!("an argument {why}"), &arg.location);
        }
        Some(arg)
    }

    /// A pod is refused for any variable of it, whether the server reads it or not.
    fn refused_variables(&mut self) {
        for variable in &self.line.environment {
            if let Certainty::Refused(why) = &variable.value.certainty {
                let message = format!("the value of {} {why}", variable.name);
                self.refuse(Code::NotAString, &message, &variable.value.location);
            }
        }
    }

    fn refuse(&mut self, code: Code, sentence: &str, location: &Location) {
        self.out.diagnostics.push(Diagnostic::new(code, sentence, Some(location.clone())));
    }

    fn unknown(&mut self, name: &str, standing: Standing, arg: &Arg) {
        let (component, minor) = (self.catalog.component, self.release.minor());
        let near = self.catalog.nearest(name, self.release);
        let known = matches!(standing, Standing::Elsewhere(_)) || near.is_some();
        let shown = if known { name } else { shown_name(name) };
        let base = Clause::of_flag(format!("is not a flag of {component} ")).release(minor);
        let (code, clause) = match standing {
            Standing::Elsewhere(spec) if spec.life.first() > self.release => {
                let first = spec.life.first().minor();
                (Code::LaterFlag, base.and(&format!(": it is new in {first}")))
            }
            Standing::Elsewhere(spec) => {
                let gone = spec.life.last().and_then(|last| self.catalog.next(last));
                let since = gone.map(|gone| format!(": it is gone since {}", gone.minor()));
                (Code::RemovedFlag, base.and(&since.unwrap_or_default()))
            }
            _ => {
                let near = near.map(|near| format!("--{near}"));
                let clause = base.and(&not_ascii(name)).and(&suggestion(near.as_deref()));
                (Code::UnknownFlag, clause)
            }
        };
        let unknown = Diagnostic::new(code, clause, Some(arg.location.clone()));
        self.out.diagnostics.push(unknown.about(shown.to_owned()));
    }

    /// How a message names a word that belongs to no flag, and what it adds. The word may be a password
    /// that lost its flag, so that only a path and a switch's value are quoted.
    fn stray(&self, word: &str) -> (String, String) {
        if is_path(word) || matches!(word, "true" | "false") {
            return (format!("{word:?}"), String::new());
        }
        let (name, _) = name_and_value(word);
        match self.catalog.nearest(name, self.release) {
            Some(near) => {
                let suggestion = suggestion(Some(&format!("--{near}")));
                ("a word".to_owned(), format!("{}{suggestion}", not_ascii(name)))
            }
            None => ("a word".to_owned(), " (not shown, because it may be a secret)".to_owned()),
        }
    }

    /// Records a setting, taking the next argument for its value where the server would.
    fn setting(
        &mut self,
        index: usize,
        arg: &'l Arg,
        name: &str,
        spec: Option<&'static FlagSpec>,
        value: Option<&str>,
    ) {
        let mut text = arg.text.clone();
        let mut location = arg.location.clone();
        let mut certainty = arg.certainty.clone();
        let bare = spec.and_then(|spec| spec.kind(self.release).value_when_bare());
        let value = match (value, bare, spec) {
            (Some(value), ..) => ValueText::end_of(&text, value),
            (None, Some(bare), _) => ValueText::Bare(bare),
            (None, None, None) => ValueText::Bare(""),
            (None, None, Some(_)) => match self.take() {
                Some(next) => {
                    text = format!("{text} {}", next.text);
                    location = join(&location, &next.location);
                    if next.certainty != Certainty::Known {
                        certainty = next.certainty.clone();
                    }
                    ValueText::end_of(&text, &next.text)
                }
                None => {
                    let clause = Clause::of_flag("needs a value, and nothing follows it");
                    let place = Some(arg.location.clone());
                    let missing = Diagnostic::new(Code::MissingValue, clause, place);
                    let missing = missing.about(name.to_owned());
                    certainty = Certainty::Refused(missing.message().into_owned());
                    self.out.diagnostics.push(missing);
                    ValueText::Bare("")
                }
            },
        };
        self.out.settings.push(Setting {
            name: spec.map_or_else(|| name.to_owned().into(), |spec| spec.name.into()),
            spec,
            value,
            text,
            location,
            certainty,
            argument: index,
            added_by: arg.added_by,
            in_file: false,
        });
    }

    /// Whether the argument stands for arguments that cannot be seen; it is noted if so.
    fn is_hidden(&mut self, index: usize, arg: &Arg) -> bool {
        match &arg.certainty {
            Certainty::Unresolved(why) if !names_its_flag(&arg.text) => {
                self.out.hidden.push(Hidden { argument: index, why: why.clone() });
                true
            }
            // What is no text at all may have been meant for any flag.
            Certainty::Refused(why) if arg.text.is_empty() => {
                let why = format!("an argument {why}");
                self.out.hidden.push(Hidden { argument: index, why });
                true
            }
            _ => false,
        }
    }
}

/// The name of a flag that no release has, unless it may be a secret: distributions make flags of the
/// words in their lists. A name such as `--profilingEnabled` has no digits, one in small letters has few;
/// a secret mixes capitals and digits.
pub(in crate::flags) fn shown_name(name: &str) -> &str {
    const MOST_DIGITS: usize = 2;
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let has_capitals = name.bytes().any(|b| b.is_ascii_uppercase());
    let is_name = digits == 0 || (digits <= MOST_DIGITS && !has_capitals);
    if is_name { name } else { HIDDEN }
}

/// What stands before the first equals sign, and behind it.
fn name_and_value(written: &str) -> (&str, Option<&str>) {
    match memchr::memchr(b'=', written.as_bytes()) {
        Some(at) => (&written[..at], written.get(at + 1..)),
        None => (written, None),
    }
}

/// Whether a word looks like the path of a file, and not like a secret in base64: that has capitals.
fn is_path(word: &str) -> bool {
    let in_path = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"/._-".contains(&b);
    word.starts_with(['/', '.']) && word.bytes().all(in_path)
}

/// Whether the flag's name is known although part of the argument is not: `--x=$(Y)`.
fn names_its_flag(text: &str) -> bool {
    text.strip_prefix("--")
        .or(text.strip_prefix('-'))
        .and_then(|long| long.split_once('='))
        .is_some_and(|(name, _)| !name.is_empty() && !name.contains('$'))
}

/// From the start of one place to the end of another in the same text.
fn join(first: &Location, last: &Location) -> Location {
    match (first, last) {
        (Location::Text { path, span }, Location::Text { span: end, .. })
            if span.start.offset() <= end.end.offset() =>
        {
            let span = Span { start: span.start, end: end.end };
            Location::Text { path: path.clone(), span }
        }
        _ => first.clone(),
    }
}
