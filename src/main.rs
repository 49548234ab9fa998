//! The program: reads its arguments, does what they ask, says what went wrong.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use plimsoll::cli::App;
use plimsoll::exit::ExitStatus;
use plimsoll::report::quotable;

fn main() -> ExitCode {
    let status = match plimsoll::run(App::parse()) {
        Ok(status) => status,
        Err(error) => {
            if !is_closed_pipe(&error) {
                let _ = writeln!(io::stderr(), "plimsoll: {}", quotable(&format!("{error:#}")));
            }
            ExitStatus::Incomplete
        }
    };
    status.into()
}

/// Whoever reads the output has seen enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json =
            cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(io::ErrorKind::BrokenPipe)
    })
}
