//! Patches: files and fields that change what a document declares, or the Pod that is made of it.
//!
//! A patch that is not part of the input may change anything: every control of the component is unknown
//! then. One that is part of it is applied, and its arguments have its places.

pub(in crate::document) mod alone;
pub(in crate::document) mod class;
mod container;
mod folder;
mod kustomize;
mod operation;
mod section;

#[cfg(test)]
mod tests;

use crate::document::Found;
use crate::document::carrier::Carrier;
use crate::document::neighbours::Neighbours;
use crate::yaml::Document;

/// Applies the patches in a text, and those that it names, to the servers that it declares.
pub(in crate::document) fn apply(
    found: &mut Vec<Found>,
    documents: &[Document],
    carrier: &Carrier<'_>,
    neighbours: &dyn Neighbours,
) {
    class::apply(found, documents, carrier);
    folder::apply(found, documents, carrier, neighbours);
    kustomize::apply(found, documents, carrier.path, neighbours);
}

pub(super) use section::{Change, Section};
