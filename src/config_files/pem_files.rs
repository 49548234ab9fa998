//! The PEM files of one server, each decoded once however many rules ask for it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::pki::PemFile;
use crate::source::{Files, Unread};

/// Decoded PEM files by path; nothing secret is kept.
#[derive(Debug, Default)]
pub struct PemFiles {
    read: RefCell<BTreeMap<String, Result<Arc<PemFile>, Unread>>>,
}

impl PemFiles {
    /// Decodes the file at `path`, or answers with the earlier outcome.
    pub fn read(&self, path: &str, files: &Files) -> Result<Arc<PemFile>, Unread> {
        if let Some(known) = self.read.borrow().get(path) {
            return known.clone();
        }
        let read = files.read_once(path).map(|file| Arc::new(PemFile::read(file)));
        self.read.borrow_mut().insert(path.to_owned(), read.clone());
        read
    }
}
