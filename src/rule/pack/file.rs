//! The file that a mistake is shown in.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use crate::rule::Problem;

/// A pack's path and text.
pub(crate) struct File {
    pub(crate) path: Cow<'static, str>,
    pub(crate) text: Cow<'static, str>,
    /// The text for the mistakes, of which most files have none.
    shared: OnceCell<Arc<str>>,
}

impl File {
    pub(crate) fn new(path: Cow<'static, str>, text: Cow<'static, str>) -> Self {
        Self { path, text, shared: OnceCell::new() }
    }

    pub(crate) fn problem(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        let text = self.shared.get_or_init(|| Arc::from(&*self.text)).clone();
        Problem { path: self.path.to_string(), text, span, message: message.into() }
    }
}
