//! Which texts can be ids, and which cannot be printed.

use crate::ascii::is_printable_lines;
use crate::invisible::is_invisible;

/// Whether a text can be an id.
pub(crate) fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
}

/// Whether a text that reports print holds what none of them can: there it is not looked at again.
pub(crate) fn is_unprintable(text: &str) -> bool {
    !is_printable_lines(text) && text.chars().any(|c| is_invisible(c) && !matches!(c, '\n' | '\t'))
}

/// The message about a text that cannot be printed.
pub(crate) const UNPRINTABLE: &str = "holds a control character or an invisible one";

/// The message about a text that cannot be an id.
pub(crate) const NO_SLUG: &str = "an id is made of lower-case letters, digits, dots and dashes";
