//! What keeps a mistake of plimsoll's own from ending a run: work on an input that panics is an error
//! of that input.
//!
//! It rests on `panic = "unwind"` in Cargo.toml. Where it happened is told and what was said is not:
//! the words of a panic may quote the input, and with it a credential.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::report::Failure;

thread_local! {
    /// Whether work on an input is under way.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    /// Where it panicked.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does the work on an input; a panic becomes the input's failure.
///
/// What the work has changed halfway stays so. That harms nothing here: it collects failures and
/// hands on targets one at a time.
pub(super) fn guard<T>(input: &str, work: impl FnOnce() -> T) -> Result<T, Failure> {
    keep_quiet();
    let outer = GUARDED.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    done.map_err(|_| {
        let place = PLACE.take().map(|place| format!(" at {place}")).unwrap_or_default();
        let message =
            format!("plimsoll fails on it{place}: this is a mistake in plimsoll, report it");
        Failure::new(input, &message)
    })
}

/// Panics under guard print nothing; any other is printed as before.
fn keep_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if GUARDED.get() {
                PLACE.set(panic.location().map(ToString::to_string));
            } else {
                before(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::guard;

    #[test]
    fn a_panic_is_a_failure_of_its_input_and_the_next_one_is_done() {
        let mut done = Vec::new();
        let mut failures = Vec::new();
        for input in ["a.yaml", "b.yaml", "c.yaml"] {
            let work = || {
                assert!(input != "b.yaml", "password");
                done.push(input);
            };
            failures.extend(guard(input, work).err());
        }
        assert_eq!(done, ["a.yaml", "c.yaml"]);
        let [failure] = &failures[..] else { panic!("{failures:?}") };
        assert_eq!(failure.source, "b.yaml");
        let message = &failure.message;
        assert!(message.contains("guard.rs:") && message.ends_with("report it"), "{message}");
        assert!(!message.contains("password"), "{message}");
    }

    #[test]
    fn a_panic_within_guarded_work_leaves_the_work_around_it_guarded() {
        let outer = guard("outer", || {
            let inner = guard("inner", || panic!("first"));
            assert!(inner.is_err());
            panic!("second");
        });
        let failure: Result<(), _> = outer;
        assert_eq!(failure.expect_err("a failure").source, "outer");
    }
}
