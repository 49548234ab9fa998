//! The inputs of a run, one target at a time. Whatever becomes of one input, the others are gone
//! through. Many files are read several at a time; what comes of them keeps their order.

mod absent;
mod beside;
mod event;
mod file_name;
mod guard;
mod in_folder;
mod inputs;
mod live;
mod parallel;
mod piped;
mod skipped;
mod together;
mod units;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::InputArgs;
use crate::component::Component;
use crate::report::Failure;
use crate::source::{self, Root, Seen, Walk, WalkOptions};
use crate::target::Target;

use event::{Event, Out, guarded};
use inputs::{Inputs, Item};
pub(super) use piped::refuse_unread;
pub(super) use skipped::Skipped;
use together::Groups;
pub(super) use units::drop_in_paths;

/// Goes through the inputs and hands every target on; what cannot be read is collected.
pub(super) struct Reader<'a> {
    inputs: Inputs<'a>,
    /// The inputs that could not be read.
    pub(super) failures: Vec<Failure>,
    /// What was left out.
    pub(super) skipped: Skipped,
    /// The components that were looked for among the processes and do not run, where others do.
    pub(super) absent: Vec<Component>,
    targets: usize,
    /// Which of the failures are that nothing was found.
    empty: usize,
    /// The files and folders that came already.
    seen: Seen,
}

type Each<'e, T> = &'e mut (dyn FnMut(T) -> anyhow::Result<()> + Send);

impl<'a> Reader<'a> {
    pub(super) fn new(args: &'a InputArgs, known: Vec<Component>) -> Self {
        let inputs = Inputs { args, root: root(args), known, last_folder: Arc::default() };
        Self {
            inputs,
            failures: Vec::new(),
            skipped: Skipped::default(),
            absent: Vec::new(),
            targets: 0,
            empty: 0,
            seen: Seen::default(),
        }
    }

    /// Reads everything. `work` is done on every target, on several at a time and in any order; what it
    /// makes of them is given to `each` in the order of the inputs. An error is one of `each`;
    /// unreadable inputs are failures.
    pub(super) fn read<T>(
        &mut self,
        work: &(impl Fn(Target) -> T + Sync),
        each: Each<'_, T>,
    ) -> anyhow::Result<()> {
        let args = self.inputs.args;
        if !args.argv.is_empty() {
            self.alone("command line", work, each, Inputs::argv)?;
            return Ok(());
        }
        let mut named = Vec::new();
        for input in self.named_once() {
            let is_stdin = input.as_os_str() == "-";
            if !is_stdin && !input.is_dir() {
                named.push(Item::Named(input.clone()));
                continue;
            }
            self.items(&std::mem::take(&mut named), work, each)?;
            if is_stdin {
                self.alone(source::STDIN, work, each, Inputs::stdin)?;
            } else {
                self.folder(input, work, each)?;
            }
        }
        self.items(&named, work, each)?;
        if args.inputs.is_empty() || args.pid.is_some() {
            let missing = self.alone("processes", work, each, Inputs::processes)?;
            // What could not be read may be the very component that seems to be missing.
            if self.failures.is_empty() {
                self.absent = missing.unwrap_or_default();
            }
        }
        self.nothing_is_no_success();
        self.failures.extend(piped::passed_over(args));
        Ok(())
    }

