//! The entry points that read what others wrote, each as a function of bytes.
//!
//! Each calls what the product calls and asserts what must hold whatever it is given. The fuzz targets
//! feed them at length; `tests/hostile/` feeds them random texts and what fuzzing has found.

mod certificate;
mod check;
mod config_file;
mod document;
mod flag_grammar;
mod kept_report;
mod places;
mod process;
mod rule_pack;
mod shell_words;
mod systemd_unit;
mod waiver;
mod yaml_tree;

pub use certificate::certificate;
pub use check::check;
pub use config_file::config_file;
pub use document::document;
pub use flag_grammar::flag_grammar;
pub use kept_report::kept_report;
pub use process::process;
pub use rule_pack::rule_pack;
pub use shell_words::shell_words;
pub use systemd_unit::systemd_unit;
pub use waiver::waiver;
pub use yaml_tree::yaml_tree;

/// The text that bytes are; `None` where the product refuses them before anything reads them.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}
