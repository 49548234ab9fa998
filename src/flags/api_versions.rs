//! Which API versions `--runtime-config` turns on.
//!
//! `api/all` is applied first, then `api/beta` and `api/alpha`, then single versions and resources; a
//! key without a value is true. Source: apiserver `pkg/server/resourceconfig/helpers.go`.

use super::scalar;
use super::value::Value;
use crate::flags::catalog::flag_name;

/// The flag that turns API versions on and off.
pub const RUNTIME_CONFIG: &str = flag_name!("runtime-config");

/// How far an API version is from being stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Such as `v1alpha1`.
    Alpha,
    /// Such as `v1beta1`.
    Beta,
}

impl Stage {
    /// As it stands in versions and in `api/…`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alpha => "alpha",
            Self::Beta => "beta",
        }
    }
}

/// Whether the flag's value has versions of a stage served. The error names a value that is no switch.
pub fn served(value: &Value, stage: Stage) -> Result<bool, String> {
    let Value::Map(entries) = value else { return Ok(false) };
    let whole = format!("api/{}", stage.name());
    let (mut by_all, mut by_stage, mut single) = (None, None, false);
    for (key, text) in entries {
        let on = match text.as_str() {
            "" => true,
            text => scalar::bool(text).map_err(|why| format!("{key}={text} {why}"))?,
        };
        let version = key.split('/').nth(1).unwrap_or_default();
        if key == "api/all" {
            by_all = Some(on);
        } else if *key == whole {
            by_stage = Some(on);
        } else if version.starts_with('v') && version.contains(stage.name()) {
            single |= on;
        }
    }
    Ok(single || by_stage.or(by_all).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::{Stage, served};
    use crate::flags::value::Value;

    fn map(text: &str) -> Value {
        let entry = |item: &str| {
            let (key, value) = item.split_once('=').unwrap_or((item, ""));
            (key.to_owned(), value.to_owned())
        };
        Value::Map(text.split(',').filter(|item| !item.is_empty()).map(entry).collect())
    }

    #[test]
    fn the_narrower_key_wins() {
        for (text, expected) in [
            ("", false),
            ("api/all=true", true),
            ("api/all", true),
            ("api/all=true,api/alpha=false", false),
            ("api/all=true,api/beta=false", true),
            ("api/all=false,api/alpha=true", true),
            ("api/alpha=false,batch/v2alpha1=1", true),
            ("batch/v2alpha1/cronjobs=true", true),
            ("batch/v2alpha1=false", false),
            ("batch/v1beta1=true", false),
            ("alpha.example.com/v1=true", false),
        ] {
            assert_eq!(served(&map(text), Stage::Alpha), Ok(expected), "{text}");
        }
        assert!(served(&map("api/alpha=yes"), Stage::Alpha).is_err());
        assert_eq!(served(&map("api/beta=true"), Stage::Beta), Ok(true));
    }
}
