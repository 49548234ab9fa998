//! How a document writes down the content of a file.
//!
//! Sources: cloud-init `cc_write_files.py`; Ignition `config/v3_4/types`, dataurl (RFC 2397); Cluster API
//! `bootstrap/kubeadm/api/v1beta1` (`encoding`); Kubernetes `core/v1` (`Secret.data`, `ConfigMap.binaryData`).

use crate::base64;
use crate::yaml::Node;

const COMPRESSED: &str = "is compressed and cannot be read: give the file itself as well";
const NOT_DECODED: &str = "cannot be decoded";
const ELSEWHERE: &str = "is fetched from elsewhere: give the file itself as well";

/// The content of a file.
pub(super) enum Content {
    /// The string is the content.
    AsItIs,
    /// The string stands for it.
    Decoded(String),
    /// It cannot be seen, for this reason.
    Unread(&'static str),
}

/// A string of a document.
#[derive(Clone, Copy)]
pub(super) struct Written<'n> {
    pub(super) text: &'n str,
    /// The kind of its object.
    pub(super) kind: &'n str,
    /// Its key, and that of the mapping it stands in.
    pub(super) key: &'n str,
    pub(super) above: &'n str,
    /// The mapping it stands in.
    pub(super) around: Option<&'n Node<'n>>,
}

/// What a string stands for.
pub(super) fn of(written: Written<'_>) -> Content {
    let Written { text, kind, key, above, around } = written;
    let beside = |key: &str| around.and_then(|node| node.get(key)).and_then(Node::as_str);
    if key == "source" {
        return source(text, beside("compression").is_some_and(|it| !it.is_empty()));
    }
    if above == "binaryData" || (kind == "Secret" && above == "data") {
        return decoded(from_base64(text));
    }
    if !matches!(key, "content" | "contents") {
        return Content::AsItIs;
    }
    match beside("encoding") {
        Some(encoding) if encoding.contains("gz") => Content::Unread(COMPRESSED),
        Some("b64" | "base64") => decoded(from_base64(text)),
        _ if beside("isBase64") == Some("true") => decoded(from_base64(text)),
        _ => Content::AsItIs,
    }
}

/// What Ignition finds under a URL.
fn source(text: &str, is_compressed: bool) -> Content {
    match text.strip_prefix("data:") {
        Some(_) if is_compressed => Content::Unread(COMPRESSED),
        Some(url) => decoded(data_url(url)),
        None if text.contains("://") => Content::Unread(ELSEWHERE),
        None => Content::AsItIs,
    }
}

fn decoded(text: Option<String>) -> Content {
    text.map_or(Content::Unread(NOT_DECODED), Content::Decoded)
}

fn from_base64(text: &str) -> Option<String> {
    let bytes = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    String::from_utf8(base64::decode(bytes)?).ok()
}

/// What stands behind `data:`, which is escaped as in any URL or base64.
fn data_url(url: &str) -> Option<String> {
    let (head, data) = url.split_once(',')?;
    let bytes = unescaped(data)?;
    if head.ends_with(";base64") {
        let bytes = bytes.into_iter().filter(|byte| !byte.is_ascii_whitespace());
        return String::from_utf8(base64::decode(bytes)?).ok();
    }
    String::from_utf8(bytes).ok()
}

/// A text with the escapes of a URL replaced.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.split('%');
    let mut out = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        out.push(u8::from_str_radix(digits, 16).ok()?);
        out.extend_from_slice(rest.as_bytes());
    }
    Some(out)
}

/// The words of a command as one would type them in a shell.
pub(super) fn command(words: &[Node<'_>]) -> String {
    let quoted = |word: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_=./:,@%+".contains(&b);
        if !word.is_empty() && word.bytes().all(plain) {
            return word.to_owned();
        }
        ["'", &word.replace('\'', "'\\''"), "'"].concat()
    };
    let words = words.iter().map(|word| quoted(word.as_str().unwrap_or_default()));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{command, data_url};
    use crate::yaml;

    #[test]
    fn the_data_of_a_url_is_escaped_or_base64() {
        for (url, text) in [
            (",a%20b%0A", Some("a b\n")),
            ("text/plain;charset=utf-8;base64,YSBi", Some("a b")),
            (";base64,YSBi%0A", Some("a b")),
            (",%2", None),
            (",%zz", None),
            ("a", None),
        ] {
            assert_eq!(data_url(url).as_deref(), text, "{url}");
        }
    }

    #[test]
    fn the_words_of_a_command_stay_words_in_the_shell() {
        let document = yaml::parse("[sh, -c, \"echo 'a' $b\", --v=2, '']").remove(0).expect("YAML");
        let words = document.root.items().expect("a list");
        assert_eq!(command(words), "sh -c 'echo '\\''a'\\'' $b' --v=2 ''");
    }
}
