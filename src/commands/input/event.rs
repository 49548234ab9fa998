//! What comes of an input, piece by piece and in order.
//!
//! The pieces are handed on one by one, so that a file of many servers need not be held as a whole.

use super::guard::guard;
use crate::report::Failure;
use crate::source;
use crate::target::Target;

/// A piece of what comes of an input; `T` is a target, or what a command makes of it.
pub(super) enum Event<T> {
    /// A target, and what messages call its input.
    Target(String, Box<T>),
    /// Something could not be read.
    Failure(Failure),
    /// Nothing was found where something was asked for by name.
    Empty(Failure),
    /// Something was passed over, and why.
    PassedOver(String),
}

/// Where the pieces go. An error means that nobody wants more of them.
pub(super) type Out<'o> = &'o mut dyn FnMut(Event<Target>) -> anyhow::Result<()>;

impl Event<Target> {
    pub(super) fn failure(source: &str, message: &str) -> Self {
        Self::Failure(Failure::new(source, message))
    }

    /// A file that could not be read; the error names it.
    pub(super) fn unreadable(source: &str, error: &source::Error) -> Self {
        Self::Failure(Failure::with_source_in_message(source, &error.to_string()))
    }

    pub(super) fn empty(source: &str, message: &str) -> Self {
        Self::Empty(Failure::new(source, message))
    }

    /// The same with the work on the target done; if that panics, it is a failure of the input.
    pub(super) fn worked<T>(self, work: &impl Fn(Target) -> T) -> Event<T> {
        match self {
            Self::Target(name, target) => match guard(&name, || Box::new(work(*target))) {
                Ok(done) => Event::Target(name, done),
                Err(failure) => Event::Failure(failure),
            },
            Self::Failure(failure) => Event::Failure(failure),
            Self::Empty(failure) => Event::Empty(failure),
            Self::PassedOver(message) => Event::PassedOver(message),
        }
    }
}

/// Does work on an input; `None` if it panicked, which is a failure of that input alone.
pub(super) fn guarded<T>(
    input: &str,
    out: Out<'_>,
    work: impl FnOnce(Out<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<Option<T>> {
    match guard(input, || work(&mut *out)) {
        Ok(done) => done.map(Some),
        Err(failure) => out(Event::Failure(failure)).map(|()| None),
    }
}
