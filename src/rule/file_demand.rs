//! What a rule demands of files: their mode, their owner, the folders above them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use super::Literal;

/// A demand on files, wherever it finds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDemand {
    /// Which files, or the folders they lie in.
    pub place: FilePlace,
    /// If the place is a folder to go through: what in it and below it is meant.
    pub each: Option<Each>,
    /// The mode that each has, or a stricter one.
    pub mode: Option<Mode>,
    /// To whom each belongs.
    pub owner: Option<Owner>,
    /// Whether only their owners may write to the folders above.
    pub safe_folders: bool,
    /// What is said of it where the files are not at hand.
    pub by_hand: ByHand,
}

/// The command that a person runs instead. It is the same for every target, if the place is one path,
/// and kept once it is made.
#[derive(Clone, Debug, Default)]
pub struct ByHand(OnceLock<String>);

impl ByHand {
    /// The command, made if it is not known yet.
    pub fn get_or_make(&self, make: impl FnOnce() -> String) -> &str {
        self.0.get_or_init(make)
    }
}

/// It follows from the demand, and tells none apart.
impl PartialEq for ByHand {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ByHand {}

/// Where files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilePlace {
    /// At this path of the node.
    Path(String),
    /// At the first of these paths of the node that exists.
    FirstOf(Vec<String>),
    /// Where these flags say, as the server sees it; each that names something.
    Flags(Vec<&'static str>),
}

/// What is meant in a folder and below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Each {
    /// How the names of files end; every name if it is empty.
    pub ending: String,
    /// Whether the folders are meant as well.
    pub folders: bool,
}

/// Permission bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mode {
    /// No other bit may be set, `setuid` and the like neither.
    pub bits: u32,
    /// The rule's parameter that it is.
    pub parameter: Option<String>,
}

/// A user, and perhaps a group, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The user.
    pub user: String,
    /// The group; any if there is none.
    pub group: Option<String>,
}

impl FileDemand {
    pub(super) fn with(&self, parameters: &BTreeMap<String, Literal>) -> Result<Self, String> {
        let mode = self.mode.as_ref().map(|mode| mode.with(parameters)).transpose()?;
        Ok(Self { mode, by_hand: ByHand::default(), ..self.clone() })
    }

    /// The flags that name its files.
    pub fn flags(&self) -> Vec<&'static str> {
        match &self.place {
            FilePlace::Flags(names) => names.clone(),
            FilePlace::Path(_) | FilePlace::FirstOf(_) => Vec::new(),
        }
    }
}

impl Each {
    /// Whether a file of this name is meant.
    pub fn covers(&self, name: &str) -> bool {
        name.ends_with(&self.ending)
    }
}

impl fmt::Display for Each {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "*{}", self.ending)
    }
}

impl Mode {
    /// The bits of a text such as `600`.
    pub(super) fn read(literal: &Literal) -> Result<u32, String> {
        let text = literal.as_str().filter(|text| matches!(text.len(), 3 | 4));
        let bits = text.and_then(|text| u32::from_str_radix(text, 8).ok());
        bits.ok_or_else(|| "expected a mode in octal, such as \"600\"".to_owned())
    }

    fn with(&self, parameters: &BTreeMap<String, Literal>) -> Result<Self, String> {
        let changed = self.parameter.as_ref().and_then(|name| parameters.get_key_value(name));
        let Some((name, literal)) = changed else {
            return Ok(self.clone());
        };
        let bits = Self::read(literal).map_err(|why| format!("parameter {name}: {why}"))?;
        Ok(Self { bits, ..self.clone() })
    }

    /// Whether a file's mode is this or a stricter one.
    pub fn covers(&self, mode: u32) -> bool {
        mode & !self.bits == 0
    }

    /// The bits that may not be set.
    pub fn forbidden(&self) -> u32 {
        0o7777 & !self.bits
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03o}", self.bits)
    }
}

impl Owner {
    /// Reads `user` or `user:group`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (user, group) = match text.split_once(':') {
            Some((user, group)) => (user, Some(group)),
            None => (text, None),
        };
        let is_name = |name: &str| {
            !name.is_empty() && !name.contains(|c: char| c == ':' || c.is_whitespace())
        };
        (is_name(user) && group.is_none_or(is_name))
            .then(|| Self { user: user.to_owned(), group: group.map(str::to_owned) })
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.user)?;
        self.group.as_ref().map_or(Ok(()), |group| write!(f, ":{group}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Literal, Mode, Owner};

    #[test]
    fn a_stricter_mode_has_no_other_bit() {
        let read = |text: &str| Mode::read(&Literal::Text(text.to_owned()));
        let mode = Mode { bits: read("640").expect("a mode"), parameter: None };
        for stricter in [0o640, 0o600, 0o440, 0o240, 0o000] {
            assert!(mode.covers(stricter), "{stricter:o}");
        }
        // 604 is the smaller number and no stricter; setuid is a bit as well.
        for other in [0o604, 0o660, 0o650, 0o740, 0o4640, 0o2600, 0o1000] {
            assert!(!mode.covers(other), "{other:o}");
        }
        for wrong in ["", "6", "0x1ff", "680", "00600", "rw-------"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(read("0600"), Ok(0o600));
        assert!(Mode::read(&Literal::Integer(600)).is_err());
    }

    #[test]
    fn an_owner_is_a_user_and_perhaps_a_group() {
        for text in ["root", "etcd:etcd"] {
            assert_eq!(Owner::read(text).expect(text).to_string(), text);
        }
        for text in ["", ":", "root:", ":root", "a:b:c", "a b"] {
            assert_eq!(Owner::read(text), None, "{text}");
        }
    }
}
