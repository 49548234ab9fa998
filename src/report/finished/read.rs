//! Reading a report that was kept.

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

/// Reads a report; fields that are not known here are passed over.
pub fn read(text: &str) -> Result<Report, ReadError> {
    #[derive(serde::Deserialize)]
    struct Header {
        schema: String,
    }
    let text = text.trim_start_matches('\u{feff}');
    // Which format it is says more than the first field that is missing.
    let Header { schema } = serde_json::from_str(text)?;
    if schema != SCHEMA {
        return Err(ReadError::OtherSchema(format!("{schema:?}")));
    }
    Ok(serde_json::from_str(text)?)
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
