//! Patches: files and fields that change what a document declares, or the Pod that is made of it.
//!
//! A patch that is not part of the input may change anything: every control of the component is unknown
//! then. One that is part of it is applied, and its arguments have its places.

mod container;
mod folder;
mod operation;

#[cfg(test)]
mod tests;

pub(in crate::document) use folder::apply;
