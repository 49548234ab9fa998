//! KubeletConfiguration: the file of `--config` and the drop-ins of `--config-dir`.
//!
//! Flags win over drop-ins, and those over the file. A field that is left out has the default of the
//! API, which for four fields is not that of the flag. Decoding is lenient: an unknown field is left
//! out, with a warning in the log. Sources: kubernetes `cmd/kubelet/app/server.go`
//! (`mergeKubeletConfigurations`, `kubeletConfigFlagPrecedence`), `cmd/kubelet/app/options/options.go`
//! (`applyLegacyDefaults`), `pkg/kubelet/apis/config/v1beta1/defaults.go`,
//! `pkg/kubelet/kubeletconfig/configfiles` and `util/codec`.

mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fields::{self, Field, FieldSource, find};
use super::own_file::{file, path, refused, unread};
use super::quoted::shown;
use super::{ApiVersions, Document, Object, Problem, document};
use crate::diagnostic::{Code, Diagnostic};
use crate::flags::Flags;
use crate::flags::catalog::Release;
use crate::flags::own_file::{Fallback, FileValues, Given, Overlay};
use crate::source::{Files, NamedBytes};
use crate::spelling::{nearest, suggestion};
use table::{FIELDS, OTHERS};

/// The first release whose flags win over the file. What 1.8 and 1.9 made of theirs, an alpha
/// feature, is not read.
const SINCE: Release = Release::kubernetes(10);

const KIND: ApiVersions = ApiVersions {
    kind: "KubeletConfiguration",
    versions: &[("kubelet.config.k8s.io/v1beta1", "1.10..")],
};

/// Flags whose field has another default. Without a file the flags keep the old ones.
const SAFE: [(&str, &str); 4] = [
    ("anonymous-auth", "false"),
    ("authentication-token-webhook", "true"),
    ("authorization-mode", "Webhook"),
    ("read-only-port", "0"),
];

/// Flags whose field has a default that depends on the system or on other fields.
const DEPENDENT: [&str; 2] = ["eviction-hard", "serialize-image-pulls"];

/// What the kubelet's files make of its flags.
pub(super) fn overlay(flags: &Flags, files: &Files) -> Result<Overlay, Overlay> {
    // A configuration from the cluster comes before the file.
    if flags.release < SINCE || path(flags, "dynamic-config-dir")?.is_some() {
        return Ok(Overlay::Elsewhere);
    }
    let (config, folder) = (path(flags, "config")?, path(flags, "config-dir")?);
    let mut read: Vec<Arc<NamedBytes>> = Vec::new();
    if let Some(config) = config {
        read.push(file(files, config)?);
    }
    if let Some(folder) = folder {
        let paths = files.walk(folder).map_err(unread)?;
        for path in paths.iter().filter(|path| path.rsplit('.').next() == Some("conf")) {
            read.push(file(files, path)?);
        }
    }
    if read.is_empty() {
        // Nothing overrides the flags' own defaults.
        return Ok(if folder.is_some() {
            Overlay::Read(FileValues::default())
        } else {
            Overlay::Elsewhere
        });
    }
    decode(flags, &read, config).map_err(|problem| refused(problem, files))
}

