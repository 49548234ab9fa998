//! Reading a report that was kept.
//!
//! Whoever can write to a kept report chooses its texts, so that they are escaped like those of any
//! other input before a comparison or a history prints them.

use std::borrow::Cow;

use serde::Deserialize;

use super::json_text::escaped;
use super::{Report, SCHEMA};

/// Why a text is not a report.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is JSON of another kind.
    #[error("is not a report of `plimsoll check --format json`: its schema is {0}, not {SCHEMA}")]
    OtherSchema(String),
    /// It is not JSON, or does not have what a report has.
    #[error("is not a report of `plimsoll check --format json`: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// What is read of a report first, or alone.
#[derive(Deserialize)]
struct Header {
    schema: String,
    generated_at: Option<jiff::Timestamp>,
}

/// Reads a report; fields that are not known here are passed over.
pub fn read(text: &str) -> Result<Report, ReadError> {
    let text = plain(text);
    match serde_json::from_str::<Report>(&text) {
        Ok(report) if report.schema == SCHEMA => Ok(report),
        Ok(report) => Err(ReadError::OtherSchema(format!("{:?}", report.schema))),
        // Which format it is says more than the first field that is missing.
        Err(error) => Err(header(&text).err().unwrap_or(ReadError::Malformed(error))),
    }
}

/// When a report was made; the rest of it is looked at no closer than JSON has to be.
pub fn made(text: &str) -> Result<jiff::Timestamp, ReadError> {
    let Header { generated_at, .. } = header(&plain(text))?;
    generated_at
        .ok_or_else(|| ReadError::Malformed(serde::de::Error::missing_field("generated_at")))
}

fn header(text: &str) -> Result<Header, ReadError> {
    let header: Header = serde_json::from_str(text)?;
    if header.schema == SCHEMA {
        Ok(header)
    } else {
        Err(ReadError::OtherSchema(format!("{:?}", header.schema)))
    }
}

fn plain(text: &str) -> Cow<'_, str> {
    escaped(text.trim_start_matches('\u{feff}'))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_no_report_is_told_by_what_it_is() {
        let refused = |text: &str| read(text).expect_err("refused").to_string();
        assert!(refused("{\"schema\": \"plimsoll.flags/1\"}").contains("plimsoll.flags/1"));
        assert!(refused("{\"schema\": \"plimsoll.report/2\"}").contains("plimsoll.report/2"));
        assert!(refused("{}").contains("missing field `schema`"));
        assert!(refused("[").contains("line 1"));
        assert!(refused("{\"schema\": \"plimsoll.report/1\"}").contains("generated_at"));
    }
}
