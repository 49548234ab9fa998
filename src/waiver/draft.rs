//! A waiver to be written down.

use serde::Serialize;
use toml::value::Datetime;

/// One entry of a file of waivers. It is for a rule: the number of a control means another one in the next
/// edition.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the fields of a waiver, see Waiver")]
pub struct Draft {
    pub rule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    pub reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Datetime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Draft {
    /// The file's text with this entry at its end; what stood there is kept as it is.
    pub fn appended_to(&self, text: &str) -> Result<String, toml::ser::Error> {
        #[derive(Serialize)]
        struct One<'d> {
            waiver: [&'d Draft; 1],
        }
        let entry = toml::to_string(&One { waiver: [self] })?;
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = match text {
            "" => String::new(),
            text if text.ends_with('\n') => newline.to_owned(),
            _ => newline.repeat(2),
        };
        Ok(format!("{text}{gap}{}", entry.replace('\n', newline)))
    }
}

#[cfg(test)]
mod tests {
    use super::Draft;

    fn draft() -> Draft {
        Draft {
            rule: "profiling".to_owned(),
            path: Some("manifests/*.yaml".to_owned()),
            host: None,
            component: None,
            reason: "said \"yes\" by hand".to_owned(),
            owner: None,
            expires: Some("2027-03-31".parse().expect("a date")),
            value: None,
        }
    }

    #[test]
    fn what_is_appended_is_read_again_and_the_rest_is_kept() {
        for before in ["", "# ours\n", "# ours", "# ours\r\n\r\n# more\r\n"] {
            let text = draft().appended_to(before).expect("written");
            assert!(text.starts_with(before), "{text:?}");
            assert_eq!(
                text.matches('\n').count() == text.matches("\r\n").count(),
                before.contains('\r')
            );
            let table: toml::Table = toml::from_str(&text).expect("TOML");
            let entry = &table["waiver"][0];
            assert_eq!(entry["reason"].as_str(), Some("said \"yes\" by hand"));
            assert_eq!(entry["expires"].to_string(), "2027-03-31");
        }
    }
}
