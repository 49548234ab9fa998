//! Whether a demand must come to the same in two readings of a command line: most flags are read alike by
//! all releases in question, and what rests on them alone is judged but once.

use crate::flags::{Effective, Flags};
use crate::rule::Exemption;
use crate::rule::file_demand::FilePlace;
use crate::rule::predicate::{Expectation, Predicate};

/// Whether a demand has one status in both readings for certain.
pub(super) fn alike(
    (one, other): (&Flags, &Flags),
    unless: &[Exemption],
    require: &Predicate,
) -> bool {
    let same = |predicate: &Predicate| comes_to_the_same(one, other, predicate);
    unless.iter().all(|exemption| same(&exemption.when)) && same(require)
}

fn comes_to_the_same(one: &Flags, other: &Flags, predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Flag { name, expect } => match expect {
            // These look at another flag, and at how the release reads expressions.
            Expectation::DiffersFrom(_) | Expectation::MatchesNone(_) => false,
            _ => is_read_alike(one, other, name),
        },
        Predicate::PersonDecides(_) => true,
        Predicate::File(demand) => !matches!(demand.place, FilePlace::Flags(_)),
        Predicate::All(parts) | Predicate::Any(parts) => {
            parts.iter().all(|part| comes_to_the_same(one, other, part))
        }
        Predicate::Not(part) | Predicate::WhereKnown(part) => comes_to_the_same(one, other, part),
        _ => false,
    }
}

fn is_read_alike(one: &Flags, other: &Flags, name: &str) -> bool {
    match (one.effective(name), other.effective(name)) {
        (Effective::Default { value: one }, Effective::Default { value: other }) => one == other,
        (
            Effective::Set { value: one, settings: by },
            Effective::Set { value: other, settings: there },
        ) => one == other && by.last().is_some() == there.last().is_some(),
        (Effective::DefaultNotKnown, Effective::DefaultNotKnown) => true,
        (Effective::Absent { setting: one }, Effective::Absent { setting: other }) => {
            one.is_some() == other.is_some()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::alike;
    use crate::command_line::CommandLine;
    use crate::document::{Format, Found, shell_words};
    use crate::evaluate::{Readings, judge_one};
    use crate::rule::Library;
    use crate::source::{Files, Source};
    use crate::target::Target;
    use crate::version::{Minor, MinorRange};

    #[test]
    fn what_is_alike_has_one_status_in_every_release() {
        let library = Library::load(&[]).expect("valid packs");
        let every = MinorRange { from: Some(Minor { major: 0, minor: 0 }), to: None };
        let (mut same, mut compared) = (0, 0);
        for entry in library.rules() {
            let rule = entry.rule();
            let component = rule.demand.component;
            for example in &rule.examples {
                let line = CommandLine::given(component, shell_words(&example.line));
                let found =
                    Found { document: 0, format: Format::Argv, line, diagnostics: Vec::new() };
                let files = (Files::given(example.files.clone()), Files::elsewhere());
                let Ok(target) = Target::new(Source::Argv, found, files, None) else { continue };
                let readings = Readings::of(&target, Some(every), jiff::Timestamp::UNIX_EPOCH);
                let (unless, require) = (&rule.demand.unless, &rule.demand.require);
                let status = |flags| judge_one(&target, &readings, flags, unless, require).status;
                for other in &readings.others {
                    compared += 1;
                    if alike((&readings.flags, other), unless, require) {
                        same += 1;
                        let statuses = [status(&readings.flags), status(other)];
                        assert_eq!(statuses[0], statuses[1], "{}: {}", entry.id, example.line);
                    }
                }
            }
        }
        assert!(same > 4_000 && same * 10 > compared * 3, "{same} of {compared}");
    }
}
