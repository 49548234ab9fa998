//! A rule's own examples, run: its tests and its documentation at once.

use crate::command_line::{Arg, Certainty, CommandLine, Variable};
use crate::document::{Format, Found, shell_words};
use crate::evaluate::{Readings, judge};
use crate::flags::catalog::Catalog;
use crate::result::{Status, Verdict};
use crate::rule::{Example, Rule};
use crate::source::{Files, Source};
use crate::target::{Error, Target};

/// An example that does not get the status it must.
#[derive(Debug, thiserror::Error)]
#[error(
    "{rule}: {line:?}{on} must get {expected}, but gets {found}: {message}",
    on = minor.as_deref().map(|minor| format!(" on {minor}")).unwrap_or_default()
)]
pub struct Mismatch {
    rule: String,
    line: String,
    minor: Option<String>,
    expected: &'static str,
    found: &'static str,
    message: String,
}

/// The time at which examples are judged: 2026-11-22. They say the same whenever they are run.
const NOW: jiff::Timestamp = jiff::Timestamp::constant(1_795_305_600, 0);

/// The verdict of a rule on one of its examples.
pub fn verdict(rule: &Rule, example: &Example) -> Result<Verdict, Error> {
    let mut line = CommandLine::given(rule.demand.component, shell_words(&example.line));
    for arg in line.args.iter_mut().filter(|arg| arg.text.contains("$(")) {
        arg.certainty = Certainty::Unresolved("the example leaves it open".to_owned());
    }
    for (name, value) in example.environment.iter().flatten() {
        let value = Arg::given(0, value.clone());
        line.environment.push(Variable { name: name.clone(), value });
    }
    line.environment_is_whole = example.environment.is_some();
    let found = Found { document: 0, format: Format::Argv, line, diagnostics: Vec::new() };
    let files = Files::given(example.files.clone());
    let newest = Catalog::of(rule.demand.component).newest();
    let mut target = Target::new(
        Source::Argv,
        found,
        (files, Files::elsewhere()),
        example.minor.or(Some(newest)),
    )?;
    let written = |line: &String| Ok(CommandLine::given(rule.demand.component, shell_words(line)));
    target.written = example.written.as_ref().map(written);
    let readings = Readings::of(&mut target, None, NOW);
    Ok(judge(&target, &readings, None, &rule.demand.unless, &rule.demand.require))
}

/// Runs every example of a rule.
pub fn run(rule: &Rule) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    for example in &rule.examples {
        let (found, message) = match verdict(rule, example) {
            Ok(verdict) => (verdict.status, verdict.message),
            Err(error) => (Status::Error, error.to_string()),
        };
        if found != example.status {
            mismatches.push(Mismatch {
                rule: rule.demand.id.to_string(),
                line: example.line.clone(),
                minor: example.minor.map(|minor| minor.to_string()),
                expected: example.status.name(),
                found: found.name(),
                message,
            });
        }
    }
    mismatches
}

#[cfg(test)]
mod generated;

#[cfg(test)]
mod tests {
    use super::{generated, run, verdict};
    use crate::document::shell_words;
    use crate::result::Status;
    use crate::rule::certificate::CertificateExpectation;
    use crate::rule::predicate::Predicate;
    use crate::rule::{Example, Library, Rule};
    use crate::version::{Minor, MinorRange};

    /// What a slip could make of a demand: a part left out, a part turned around, all for any.
    fn mutants(predicate: &Predicate) -> Vec<Predicate> {
        let always = MinorRange { from: None, to: None };
        let never = MinorRange { from: None, to: Some(Minor { major: 0, minor: 0 }) };
        let mut mutants = vec![Predicate::Kubernetes(always), Predicate::Kubernetes(never)];
        match predicate.clone() {
            Predicate::Admission { plugin, enabled } => {
                mutants.push(Predicate::Admission { plugin, enabled: !enabled });
            }
            Predicate::Authorizer { mode, included } => {
                mutants.push(Predicate::Authorizer { mode, included: !included });
            }
            Predicate::Gate { name, on } => mutants.push(Predicate::Gate { name, on: !on }),
            Predicate::GatesNotTurned { names, on } => {
                mutants.push(Predicate::GatesNotTurned { names: names.clone(), on: !on });
                for left_out in 0..names.len() {
                    let mut names = names.clone();
                    names.remove(left_out);
                    mutants.push(Predicate::GatesNotTurned { names, on });
                }
            }
            Predicate::Certificate {
                flag,
                expect: CertificateExpectation::KeyDiffersFrom(others),
            } => {
                for left_out in 0..others.len() {
                    let mut others = others.clone();
                    others.remove(left_out);
                    let expect = CertificateExpectation::KeyDiffersFrom(others);
                    mutants.push(Predicate::Certificate { flag, expect });
                }
            }
            Predicate::WhereKnown(part) => {
                let parts = self::mutants(&part).into_iter().map(Box::new);
                mutants.extend(parts.map(Predicate::WhereKnown));
                mutants.push(*part);
            }
            Predicate::Not(part) => {
                mutants.extend(self::mutants(&part).into_iter().map(Box::new).map(Predicate::Not));
                mutants.push(*part);
            }
            Predicate::All(list) => {
                mutants.extend(mutants_of_list(&list).into_iter().map(Predicate::All));
                mutants.push(Predicate::Any(list));
            }
            Predicate::Any(list) => {
                mutants.extend(mutants_of_list(&list).into_iter().map(Predicate::Any));
                mutants.push(Predicate::All(list));
            }
            _ => {}
        }
        mutants
    }

