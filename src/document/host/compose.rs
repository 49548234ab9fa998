//! Docker Compose files, and what `docker inspect` and `crictl inspect` print.
//!
//! Source: the Compose specification; `docker inspect` gives a container's exact arguments as `Path`
//! and `Args`, `crictl inspect` as `info.runtimeSpec.process.args`.

use super::page::Page;
use super::words::{Quoting, Word, split};
use crate::command_line::{Arg, Certainty, CommandLine, Location, Mark, Mount, Span, Variable};
use crate::document::carrier::Carrier;
use crate::document::docker;
use crate::document::environment::shared;
use crate::document::image;
use crate::document::start::{Container, Signs, Start, in_container};
use crate::document::variables::Variables;
use crate::document::{Format, Found};
use crate::yaml::{Node, ScalarKind, Value};

/// How many words that stand otherwise in the source are looked for there, each in all that is left of it.
const MOST_SOUGHT: usize = 100;

/// The command lines in one document.
pub(in crate::document) fn read(root: &Node, carrier: &Carrier<'_>, document: usize) -> Vec<Found> {
    let found = |format| move |line| Found { document, format, line, diagnostics: Vec::new() };
    if let Some(Value::Mapping(services)) = root.get("services").map(|services| &services.value) {
        let named = services.iter().filter_map(|(name, it)| Some((name.as_str()?, it)));
        let lines = named.flat_map(|(name, it)| service(name, it, carrier));
        return lines.map(found(Format::Compose)).collect();
    }
    let containers = root.items().unwrap_or(std::slice::from_ref(root));
    let lines = containers.iter().flat_map(|it| inspected(it, carrier).unwrap_or_default());
    lines.map(found(Format::Cmdline)).collect()
}

/// A service of a Compose file.
fn service(name: &str, service: &Node, carrier: &Carrier<'_>) -> Vec<CommandLine> {
    let reference = service.get("image").and_then(Node::as_str).unwrap_or_default();
    let mut argv = Vec::new();
    let entrypoint = service.get("entrypoint").map(|it| words(it, carrier)).unwrap_or_default();
    let own = entrypoint.is_empty();
    argv.extend(entrypoint);
    argv.extend(service.get("command").map(|it| words(it, carrier)).unwrap_or_default());
    let at = service.get("command").or_else(|| service.get("image"));
    let place = at.map(|at| Arg::written(String::new(), carrier.location(at.span)));
    let signs = Signs { reference, name: Some(name), place, entrypoint: own };
    let environment = match service.get("environment").map(|it| &it.value) {
        Some(Value::Mapping(entries)) => entries
            .iter()
            .filter_map(|(name, value)| {
                let (name, location) = (name.as_str()?, carrier.location(value.span));
                if value.scalar()?.kind() == ScalarKind::Null {
                    return docker::variable(name, &Arg::written(String::new(), location));
                }
                let value = interpolated(value.as_str()?, location);
                Some(Variable { name: name.to_owned(), value })
            })
            .collect(),
        Some(Value::Sequence(items)) => assignments(items, carrier),
        _ => Vec::new(),
    };
    let environment: Vec<_> = environment.into_iter().chain(files(service, carrier)).collect();
    let mounts = service.get("volumes").and_then(Node::items).unwrap_or_default();
    let mounts = mounts.iter().filter_map(|volume| {
        let field = |key: &str| volume.get(key).and_then(Node::as_str);
        match volume.as_str() {
            Some(short) => docker::mount(short),
            None => Some(Mount {
                path: field("target")?.to_owned(),
                source: docker::volume(field("source").unwrap_or_default()),
            }),
        }
    });
    let around = (environment, mounts.chain([Mount::of_image()]).collect());
    started(argv, &signs, carrier, &around, Some(&format!("service {name}")))
}

/// `env_file` may set any variable.
fn files(service: &Node, carrier: &Carrier<'_>) -> Option<Variable> {
    let file = service.get("env_file")?;
    let location = carrier.location(file.span);
    let certainty = Certainty::Unresolved("variables come from the service's env_file".to_owned());
    let value = Arg { certainty, ..Arg::written(String::new(), location) };
    Some(Variable { name: String::new(), value })
}

fn assignments(items: &[Node], carrier: &Carrier<'_>) -> Vec<Variable> {
    let one = |item: &Node| {
        let arg = interpolated(item.as_str()?, carrier.location(item.span));
        docker::variable(&arg.text, &arg)
    };
    items.iter().filter_map(one).collect()
}

