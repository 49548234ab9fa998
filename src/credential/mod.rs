//! Credentials are never printed; reports show that they are set.

use std::borrow::Cow;

/// What stands for a credential.
pub const HIDDEN: &str = "***";

/// Text with the user part of every URL hidden: it can hold a password.
pub fn hide(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'@', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once("://") {
        out.push_str(before);
        out.push_str("://");
        let end = tail.find(['/', ',', ';', '?', '#', ' ', '"']).unwrap_or(tail.len());
        let (authority, after) = tail.split_at(end);
        match authority.rsplit_once('@') {
            Some((_, host)) => {
                out.push_str("***@");
                out.push_str(host);
            }
            None => out.push_str(authority),
        }
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::hide;

    #[test]
    fn passwords_in_urls_are_never_shown() {
        let cases = [
            ("https://u:p@h:2379,https://u2:p@2@h2/x", "https://***@h:2379,https://***@h2/x"),
            ("--a=http://h/p@th", "--a=http://h/p@th"),
            ("a@b", "a@b"),
        ];
        for (text, expected) in cases {
            assert_eq!(hide(text), expected);
        }
    }
}
