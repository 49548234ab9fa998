//! Numbers that mean one rule in one edition and another in the next.

use anyhow::bail;

use super::output::say;
use crate::component::Component;
use crate::rule::{Benchmark, ControlName, Meaning};

/// What the numbers of `--only` and `--skip` mean in the benchmarks that a run has used so far.
///
/// Which editions `auto` takes is only known when the targets are. Who wrote a number meant one of its rules. A
/// run that would leave out another one ends; one that checks both says so.
pub(super) struct Numbers<'l> {
    /// The names, each with its option.
    names: Vec<(&'static str, ControlName)>,
    /// What was noted already.
    used: Vec<(&'l str, Component)>,
    /// What a name means in a benchmark, by the name's place.
    meanings: Vec<(usize, &'l str, Meaning<'l>)>,
    /// The names of which it was said that they mean two rules, by place.
    said: Vec<usize>,
}

/// The option by which rules are left out.
const SKIP: &str = "--skip";

impl<'l> Numbers<'l> {
    pub(super) fn new(only: &[ControlName], skip: &[ControlName]) -> Self {
        let of = |option, names: &[ControlName]| -> Vec<_> {
            names.iter().map(|name| (option, name.clone())).collect()
        };
        let names = [of("--only", only), of(SKIP, skip)].concat();
        Self { names, used: Vec::new(), meanings: Vec::new(), said: Vec::new() }
    }

    /// Takes note of a benchmark that a component is judged by. An error names both meanings.
    pub(super) fn note(
        &mut self,
        benchmark: &'l Benchmark,
        component: Component,
    ) -> anyhow::Result<()> {
        let id = &*benchmark.id;
        if self.names.is_empty() || self.used.contains(&(id, component)) {
            return Ok(());
        }
        self.used.push((id, component));
        for (place, (option, name)) in self.names.iter().enumerate() {
            let Some(meaning) = name.meaning(benchmark, component) else { continue };
            let mut others = self.meanings.iter().filter(|(of, ..)| *of == place);
            let other = others.find(|(_, other, meant)| *other != id && meant.differs(&meaning));
            if let Some((_, other, meant)) = other {
                let number = &name.name;
                let message = format!(
                    "{option} {number} means different rules in this run: {other}:{number} ({}) and \
                     {id}:{number} ({}); name the one you mean, with its benchmark or by the rule's id",
                    described(meant),
                    described(&meaning)
                );
                if *option == SKIP {
                    bail!(message);
                }
                if !self.said.contains(&place) {
                    say(&format!("warning: {message}"));
                    self.said.push(place);
                }
            }
            self.meanings.push((place, id, meaning));
        }
        Ok(())
    }
}

fn described(meaning: &Meaning<'_>) -> String {
    match meaning {
        Meaning::Rule(id) => (*id).to_owned(),
        Meaning::Section(title) => format!("section {title}"),
        Meaning::Part => "several sections".to_owned(),
    }
}
