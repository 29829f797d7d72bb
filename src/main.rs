//! The command line of onshi.
#![forbid(unsafe_code)]
#![allow(dead_code)] // Until the commands that fill forms use the rest.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()) {
        Ok(_) => ExitCode::from(2),
        Err(status) => status,
    }
}
