//! What a scalar is to Kubernetes, which reads YAML 1.1 words as goyaml does.
//!
//! Source: sigs.k8s.io/yaml, goyaml.v2/resolve.go. A timestamp stays a string there.

use std::borrow::Cow;

/// A scalar's text and notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar<'t> {
    /// The text, escapes and folding done.
    pub text: Cow<'t, str>,
    /// Whether the text decides what it is: it was written without quotes and is no block, or its tag
    /// says so.
    pub plain: bool,
    /// Whether it was written as `|` or `>`.
    pub block: bool,
}

/// What a scalar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarKind {
    /// Text.
    String,
    /// A boolean.
    Bool,
    /// Nothing.
    Null,
    /// A whole number or one with a fraction.
    Number,
}

impl ScalarKind {
    /// The kind in words, with its article.
    pub const fn described(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Bool => "a boolean",
            Self::Null => "empty (null)",
            Self::Number => "a number",
        }
    }
}

impl Scalar<'_> {
    /// What Kubernetes takes this scalar for.
    pub fn kind(&self) -> ScalarKind {
        if !self.plain {
            return ScalarKind::String;
        }
        match &*self.text {
            "" | "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
            "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE"
            | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False"
            | "FALSE" => ScalarKind::Bool,
            ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
            | "-.INF" | ".nan" | ".NaN" | ".NAN" => ScalarKind::Number,
            text if is_number(text) => ScalarKind::Number,
            _ => ScalarKind::String,
        }
    }

    /// The scalar with a text of its own.
    pub(super) fn into_owned(self) -> Scalar<'static> {
        Scalar { text: Cow::Owned(self.text.into_owned()), ..self }
    }

    /// Whether a number has no fraction and no exponent.
    pub(super) fn is_whole(&self) -> bool {
        let lower = self.text.to_ascii_lowercase();
        let digits = lower.trim_start_matches(['+', '-']);
        digits.starts_with("0x") || !digits.contains(['.', 'e'])
    }
}

fn is_number(text: &str) -> bool {
    // The first character is the hint; an underscore is none.
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return false;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    // Most texts that begin with a dash are flags, which end here.
    if !unsigned.trim_start_matches('_').starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    let lower = unsigned.replace('_', "").to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = lower.strip_prefix(prefix) {
            return !rest.is_empty() && rest.chars().all(|c| c.is_digit(radix));
        }
    }
    let (mantissa, exponent) = lower.split_once('e').map_or((&*lower, None), |(m, e)| (m, Some(e)));
    let exponent_ok = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && e.bytes().all(|b| b.is_ascii_digit())
    });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    exponent_ok
        && !(whole.is_empty() && fraction.is_empty())
        && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Scalar, ScalarKind};

    fn plain(text: &str) -> ScalarKind {
        Scalar { text: text.into(), plain: true, block: false }.kind()
    }

    #[test]
    fn plain_words_are_what_kubernetes_takes_them_for() {
        for text in ["yes", "off", "True", "n"] {
            assert_eq!(plain(text), ScalarKind::Bool, "{text}");
        }
        for text in ["6443", "0777", "0x1F", "1_000", "1.5", "-3", ".5", "1e3", ".inf", "-_1"] {
            assert_eq!(plain(text), ScalarKind::Number, "{text}");
        }
        for text in ["", "~", "null"] {
            assert_eq!(plain(text), ScalarKind::Null, "{text}");
        }
        for text in [
            "--v=2",
            "2026-01-01",
            "1.2.3",
            "0x",
            "tRUE",
            "10.96.0.0/12",
            "-",
            ".",
            "_",
            "_1",
            "+-1",
            "--1",
        ] {
            assert_eq!(plain(text), ScalarKind::String, "{text}");
        }
    }

    #[test]
    fn quotes_make_strings() {
        let quoted = Scalar { text: "6443".into(), plain: false, block: false };
        assert_eq!(quoted.kind(), ScalarKind::String);
    }
}
