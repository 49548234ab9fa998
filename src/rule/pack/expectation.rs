//! What is expected of a flag's value: operands of the flag's kind.

use super::predicate::Scope;
use super::raw::RawExpectation;
use super::spanned::Spanned;
use crate::flags::kind::Kind;
use crate::flags::value::Value;
use crate::rule::operand::{Operand, read_literal};
use crate::rule::predicate::Expectation;
use crate::rule::{Literal, Problem};

impl Scope<'_> {
    pub(super) fn expectation(
        &self,
        kind: Kind,
        raw: RawExpectation,
    ) -> Result<Expectation, Problem> {
        let operand = |literal| self.operand(kind, &literal);
        let number = |literal: Spanned<Literal>| {
            let span = literal.span();
            let operand = self.operand(kind, &literal)?;
            if operand.value.as_number().is_none() {
                let message = "only numbers and durations are larger or smaller than others";
                return Err(self.file.problem(span, message));
            }
            Ok(operand)
        };
        Ok(match raw {
            RawExpectation::Unset => Expectation::Unset,
            RawExpectation::Empty => Expectation::Empty,
            RawExpectation::NonEmpty => Expectation::NonEmpty,
            RawExpectation::Equals(literal) => Expectation::Equals(operand(literal)?),
            RawExpectation::AtLeast(literal) => Expectation::AtLeast(number(literal)?),
            RawExpectation::MoreThan(literal) => Expectation::MoreThan(number(literal)?),
            RawExpectation::Between(a, b) => Expectation::Between(number(a)?, number(b)?),
            RawExpectation::Only(literal) => {
                let span = literal.span();
                let operand = operand(literal)?;
                if !matches!(operand.value, Value::List(_)) {
                    return Err(self.file.problem(span, "only a list has items to choose from"));
                }
                Expectation::Only(operand)
            }
            RawExpectation::Schemes(schemes) => {
                self.not_empty(schemes.as_ref(), schemes.span())?;
                Expectation::Schemes(schemes.into_inner())
            }
            RawExpectation::KeepsApart(text) => {
                if kind != Kind::Text || text.as_ref().is_empty() {
                    let message = "only a string can be a prefix, and it is kept apart from a text";
                    return Err(self.file.problem(text.span(), message));
                }
                Expectation::KeepsApart(text.into_inner())
            }
            RawExpectation::DiffersFrom(other) => Expectation::DiffersFrom(self.flag(&other)?.0),
            RawExpectation::MatchesNone(texts) => {
                self.not_empty(texts.as_ref(), texts.span())?;
                if kind != Kind::StringSlice {
                    let message = "only a list of strings can be regular expressions";
                    return Err(self.file.problem(texts.span(), message));
                }
                Expectation::MatchesNone(texts.into_inner())
            }
        })
    }

    pub(super) fn operand(
        &self,
        kind: Kind,
        literal: &Spanned<Literal>,
    ) -> Result<Operand, Problem> {
        let (value, parameter) = self.literal(literal)?;
        let value =
            read_literal(kind, value).map_err(|why| self.file.problem(literal.span(), why))?;
        Ok(Operand { value, parameter, kind })
    }

    /// A value, or that of the parameter it names.
    pub(super) fn literal<'v>(
        &'v self,
        literal: &'v Spanned<Literal>,
    ) -> Result<(&'v Literal, Option<String>), Problem> {
        let Literal::Table(table) = literal.as_ref() else {
            return Ok((literal.as_ref(), None));
        };
        let (1, Some(Literal::Text(name))) = (table.len(), table.get("parameter")) else {
            let message = "expected a value or { parameter = \"name\" }";
            return Err(self.file.problem(literal.span(), message));
        };
        let value = self.parameters.get(name).ok_or_else(|| {
            let message = format!("the rule has no parameter {name}");
            self.file.problem(literal.span(), message)
        })?;
        Ok((value, Some(name.clone())))
    }
}
