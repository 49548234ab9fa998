//! etcd's own file, named by `--config-file`: beside it all other flags and variables are ignored.
//!
//! Keys are the flags' names, but those of certificates, which lie in two sections. Decoding is
//! lenient: names count in any capitals, what is not known is left out, and numbers and switches are
//! texts where texts are wanted. An empty file is valid. Sources: etcd `server/embed/config.go`
//! (`configFromFile`), `server/etcdmain/config.go`, sigs.k8s.io/yaml `yaml.go`.

use std::collections::BTreeMap;

use super::own_file::{file, path, refused};
use super::quoted::shown;
use super::{Located, Object, Problem, first_document, start};
use crate::command_line::Location;
use crate::credential::Secrets;
use crate::diagnostic::{Code, Diagnostic};
use crate::flags::Flags;
use crate::flags::catalog::FlagSpec;
use crate::flags::kind::Kind;
use crate::flags::own_file::{Fallback, FileValues, Given, LeftOut, Overlay, Part};
use crate::flags::value::Value;
use crate::source::{Files, NamedBytes};
use crate::spelling::{nearest, suggestion};

/// The sections of certificates: their name, what the flags of their keys begin with.
const SECTIONS: [(&str, &str); 2] =
    [("client-transport-security", ""), ("peer-transport-security", "peer-")];

/// The keys of a section that are named as their flags are.
const SECTION_KEYS: [&str; 8] = [
    "auto-tls",
    "ca-file",
    "cert-file",
    "client-cert-auth",
    "client-cert-file",
    "client-key-file",
    "key-file",
    "trusted-ca-file",
];

/// Keys of a section since 3.6, and the ends of their flags' names.
const NEWER_SECTION_KEYS: [(&str, &str); 3] = [
    ("allowed-cn", "cert-allowed-cn"),
    ("allowed-hostname", "cert-allowed-hostname"),
    ("skip-client-san-verification", "skip-client-san-verification"),
];

/// Flags that no key stands for, beside those of the sections.
const NO_KEY: [&str; 5] = ["client-crl-file", "config", "config-file", "peer-crl-file", "version"];

/// Flags of one text that the file has as a list.
const LISTS: [&str; 2] = ["cipher-suites", "log-outputs"];

/// Flags whose default an empty text leaves as it is.
const EMPTY_IS_DEFAULT: [&str; 3] = ["cors", "host-whitelist", "initial-cluster-state"];

/// What etcd's file makes of its flags.
pub(super) fn overlay(flags: &Flags, files: &Files) -> Result<Overlay, Overlay> {
    match path(flags, "config-file")? {
        None => Ok(Overlay::Elsewhere),
        Some(path) => {
            decode(flags, &*file(files, path)?).map_err(|problem| refused(problem, files))
        }
    }
}

fn decode(flags: &Flags, file: &NamedBytes) -> Result<Overlay, Problem> {
    let mut decoder = Decoder { flags, values: FileValues::default() };
    if let Some(document) = first_document(file)?.filter(|document| !document.is_null()) {
        if let Some(problem) = document.duplicate() {
            decoder.remark(format!("{}: the last one counts", problem.message), problem.location);
        }
        decoder.top(document.any_object()?)?;
    }
    let FileValues { given, remarks, .. } = decoder.values;
    let mut left_out = BTreeMap::new();
    for spec in flags.catalog.flags.iter().filter(|spec| spec.life.covers(flags.release)) {
        let stays = matches!(spec.name, "config-file" | "version");
        if stays || given.iter().any(|given| given.flag == spec.name) {
            continue;
        }
        let left = LeftOut {
            field: key_of(spec.name),
            default: Fallback::Flag,
            written: false,
            location: start(&file.name),
        };
        left_out.insert(spec.name, left);
    }
    Ok(Overlay::Read(FileValues { given, left_out, remarks }))
}

/// The flag of a key of a section.
fn flag_of(key: &str, prefix: &str) -> Option<String> {
    if SECTION_KEYS.contains(&key) {
        return Some(format!("{prefix}{key}"));
    }
    let (_, end) = NEWER_SECTION_KEYS.iter().find(|(known, _)| *known == key)?;
    let prefix = if prefix.is_empty() && end.starts_with("cert") { "client-" } else { prefix };
    Some(format!("{prefix}{end}"))
}

