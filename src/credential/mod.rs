//! Credentials are never printed; reports show that they are set.
//!
//! Two things are hidden: the parts of a URL that can hold a credential, wherever they are written
//! ([`hide`], which every text of a report passes through), and pieces of the credentials of one command
//! line, which its messages may quote after a list was split ([`Secrets`]).

mod secrets;
mod url;

pub use secrets::Secrets;

use std::borrow::Cow;

/// What is printed instead of a credential.
pub const HIDDEN: &str = "***";

/// Text with the user part and the query values of every URL in it hidden, and `user:password@` without a
/// scheme.
///
/// Go's parser ends the authority of a URL at the first slash, but a password that was not escaped may hold
/// one, or a comma that splits a list: it is all hidden up to the last `@` before the next URL. Hiding
/// too much costs a reader little; hiding too little costs the password.
pub fn hide(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'@', b'?', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let spans = url::secrets(text);
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for span in spans {
        out.push_str(text.get(end..span.start).unwrap_or_default());
        out.push_str(HIDDEN);
        end = span.end;
    }
    out.push_str(text.get(end..).unwrap_or_default());
    Cow::Owned(out)
}

/// The value of one flag as [`hide`], but where it has no scheme its blanks and quotes are part of the
/// password too.
pub fn hide_value(value: &str) -> Cow<'_, str> {
    match value.rfind('@') {
        Some(at)
            if !value.contains("://") && value.get(..at).is_some_and(|it| it.contains(':')) =>
        {
            let host = value.get(at..).unwrap_or_default();
            if url::is_digest(host) { hide(value) } else { Cow::Owned(format!("{HIDDEN}{host}")) }
        }
        _ => hide(value),
    }
}

/// The items of a list, hidden as the text that they were before it was split: a password may hold the
/// comma. Items that belong to one credential become one.
pub fn hide_items(items: &[String]) -> Vec<String> {
    // No item holds this character: an argument of a process ends with it.
    let whole = items.join("\0");
    match hide(&whole) {
        Cow::Borrowed(_) => items.to_vec(),
        Cow::Owned(hidden) => hidden.split('\0').map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{hide, hide_items, hide_value};

    #[test]
    fn passwords_in_urls_are_never_shown() {
        let cases = [
            ("https://u:p@h:2379,https://u2:p@2@h2/x", "https://***@h:2379,https://***@h2/x"),
            ("https://u:pa/S3CR3T@h:1", "https://***@h:1"),
            ("https://u:pa#S3CR3T@h:1,http://x", "https://***@h:1,http://x"),
            ("https://u:pa?S3CR3T@h:1", "https://***@h:1"),
            ("https://u:p S3CR3T@h", "https://***@h"),
            ("https://u:p,S3CR3T;x\"y@h;https://h2", "https://***@h;https://h2"),
            ("user:S3CR3T@h:2379", "***@h:2379"),
            ("--etcd-servers=user:S3CR3T@h:2379", "--etcd-servers=***@h:2379"),
            ("ETCD_X=user:p=S3CR3T@h,u2:q@h3", "ETCD_X=***@h3"),
            ("is \"user:S3CR3T@h\" or not", "is \"***@h\" or not"),
            ("https:/u:S3CR3T@h", "***@h"),
            ("etcd-1=https://u:p@h,etcd-2=https://h", "etcd-1=https://***@h,etcd-2=https://h"),
        ];
        for (text, expected) in cases {
            assert_eq!(hide(text), expected);
            assert_eq!(hide(expected), expected, "once is enough");
        }
    }

    #[test]
    fn query_values_are_never_shown() {
        let cases = [
            ("https://i/jwks?token=S3CR3T&sig=x,y", "https://i/jwks?token=***&sig=***"),
            ("[https://a/?x=1,https://b?S3CR3T]", "[https://a/?x=***,https://b?***]"),
            ("\"/jwks?token=S3CR3T\" is not a URL", "\"/jwks?token=***\" is not a URL"),
            ("https://a?x=1,S3CR3T;https://b", "https://a?x=***;https://b"),
            ("https://a?S3CR3T1=x", "https://a?***"),
        ];
        for (text, expected) in cases {
            assert_eq!(hide(text), expected);
            assert_eq!(hide(expected), expected, "once is enough");
        }
    }

    #[test]
    fn other_text_stays() {
        let digest = format!("etcd:v1@sha256:{}", "0".repeat(64));
        for text in [
            "a@b",
            "kube-apiserver@/etc/a.yaml",
            "unknown flag, did you mean --x?",
            "getty@tty1.service",
            "https://h:1/a",
            "what? a=b",
            &digest,
        ] {
            assert_eq!(hide(text), text);
            assert_eq!(hide_value(text), text);
        }
    }

    #[test]
    fn a_value_is_hidden_as_a_whole_and_a_list_before_it_was_split() {
        assert_eq!(hide_value("u:p \"S3CR3T@h:1"), "***@h:1");
        let items = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let split = items(&["https://u:p", "S3CR3T@h:1", "https://h2"]);
        assert_eq!(hide_items(&split), ["https://***@h:1", "https://h2"]);
        let split = items(&["https://a?t=1", "S3CR3T"]);
        assert_eq!(hide_items(&split), ["https://a?t=***"]);
    }
}
