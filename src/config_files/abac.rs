//! The policy file of ABAC: one JSON object a line; a line that matches allows.
//!
//! Source: kubernetes `pkg/auth/authorizer/abac/abac.go`, `pkg/apis/abac/types.go`.

use std::sync::Arc;

use super::{Located, Object, Problem, document};
use crate::command_line::{Location, Mark, Span};
use crate::source::NamedBytes;

/// The first line that allows everybody everything of some kind; `None` if each has a limit.
pub fn unlimited(file: &NamedBytes) -> Result<Option<Located<String>>, Problem> {
    let text = String::from_utf8_lossy(&file.bytes);
    let (mut offset, mut first) = (0, None);
    for (number, line) in (1..).zip(text.split('\n')) {
        let at = place(&file.name, offset, number, line.trim_end());
        offset += line.len() + 1;
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let one = NamedBytes { name: file.name.clone(), bytes: line.as_bytes().to_vec() };
        let here = |problem: Problem| Problem { location: at.clone(), ..problem };
        let document = document(&one).map_err(here)?;
        let object = document.any_object().map_err(here)?;
        let found = unlimited_line(&object).map_err(here)?;
        // The lines behind the first are looked at too: the server may refuse them.
        first = first.or(found.map(|value| Located { value, location: at }));
    }
    Ok(first)
}

/// Whom a line allows everything, if it does.
fn unlimited_line(object: &Object<'_>) -> Result<Option<String>, Problem> {
    // The first version has its fields beside the kind, the second in `spec`.
    let spec = object.object("spec")?;
    let policy = spec.as_ref().unwrap_or(object);
    let is = |field: &str, value: &str| -> Result<bool, Problem> {
        Ok(policy.text(field)?.is_some_and(|text| text.value == value))
    };
    let everybody = ["system:authenticated", "system:unauthenticated", "*"];
    let mut who = is("user", "*")?.then(|| "every user".to_owned());
    for group in everybody {
        if is("group", group)? {
            who = Some(format!("the group {group}"));
        }
    }
    let reads_only = policy.bool("readonly")?.is_some_and(|only| only.value);
    let everything = is("resource", "*")? && is("namespace", "*")? || is("nonResourcePath", "*")?;
    Ok(who.filter(|_| everything && !reads_only).map(|who| format!("{who} may do everything")))
}

fn place(file: &Arc<str>, offset: usize, line: usize, text: &str) -> Location {
    let start = Mark::new(offset, line, 1);
    let end = Mark::new(offset + text.len(), line, text.chars().count() + 1);
    Location::Text { path: file.clone(), span: Span { start, end } }
}

#[cfg(test)]
mod tests {
    use super::unlimited;
    use crate::source::NamedBytes;

    fn read(lines: &str) -> Result<Option<String>, String> {
        let file = NamedBytes { name: "/p.jsonl".into(), bytes: lines.as_bytes().to_vec() };
        unlimited(&file)
            .map(|found| found.map(|found| format!("{}: {}", found.location, found.value)))
            .map_err(|problem| format!("{}: {}", problem.location, problem.message))
    }

    const KUBELET: &str = r#"{"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"user":"kubelet","namespace":"*","resource":"*","apiGroup":"*"}}"#;

    #[test]
    fn a_line_for_everybody_without_a_limit_is_found() {
        let open = KUBELET.replace("\"user\":\"kubelet\"", "\"group\":\"system:authenticated\"");
        assert_eq!(read(&format!("# c\n{KUBELET}\n\n")), Ok(None));
        assert_eq!(
            read(&format!("{KUBELET}\n{open}\n")),
            Ok(Some("/p.jsonl:2: the group system:authenticated may do everything".to_owned()))
        );
        let reading = open.replace("\"apiGroup\"", "\"readonly\":true,\"apiGroup\"");
        assert_eq!(read(&reading), Ok(None));
        assert_eq!(read(&open.replace("\"namespace\":\"*\"", "\"namespace\":\"a\"")), Ok(None));
        let old = r#"{"user":"*","nonResourcePath":"*"}"#;
        assert!(read(old).is_ok_and(|found| found.is_some()));
        assert!(read("{\"spec\": 1}").is_err_and(|why| why.starts_with("/p.jsonl:1: ")));
        assert!(
            read(&format!("{KUBELET}\nnonsense [\n"))
                .is_err_and(|why| why.starts_with("/p.jsonl:2: "))
        );
    }
}
