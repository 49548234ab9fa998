//! A result as JSON. serde would escape every text for every target, and most of them are a rule's: what all
//! targets have in common is escaped once and copied.

use std::collections::HashMap;

use serde::Serialize;

use crate::ascii::is_plain_in_json;
use crate::report::finished::{Evidence, Location, RuleResult};
use crate::result::Severity;
use crate::rule::Assessment;

/// The controls seen so far.
#[derive(Default)]
pub(super) struct Controls {
    known: Vec<Constant>,
    /// Where each is, by benchmark and number: a user's benchmark may have thousands.
    places: HashMap<(String, String), usize>,
    /// Where the next result is looked for first: targets mostly have the same results in the same order.
    next: usize,
}

/// What the results of one control have in common.
struct Constant {
    benchmark: String,
    control: String,
    rule: String,
    title: String,
    section: String,
    remediation: String,
    severity: Severity,
    level: Option<u8>,
    assessment: Option<Assessment>,
    /// From the benchmark to the section.
    head: Vec<u8>,
    /// From the severity to the assessment.
    grade: Vec<u8>,
    /// The remediation.
    advice: Vec<u8>,
}

impl Controls {
    /// Writes a result as serde writes it.
    pub(super) fn write(
        &mut self,
        out: &mut Vec<u8>,
        result: &RuleResult<'_>,
    ) -> serde_json::Result<()> {
        let control = self.of(result)?;
        // Field by field, so that the compiler asks for one that is added.
        let RuleResult {
            benchmark: _,
            benchmark_title: _,
            control: _,
            rule: _,
            title: _,
            section: _,
            section_title: _,
            status,
            severity: _,
            level: _,
            assessment: _,
            message,
            evidence,
            place: _,
            names_file: _,
            remediation: _,
            fix,
            fingerprint,
            waiver,
            lapsed_waiver,
            baseline,
            finding,
        } = result;
        out.push(b'{');
        out.extend_from_slice(&control.head);
        text(out, "status", status.name())?;
        out.extend_from_slice(&control.grade);
        text(out, "message", message)?;
        facts(out, evidence)?;
        out.extend_from_slice(&control.advice);
        if let Some(fix) = fix {
            text(out, "fix", fix)?;
        }
        text(out, "fingerprint", fingerprint.halves()[0])?;
        // The other half goes in before the quote; both are digits.
        out.pop();
        out.extend_from_slice(fingerprint.halves()[1].as_bytes());
        out.push(b'"');
        optional(out, "waiver", waiver.as_ref())?;
        optional(out, "lapsed_waiver", lapsed_waiver.as_ref())?;
        optional(out, "baseline", baseline.then_some(&true))?;
        optional(out, "finding", finding.then_some(&true))?;
        out.push(b'}');
        Ok(())
    }

    fn of(&mut self, result: &RuleResult<'_>) -> serde_json::Result<&Constant> {
        let is_next = self.known.get(self.next).is_some_and(|known| known.is_of(result));
        if !is_next {
            self.next = self.place(result)?;
        }
        self.next += 1;
        Ok(&self.known[self.next - 1])
    }

    /// The place of a result's control. One that calls itself otherwise than before takes its place.
    fn place(&mut self, result: &RuleResult<'_>) -> serde_json::Result<usize> {
        let key = (result.benchmark.to_string(), result.control.to_string());
        let at = *self.places.entry(key).or_insert(self.known.len());
        match self.known.get_mut(at) {
            Some(known) if known.is_of(result) => {}
            Some(known) => *known = Constant::of(result)?,
            None => self.known.push(Constant::of(result)?),
        }
        Ok(at)
    }
}

impl Constant {
    fn of(result: &RuleResult<'_>) -> serde_json::Result<Self> {
        let [mut head, mut grade, mut advice] = [const { Vec::new() }; 3];
        field(&mut head, "benchmark", &result.benchmark)?;
        // Nothing comes before it.
        head.remove(0);
        field(&mut head, "control", &result.control)?;
        field(&mut head, "rule", &result.rule)?;
        field(&mut head, "title", &result.title)?;
        field(&mut head, "section", &result.section)?;
        field(&mut grade, "severity", &result.severity)?;
        optional(&mut grade, "level", result.level.as_ref())?;
        optional(&mut grade, "assessment", result.assessment.as_ref())?;
        field(&mut advice, "remediation", &result.remediation)?;
        Ok(Self {
            benchmark: result.benchmark.to_string(),
            control: result.control.to_string(),
            rule: result.rule.to_string(),
            title: result.title.to_string(),
            section: result.section.to_string(),
            remediation: result.remediation.to_string(),
            severity: result.severity,
            level: result.level,
            assessment: result.assessment,
            head,
            grade,
            advice,
        })
    }

    /// Whether a result has all of it.
    fn is_of(&self, result: &RuleResult<'_>) -> bool {
        self.control == result.control
            && self.benchmark == result.benchmark
            && self.rule == result.rule
            && self.title == result.title
            && self.section == result.section
            && self.remediation == result.remediation
            && (self.severity, self.level, self.assessment)
                == (result.severity, result.level, result.assessment)
    }
}

/// Writes the facts behind a result.
fn facts(out: &mut Vec<u8>, facts: &[Evidence<'_>]) -> serde_json::Result<()> {
    out.extend_from_slice(b",\"evidence\":[");
    for (at, fact) in facts.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let Evidence { flag, value, origin, location } = fact;
        let start = out.len();
        if let Some(flag) = flag {
            text(out, "flag", flag)?;
        }
        if let Some(value) = value {
            text(out, "value", value)?;
        }
        text(out, "origin", origin.name())?;
        // Nothing comes before the first field.
        out[start] = b'{';
        if let Some(location) = location {
            place(out, location)?;
        }
        out.push(b'}');
    }
    out.push(b']');
    Ok(())
}

/// Writes the place of a fact.
fn place(out: &mut Vec<u8>, location: &Location<'_>) -> serde_json::Result<()> {
    let Location::Text { path, line, column, end_line, end_column } = location else {
        return field(out, "location", location);
    };
    out.extend_from_slice(b",\"location\":{\"path\":");
    string(out, path)?;
    field(out, "line", line)?;
    field(out, "column", column)?;
    field(out, "end_line", end_line)?;
    field(out, "end_column", end_column)?;
    out.push(b'}');
    Ok(())
}

/// Writes a field that is a text.
fn text(out: &mut Vec<u8>, name: &str, text: &str) -> serde_json::Result<()> {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    string(out, text)
}

/// Writes a text. serde looks at its characters one by one for those to be escaped, and few texts have any.
fn string(out: &mut Vec<u8>, text: &str) -> serde_json::Result<()> {
    if !is_plain_in_json(text) {
        return serde_json::to_writer(out, text);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

/// Writes a field behind another one.
fn field(out: &mut Vec<u8>, name: &str, value: &impl Serialize) -> serde_json::Result<()> {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    serde_json::to_writer(out, value)
}

/// Writes a field that may be left out.
fn optional(
    out: &mut Vec<u8>,
    name: &str,
    value: Option<&impl Serialize>,
) -> serde_json::Result<()> {
    value.map_or(Ok(()), |value| field(out, name, value))
}
