//! What the program's own words are called in a report.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

use crate::component::Component;
use crate::diagnostic::Level;
use crate::result::{Origin, Status};

/// Writes a word of the program as its name.
macro_rules! written_by_name {
    ($($word:ty)*) => { $(
        impl Serialize for $word {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    )* };
}

/// Reads a word of the program by its name.
macro_rules! read_by_name {
    ($($word:ty)*) => { $(
        impl<'de> Deserialize<'de> for $word {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = Cow::<str>::deserialize(deserializer)?;
                let word = <$word>::ALL.into_iter().find(|word| word.name() == name);
                word.ok_or_else(|| D::Error::custom(format!("{name:?} is not known here")))
            }
        }
    )* };
}

written_by_name! { Status Origin Level Component }
read_by_name! { Status Origin Level Component }
