//! One expectation on one flag's effective value.

use std::borrow::Cow;

use regex_lite::Regex;

use super::judged::{Judge, Judged, Outcome};
use super::wording::{self, FlagName};
use crate::credential::hide_value;
use crate::flags::Occurrences;
use crate::flags::answer::{Known, Why};
use crate::flags::value::Value;
use crate::result::Evidence;
use crate::rule::predicate::Expectation;

pub(super) fn judge(judge: &Judge<'_>, name: &'static str, expect: &Expectation) -> Judged {
    let (value, settings) = match judge.flags.answer(name) {
        Ok(Known { value, by }) => (value, by.occurrences),
        Err(gap) if gap.why == Why::NoDefault && *expect == Expectation::Unset => {
            let text = judge.words(|| format!("{} not set", FlagName(name)));
            return Judged::decided(true, vec![judge.fact(name, None::<&str>, None, text)]);
        }
        Err(gap) => return judge.unanswered(&gap),
    };
    let printed = if judge.only_status { Cow::Borrowed("") } else { value.printed() };
    let text = judge.words(|| wording::flag_of((name, value, &printed), settings, judge.flags));
    let shown = (!judge.only_status).then(|| shown(value, printed));
    let fails = failing_item(value, expect);
    let setting = fails.map_or(settings.last(), |item| settings.giving(item));
    let evidence = vec![judge.fact(name, shown, setting, text)];
    match expect {
        Expectation::Unset => Judged::decided(setting.is_none(), evidence),
        Expectation::DiffersFrom(other) => differs(judge, value, other, evidence),
        Expectation::MatchesNone(texts) => {
            matches_none(judge, name, (value, settings), texts, evidence)
        }
        _ => Judged::decided(meets(value, expect), evidence),
    }
}

/// A value as Go prints it, credentials hidden.
fn shown(value: &Value, printed: Cow<'_, str>) -> Cow<'static, str> {
    if let Value::Bool(on) = value {
        return Cow::Borrowed(if *on { "true" } else { "false" });
    }
    match hide_value(&printed) {
        Cow::Owned(hidden) => Cow::Owned(hidden),
        Cow::Borrowed(_) => Cow::Owned(printed.into_owned()),
    }
}

/// The first item of a list that an expectation forbids: it is placed at the argument that gives it.
fn failing_item<'v>(value: &'v Value, expect: &Expectation) -> Option<&'v str> {
    let mut items = value.as_list()?.iter().map(String::as_str);
    match expect {
        Expectation::Only(operand) => {
            let allowed = operand.value.as_list().unwrap_or_default();
            items.find(|item| !allowed.iter().any(|known| known == item))
        }
        Expectation::Schemes(schemes) => {
            items.find(|item| !servers(item).all(|url| has_scheme(url, schemes)))
        }
        _ => None,
    }
}

fn meets(value: &Value, expect: &Expectation) -> bool {
    let number = value.as_number();
    match expect {
        Expectation::Empty => is_nothing(value),
        Expectation::NonEmpty => !is_nothing(value),
        Expectation::Equals(operand) => match (number, operand.value.as_number()) {
            (Some(a), Some(b)) => a == b,
            _ => *value == operand.value,
        },
        Expectation::AtLeast(operand) => number >= operand.value.as_number() && number.is_some(),
        Expectation::MoreThan(operand) => number > operand.value.as_number() && number.is_some(),
        Expectation::Between(low, high) => {
            number.is_some() && number >= low.value.as_number() && number <= high.value.as_number()
        }
        Expectation::Only(operand) => {
            let allowed = operand.value.as_list().unwrap_or_default();
            value
                .as_list()
                .is_some_and(|items| !items.is_empty() && items.iter().all(|i| allowed.contains(i)))
        }
        Expectation::Schemes(schemes) => {
            let urls = urls(value);
            !urls.is_empty() && urls.iter().all(|url| has_scheme(url, schemes))
        }
        Expectation::KeepsApart(text) => {
            value.as_text().is_some_and(|prefix| keeps_apart(prefix, text))
        }
        // These need more than the value, and are answered before.
        Expectation::Unset | Expectation::DiffersFrom(_) | Expectation::MatchesNone(_) => false,
    }
}

/// Whether nothing that begins with `prefix` begins with `text`, nor the other way round. An empty
/// prefix, or `s` beside `system:`, leaves it to what follows.
pub(super) fn keeps_apart(prefix: &str, text: &str) -> bool {
    !prefix.starts_with(text) && !text.starts_with(prefix)
}