    /// The list with one part changed.
    fn mutants_of_list(list: &[Predicate]) -> Vec<Vec<Predicate>> {
        let mut lists = Vec::new();
        for (at, part) in list.iter().enumerate() {
            for mutant in mutants(part) {
                let mut list = list.to_vec();
                list[at] = mutant;
                lists.push(list);
            }
        }
        lists
    }

    /// Whether it speaks of modes and owners alone, which examples cannot show: `evaluate/attributes/tests/rules.rs`
    /// lays down files for every part of such a demand.
    fn is_of_files(predicate: &Predicate) -> bool {
        match predicate {
            Predicate::File(_) => true,
            Predicate::All(list) => list.iter().all(is_of_files),
            _ => false,
        }
    }

    /// A demand that a slip has changed must break an example.
    #[test]
    fn a_changed_demand_breaks_an_example() {
        let library = Library::load(&[]).expect("valid packs");
        let (mut rules, mut tried) = (0, 0);
        let mut survivors = Vec::new();
        let generated = generated::examples();
        for rule in library.rules().map(|entry| with_generated(entry.rule(), &generated)) {
            if matches!(rule.demand.require, Predicate::PersonDecides(_))
                || is_of_files(&rule.demand.require)
            {
                continue;
            }
            rules += 1;
            for mutant in mutants(&rule.demand.require) {
                tried += 1;
                let mut changed = rule.clone();
                changed.demand.require = mutant;
                if run(&changed).is_empty() {
                    survivors.push(format!("{}: {:?}", rule.demand.id, changed.demand.require));
                }
            }
        }
        assert!(survivors.is_empty(), "{}", survivors.join("\n"));
        assert!(rules >= 80 && tried >= 300, "{tried} of {rules} rules");
    }

    /// Where a failure says what to change, changing it mends the failure.
    #[test]
    fn what_is_to_be_changed_mends_the_failure() {
        let library = Library::load(&[]).expect("valid packs");
        let (mut mended, mut rules) = (0, 0);
        for rule in library.rules().map(|entry| entry.rule()) {
            let before = mended;
            for example in rule.examples.iter().filter(|it| it.status == Status::Fail) {
                let changes = verdict(rule, example).expect("judged").changes;
                if changes.is_empty() {
                    continue;
                }
                let mut words = shell_words(&example.line);
                for change in &changes {
                    // `--flag value`, where the value is a word of its own, is left to the last one.
                    let named = |word: &String| {
                        let name = word.trim_start_matches('-').split('=').next();
                        name.is_some_and(|name| name.replace('_', "-") == change.flag)
                    };
                    words.retain(|word| !named(word));
                    words.extend(change.value.iter().map(|v| format!("--{}={v}", change.flag)));
                }
                let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
                let changed = Example { line: quoted.join(" "), ..example.clone() };
                let status = verdict(rule, &changed).expect("judged").status;
                let at = format!("{}: {:?} on {:?}", rule.demand.id, changed.line, changed.minor);
                assert_ne!(status, Status::Fail, "{at}");
                mended += 1;
            }
            rules += usize::from(mended > before);
        }
        assert!(mended >= 100 && rules >= 50, "{mended} of {rules} rules");
    }

    /// The rule with the examples that only certificates of this run can be.
    fn with_generated(rule: &Rule, generated: &[(&str, Example)]) -> Rule {
        let mut rule = rule.clone();
        let more = generated.iter().filter(|(id, _)| *id == rule.demand.id);
        rule.examples.extend(more.map(|(_, example)| example.clone()));
        rule
    }

    #[test]
    fn every_example_with_certificates_gets_its_status() {
        let library = Library::load(&[]).expect("valid packs");
        let generated = generated::examples();
        for (id, _) in &generated {
            assert!(library.rules().any(|entry| entry.rule().demand.id == *id), "{id}");
        }
        let rules = library.rules().map(|entry| with_generated(entry.rule(), &generated));
        let mismatches: Vec<String> =
            rules.flat_map(|rule| run(&rule)).map(|mismatch| mismatch.to_string()).collect();
        assert!(mismatches.is_empty(), "{}", mismatches.join("\n"));
    }

    #[test]
    fn every_example_of_every_shipped_rule_gets_its_status() {
        let library = match Library::load(&[]) {
            Ok(library) => library,
            Err(problems) => panic!("{problems}"),
        };
        let mismatches: Vec<String> =
            library.rules().flat_map(|entry| run(entry.rule())).map(|m| m.to_string()).collect();
        assert!(mismatches.is_empty(), "{}", mismatches.join("\n"));
        let examples: usize = library.rules().map(|entry| entry.rule().examples.len()).sum();
        assert!(examples >= 280, "{examples} examples of {} rules", library.rules().count());
    }
}
