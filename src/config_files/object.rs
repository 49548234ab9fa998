//! Objects of Kubernetes' API machinery in YAML or JSON: typed access with places.

use std::sync::Arc;

use super::quoted::shown;
use crate::command_line::{Location, Span};
use crate::source::{Files, NamedBytes};
use crate::version::{Minor, MinorRange};
use crate::yaml::{self, Node, ScalarKind, Value};

/// What the server would refuse in a file, or what makes it unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, the file not named.
    pub message: String,
    /// Where.
    pub location: Location,
}

/// What a report has of a problem in place of words of the file.
const NOT_SHOWN: &str = "holds something here that the server refuses or ignores; plimsoll does not \
                         show it, because the process that names the file is not root's";

impl Problem {
    /// The problem as a report may have it: whoever runs a process could name a file to have its words
    /// repeated, so that only the place is left of a problem in a file of a process that is not root's.
    #[must_use]
    pub fn reportable(self, files: &Files) -> Self {
        if files.are_foreign() { Self { message: NOT_SHOWN.to_owned(), ..self } } else { self }
    }
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub location: Location,
}

/// A kind, the API versions it may have, and the minors that know each.
pub(crate) struct ApiVersions {
    pub(crate) kind: &'static str,
    /// Version and minors, such as `("apiserver.config.k8s.io/v1", "1.13..")`.
    pub(crate) versions: &'static [(&'static str, &'static str)],
}

/// A file's first document, the only one that servers read.
#[derive(Debug)]
pub struct Document {
    file: Arc<str>,
    root: Node<'static>,
    duplicates: Vec<(String, Span)>,
}

/// The place where a file begins.
pub(crate) fn start(file: &Arc<str>) -> Location {
    let start = crate::command_line::Mark::new(0, 1, 1);
    Location::Text { path: file.clone(), span: Span { start, end: start } }
}

/// Reads the first document of a file.
pub(crate) fn document(read: &NamedBytes) -> Result<Document, Problem> {
    let empty = || Problem { message: "is empty".to_owned(), location: start(&read.name) };
    first_document(read)?.ok_or_else(empty)
}

/// Reads the first document of a file, if it has one.
pub(crate) fn first_document(read: &NamedBytes) -> Result<Option<Document>, Problem> {
    let file = read.name.clone();
    let at_start = |message: String| Problem { message, location: start(&file) };
    let text = std::str::from_utf8(&read.bytes).map_err(|error| {
        let good = read.bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = good.split(|byte| *byte == b'\n').count();
        at_start(format!("line {line} is not UTF-8"))
    })?;
    match yaml::parse(text).into_iter().next() {
        None => Ok(None),
        Some(Err(error)) => {
            let span = Span { start: error.at, end: error.at };
            let location = Location::Text { path: file.clone(), span };
            Err(Problem { message: error.message, location })
        }
        Some(Ok(document)) => {
            let duplicates = document.duplicates.into_iter().map(|it| (it.key, it.last)).collect();
            Ok(Some(Document { file, root: document.root.into_owned(), duplicates }))
        }
    }
}

impl Document {
    /// An object of a file as a document of its own.
    pub(crate) fn of(object: &Object<'_>) -> Self {
        Self {
            file: object.file.clone(),
            root: object.node.clone().into_owned(),
            duplicates: Vec::new(),
        }
    }

    /// The object that it is, of this kind and a version that this minor knows.
    pub(crate) fn object(&self, known: &ApiVersions, minor: Minor) -> Result<Object<'_>, Problem> {
        let object = Object::of(&self.root, &self.file)?;
        let kind = object.text("kind")?.ok_or_else(|| object.problem("has no kind"))?;
        if kind.value != known.kind {
            let message = format!("is a {}, not a {}", shown(&kind.value), known.kind);
            return Err(Problem { message, location: kind.location });
        }
        let version =
            object.text("apiVersion")?.ok_or_else(|| object.problem("has no apiVersion"))?;
        let listed = known.versions.iter().find(|(name, _)| *name == version.value);
        let range = listed.and_then(|(_, minors)| minors.parse::<MinorRange>().ok());
        if range.is_none_or(|minors| !minors.contains(minor)) {
            let message = match range {
                Some(minors) => format!(
                    "{} {} is known to Kubernetes {minors}, not to {minor}",
                    version.value, known.kind
                ),
                None => format!("there is no {} of version {}", known.kind, shown(&version.value)),
            };
            return Err(Problem { message, location: version.location });
        }
        Ok(object)
    }

    /// The object that it is, decoded strictly: no field is set twice anywhere in it. Readers refuse
    /// unknown fields themselves, by [`Object::only`]. Source: apimachinery
    /// `pkg/runtime/serializer/json/json.go` (`strictDecode`), sigs.k8s.io/yaml `YAMLToJSONStrict`.
    pub(crate) fn strict_object(
        &self,
        known: &ApiVersions,
        minor: Minor,
    ) -> Result<Object<'_>, Problem> {
        let object = self.object(known, minor)?;
        self.duplicate().map_or(Ok(object), Err)
    }

    /// Whether it holds nothing at all.
    pub(crate) fn is_null(&self) -> bool {
        is_null(&self.root)
    }

    /// The first field that is written twice in one object: strict decoding refuses it, lenient
    /// takes the last.
    pub(crate) fn duplicate(&self) -> Option<Problem> {
        self.duplicates.first().map(|(name, span)| Problem {
            message: format!("the field {:?} is set twice", shown(name)),
            location: Location::Text { path: self.file.clone(), span: *span },
        })
    }

    /// The object that it is, of whatever kind.
    pub(crate) fn any_object(&self) -> Result<Object<'_>, Problem> {
        Object::of(&self.root, &self.file)
    }
}

