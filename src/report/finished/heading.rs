//! What a target is called where people read of it.

use super::{Source, Target, Version};
use crate::component::Component;
use crate::report::printable_path;
use crate::target;

/// The component, where it was read and what its carrier calls it, on one line.
pub(in crate::report) fn headline(target: &Target<'_>) -> String {
    line(target.component, &target.source, target.name.as_deref())
}

/// As [`headline`], of a target that was not judged.
pub(in crate::report) fn headline_of(target: &target::Target) -> String {
    line(target.line.component, &Source::from(target), target.line.name.as_deref())
}

fn line(component: Component, source: &Source<'_>, name: Option<&str>) -> String {
    let name = name.map(|name| format!("  ({name})")).unwrap_or_default();
    printable_path(&format!("{component}  {}{name}", place(source))).into_owned()
}

/// Where a target was read, in words.
fn place(source: &Source<'_>) -> String {
    match (&*source.kind, &source.path, source.pid) {
        ("process", _, Some(pid)) => {
            let uid =
                source.uid.map_or_else(|| "unknown user".to_owned(), |uid| format!("uid {uid}"));
            let exe = source.exe.as_deref().unwrap_or("unreadable executable");
            format!("pid {pid}, {uid}, {exe}")
        }
        ("process", ..) => "not running here".to_owned(),
        ("file", Some(path), _) => path.to_string(),
        ("stdin", ..) => crate::source::STDIN.to_owned(),
        _ => "command line given".to_owned(),
    }
}

/// The minor and where it was read.
pub(in crate::report) fn version(component: Component, version: &Version) -> String {
    let from = match &*version.from {
        "image" => "from the image tag",
        "tag-beside-digest" => "from the tag beside the image's digest",
        "field" => "from the document",
        "argument" => "as given",
        other => other,
    };
    let family = if component == Component::Etcd { "etcd" } else { "Kubernetes" };
    format!("{family} {}, {from}", version.minor)
}
