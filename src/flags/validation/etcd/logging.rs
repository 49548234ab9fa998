//! What etcd's logs are made of, and where they go.
//!
//! Source: etcd `server/embed/config_logging.go`, `client/pkg/logutil`. Of 3.4, which has two
//! loggers, only their names are judged.

use super::super::Flags;
use crate::diagnostic::{Clause, Code};
use crate::flags::catalog::{Release, flag_name};
use crate::flags::value::Value;

/// zap's levels; capitals do not matter, and nothing stands for `info`.
const LEVELS: [&str; 9] =
    ["", "debug", "info", "warn", "warning", "error", "dpanic", "panic", "fatal"];

pub(super) fn validate(flags: &mut Flags) {
    if flags.release < Release::etcd(3, 5) {
        return;
    }
    let name = flag_name!("log-level");
    if let Some(Value::Text(level)) = flags.set_to(name)
        && !LEVELS.contains(&level.to_ascii_lowercase().as_str())
    {
        let message =
            Clause::of_value(format!("{level:?} is not one of {}", LEVELS[1..].join(", ")));
        flags.refuse(name, Code::BadValue, message);
    }
    outputs(flags);
}

fn outputs(flags: &mut Flags) {
    let name = flag_name!("log-outputs");
    let Some(Value::Text(text)) = flags.value(name) else { return };
    let mut outputs: Vec<&str> = text.split(',').collect();
    outputs.sort_unstable();
    outputs.dedup();
    let beside_default = outputs.len() > 1 && outputs.contains(&"default");
    let files = outputs.iter().filter(|o| !["default", "stderr", "stdout"].contains(*o)).count();
    let no_one_file = files > 1 || (files == 0 && outputs.len() == 1);
    if beside_default {
        let message = Clause::of_value("default does not go with other outputs");
        flags.refuse(name, Code::BadValue, message);
    }
    let rotation = flag_name!("enable-log-rotation");
    if no_one_file && matches!(flags.set_to(rotation), Some(Value::Bool(true))) {
        let message = Clause::of_flag(format!("needs one file among --{name}"));
        flags.refuse(rotation, Code::MissingFlag, message);
    }
}
