//! Paths as addresses (RFC 3986), and as repositories name their files.

use std::fmt::Write;

/// A path as a repository names it: without the `./` in front that a walk through the current folder
/// leaves.
pub(super) fn plain(path: &str) -> &str {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    path
}

/// A path as a part of an address: what is not plain ASCII becomes `%XX`.
pub(super) fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{encoded, plain};

    #[test]
    fn a_file_is_named_as_its_repository_names_it() {
        assert_eq!(plain("././/a/./b.yaml"), "a/./b.yaml");
        assert_eq!(plain("../a.yaml"), "../a.yaml");
        assert_eq!(plain("/etc/a.yaml"), "/etc/a.yaml");
        assert_eq!(plain(".hidden/a.yaml"), ".hidden/a.yaml");
    }

    #[test]
    fn an_address_is_plain_ascii() {
        assert_eq!(encoded("a b/é%\u{1b}:.yaml"), "a%20b/%C3%A9%25%1B%3A.yaml");
    }
}