/// The key of a flag, with its section.
fn key_of(flag: &str) -> String {
    let keys =
        || SECTION_KEYS.into_iter().chain(NEWER_SECTION_KEYS.into_iter().map(|(key, _)| key));
    for (section, prefix) in SECTIONS {
        if let Some(key) = keys().find(|key| flag_of(key, prefix).as_deref() == Some(flag)) {
            return format!("{section}.{key}");
        }
    }
    flag.to_owned()
}

struct Decoder<'f> {
    flags: &'f Flags,
    values: FileValues,
}

impl Decoder<'_> {
    fn remark(&mut self, message: String, location: Location) {
        let remark = Diagnostic::new(Code::RemarkedFile, message, Some(location));
        self.values.remarks.push(remark);
    }

    fn unknown<'k>(
        &mut self,
        name: &str,
        location: Location,
        known: impl Iterator<Item = &'k str>,
    ) {
        let near = suggestion(nearest(name, known));
        self.remark(format!("unknown field {:?}{near}: etcd leaves it out", shown(name)), location);
    }

    fn top(&mut self, object: Object<'_>) -> Result<(), Problem> {
        for (name, location) in object.fields() {
            let key = name.to_ascii_lowercase();
            if let Some((section, prefix)) = SECTIONS.iter().find(|(section, _)| *section == key) {
                if let Some(inner) = object.object(name)? {
                    self.section(inner, section, prefix)?;
                }
                continue;
            }
            let plain = !NO_KEY.contains(&key.as_str()) && !key_of(&key).contains('.');
            match self.known(&key).filter(|_| plain) {
                Some(spec) => self.field(object, name, &key, spec)?,
                None => {
                    let catalog = self.flags.catalog;
                    let names = catalog.flags.iter().map(|spec| spec.name);
                    self.unknown(name, location, names.chain(SECTIONS.map(|(name, _)| name)));
                }
            }
        }
        Ok(())
    }

    fn section(&mut self, object: Object<'_>, section: &str, prefix: &str) -> Result<(), Problem> {
        for (name, location) in object.fields() {
            let key = name.to_ascii_lowercase();
            let spec = flag_of(&key, prefix).and_then(|flag| self.known(&flag));
            match spec {
                Some(spec) => self.field(object, name, &format!("{section}.{key}"), spec)?,
                None => self.unknown(name, location, SECTION_KEYS.into_iter()),
            }
        }
        Ok(())
    }

    /// A flag that this release has and does something with.
    fn known(&self, flag: &str) -> Option<&'static FlagSpec> {
        let release = self.flags.release;
        let spec = self.flags.catalog.find(flag).filter(|spec| spec.life.covers(release))?;
        (spec.kind(release) != Kind::Ignored).then_some(spec)
    }

    fn field(
        &mut self,
        object: Object<'_>,
        name: &str,
        shown: &str,
        spec: &'static FlagSpec,
    ) -> Result<(), Problem> {
        let kind = spec.kind(self.flags.release);
        let list = LISTS.contains(&spec.name) || shown.contains(".allowed-");
        let written = match kind {
            Kind::Bool => object.bool(name)?.map(|switch| text(switch, ToString::to_string)),
            // Times are numbers of nanoseconds.
            Kind::Duration => object.int(name)?.map(|number| text(number, |n| format!("{n}ns"))),
            Kind::Int | Kind::Int64 | Kind::Uint | Kind::Uint64 => {
                object.int(name)?.map(|number| text(number, ToString::to_string))
            }
            _ if list && object.has(name) => {
                let items: Vec<String> =
                    object.texts(name)?.into_iter().map(|item| item.value).collect();
                Some(Located { value: items.join(","), location: object.place(name) })
            }
            _ => object.any_text(name)?,
        };
        let Some(Located { value: text, location }) = written else { return Ok(()) };
        let is_default = kind == Kind::UrlList || EMPTY_IS_DEFAULT.contains(&spec.name);
        if text.is_empty() && is_default {
            return Ok(());
        }
        let value: Value = kind.set(None, &text).map_err(|why| {
            let mut secrets = Secrets::default();
            secrets.add(&text, spec.credential);
            Problem {
                message: format!("{shown}: {}", secrets.hide(&why)),
                location: location.clone(),
            }
        })?;
        self.values.given.retain(|given| given.flag != spec.name);
        let text_shown = format!("{shown}: {text}");
        let parts = vec![Part { text: text_shown, value: text, location }];
        self.values.given.push(Given { flag: spec.name, value: Ok(value), parts });
        Ok(())
    }
}

fn text<T>(read: Located<T>, print: impl Fn(&T) -> String) -> Located<String> {
    Located { value: print(&read.value), location: read.location }
}
