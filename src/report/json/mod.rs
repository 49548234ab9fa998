//! `plimsoll.report/1`, as [`super::finished`] defines it.
//!
//! Written a target at a time, one line each, so that a run over any number of files needs no more
//! memory than one.

mod result;

use std::io::{self, Write};

use serde::Serialize;

use super::finished::{Benchmark, Diagnostic, SCHEMA, Source, Target, Version};
use super::{Closing, Opening, Renderer};
use crate::component::Component;
use result::Controls;

/// A report being written.
pub(super) struct Json<'w> {
    out: Box<dyn Write + Send + 'w>,
    first: bool,
    /// A target on its way to `out`: JSON is written in small pieces, and a call of `out` for each costs more than
    /// the pieces.
    line: Vec<u8>,
    controls: Controls,
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
        Ok(Self { out, first: true, line: Vec::new(), controls: Controls::default() })
    }

    fn field(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        write!(self.out, ",\n\"{name}\": ")?;
        serde_json::to_writer(&mut self.out, value)?;
        Ok(())
    }
}

/// What a target has beside its results.
#[derive(Serialize)]
struct Head<'t, 'r> {
    id: &'t str,
    component: Component,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'t str>,
    source: &'t Source<'r>,
    kubernetes_version: &'t Version,
    diagnostics: &'t [Diagnostic<'r>],
}

/// Writes a target as serde writes it.
fn write_target(
    out: &mut Vec<u8>,
    target: &Target<'_>,
    controls: &mut Controls,
) -> serde_json::Result<()> {
    // Field by field, so that the compiler asks for one that is added.
    let Target {
        id,
        component,
        name,
        source,
        kubernetes_version,
        diagnostics,
        controls: _,
        results,
    } = target;
    let (component, name) = (*component, name.as_deref());
    serde_json::to_writer(
        &mut *out,
        &Head { id, component, name, source, kubernetes_version, diagnostics },
    )?;
    // The results go in before the brace that ends the head.
    out.pop();
    out.extend_from_slice(b",\"results\":[");
    for (at, result) in results.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        controls.write(out, result)?;
    }
    out.extend_from_slice(b"]}");
    Ok(())
}

impl Renderer for Json<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        self.line.clear();
        self.line.extend_from_slice(if self.first { b"\n" } else { b",\n" });
        self.first = false;
        write_target(&mut self.line, target, &mut self.controls)?;
        self.out.write_all(&self.line)
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

#[cfg(test)]
mod tests {
    use super::{Controls, write_target};
    use crate::report::finished::Target;

    /// Texts to escape, every field that may be left out, and a control that another run calls otherwise.
    const TARGETS: &str = r#"[
      {"id":"a \"b\"","component":"etcd","name":"n","source":{"kind":"argv","format":"argv"},
       "kubernetes_version":{"minor":"3.6","from":"assumed"},
       "diagnostics":[{"severity":"note","code":"c","message":"\u00e9 \\ \n"}],
       "results":[
        {"benchmark":"b","control":"1","rule":"r","title":"\"T\"","section":"0","status":"fail",
         "severity":"high","level":1,"assessment":"manual","message":"m\t","evidence":[
          {"flag":"f","value":"v","origin":"set","location":{"pid":7,"argument":3}},{"origin":"default"}],
         "remediation":"a\nb","fix":"x","fingerprint":"0123","baseline":true,
         "waiver":{"reason":"w","expires":"2030-01-01"},"lapsed_waiver":{"reason":"l","because":"it expired"}},
        {"benchmark":"b","control":"2","rule":"r","title":"T","section":"0","status":"pass",
         "severity":"low","message":"","evidence":[],"remediation":"","fingerprint":""}]},
      {"id":"","component":"kubelet","source":{"kind":"stdin","document":0,"format":"pod"},
       "kubernetes_version":{"minor":"1.34","from":"image"},"diagnostics":[],
       "results":[
        {"benchmark":"b","control":"2","rule":"r","title":"T","section":"0","status":"fail",
         "severity":"low","message":"","evidence":[],"remediation":"","fingerprint":""},
        {"benchmark":"b","control":"1","rule":"r","title":"another","section":"0","status":"error",
         "severity":"high","message":"","evidence":[],"remediation":"","fingerprint":""}]},
      {"id":"","component":"kubelet","source":{"kind":"stdin","document":0,"format":"pod"},
       "kubernetes_version":{"minor":"1.34","from":"image"},"diagnostics":[],"results":[]}]"#;

    #[test]
    fn a_target_is_written_as_serde_writes_it() {
        let targets: Vec<Target<'static>> = serde_json::from_str(TARGETS).expect("targets");
        let mut controls = Controls::default();
        for target in targets.iter().chain(&targets) {
            let mut written = Vec::new();
            write_target(&mut written, target, &mut controls).expect("written");
            let written = String::from_utf8(written).expect("UTF-8");
            assert_eq!(written, serde_json::to_string(target).expect("written"));
        }
    }
}