/// Decodes the files in order; the first is that of `--config`, if there is one.
fn decode(
    flags: &Flags,
    read: &[Arc<NamedBytes>],
    config: Option<&str>,
) -> Result<Overlay, Problem> {
    let documents = read.iter().map(|file| document(file)).collect::<Result<Vec<_>, _>>()?;
    let objects = documents.iter().map(|document| document.object(&KIND, flags.minor()));
    let layers = objects.collect::<Result<Vec<_>, _>>()?;
    let mut remarks: Vec<Diagnostic> =
        documents.iter().filter_map(Document::duplicate).map(twice).collect();
    for (number, layer) in layers.iter().enumerate() {
        let drop_in = number > 0 || config.is_none();
        remarks.extend(unknown(*layer, "", flags.release, drop_in)?.into_iter().map(unknown_field));
    }
    let folder = config.and_then(|path| path.rsplit_once('/')).map(|(folder, _)| folder);
    let fields = || FIELDS.iter().filter(|field| field.since <= flags.release);
    let value = |field: &Field, layers: &[Object<'_>]| match flags.catalog.find(field.flag) {
        Some(spec) => fields::read(field, spec.kind(flags.release), layers, folder),
        None => Ok(None),
    };
    // The first file has to be right by itself, whatever a drop-in makes of it.
    if let (Some(_), Some(first)) = (config, layers.first()) {
        for field in fields() {
            value(field, &[*first])?;
        }
    }
    let mut given: Vec<Given> = Vec::new();
    let mut left_out = BTreeMap::new();
    for field in fields() {
        if let Some(found) = value(field, &layers)? {
            given.push(found);
        } else if let Some(file) = read.first() {
            let taken = matches!(find(&layers, field.path)?, FieldSource::Nowhere { taken: true });
            let default = fallback(field, flags, config.is_some() || taken);
            left_out.insert(field.flag, fields::left_out(field, &layers, default, file)?);
        }
    }
    Ok(Overlay::Read(FileValues { given, left_out, remarks }))
}

/// What holds for a field that is left out. Drop-ins alone lie over the flags' own defaults.
fn fallback(field: &Field, flags: &Flags, by_api: bool) -> Fallback {
    if !by_api {
        return Fallback::Flag;
    }
    if DEPENDENT.contains(&field.flag) {
        return Fallback::Unknown;
    }
    let safe = SAFE.iter().find(|(flag, _)| *flag == field.flag);
    let spec = flags.catalog.find(field.flag);
    match (safe, spec) {
        (Some((_, text)), Some(spec)) => {
            Fallback::Other(spec.kind(flags.release).read_default(text))
        }
        _ => Fallback::Flag,
    }
}

/// Fields that the kubelet does not know. Drop-ins are merged by their exact names and decoded
/// without regard to capitals, so that it cannot be told which of two spellings counts.
fn unknown(
    object: Object<'_>,
    prefix: &str,
    release: Release,
    drop_in: bool,
) -> Result<Vec<Problem>, Problem> {
    let known = names(prefix, release);
    let mut problems = Vec::new();
    for (name, location) in object.fields() {
        if known.contains(name) {
            let inner = format!("{prefix}{name}.");
            // What lies deeper than the table knows is not looked at.
            if name != "logging"
                && object.has(name)
                && FIELDS.iter().any(|field| field.path.starts_with(&inner))
                && let Some(inside) = object.object(name)?
            {
                problems.extend(unknown(inside, &inner, release, drop_in)?);
            }
            continue;
        }
        if drop_in && let Some(meant) = known.iter().find(|n| n.eq_ignore_ascii_case(name)) {
            let message = format!("{name} is written {meant}: what it comes to cannot be told");
            return Err(Problem { message, location });
        }
        let near = suggestion(nearest(name, known.iter().copied()));
        problems
            .push(Problem { message: format!("unknown field {:?}{near}", shown(name)), location });
    }
    Ok(problems)
}

/// The names of the fields at a prefix.
fn names(prefix: &str, release: Release) -> BTreeSet<&'static str> {
    let here = FIELDS.iter().filter(|field| field.since <= release);
    let mut names: BTreeSet<&str> = here
        .filter_map(|field| field.path.strip_prefix(prefix))
        .filter_map(|rest| rest.split('.').next())
        .collect();
    if prefix.is_empty() {
        names.extend(["apiVersion", "kind"]);
        names.extend(OTHERS);
    }
    names
}

fn unknown_field(problem: Problem) -> Diagnostic {
    let message = format!("{}: the kubelet leaves it out", problem.message);
    Diagnostic::new(Code::RemarkedFile, message, Some(problem.location))
}

fn twice(problem: Problem) -> Diagnostic {
    let message = format!("{}: the last one counts", problem.message);
    Diagnostic::new(Code::RemarkedFile, message, Some(problem.location))
}
