//! One record of comma-separated values, as pflag's string slices read and print it.
//!
//! Source: spf13/pflag `readAsCSV`/`writeAsCSV` over Go's encoding/csv: quotes group, a blank after
//! the comma belongs to the value, only the first record counts.

use std::borrow::Cow;

/// A text that Go's CSV reader refuses.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Error {
    #[error("a quote stands inside an unquoted item")]
    BareQuote,
    #[error("a quoted item is not closed, or text follows its closing quote")]
    Quote,
    #[error("it holds nothing but line breaks")]
    NoRecord,
}

/// The items of the first record; none for an empty text.
pub(super) fn read(text: &str) -> Result<Vec<String>, Error> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let text = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    };
    let mut rest = text.trim_start_matches('\n');
    if rest.is_empty() {
        return Err(Error::NoRecord);
    }
    let mut items = Vec::new();
    loop {
        let (item, more) = match rest.strip_prefix('"') {
            Some(quoted) => read_quoted(quoted)?,
            None => read_bare(rest)?,
        };
        items.push(item);
        match more {
            Some(more) => rest = more,
            None => return Ok(items),
        }
    }
}

/// An item and, if a comma follows, what stands behind the comma.
type Item<'t> = (String, Option<&'t str>);

fn read_bare(text: &str) -> Result<Item<'_>, Error> {
    let end = text.find([',', '\n']).unwrap_or(text.len());
    let (item, tail) = text.split_at(end);
    if item.contains('"') {
        return Err(Error::BareQuote);
    }
    let more = tail.strip_prefix(',');
    let item = if tail.is_empty() { item.strip_suffix('\r').unwrap_or(item) } else { item };
    Ok((item.to_owned(), more))
}

fn read_quoted(mut text: &str) -> Result<Item<'_>, Error> {
    let mut item = String::new();
    loop {
        let (part, tail) = text.split_once('"').ok_or(Error::Quote)?;
        item.push_str(part);
        if let Some(escaped) = tail.strip_prefix('"') {
            item.push('"');
            text = escaped;
        } else if let Some(more) = tail.strip_prefix(',') {
            return Ok((item, Some(more)));
        } else if tail.is_empty() || tail == "\r" || tail.starts_with('\n') {
            return Ok((item, None));
        } else {
            return Err(Error::Quote);
        }
    }
}

/// The items as one record, quoted where a reader would need it.
pub(super) fn write(items: &[String]) -> String {
    let mut out = String::with_capacity(items.iter().map(|item| item.len() + 1).sum());
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let quote = item == "\\."
            || item.contains([',', '"', '\r', '\n'])
            || item.starts_with(char::is_whitespace);
        if quote {
            out.push('"');
            out.push_str(&item.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(item);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Error, read, write};

    #[test]
    fn items_are_split_as_go_splits_them() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("Node,RBAC", &["Node", "RBAC"]),
            ("Node, RBAC", &["Node", " RBAC"]),
            ("\"Node,RBAC\"", &["Node,RBAC"]),
            ("\"\"", &[""]),
            (",", &["", ""]),
            ("a,", &["a", ""]),
            ("\"a\"\"b\",c", &["a\"b", "c"]),
            ("a\nb", &["a"]),
            ("\n\na,b", &["a", "b"]),
            ("a\r\nb", &["a"]),
        ];
        for (text, items) in cases {
            assert_eq!(read(text).expect("items"), *items, "{text:?}");
        }
        assert_eq!(read("a\"b"), Err(Error::BareQuote));
        assert_eq!(read("\"a"), Err(Error::Quote));
        assert_eq!(read("\"a\"b"), Err(Error::Quote));
        assert_eq!(read("\n"), Err(Error::NoRecord));
    }

    #[test]
    fn what_is_written_reads_the_same() {
        for items in [vec!["a", " b"], vec!["a,b", "c\"d"], vec!["x\ny"]] {
            let items: Vec<String> = items.into_iter().map(str::to_owned).collect();
            assert_eq!(read(&write(&items)).expect("items"), items);
        }
    }
}