    /// The inputs without the files that were named before. A folder is not asked for what is named.
    fn named_once(&mut self) -> Vec<&'a PathBuf> {
        let mut inputs: Vec<&PathBuf> = Vec::new();
        for input in &self.inputs.args.inputs {
            let is_stdin = input.as_os_str() == "-";
            let is_new = if is_stdin {
                !inputs.contains(&input)
            } else {
                input.is_dir() || self.seen.is_new(input)
            };
            if is_new {
                inputs.push(input);
            } else {
                self.skipped.add(format!("{}: it is named twice", input.display()));
            }
        }
        inputs
    }

    /// A run without a target and without a failure has looked at nothing, whatever led there: a failure,
    /// unless that may be so.
    fn nothing_is_no_success(&mut self) {
        if self.targets > 0 || self.empty < self.failures.len() {
            return;
        }
        if self.failures.is_empty() {
            let message = format!("there is no {} in them to check", self.inputs.wanted_names());
            self.failures.push(Failure::new("the inputs", &message));
        }
        if self.inputs.args.if_any {
            self.skipped.empty = std::mem::take(&mut self.failures);
        }
    }

    /// Reads an input that is no file.
    fn alone<T, R>(
        &mut self,
        input: &str,
        work: &impl Fn(Target) -> T,
        each: Each<'_, T>,
        read: impl FnOnce(&Inputs<'a>, Out<'_>) -> anyhow::Result<R>,
    ) -> anyhow::Result<Option<R>> {
        let inputs = self.inputs.clone();
        let mut out = |event: Event<Target>| self.take(event.worked(work), each);
        guarded(input, &mut out, |out| read(&inputs, out))
    }

    /// Takes a piece of what comes of an input.
    fn take<T>(&mut self, event: Event<T>, each: Each<'_, T>) -> anyhow::Result<()> {
        match event {
            Event::Target(name, done) => {
                self.targets += 1;
                match guard::guard(&name, || each(*done)) {
                    Ok(done) => return done,
                    Err(failure) => self.failures.push(failure),
                }
            }
            Event::Failure(failure) => self.failures.push(failure),
            Event::Empty(failure) => {
                self.empty += 1;
                self.failures.push(failure);
            }
            Event::PassedOver(message) => self.skipped.add(message),
        }
        Ok(())
    }

    /// Reads files, several at a time if there are many.
    fn items<T>(
        &mut self,
        items: &[Item],
        work: &(impl Fn(Target) -> T + Sync),
        each: Each<'_, T>,
    ) -> anyhow::Result<()> {
        let inputs = self.inputs.clone();
        let read = |item: &Item, out: Out<'_>| inputs.item(item, out);
        let workers = parallel::workers(items.len());
        parallel::go_through(items, workers, &read, work, &mut |event| self.take(event, each))
    }

    fn folder<T>(
        &mut self,
        folder: &Path,
        work: &(impl Fn(Target) -> T + Sync),
        each: Each<'_, T>,
    ) -> anyhow::Result<()> {
        let before = (self.targets, self.failures.len());
        let name = folder.display().to_string();
        let items = |groups: Vec<_>| groups.into_iter().map(Item::InFolder).collect::<Vec<_>>();
        let mut groups = Groups::default();
        let before_it = std::mem::take(&mut self.seen);
        let mut walk = Walk::new(folder, &walk_options(self.inputs.args), &before_it);
        for path in walk.by_ref() {
            match path {
                Ok(path) => {
                    if let Some(enough) = groups.enough_before(&path) {
                        self.items(&items(enough), work, each)?;
                    }
                    groups.add(path);
                }
                Err(error) => {
                    let failure = Failure::with_source_in_message(&name, &error.to_string());
                    self.failures.push(failure);
                }
            }
        }
        self.items(&items(groups.take()), work, each)?;
        let Walk { left_out, seen, .. } = walk;
        self.seen = before_it;
        self.seen.extend(seen);
        let is_empty = before == (self.targets, self.failures.len()) && !left_out.came_before;
        self.skipped.add_left_out(left_out);
        if is_empty {
            let wanted = self.inputs.wanted_names();
            let message = format!("no {wanted} is started in any file below it");
            self.empty += 1;
            self.failures.push(Failure::new(&name, &message));
        }
        Ok(())
    }
}

/// The node's files, if there are any.
pub(super) fn root(args: &InputArgs) -> Option<Root> {
    (!args.root.is_empty()).then(|| Root::of_parts(&args.root))
}

/// What a folder is read without.
pub(super) fn walk_options(args: &InputArgs) -> WalkOptions {
    WalkOptions { exclude: args.exclude.clone(), gitignore: !args.no_ignore, once: true }
}

/// Whether a file in a folder that is checked is read as one that starts a server, by itself or together
/// with another.
pub(super) fn is_read_in_folder(args: &InputArgs, path: &Path) -> bool {
    if units::unit_of(path).is_some_and(|unit| unit.is_file()) || together::is_part(path) {
        return true;
    }
    let inputs =
        Inputs { args, root: None, known: Component::ALL.to_vec(), last_folder: Arc::default() };
    let mut is_read = false;
    let read = inputs.item(&Item::InFolder(vec![path.to_owned()]), &mut |event| {
        is_read |= !matches!(event, Event::PassedOver(_));
        Ok(())
    });
    is_read || read.is_err()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Reader;
    use crate::cli::{App, Command, Later};
    use crate::component::Component;
    use crate::target::Target;

    /// One that panics in judging or reporting a target stands for one that panics anywhere.
    #[test]
    fn an_input_that_panics_is_a_failure_and_the_others_are_handed_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let at =
            |number: usize| folder.path().join(format!("{number:02}.sh")).display().to_string();
        // One after the other, and several at a time.
        for count in [3, 99] {
            for number in 0..count {
                std::fs::write(at(number), "kube-apiserver --v=2\n").expect("written");
            }
            let words = ["plimsoll", "flags"].map(str::to_owned).into_iter();
            let app = App::parse_from(words.chain((0..count).map(at)));
            let Command::Flags(Later(args)) = app.command else { panic!("not what was asked for") };
            let mut reader = Reader::new(&args.input, Component::ALL.to_vec());
            let work = |target: Target| {
                assert!(!target.id.ends_with("/01.sh"));
                target.id
            };
            let mut seen = Vec::new();
            let read = reader.read(&work, &mut |id| {
                assert!(!id.ends_with("/02.sh"));
                seen.push(id);
                Ok(())
            });
            read.expect("nothing but two targets failed");
            let others = (0..count).filter(|number| ![1, 2].contains(number));
            let ids: Vec<String> = others.map(|it| format!("kube-apiserver@{}", at(it))).collect();
            assert_eq!(seen, ids);
            let failed: Vec<&str> =
                reader.failures.iter().map(|failure| failure.source.as_str()).collect();
            assert_eq!(failed, [at(1), at(2)]);
        }
    }
}
