//! Kubernetes minor versions, ranges of them, and how a target's minor came to be known.

use std::fmt;
use std::str::FromStr;

/// A minor version such as 1.34. Patch releases share their flags, so no more is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minor {
    /// `1` in 1.34.
    pub major: u16,
    /// `34` in 1.34.
    pub minor: u16,
}

/// A text that is not a minor version.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a version such as 1.34 or v1.34.2")]
pub struct BadMinor(String);

impl Minor {
    /// The Kubernetes minor `1.minor`.
    pub const fn kubernetes(minor: u16) -> Self {
        Self { major: 1, minor }
    }
}

impl FromStr for Minor {
    type Err = BadMinor;

    /// Reads `1.34`, `v1.34.2`, `1.34.2-rc.1` and `v1.34.2+k3s1` as 1.34.
    fn from_str(text: &str) -> Result<Self, BadMinor> {
        let bad = || BadMinor(text.to_owned());
        let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (major, rest) = digits.split_once('.').ok_or_else(bad)?;
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (minor, tail) = rest.split_at(end);
        if !(tail.is_empty() || tail.starts_with(['.', '-', '+', '_'])) {
            return Err(bad());
        }
        let number = |s: &str| -> Result<u16, BadMinor> {
            if s.is_empty() || s.len() > 3 || !s.bytes().all(|b| b.is_ascii_digit()) {
                return Err(bad());
            }
            s.parse().map_err(|_| bad())
        };
        Ok(Self { major: number(major)?, minor: number(minor)? })
    }
}

impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// An inclusive range of minors; written `1.20..1.23`, `1.29..`, `..1.18` or `1.34`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinorRange {
    /// The first minor of the range, if it has one.
    pub from: Option<Minor>,
    /// The last minor of the range, if it has one.
    pub to: Option<Minor>,
}

impl MinorRange {
    /// Whether `minor` lies in the range.
    pub fn contains(self, minor: Minor) -> bool {
        self.from.is_none_or(|from| from <= minor) && self.to.is_none_or(|to| minor <= to)
    }
}

impl FromStr for MinorRange {
    type Err = BadMinor;

    fn from_str(text: &str) -> Result<Self, BadMinor> {
        // A bound is a bare minor: 1.30-1.34 would otherwise pass for a pre-release of 1.30.
        let bare = |number: &str| {
            number.bytes().all(|byte| byte.is_ascii_digit())
                && (number == "0" || !number.starts_with('0'))
        };
        let minor = |s: &str| -> Result<Minor, BadMinor> {
            let is_bare =
                s.split_once('.').is_some_and(|(major, minor)| bare(major) && bare(minor));
            if is_bare { s.parse() } else { Err(BadMinor(s.to_owned())) }
        };
        let bound = |s: &str| if s.is_empty() { Ok(None) } else { minor(s).map(Some) };
        match text.split_once("..") {
            None => {
                let minor = minor(text)?;
                Ok(Self { from: Some(minor), to: Some(minor) })
            }
            Some((from, to)) => {
                let range = Self { from: bound(from)?, to: bound(to)? };
                let backwards = range.from.is_some() && range.to.is_some() && range.to < range.from;
                if backwards || text == ".." { Err(BadMinor(text.to_owned())) } else { Ok(range) }
            }
        }
    }
}

impl fmt::Display for MinorRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => write!(f, "{from}"),
            (Some(from), Some(to)) => write!(f, "{from} to {to}"),
            (Some(from), None) => write!(f, "{from} and later"),
            (None, Some(to)) => write!(f, "up to {to}"),
            (None, None) => f.write_str("every minor"),
        }
    }
}

/// Where a target's minor was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionOrigin {
    /// The container image's tag.
    Image,
    /// The container image's tag, although a digest beside it decides which image runs.
    TagBesideDigest,
    /// A field of the document.
    Field,
    /// `--kubernetes-version` of the run.
    Argument,
    /// Nowhere: the newest minor of the catalog is assumed.
    Assumed,
}

impl VersionOrigin {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::TagBesideDigest => "tag-beside-digest",
            Self::Field => "field",
            Self::Argument => "argument",
            Self::Assumed => "assumed",
        }
    }
}

/// The minor a target is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KubernetesVersion {
    /// The minor.
    pub minor: Minor,
    /// Where it was read.
    pub from: VersionOrigin,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_in_the_spellings_that_images_and_fields_use() {
        for text in ["1.34", "v1.34", "1.34.2", "v1.34.2-rc.1", "v1.34.2+k3s1", "v1.34.0_coreos.1"]
        {
            assert_eq!(text.parse(), Ok(Minor::kubernetes(34)), "{text}");
        }
        for text in ["", "1", "1.", "x.34", "1.34x", "1.+4", "latest", "1.99999", "stable-1.29"] {
            assert!(text.parse::<Minor>().is_err(), "{text}");
        }
    }

    #[test]
    fn ranges_hold_their_bounds() {
        let range: MinorRange = "1.20..1.23".parse().expect("a range");
        let held: Vec<u16> = (19..25).filter(|m| range.contains(Minor::kubernetes(*m))).collect();
        assert_eq!(held, [20, 21, 22, 23]);
        assert!("..1.18".parse::<MinorRange>().expect("open").contains(Minor::kubernetes(5)));
        for text in ["", "..", "1.30-1.34", "1.23..1.20", "1.20...1.23", "a..b"] {
            assert!(text.parse::<MinorRange>().is_err(), "{text}");
        }
    }
}
