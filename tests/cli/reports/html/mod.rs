//! The page of `--format html`: its markup, and what a browser makes of it.

mod in_a_browser;
pub(super) mod markup;
