//! The command line. In: arguments. Out: what was asked for, and everything a command needs to
//! speak and to write. Commands are thin: what they do is the library's.

pub mod args;
pub mod attach;
pub mod batch;
pub mod blank;
pub mod check;
pub mod completions;
pub mod context;
pub mod draft;
pub mod extract;
pub mod failure;
pub mod fill;
pub mod forms;
pub mod help;
pub mod import;
mod interrupt;
pub mod lint;
pub mod locale;
pub mod man;
pub mod map;
pub mod new;
pub mod output;
pub mod pages;
mod progress;
pub mod roster;
pub mod schedule;
pub mod schema;
#[cfg(feature = "serve")]
pub mod serve;
pub mod terminal;
pub mod told;
mod usage;
pub mod watch;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::error::{Error, ErrorKind};
use clap::{ColorChoice, FromArgMatches as _};
use onshi::report::Lang;

use args::{Args, Command, Global};
use failure::Failure;
use terminal::Terminal;

/// What was asked for, and how to speak.
#[derive(Debug)]
pub struct Call {
    pub command: Command,
    pub global: Global,
    pub terminal: Terminal,
}

/// Reads the command line, the program's name first. Where that is all there is to do (help, the
/// version, a wrong argument), it is said here and the exit status comes back.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Call, ExitCode> {
    let args: Vec<OsString> = args.into_iter().collect();
    let lang = locale::lang(&args);
    let color = locale::asked::<ColorChoice>(&args, "color").unwrap_or_default();
    if let [_, only] = &args[..]
        && Path::new(only).is_file()
        && help::built(lang).find_subcommand(only).is_none()
    {
        let terminal = Terminal { lang, color, quiet: false, deny_warnings: false };
        let global = Global { color, ..Global::default() };
        return Ok(Call { command: Command::Told(only.into()), global, terminal });
    }
    if let [_, only] = &args[..]
        && (only == "--version" || only == "-V")
    {
        // For that no command need be known.
        return Err(say(concat!("onshi ", env!("CARGO_PKG_VERSION"), "\n"), lang, color));
    }
    // The words of help and errors are put together only when they are needed.
    let parsed = read(args::definition(), &args).or_else(|error| match error.kind() {
        ErrorKind::DisplayVersion => Err(error),
        _ => read(help::built(lang), &args),
    });
    match parsed {
        Ok(Args { global, command }) => {
            let lang = global.lang.map_or(lang, Lang::from);
            let terminal = Terminal::new(&global, lang);
            Ok(Call { command, global, terminal })
        }
        Err(error) => {
            let text = usage::text(&error, lang);
            if error.use_stderr() {
                Terminal { lang, color, quiet: false, deny_warnings: false }.print(&text);
                return Err(ExitCode::from(2));
            }
            Err(say(&text, lang, color))
        }
    }
}

/// Prints what was asked for in place of a command.
fn say(text: &str, lang: Lang, color: ColorChoice) -> ExitCode {
    match terminal::print(std::io::stdout(), text, color) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let terminal = Terminal { lang, color, quiet: false, deny_warnings: false };
            terminal.failure(&Failure::writing(Path::new("<stdout>"), &error));
            ExitCode::from(2)
        }
        _ => ExitCode::SUCCESS,
    }
}

fn read(mut command: clap::Command, args: &[OsString]) -> Result<Args, Error> {
    let matches = command.try_get_matches_from_mut(args)?;
    Args::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}
