//! `plimsoll.report/1`, as [`super::finished`] defines it.
//!
//! Written a target at a time, one line each, so that a run over any number of files needs no more
//! memory than one.

use std::io::{self, Write};

use serde::Serialize;

use super::finished::{Benchmark, SCHEMA, Target};
use super::{Closing, Opening, Renderer};

/// A report being written.
pub(super) struct Json<'w> {
    out: Box<dyn Write + Send + 'w>,
    first: bool,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

impl<'w> Json<'w> {
    pub(super) fn begin(
        mut out: Box<dyn Write + Send + 'w>,
        opening: &Opening,
    ) -> io::Result<Self> {
        let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
        write!(out, "{{\n\"schema\": \"{SCHEMA}\",\n\"tool\": ")?;
        serde_json::to_writer(&mut out, &tool)?;
        write!(out, ",\n\"generated_at\": \"{}\"", opening.generated_at)?;
        if let Some(host) = &opening.host {
            write!(out, ",\n\"host\": ")?;
            serde_json::to_writer(&mut out, host)?;
        }
        write!(out, ",\n\"targets\": [")?;
        Ok(Self { out, first: true })
    }

    fn field(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        write!(self.out, ",\n\"{name}\": ")?;
        serde_json::to_writer(&mut self.out, value)?;
        Ok(())
    }
}

impl Renderer for Json<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        serde_json::to_writer(&mut self.out, target)?;
        Ok(())
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        let benchmarks: Vec<Benchmark> =
            closing.benchmarks.iter().map(|benchmark| Benchmark::from(*benchmark)).collect();
        write!(self.out, "\n]")?;
        self.field("errors", &closing.errors)?;
        self.field("benchmarks", &benchmarks)?;
        if !closing.waivers.is_empty() {
            self.field("waivers", &closing.waivers)?;
        }
        self.field("summary", &closing.summary)?;
        writeln!(self.out, "\n}}")?;
        self.out.flush()
    }
}