/// A list of arguments, or a text that is split as a shell would.
fn words(node: &Node, carrier: &Carrier<'_>) -> Vec<Arg> {
    let location = |node: &Node| carrier.location(node.span);
    if let Some(items) = node.items() {
        let items = items.iter().filter_map(|item| Some((item.as_str()?, location(item))));
        return items.map(|(text, at)| interpolated(text, at)).collect();
    }
    let Some(scalar) = node.scalar().filter(|scalar| !scalar.text.is_empty()) else {
        return Vec::new();
    };
    let glyphs = super::page::glyphs(&scalar.text, 0);
    let Ok(words) = split(&glyphs, Quoting::Shell) else {
        let why = "has a quote that is never closed: Compose refuses the file".to_owned();
        return vec![Arg {
            certainty: Certainty::Refused(why),
            ..Arg::written(scalar.text.to_string(), location(node))
        }];
    };
    // YAML's folding and indentation change only blanks: each word stands in the source as it is.
    let span = node.span;
    let source = carrier.text.get(span.start.offset()..span.end.offset()).unwrap_or_default();
    let (path, mut cursor, mut missed) = ("".into(), 0, 0);
    let page = Page::new(source, &path);
    let mut place = |raw: &str| {
        let rest = source.get(cursor..).filter(|_| missed < MOST_SOUGHT)?;
        let Some(at) = rest.find(raw) else {
            missed += 1;
            return None;
        };
        let start = cursor + at;
        cursor = start + raw.len();
        let Span { start, end } = page.span(start, cursor);
        let [start, end] = [start, end].map(|mark| behind(span.start, mark));
        Some(carrier.location(Span { start, end }))
    };
    let one = |word: &Word| {
        let raw = scalar.text.get(word.start..word.end).unwrap_or_default();
        interpolated(&word.text(), place(raw).unwrap_or_else(|| location(node)))
    };
    words.iter().map(one).collect()
}

/// The place in a text of what has this place in a part of it.
fn behind(start: Mark, mark: Mark) -> Mark {
    let (before, line) = match mark.line() {
        1 => (start.column() - 1, start.line()),
        line => (0, start.line() + line - 1),
    };
    Mark::new(start.offset() + mark.offset(), line, before + mark.column())
}

/// `$$` is a dollar sign; what `$NAME` and `${NAME}` stand for comes from outside the file.
fn interpolated(text: &str, location: Location) -> Arg {
    let literal = text.replace("$$", "");
    let named = literal
        .split('$')
        .skip(1)
        .find(|tail| tail.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '{'));
    let certainty = match named {
        Some(name) => {
            let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || "_{".contains(c)));
            let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
            let name = name.trim_start_matches('{');
            Certainty::Unresolved(format!("Compose fills in {name} from its own environment"))
        }
        None => Certainty::Known,
    };
    Arg { certainty, ..Arg::written(text.replace("$$", "$"), location) }
}

/// A container as docker or crictl shows it.
fn inspected(container: &Node, carrier: &Carrier<'_>) -> Option<Vec<CommandLine>> {
    let text = |path: &[&str]| container.at(path).and_then(Node::as_str).unwrap_or_default();
    let exact =
        |node: &Node| Some(Arg::written(node.as_str()?.to_owned(), carrier.location(node.span)));
    let mut argv: Vec<Arg> = Vec::new();
    let process = container.at(&["info", "runtimeSpec", "process"]);
    let (list, env, mounts, reference, name) = match process {
        Some(process) => (
            process.get("args")?,
            process.get("env"),
            (container.at(&["status", "mounts"]), "containerPath", "hostPath"),
            text(&["status", "image", "image"]),
            text(&["status", "metadata", "name"]),
        ),
        None => {
            argv.extend(container.get("Path").and_then(exact));
            (
                container.get("Args")?,
                container.at(&["Config", "Env"]),
                (container.get("Mounts"), "Destination", "Source"),
                text(&["Config", "Image"]),
                text(&["Name"]).trim_start_matches('/'),
            )
        }
    };
    argv.extend(list.items()?.iter().filter_map(exact));
    let environment = env.and_then(Node::items).unwrap_or_default().iter();
    let environment = environment.filter_map(|item| {
        let arg = exact(item)?;
        docker::variable(&arg.text, &arg)
    });
    let (mounts, target, source) = mounts;
    let mounts = mounts.and_then(Node::items).unwrap_or_default().iter();
    let mounts = mounts.filter_map(|mount| {
        let field = |key: &str| mount.get(key).and_then(Node::as_str);
        Some(Mount { path: field(target)?.to_owned(), source: docker::volume(field(source)?) })
    });
    let around = (environment.collect(), mounts.chain([Mount::of_image()]).collect());
    let name = (!name.is_empty()).then(|| format!("container {name}"));
    let signs = Signs { reference, name: None, place: None, entrypoint: false };
    Some(started(argv, &signs, carrier, &around, name.as_deref()))
}

/// The command lines that a container's words start, in its environment and with its mounts.
fn started(
    argv: Vec<Arg>,
    signs: &Signs<'_>,
    carrier: &Carrier<'_>,
    (environment, mounts): &(Vec<Variable>, Vec<Mount>),
    name: Option<&str>,
) -> Vec<CommandLine> {
    let variables = Variables::default();
    let source = |arg: &Arg| {
        let Location::Text { span, .. } = &arg.location else { return None };
        carrier.text.get(span.start.offset()..span.end.offset()).map(str::to_owned)
    };
    let image = image::base(signs.reference);
    let around =
        Container { image, variables: &variables, source: &source, changes: None, depth: 0 };
    let version = image::version(signs.reference);
    let starts = in_container(argv, signs, &around);
    let environment = shared(environment, starts.len());
    let line = |start: Start| {
        let mut line = start.into_line(&environment);
        if line.mounts.is_empty() {
            line.mounts.clone_from(mounts);
        }
        let version = line.version.or(version);
        CommandLine { version, name: name.map(str::to_owned), ..line }
    };
    starts.into_iter().map(line).collect()
}
