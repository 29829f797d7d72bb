//! The command line of onshi.
#![forbid(unsafe_code)]
#![allow(dead_code)] // Until the commands that fill forms use the rest.

mod cli;

use std::process::ExitCode;

use cli::args::Command;
use cli::output::{File, Output};

fn main() -> ExitCode {
    let call = match cli::parse(std::env::args_os()) {
        Ok(call) => call,
        Err(status) => return status,
    };
    let lang = call.terminal.lang;
    let done = match call.command {
        Command::Completions(args) => {
            let script = cli::completions::script(args.shell, lang);
            Output::file(None).write(vec![File::new("onshi", script)])
        }
        Command::Man(args) => {
            let mut pages = cli::man::pages(lang);
            match args.output {
                Some(folder) => Output::folder(&folder).write(pages),
                None => Output::file(None).write(vec![pages.swap_remove(0)]),
            }
        }
        _ => return ExitCode::from(2),
    };
    match done {
        Ok(_) => ExitCode::SUCCESS,
        Err(failure) => {
            call.terminal.failure(&failure);
            ExitCode::from(2)
        }
    }
}
