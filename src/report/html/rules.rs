//! The reasons of every rule that was used, once, however many results refer to it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Escaped;
use crate::rule::{Benchmark, Rule};

/// Writes the rules of benchmarks by their ids; the script shows them in the results as well.
pub(super) fn write(out: &mut dyn Write, benchmarks: &[&Benchmark]) -> io::Result<()> {
    let rules: BTreeMap<&str, &Rule> = benchmarks
        .iter()
        .flat_map(|benchmark| benchmark.controls())
        .map(|(_, control)| (&*control.entry.id, control.entry.rule()))
        .collect();
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section class=\"rules\">\n<h2>Rules</h2>")?;
    rules.values().try_for_each(|entry| rule(out, entry))?;
    writeln!(out, "<h2>Benchmarks</h2>\n<dl>")?;
    for benchmark in benchmarks {
        writeln!(
            out,
            "<dt>{}</dt>\n<dd>{}, <code>{}</code></dd>",
            Escaped(&benchmark.id),
            Escaped(&benchmark.title),
            benchmark.digest(),
        )?;
    }
    writeln!(out, "</dl>\n</section>")
}

fn rule(out: &mut dyn Write, rule: &Rule) -> io::Result<()> {
    let (id, title) = (Escaped(&rule.demand.id), Escaped(&rule.demand.title));
    writeln!(out, "<article id=\"rule-{id}\">\n<h3>{title} <small>{id}</small></h3>\n<dl>")?;
    for (term, text) in [("Why", &rule.rationale), ("What changes", &rule.impact)] {
        writeln!(out, "<dt>{term}</dt>\n<dd>{}</dd>", Escaped(text))?;
    }
    if !rule.references.is_empty() {
        writeln!(out, "<dt>Read on</dt>\n<dd><ul>")?;
        for reference in &rule.references {
            write!(out, "<li>")?;
            reference_to(out, reference)?;
            writeln!(out, "</li>")?;
        }
        writeln!(out, "</ul></dd>")?;
    }
    writeln!(out, "</dl>\n</article>")
}

/// A link where the text is an address of the web: a user's own rule can say `javascript:` as well.
fn reference_to(out: &mut dyn Write, reference: &str) -> io::Result<()> {
    let shown = Escaped(reference);
    if reference.starts_with("https://") || reference.starts_with("http://") {
        write!(out, "<a href=\"{shown}\" rel=\"noreferrer\">{shown}</a>")
    } else {
        write!(out, "{shown}")
    }
}

#[cfg(test)]
mod tests {
    use super::reference_to;

    #[test]
    fn only_an_address_of_the_web_becomes_a_link() {
        let written = |reference: &str| {
            let mut out = Vec::new();
            reference_to(&mut out, reference).expect("a vector takes all");
            String::from_utf8(out).expect("text")
        };
        assert_eq!(written("javascript:alert('1')"), "javascript:alert(&#39;1&#39;)");
        let link = "<a href=\"https://a/?b&amp;c\" rel=\"noreferrer\">https://a/?b&amp;c</a>";
        assert_eq!(written("https://a/?b&c"), link);
    }
}
