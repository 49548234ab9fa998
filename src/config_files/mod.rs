//! The files that flags name, decoded as the server decodes them.
//!
//! Each kind is a module: it takes the text apart, says what the server would refuse, and answers
//! what rules ask. Where the server is strict an unknown field is a problem; where it is lenient
//! the field is left out, as the server leaves it out.

pub mod encryption;
mod object;
pub mod pki;

pub use object::{Located, Problem};

/// Decodes the first document of a file of this kind.
pub(crate) use object::{ApiVersions, Object, document};
