//! The configuration that OpenShift's own kube-apiserver takes beside its flags.
//!
//! `--openshift-config` names a KubeAPIServerConfig. The server turns it into flags and parses them behind those of
//! its command line. Source: openshift/kubernetes `cmd/kube-apiserver/app/server.go`,
//! `openshift-kube-apiserver/openshiftkubeapiserver/flags.go`.

use crate::command_line::{Arg, Certainty, CommandLine, Location};
use crate::component::Component;
use crate::document::{self, Format};
use crate::source::{Files, Unread};

const FLAG: &str = "openshift-config";

/// Adds the arguments of the configuration that a command line names, or one that stands for them where the file
/// cannot be seen.
pub fn complete(line: &mut CommandLine, files: &Files) {
    if line.component != Component::KubeApiserver {
        return;
    }
    let Some((path, location)) = named(&line.args) else { return };
    line.of_openshift = true;
    let args = match path {
        Some("") => return,
        Some(path) => read(path, files),
        None => Err(format!("what --{FLAG} names is not known and may set it")),
    };
    let location = location.clone();
    line.args.extend(args.unwrap_or_else(|why| vec![Arg::hidden(why, location)]));
}

/// The path that the last setting of the flag names, if it is known, and its place.
fn named(args: &[Arg]) -> Option<(Option<&str>, &Location)> {
    let (at, arg, rest) = args.iter().enumerate().rev().find_map(|(at, arg)| {
        let rest = arg.text.strip_prefix("--openshift")?.strip_prefix(['-', '_'])?;
        Some((at, arg, rest.strip_prefix("config")?))
    })?;
    let known = |arg: &Arg| arg.certainty == Certainty::Known;
    match rest.strip_prefix('=') {
        Some(path) => Some((Some(path).filter(|_| known(arg)), &arg.location)),
        None if rest.is_empty() => {
            let value = args.get(at + 1)?;
            Some((Some(value.text.as_str()).filter(|_| known(value)), &arg.location))
        }
        None => None,
    }
}

/// The arguments that a file stands for, or why they are not known.
fn read(path: &str, files: &Files) -> Result<Vec<Arg>, String> {
    let why = |what: &str| format!("{path} may set it, and {what}");
    let file = match files.read(path) {
        Ok(file) => file,
        Err(Unread::Elsewhere(_)) => {
            return Err(why("is not part of this input: give it below --root"));
        }
        Err(Unread::Missing(_) | Unread::Failed(_)) => return Err(why("cannot be read")),
    };
    if files.are_foreign() {
        return Err(why("belongs to another user"));
    }
    let text = std::str::from_utf8(&file.bytes).map_err(|_| why("is not UTF-8"))?;
    let contents = document::read_as(text, &file.name, Format::Openshift);
    let server = |found: &document::Found| found.line.component == Component::KubeApiserver;
    let found = contents.found.into_iter().find(server).filter(|_| contents.errors.is_empty());
    found.map(|found| found.line.args).ok_or_else(|| why("is not a KubeAPIServerConfig"))
}
