//! Files of static tokens and passwords: CSV with a secret, a user's name and a user's id in each record.
//!
//! Nothing of what they hold is kept or shown. Sources: apiserver `pkg/authentication/token/tokenfile/tokenfile.go`,
//! Go `encoding/csv/reader.go`.

use super::Problem;
use crate::command_line::{Location, Mark, Span};
use crate::source::NamedBytes;

/// The columns that the server asks for.
const COLUMNS: usize = 3;

/// What the server refuses in such a file.
pub(super) fn check(file: &NamedBytes) -> Result<(), Problem> {
    let text = String::from_utf8_lossy(&file.bytes).replace("\r\n", "\n");
    let refused = |rest: &str, message: String| {
        let line = text.len().saturating_sub(rest.len());
        let line = text.get(..line).unwrap_or_default().matches('\n').count() + 1;
        let start = Mark::new(0, line, 1);
        let span = Span { start, end: start };
        Problem { message, location: Location::Text { path: file.name.clone(), span } }
    };
    let mut rest = text.trim_start_matches('\n');
    while !rest.is_empty() {
        let (columns, behind) = record(rest).map_err(|why| refused(rest, why.to_owned()))?;
        if columns < COLUMNS {
            let message = format!("a record has {columns} columns, and the server needs {COLUMNS}");
            return Err(refused(rest, message));
        }
        rest = behind.trim_start_matches('\n');
    }
    Ok(())
}

/// The number of columns of a text's first record, and what follows the record.
fn record(mut rest: &str) -> Result<(usize, &str), &'static str> {
    let mut columns = 0;
    loop {
        columns += 1;
        rest = match rest.strip_prefix('"') {
            Some(quoted) => behind_quotes(quoted)?,
            None => {
                let (item, tail) = rest.split_at(rest.find([',', '\n']).unwrap_or(rest.len()));
                if item.contains('"') {
                    return Err("a record has a quote inside a value that does not begin with one");
                }
                tail
            }
        };
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok((columns, rest)),
        }
    }
}

/// What follows a value in quotes, two of which stand for one: a comma, a line's end, or nothing.
fn behind_quotes(mut text: &str) -> Result<&str, &'static str> {
    loop {
        let (_, tail) = text.split_once('"').ok_or("a record has a quote that is never closed")?;
        match tail.strip_prefix('"') {
            Some(more) => text = more,
            None if tail.is_empty() || tail.starts_with([',', '\n']) => return Ok(tail),
            None => return Err("a record has text behind a closing quote"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::source::NamedBytes;

    #[test]
    fn every_record_needs_three_columns_and_quotes_as_go_reads_them() {
        let read = |text: &str| {
            let file = NamedBytes { name: "/t".into(), bytes: text.as_bytes().to_vec() };
            check(&file).map_err(|problem| format!("{}: {}", problem.location, problem.message))
        };
        for good in
            ["", "\n\nt,u,i\n", "t,u,i,\"g,h\"\r\nt2,u,i", "\"a\"\"b\",u,i\n", "\"t\nt\",u,i"]
        {
            assert_eq!(read(good), Ok(()), "{good:?}");
        }
        let refused = |text: &str| read(text).expect_err("refused");
        assert!(refused("t,u,i\n#x\nt,u,i\n").starts_with("/t:2: a record has 1 columns"));
        for bad in ["t,\"u,i\n", "t,u\"x,i\n", "\"t\"x,u,i\n", "t,u\n"] {
            assert!(refused(bad).starts_with("/t:1: a record has "), "{bad:?}");
        }
        assert!(!refused("s3cret,\"u\n").contains("s3cret"));
    }
}