/// Lays the regular expressions of a list against texts. Go's own expressions know a little more than
/// these do; one that is not understood is for a person to judge.
fn matches_none(
    judge: &Judge<'_>,
    name: &'static str,
    (value, settings): (&Value, Occurrences<'_>),
    texts: &[String],
    mut evidence: Vec<Evidence>,
) -> Judged {
    for pattern in value.as_list().unwrap_or_default() {
        match Regex::new(pattern) {
            Ok(expression) => {
                if let Some(text) = texts.iter().find(|text| expression.is_match(text)) {
                    let setting = settings.giving(pattern);
                    let fact = format!("{pattern:?} matches {text}");
                    evidence.push(judge.fact(name, Some(pattern.clone()), setting, fact));
                    return Judged::decided(false, evidence);
                }
            }
            Err(error) => {
                let what = format!("decide what {pattern:?} matches ({error})");
                return Judged::new(Outcome::Unknown(what), evidence);
            }
        }
    }
    Judged::decided(true, evidence)
}

/// A list of empty texts names no file, and neither does an empty text.
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().all(String::is_empty),
        other => other.is_empty(),
    }
}

/// The URLs of a list, or of a text that older releases keep alone; overrides are
/// `group/resource#url;url`.
fn urls(value: &Value) -> Vec<&str> {
    let items: Vec<&str> = match value {
        Value::List(items) => items.iter().map(String::as_str).collect(),
        value => value.as_text().into_iter().filter(|text| !text.is_empty()).collect(),
    };
    items.into_iter().flat_map(servers).collect()
}

/// The URLs of an item.
fn servers(item: &str) -> impl Iterator<Item = &str> {
    item.split_once('#').map_or(item, |(_, servers)| servers).split(';')
}

fn has_scheme(url: &str, schemes: &[String]) -> bool {
    url.split_once("://")
        .is_some_and(|(scheme, _)| schemes.iter().any(|known| known.eq_ignore_ascii_case(scheme)))
}

fn differs(
    judge: &Judge<'_>,
    value: &Value,
    other: &'static str,
    mut evidence: Vec<Evidence>,
) -> Judged {
    if is_nothing(value) {
        return Judged::decided(false, evidence);
    }
    let (theirs, settings) = match judge.flags.answer(other) {
        Ok(Known { value, by }) => (value, by.occurrences),
        Err(gap) if matches!(gap.why, Why::NoDefault | Why::NoFlag) => {
            return Judged::decided(true, evidence);
        }
        Err(gap) => return judge.unanswered(&gap),
    };
    let texts = |value: &Value| -> Vec<String> {
        match value {
            Value::List(items) => items.iter().map(|item| cleaned(item)).collect(),
            value => vec![cleaned(&value.to_string())],
        }
    };
    let mine = texts(value);
    let same = texts(theirs).iter().any(|text| !text.is_empty() && mine.contains(text));
    if same {
        let text = wording::flag(other, theirs, settings, judge.flags);
        let shown = shown(theirs, theirs.printed());
        evidence.push(judge.fact(other, Some(shown), settings.last(), text));
    }
    Judged::decided(!same, evidence)
}

/// A path as Go's `filepath.Clean` writes it, so that one file is one text; any other text as it is.
///
/// A URL is none: cleaning would take a slash of it away.
fn cleaned(text: &str) -> String {
    if text.is_empty() || text.contains("://") {
        return text.to_owned();
    }
    let rooted = text.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            ("..", _) if rooted => {}
            (part, _) => parts.push(part),
        }
    }
    let path = parts.join("/");
    match (rooted, path.is_empty()) {
        (true, _) => format!("/{path}"),
        (false, true) => ".".to_owned(),
        (false, false) => path,
    }
}

#[cfg(test)]
mod tests {
    use super::{cleaned, keeps_apart};

    #[test]
    fn a_prefix_keeps_apart_if_neither_begins_with_the_other() {
        for prefix in ["", "s", "sys", "system", "system:", "system:oidc:", "system:node:"] {
            assert!(!keeps_apart(prefix, "system:"), "{prefix}");
        }
        for prefix in ["oidc:", "-", "S", "system-", "system/", "x:system:", " system:"] {
            assert!(keeps_apart(prefix, "system:"), "{prefix}");
        }
    }

    #[test]
    fn paths_are_cleaned_as_go_cleans_them() {
        let cases = [
            ("/pki/./a.key", "/pki/a.key"),
            ("/pki//a.key", "/pki/a.key"),
            ("/pki/x/../a.key", "/pki/a.key"),
            ("/../a", "/a"),
            ("./a/", "a"),
            ("../../a", "../../a"),
            ("a/..", "."),
            ("/", "/"),
            ("", ""),
            ("https://a:1//b", "https://a:1//b"),
        ];
        for (text, expected) in cases {
            assert_eq!(cleaned(text), expected, "{text}");
        }
    }
}
