//! What serde makes of it.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, CowStrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_spanned::de::{SpannedDeserializer, is_spanned};

use super::{Begin, NOWHERE, Otherwise, Plain};

type Result<T> = std::result::Result<T, Otherwise>;

impl serde::de::Error for Otherwise {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'t> Deserializer<'t> for &mut Plain<'t> {
    type Error = Otherwise;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        match self.begin()? {
            Begin::Table(end) => Parts::of(self, end).all(|parts| visitor.visit_map(parts)),
            Begin::List(end) => Parts::of(self, Some(end)).all(|parts| visitor.visit_seq(parts)),
            Begin::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Begin::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Begin::Bool(on) => visitor.visit_bool(on),
            Begin::Integer(number) => visitor.visit_i64(number),
        }
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.begin()? {
            Begin::Table(end) => Parts::of(self, end).all(|parts| visitor.visit_enum(parts)),
            Begin::Text(name) => visitor.visit_enum(CowStrDeserializer::new(name)),
            Begin::List(_) | Begin::Bool(_) | Begin::Integer(_) => Err(Otherwise),
        }
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if is_spanned(name) {
            return visitor.visit_map(SpannedDeserializer::new(self, NOWHERE));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        <V: Visitor<'t>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

impl<'t> IntoDeserializer<'t, Otherwise> for &mut Plain<'t> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The entries of a table, or the items of a list.
struct Parts<'p, 't> {
    text: &'p mut Plain<'t>,
    /// What stands behind them; nothing, if a dotted key is the table.
    end: Option<&'static str>,
    first: bool,
    ended: bool,
}

impl<'p, 't> Parts<'p, 't> {
    fn of(text: &'p mut Plain<'t>, end: Option<&'static str>) -> Self {
        Self { text, end, first: true, ended: false }
    }

    /// What is made of all of them: who asks for two does not ask whether there is a third.
    fn all<T>(mut self, make: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let made = make(&mut self)?;
        if self.goes_on()? { Err(Otherwise) } else { Ok(made) }
    }

    /// Whether another one follows.
    fn goes_on(&mut self) -> Result<bool> {
        let first = std::mem::replace(&mut self.first, false);
        let Some(end) = self.end.filter(|_| !self.ended) else {
            return Ok(first);
        };
        self.text.pass_blanks();
        self.ended = self.text.passes(end);
        if !first && !self.ended {
            if !self.text.passes(",") {
                return Err(Otherwise);
            }
            self.text.pass_blanks();
            self.ended = self.text.passes(end);
        }
        Ok(!self.ended)
    }

    fn key(&mut self) -> Result<Key<'t>> {
        let key = self.text.key()?;
        // Two dotted keys between braces may speak of one table.
        if self.end.is_some() && self.text.is_dotted() { Err(Otherwise) } else { Ok(Key(key)) }
    }
}

impl<'t> SeqAccess<'t> for &mut Parts<'_, 't> {
    type Error = Otherwise;

    fn next_element_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.goes_on()? { seed.deserialize(&mut *self.text).map(Some) } else { Ok(None) }
    }
}

impl<'t> MapAccess<'t> for &mut Parts<'_, 't> {
    type Error = Otherwise;

    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.goes_on()? { seed.deserialize(self.key()?).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value> {
        seed.deserialize(&mut *self.text)
    }
}

/// A table of one entry: its key is the variant, its value what that holds.
impl<'t> EnumAccess<'t> for &mut Parts<'_, 't> {
    type Error = Otherwise;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'t>>(self, seed: V) -> Result<(V::Value, Self)> {
        if self.goes_on()? { Ok((seed.deserialize(self.key()?)?, self)) } else { Err(Otherwise) }
    }
}

impl<'t> VariantAccess<'t> for &mut Parts<'_, 't> {
    type Error = Otherwise;

    fn unit_variant(self) -> Result<()> {
        Err(Otherwise)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'t>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(&mut *self.text)
    }

    fn tuple_variant<V: Visitor<'t>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.text.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'t>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.text.deserialize_any(visitor)
    }
}

/// The name of an entry.
struct Key<'t>(&'t str);

impl<'t> Deserializer<'t> for Key<'t> {
    type Error = Otherwise;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if !is_spanned(name) {
            return Err(Otherwise);
        }
        let key = BorrowedStrDeserializer::<Otherwise>::new(self.0);
        visitor.visit_map(SpannedDeserializer::new(key, NOWHERE))
    }

    forward_to_deserialize_any! {
        <V: Visitor<'t>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
