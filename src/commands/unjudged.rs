//! Targets that no selected control is about: that nothing fails there means nothing.

use std::collections::BTreeMap;

use crate::cli::InputArgs;
use crate::component::Component;
use crate::report::{Failure, counted};
use crate::source::{STDIN, Source};
use crate::target::Target;

/// Which inputs have no result.
pub(super) struct Unjudged {
    /// The inputs that were named one by one, and what is known of each.
    named: BTreeMap<String, State>,
    /// How many other targets have no result.
    others: usize,
}

enum State {
    /// It has no target yet.
    Unseen,
    /// It has targets, the first of this component, and no result.
    Silent(Component),
    JudgedTarget,
}

impl Unjudged {
    pub(super) fn new(args: &InputArgs) -> Self {
        let files = args.inputs.iter().filter(|input| !input.is_dir());
        let names = files.map(|input| {
            if input.as_os_str() == "-" { STDIN.to_owned() } else { input.display().to_string() }
        });
        Self { named: names.map(|name| (name, State::Unseen)).collect(), others: 0 }
    }

    /// Notes a target and how many results it has.
    pub(super) fn note(&mut self, target: &Target, results: usize) {
        let name = match &target.source {
            Source::File { path } => Some(&**path),
            Source::Stdin => Some(STDIN),
            _ => None,
        };
        match (name.and_then(|name| self.named.get_mut(name)), results) {
            (Some(state), 1..) => *state = State::JudgedTarget,
            (Some(state @ State::Unseen), 0) => *state = State::Silent(target.line.component),
            (None, 0) => self.others += 1,
            _ => {}
        }
    }

    /// The inputs that were named and of which nothing was judged.
    pub(super) fn failures(&self) -> impl Iterator<Item = Failure> {
        self.named.iter().filter_map(|(name, state)| match state {
            State::Silent(component) => {
                let message = format!("{name}: no selected control is about {component}");
                Some(Failure::with_source_in_message(name, &message))
            }
            State::Unseen | State::JudgedTarget => None,
        })
    }

    /// What there is to say of the others.
    pub(super) fn remark(&self) -> Option<String> {
        let count = counted(self.others, "target");
        (self.others > 0)
            .then(|| format!("nothing was checked in {count}: no selected control is about them"))
    }
}
