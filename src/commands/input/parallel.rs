//! Many files at a time, what comes of them in the order of the files.
//!
//! A worker takes the next few files, reads them, waits until what came of those before them has been
//! handed over, and hands over what came of its own. So it holds little, however many files there are,
//! and gives back itself what memory it has asked for: handed to one thread for all, results made the
//! threads wait for each other's allocator ten times as often.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::{self, Builder};

use anyhow::{anyhow, bail};

use super::event::{Event, Out};
use crate::target::Target;

/// How many files there must be for a second worker to be worth its start.
///
/// Measured on two processors, in milliseconds by the clock, one worker and two: 64 files take 11.6 and
/// 9.9, 128 take 18.5 and 13.1, 1,000 take 109 and 65; of fewer files two workers were no quicker. They
/// take up to a tenth more processor time.
const MANY: usize = 64;

/// More workers than these wait for their turn: what is done in turn is about a quarter of all.
const MOST: usize = 4;

/// How many files are taken at a time, and how many pieces are held at most.
const RUN: usize = 8;

/// What the first thread usually has: nothing is too deep for a worker that is not too deep for it.
const STACK: usize = 8 << 20;

/// How many workers so many files are worth.
pub(super) fn workers(files: usize) -> usize {
    if files < MANY {
        return 1;
    }
    thread::available_parallelism().map_or(1, NonZero::get).min(MOST)
}

/// Takes a piece of what comes of an input. An error ends the run.
pub(super) type Take<'t, T> = &'t mut (dyn FnMut(Event<T>) -> anyhow::Result<()> + Send);

/// Reads every item and does the work on its targets, and gives what comes of them to `take`, one
/// after the other in the order of the items. An error is one of `take`.
pub(super) fn go_through<I: Sync, T>(
    items: &[I],
    workers: usize,
    read: &(impl Fn(&I, Out<'_>) -> anyhow::Result<()> + Sync),
    work: &(impl Fn(Target) -> T + Sync),
    take: Take<'_, T>,
) -> anyhow::Result<()> {
    if workers < 2 {
        let mut out = |event: Event<Target>| take(event.worked(work));
        return items.iter().try_for_each(|item| read(item, &mut out));
    }
    let order = Order {
        next: AtomicUsize::new(0),
        turn: Mutex::new(Turn { run: 0, end: None, take }),
        passed: Condvar::new(),
    };
    thread::scope(|scope| {
        for _ in 1..workers {
            let builder = Builder::new().stack_size(STACK);
            // Where no thread can be had, those that are there do it all.
            let _ = builder.spawn_scoped(scope, || order.serve(items, read, work));
        }
        order.serve(items, read, work);
    });
    let turn = order.turn.into_inner().expect("a worker's panic has ended the scope");
    turn.end.map_or(Ok(()), Err)
}

/// Which runs of items are taken, and whose turn it is.
struct Order<'t, T> {
    /// The run that nobody has taken.
    next: AtomicUsize,
    turn: Mutex<Turn<'t, T>>,
    /// The turn has passed to the next run, or there is no next.
    passed: Condvar,
}

struct Turn<'t, T> {
    /// The run that may hand over.
    run: usize,
    /// Why no more is wanted.
    end: Option<anyhow::Error>,
    take: Take<'t, T>,
}

impl<'t, T> Order<'t, T> {
    /// Takes runs until there are no more, or no more are wanted.
    fn serve<I>(
        &self,
        items: &[I],
        read: &impl Fn(&I, Out<'_>) -> anyhow::Result<()>,
        work: &impl Fn(Target) -> T,
    ) {
        let _leaving = Leaving(self);
        loop {
            let run = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(items) = items.chunks(RUN).nth(run) else { return };
            let mut pieces = Vec::with_capacity(RUN);
            let mut out = |event: Event<Target>| {
                pieces.push(event.worked(work));
                if pieces.len() < RUN { Ok(()) } else { self.hand_over(run, &mut pieces) }
            };
            let done = items.iter().try_for_each(|item| read(item, &mut out));
            let done = done.and_then(|()| self.hand_over(run, &mut pieces));
            let mut turn = self.lock();
            turn.run += 1;
            self.passed.notify_all();
            if let Err(error) = done {
                // The first is the one that counts.
                turn.end.get_or_insert(error);
                return;
            }
        }
    }

    /// Hands over what came of a run so far, once it is its turn.
    fn hand_over(&self, run: usize, pieces: &mut Vec<Event<T>>) -> anyhow::Result<()> {
        let waits = |turn: &mut Turn<'_, T>| turn.run != run && turn.end.is_none();
        let turn = self.passed.wait_while(self.lock(), waits);
        let mut turn = turn.expect("a worker's panic ends all");
        if turn.end.is_some() {
            bail!("no more is wanted");
        }
        pieces.drain(..).try_for_each(|piece| (turn.take)(piece))
    }

    fn lock(&self) -> MutexGuard<'_, Turn<'t, T>> {
        self.turn.lock().expect("a worker's panic ends all")
    }
}

/// A worker that leaves by a panic lets nobody wait for its turn.
struct Leaving<'o, 't, T>(&'o Order<'t, T>);

impl<T> Drop for Leaving<'_, '_, T> {
    fn drop(&mut self) {
        if thread::panicking() {
            if let Ok(mut turn) = self.0.turn.lock() {
                turn.end.get_or_insert_with(|| anyhow!("a worker has panicked"));
            }
            self.0.passed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use anyhow::bail;

    use super::{Event, Out, Take, go_through};
    use crate::target::Target;

    /// Goes through numbers; of each comes nothing, itself, or itself several times, and of the one
    /// that is too large a panic.
    fn go(numbers: usize, workers: usize, take: Take<'_, Target>) -> anyhow::Result<()> {
        let items: Vec<usize> = (0..numbers).collect();
        let read = |item: &usize, out: Out<'_>| {
            assert!(*item < 100, "too large");
            (0..item % 23).try_for_each(|_| out(Event::PassedOver(item.to_string())))
        };
        go_through(&items, workers, &read, &|target| target, take)
    }

    fn number(event: Event<Target>) -> usize {
        let Event::PassedOver(number) = event else { panic!("nothing else comes of a number") };
        number.parse().expect("a number")
    }

    #[test]
    fn what_comes_of_many_at_a_time_keeps_its_order() {
        let taken = |workers| {
            let mut taken = Vec::new();
            let done = go(100, workers, &mut |event| {
                taken.push(number(event));
                Ok(())
            });
            done.expect("nothing failed");
            taken
        };
        let one_by_one = taken(1);
        assert_eq!(one_by_one.len(), (0..100).map(|item| item % 23).sum::<usize>());
        assert!(one_by_one.is_sorted());
        for workers in 2..6 {
            assert_eq!(taken(workers), one_by_one, "{workers}");
        }
    }

    #[test]
    fn an_error_ends_the_run_where_it_happens() {
        for workers in 1..6 {
            let mut taken = Vec::new();
            let done = go(100, workers, &mut |event| {
                taken.push(number(event));
                if taken.ends_with(&[44]) {
                    bail!("the disk is full");
                }
                Ok(())
            });
            assert_eq!(done.expect_err("it failed").to_string(), "the disk is full");
            assert_eq!(taken.iter().position(|number| *number == 44), Some(taken.len() - 1));
        }
    }

    #[test]
    fn a_worker_that_panics_leaves_nobody_waiting() {
        let done = catch_unwind(AssertUnwindSafe(|| go(300, 3, &mut |_| Ok(()))));
        assert!(done.is_err());
    }
}
