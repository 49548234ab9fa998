//! The files that flags name, decoded as the server decodes them.
//!
//! Each kind is a module: it takes the text apart, says what the server would refuse, and answers
//! what rules ask. Where the server is strict an unknown field is a problem; where it is lenient
//! the field is left out, as the server leaves it out.

pub mod abac;
pub mod admission;
pub mod audit_policy;
pub mod authentication;
pub mod authorization;
mod content;
pub mod contents;
pub mod egress;
pub mod encryption;
mod etcd;
mod fields;
#[cfg(test)]
mod hostile;
mod kube_apiserver;
pub mod kubeconfig;
mod kubelet;
mod named_files;
pub mod names;
mod object;
pub mod openshift;
mod own_file;
pub mod pem_files;
pub mod pki;
pub mod plugins;
mod quoted;
mod reading;
mod scheduler;
mod start_files;
#[cfg(test)]
mod tests;
mod token_file;
mod tracing;

pub use object::{Document, Located, Problem};
pub use reading::{Reading, read_flags};

/// Decodes the first document of a file of this kind.
pub(crate) use object::{ApiVersions, Object, document, first_document, start};
