//! The page of `--format html`.

pub(super) mod markup;
