//! Places in files, and in command lines that stand in none.

use serde::Serialize;

use crate::report::address::{encoded, plain};
use crate::report::finished::{self, Target};
use crate::source::STDIN;

/// What relative names are below: the root of the repository, for whoever reads the report.
pub(super) const BASE: &str = "%SRCROOT%";

#[derive(PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<PhysicalLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
}

#[derive(PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

impl ArtifactLocation {
    /// A file by its name, or standard input.
    fn of(path: &str) -> Self {
        let base = if path.starts_with('/') || path == STDIN { None } else { Some(BASE) };
        let scheme = if path.starts_with('/') { "file://" } else { "" };
        Self { uri: format!("{scheme}{}", encoded(plain(path))), uri_base_id: base }
    }
}

impl Location {
    /// A place in a target; the target as a whole if none is known.
    pub(super) fn of(target: &Target<'_>, place: Option<&finished::Location<'_>>) -> Self {
        let mut logical_locations = vec![LogicalLocation {
            name: target.name.as_deref().unwrap_or(target.component.name()).to_owned(),
            fully_qualified_name: target.id.clone().into_owned(),
            kind: if &*target.source.kind == "process" { "process" } else { "resource" },
        }];
        let (path, region) = match place {
            Some(finished::Location::Text { path, line, column, end_line, end_column }) => {
                let region = Region {
                    start_line: *line,
                    start_column: *column,
                    end_line: *end_line,
                    end_column: *end_column,
                };
                // A place of no width at the very beginning stands for the file as a whole.
                let whole = (*line, *column) == (1, 1) && (*end_line, *end_column) == (1, 1);
                (Some(path), (!whole).then_some(region))
            }
            Some(finished::Location::Argument { argument, .. }) => {
                let name = format!("argument {argument}");
                let fully_qualified_name = format!("{}/{argument}", target.id);
                logical_locations =
                    vec![LogicalLocation { name, fully_qualified_name, kind: "argument" }];
                (None, None)
            }
            None => (target.source.path.as_ref(), None),
        };
        let physical_location = path
            .map(|path| PhysicalLocation { artifact_location: ArtifactLocation::of(path), region });
        Self { physical_location, logical_locations }
    }
}
