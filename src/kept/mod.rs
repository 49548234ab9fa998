//! What reports that were kept tell together: two of them what changed, a folder of them how it went.
//!
//! Results are told apart by their fingerprints, so neither an inserted line nor a restarted process
//! makes a difference.

pub mod diff;
pub mod history;
mod standing;

pub use standing::Standing;