/// A field's name, and its value unless that is null.
type Named<'n, T> = (&'n str, Option<Located<T>>);

const A_TEXT: &str = "a string";

const A_SWITCH: &str = "true or false";

fn read_text(text: &str, kind: ScalarKind) -> Option<String> {
    (kind == ScalarKind::String).then(|| text.to_owned())
}

fn read_bool(text: &str, kind: ScalarKind) -> Option<bool> {
    let first = text.chars().next()?.to_ascii_lowercase();
    let on = first == 'y' || first == 't' || text.eq_ignore_ascii_case("on");
    (kind == ScalarKind::Bool).then_some(on)
}

/// A mapping of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object<'n> {
    node: &'n Node<'n>,
    file: &'n Arc<str>,
}

impl<'n> Object<'n> {
    fn of(node: &'n Node<'n>, file: &'n Arc<str>) -> Result<Self, Problem> {
        match &node.value {
            Value::Mapping(_) => Ok(Self { node, file }),
            _ => Err(Problem {
                message: "is no object with fields".to_owned(),
                location: Location::Text { path: file.clone(), span: node.span },
            }),
        }
    }

    fn at(&self, node: &Node) -> Location {
        Location::Text { path: self.file.clone(), span: node.span }
    }

    /// Where the object stands.
    pub(crate) fn location(&self) -> Location {
        self.at(self.node)
    }

