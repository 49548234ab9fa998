//! Where a text holds the credentials of URLs.

use std::ops::Range;

use super::HIDDEN;

/// What parts a scheme from the rest of a URL.
const MARK: &str = "://";

/// The longest name of a query parameter that is shown; a longer one may be a value.
const LONGEST_NAME: usize = 24;

/// The stretches that can be credentials, in order and apart from each other.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let first = text.find(MARK).unwrap_or(text.len());
    let before = text.get(..first).unwrap_or_default();
    words_with_password(before, &mut found);
    query(text, (0, first), false, &mut found);
    let mut start = first;
    while let Some(rest) = text.get(start + MARK.len()..) {
        let begin = start + MARK.len();
        let end = rest.find(MARK).map_or(text.len(), |at| begin + at);
        let mut host = begin;
        let segment = text.get(begin..end).unwrap_or_default();
        // A value that was hidden before a message quoted it ends no later than the message does.
        let is_hidden = segment.strip_prefix(HIDDEN).is_some_and(|rest| rest.starts_with('@'));
        if let Some(at) = segment.rfind('@').filter(|_| !is_hidden) {
            push(&mut found, begin..begin + at);
            host = begin + at;
        }
        // The scheme of the next URL is no part of this one.
        let own = if end < text.len() { start_of_scheme(text, host, end) } else { end };
        query(text, (host, own), true, &mut found);
        start = end;
    }
    found
}

/// Whether what follows an image's name is a digest, as in `@sha256:` and its digits.
pub(super) fn is_digest(text: &str) -> bool {
    let digits = text.strip_prefix("@sha256:").or_else(|| text.strip_prefix("@sha512:"));
    digits.is_some_and(|it| it.bytes().take_while(u8::is_ascii_hexdigit).count() >= 64)
}

/// `user:password@host` without a scheme, in each word.
fn words_with_password(text: &str, found: &mut Vec<Range<usize>>) {
    let ends_word = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | '[');
    let mut start = 0;
    for word in text.split(ends_word) {
        let end = start + word.len();
        if let Some(at) = word.rfind('@')
            && let Some(before) = word.get(..at)
            && !is_digest(word.get(at..).unwrap_or_default())
        {
            let value = name_of_setting(before);
            if before.get(value..).is_some_and(|it| it.contains(':')) {
                push(found, start + value..start + at);
            }
        }
        // What ends a word is of one byte, but for some blanks.
        let next = text.get(end..).and_then(|rest| rest.chars().next());
        start = end + next.map_or(0, char::len_utf8);
    }
}

/// How long the `--name=` or `NAME=` is that a word begins with.
fn name_of_setting(word: &str) -> usize {
    let Some((name, _)) = word.split_once('=') else { return 0 };
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if is_name { name.len() + 1 } else { 0 }
}

/// The values of a query between two places. Without a scheme before it only `?name=` is a query.
fn query(text: &str, (from, to): (usize, usize), in_url: bool, found: &mut Vec<Range<usize>>) {
    let Some(at) = text.get(from..to).and_then(|part| part.find('?')) else { return };
    let begin = from + at + 1;
    let rest = text.get(begin..to).unwrap_or_default();
    let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'));
    let rest = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
    let rest = rest.trim_end_matches([']', ')', '}']);
    let mut start = begin;
    for pair in rest.split('&') {
        let name = pair.split_once('=').map(|(name, _)| name).filter(|name| is_parameter(name));
        match name {
            Some(name) => push(found, start + name.len() + 1..start + pair.len()),
            None if in_url => push(found, start..start + pair.len()),
            None => return,
        }
        start += pair.len() + 1;
    }
}

/// Whether it is the name of a parameter, not a value that holds an equals sign.
fn is_parameter(name: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphabetic() || b"-_.".contains(&b);
    !name.is_empty() && name.len() <= LONGEST_NAME && name.bytes().all(is_letter)
}

/// Where the scheme begins that ends at `end`, with the sign that parts it from the URL before.
fn start_of_scheme(text: &str, from: usize, end: usize) -> usize {
    let before = text.get(from..end).unwrap_or_default();
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let before = before.trim_end_matches(is_scheme);
    from + before.strip_suffix([',', ';', '\0', '#', '=']).unwrap_or(before).len()
}

fn push(found: &mut Vec<Range<usize>>, span: Range<usize>) {
    if !span.is_empty() {
        found.push(span);
    }
}
