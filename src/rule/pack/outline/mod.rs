//! What a check needs of the packs in the binary, read without the rest of their texts: every run reads an
//! edition's controls and a hundred demands.
//!
//! The files in the binary are written in one form, and tests hold that this finds what reading them as
//! a whole finds. An error if something is not where it is looked for, or is written in another way.

mod benchmark;
mod demand;

pub(super) use benchmark::{benchmark, header};
pub(super) use demand::demand;