    /// Something wrong with the object as a whole.
    pub(crate) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { message: message.into(), location: self.location() }
    }

    /// The fields in the order written.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'n str, Location)> + use<'n> {
        let (file, entries) = (self.file, self.entries());
        entries.iter().filter_map(move |(key, _)| {
            let location = Location::Text { path: file.clone(), span: key.span };
            key.as_str().map(|name| (name, location))
        })
    }

    fn entries(&self) -> &'n [(Node<'n>, Node<'n>)] {
        match &self.node.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The first field that is none of these: strict decoding refuses it, lenient leaves it out.
    pub(crate) fn unknown(&self, known: &[&str]) -> Option<Problem> {
        self.fields().find(|(name, _)| !known.contains(name)).map(|(name, location)| {
            let near = crate::spelling::nearest(name, known.iter().copied());
            let message =
                format!("unknown field {:?}{}", shown(name), crate::spelling::suggestion(near));
            Problem { message, location }
        })
    }

    /// Refuses every field but these.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        self.unknown(known).map_or(Ok(()), Err)
    }

    /// A field that is there and not null.
    fn field(&self, name: &str) -> Option<&'n Node<'n>> {
        self.node.get(name).filter(|node| !is_null(node))
    }

    /// Whether a field is there and not null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// Whether a field is there and null.
    pub(crate) fn nulls(&self, name: &str) -> bool {
        self.node.get(name).is_some_and(is_null)
    }

    /// Where a field's value stands; where the object does, if it is not there.
    pub(crate) fn place(&self, name: &str) -> Location {
        self.node.get(name).map_or_else(|| self.location(), |node| self.at(node))
    }

    fn scalar<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&str, ScalarKind) -> Option<T>,
    ) -> Result<Option<Located<T>>, Problem> {
        self.scalar_at(name, self.field(name), expected, read)
    }

    fn scalar_at<T>(
        &self,
        name: &str,
        node: Option<&Node>,
        expected: &str,
        read: impl Fn(&str, ScalarKind) -> Option<T>,
    ) -> Result<Option<Located<T>>, Problem> {
        let Some(node) = node else { return Ok(None) };
        let location = self.at(node);
        let value = node.scalar().and_then(|scalar| read(&scalar.text, scalar.kind()));
        match value {
            Some(value) => Ok(Some(Located { value, location })),
            None => Err(Problem { message: format!("{name} is not {expected}"), location }),
        }
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<Located<String>>, Problem> {
        self.scalar(name, A_TEXT, read_text)
    }

    /// Every field, each a text or null, without looking for any by its name.
    pub(crate) fn texts_by_name(&self) -> impl Iterator<Item = Result<Named<'n, String>, Problem>> {
        self.scalars_by_name(A_TEXT, read_text)
    }

    /// Every field, each a switch or null, as [`Self::texts_by_name`].
    pub(crate) fn bools_by_name(&self) -> impl Iterator<Item = Result<Named<'n, bool>, Problem>> {
        self.scalars_by_name(A_SWITCH, read_bool)
    }

    fn scalars_by_name<T>(
        &self,
        expected: &str,
        read: fn(&str, ScalarKind) -> Option<T>,
    ) -> impl Iterator<Item = Result<Named<'n, T>, Problem>> {
        self.entries().iter().filter_map(move |(key, node)| {
            let name = key.as_str()?;
            let node = Some(node).filter(|node| !is_null(node));
            Some(self.scalar_at(name, node, expected, read).map(|value| (name, value)))
        })
    }

    /// A switch.
    pub(crate) fn bool(&self, name: &str) -> Result<Option<Located<bool>>, Problem> {
        self.scalar(name, A_SWITCH, read_bool)
    }

    /// A whole number.
    pub(crate) fn int(&self, name: &str) -> Result<Option<Located<i64>>, Problem> {
        self.scalar(name, "a whole number", |text, kind| {
            (kind == ScalarKind::Number).then(|| whole(text)).flatten()
        })
    }

    /// A number, as it is written.
    pub(crate) fn number(&self, name: &str) -> Result<Option<Located<String>>, Problem> {
        self.scalar(name, "a number", |text, kind| {
            (kind == ScalarKind::Number).then(|| text.replace('_', ""))
        })
    }

    /// A text, number or switch as a text: what readers make of it that know their own type.
    pub(crate) fn any_text(&self, name: &str) -> Result<Option<Located<String>>, Problem> {
        if let Ok(Some(switch)) = self.bool(name) {
            let Located { value, location } = switch;
            return Ok(Some(Located { value: value.to_string(), location }));
        }
        self.scalar(name, "a string", |text, _| Some(text.to_owned()))
    }

    /// An object.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Object<'n>>, Problem> {
        self.field(name).map(|node| Object::of(node, self.file)).transpose()
    }

    /// A list of objects; none if it is left out.
    pub(crate) fn objects(&self, name: &str) -> Result<Vec<Object<'n>>, Problem> {
        self.items(name)?.iter().map(|node| Object::of(node, self.file)).collect()
    }

    /// A list of texts; none if it is left out.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<Located<String>>, Problem> {
        let text = |node: &Node| match node.scalar() {
            Some(scalar) if scalar.kind() == ScalarKind::String => {
                Ok(Located { value: scalar.text.to_string(), location: self.at(node) })
            }
            _ => Err(Problem {
                message: format!("{name} holds something that is not a string"),
                location: self.at(node),
            }),
        };
        self.items(name)?.iter().map(text).collect()
    }

    fn items(&self, name: &str) -> Result<&'n [Node<'n>], Problem> {
        let Some(node) = self.field(name) else { return Ok(&[]) };
        node.items().ok_or_else(|| Problem {
            message: format!("{name} is not a list"),
            location: self.at(node),
        })
    }
}

fn is_null(node: &Node) -> bool {
    node.scalar().is_some_and(|scalar| scalar.kind() == ScalarKind::Null)
}

/// A whole number as YAML 1.1 writes it: `010` is 8, `0x10` is 16, `1_000` is 1000.
fn whole(text: &str) -> Option<i64> {
    let compact = text.replace('_', "");
    let (negative, digits) = match compact.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, compact.strip_prefix('+').unwrap_or(&compact)),
    };
    let lower = digits.to_ascii_lowercase();
    let mut based = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter();
    let based = based.find_map(|(prefix, radix)| Some((lower.strip_prefix(prefix)?, radix)));
    let (digits, radix) = match based {
        Some(based) => based,
        None if lower.len() > 1 && lower.starts_with('0') => (lower.get(1..)?, 8),
        None => (lower.as_str(), 10),
    };
    let signed = format!("{}{digits}", if negative { "-" } else { "" });
    i64::from_str_radix(&signed, radix).ok()
}
