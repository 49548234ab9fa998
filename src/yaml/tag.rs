//! Tags, as Kubernetes' reader resolves them.
//!
//! Only scalars have one there; on lists and mappings it is passed over. Source: sigs.k8s.io/yaml,
//! goyaml.v2/resolve.go `resolve`, decode.go `scalar` and `isMerge`, parserc.go `parse_node`.

use granit_parser::Tag;

use super::{Scalar, ScalarKind};
use crate::base64;

const YAML: &str = "tag:yaml.org,2002:";

/// The scalar that a tagged text is, or what is wrong with it.
pub(super) fn resolve<'t>(tag: Option<&Tag>, mut scalar: Scalar<'t>) -> Result<Scalar<'t>, String> {
    let Some(tag) = tag else { return Ok(scalar) };
    if is_none(tag) {
        scalar.plain = true;
        return Ok(scalar);
    }
    let name = tag.suffix_in_namespace(YAML);
    let wanted: &[ScalarKind] = match name.as_deref() {
        Some("binary") => {
            let bytes = base64::decode(scalar.text.bytes())
                .ok_or_else(|| "!!binary is not followed by base64".to_owned())?;
            return Ok(Scalar { text: as_json(&bytes).into(), plain: false, ..scalar });
        }
        Some("bool") => &[ScalarKind::Bool],
        Some("int" | "float") => &[ScalarKind::Number],
        Some("null") => &[ScalarKind::Null],
        // A timestamp stays the text that it is; a tag that the reader does not know makes a string.
        _ => return Ok(Scalar { plain: false, ..scalar }),
    };
    let resolved = Scalar { plain: true, ..scalar };
    let whole = name.as_deref() != Some("int") || resolved.is_whole();
    if wanted.contains(&resolved.kind()) && whole {
        return Ok(resolved);
    }
    Err(format!("the text behind !!{} is not of that type", name.unwrap_or_default()))
}

/// Whether a plain text, or one that is tagged like one, is the key that merges.
pub(super) fn is_merge(tag: Option<&Tag>, plain: bool) -> bool {
    match tag {
        None => plain,
        Some(tag) => is_none(tag) || tag.suffix_in_namespace(YAML).as_deref() == Some("merge"),
    }
}

/// A lone `!` leaves it to the text, also to a quoted one.
fn is_none(tag: &Tag) -> bool {
    matches!((tag.handle(), tag.suffix()), ("!", "") | ("", "!"))
}

/// Bytes as the text that they become on their way through JSON: each that is no UTF-8 is replaced.
fn as_json(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::yaml::{ScalarKind, parse};

    fn read(text: &str) -> Result<(String, ScalarKind), String> {
        let text = format!("a: {text}\n");
        let document = parse(&text).remove(0).map_err(|error| error.message)?;
        let scalar = document.root.get("a").and_then(|a| a.scalar()).expect("a scalar");
        Ok((scalar.text.to_string(), scalar.kind()))
    }

    #[test]
    fn a_tag_decides_what_a_text_is() {
        use ScalarKind::{Bool, Null, Number, String};
        for (written, text, kind) in [
            ("!!str true", "true", String),
            ("!!str", "", String),
            ("!!str ~", "~", String),
            ("!<tag:yaml.org,2002:str> 1", "1", String),
            ("!!bool 'yes'", "yes", Bool),
            ("!!int '0x1F'", "0x1F", Number),
            ("!!float '3'", "3", Number),
            ("!!float 1.5", "1.5", Number),
            ("!!null ''", "", Null),
            ("!!null", "", Null),
            ("!!timestamp 2026-01-01", "2026-01-01", String),
            ("!!binary LS1wcm9maWxpbmc9dHJ1ZQ==", "--profiling=true", String),
            ("!!binary \"LS1w\\ncm9m\"", "--prof", String),
            ("!!binary |\n  LS1w\n  cm9m\n", "--prof", String),
            ("!!binary", "", String),
            ("!<tag:yaml.org,2002:binary> LS0=", "--", String),
            ("!!binary /w==", "\u{fffd}", String),
            ("! true", "true", Bool),
            ("! 'true'", "true", Bool),
            ("! '~'", "~", Null),
            ("!foo true", "true", String),
            ("!int 3", "3", String),
            ("!!merge 3", "3", String),
            ("!!unknown 3", "3", String),
        ] {
            assert_eq!(read(written), Ok((text.to_owned(), kind)), "{written}");
        }
        let directive = "%TAG !e! tag:yaml.org,2002:\n---\na: !e!binary LS0=\n";
        let document = parse(directive).remove(0).expect("YAML");
        assert_eq!(document.root.get("a").and_then(|a| a.as_str()), Some("--"));
    }

    #[test]
    fn a_text_that_is_not_what_its_tag_says_is_an_error() {
        for written in [
            "!!binary LS1w?",
            "!!binary LS0",
            "!!bool maybe",
            "!!int 1.5",
            "!!int true",
            "!!float x",
            "!!null x",
        ] {
            let message = read(written).expect_err(written);
            assert!(message.contains("!!"), "{message}");
        }
    }

    #[test]
    fn a_key_is_decoded_as_a_value_is() {
        let text = "!!binary Y29tbWFuZA==: 1\ncommand: 2\n\"comm\\x61nd\": 3\n";
        let document = parse(text).remove(0).expect("YAML");
        assert_eq!(document.root.get("command").and_then(|a| a.as_str()), Some("3"));
        assert_eq!(document.duplicates.len(), 2);
        assert!(parse("!!binary ?: 1\n").remove(0).is_err());
    }
}
