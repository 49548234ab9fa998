//! Numbers that mean one rule in one edition and another in the next.

use anyhow::bail;

use crate::component::Component;
use crate::rule::{Benchmark, ControlName, Meaning};

/// What the numbers of `--only` and `--skip` mean in the benchmarks that a run has used so far.
///
/// Which editions `auto` takes is only known when the targets are. Who wrote a number meant one of its rules:
/// a run in which it means two ends.
pub(super) struct Numbers<'l> {
    /// The names, each with its option.
    names: Vec<(&'static str, ControlName)>,
    /// What was noted already.
    used: Vec<(&'l str, Component)>,
    /// What a name means in a benchmark, by the name's place.
    meanings: Vec<(usize, &'l str, Meaning<'l>)>,
}

impl<'l> Numbers<'l> {
    pub(super) fn new(only: &[ControlName], skip: &[ControlName]) -> Self {
        let of = |option, names: &[ControlName]| -> Vec<_> {
            names.iter().map(|name| (option, name.clone())).collect()
        };
        let names = [of("--only", only), of("--skip", skip)].concat();
        Self { names, used: Vec::new(), meanings: Vec::new() }
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
            if let Some((_, other_id, other)) =
                others.find(|(_, other_id, other)| *other_id != id && other.differs(&meaning))
            {
                let number = &name.name;
                let say = |id: &str, meaning: &Meaning<'_>| {
                    format!("{id}:{number} ({})", described(meaning))
                };
                bail!(
                    "{option} {number} means different rules in this run: {} and {}; name the one you mean, \
                     with its benchmark or by the rule's id",
                    say(other_id, other),
                    say(id, &meaning)
                );
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
