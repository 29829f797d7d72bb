//! The command line of onshi.
#![forbid(unsafe_code)]

mod cli;

use std::process::ExitCode;

use cli::args::Command;
use cli::context::{Context, Stop, status};
use cli::output::Output;

/// A batch takes and frees memory on all cores at once, where a system's own allocator is slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::pages::small();
    let call = match cli::parse(std::env::args_os()) {
        Ok(call) => call,
        Err(status) => return status,
    };
    let context = Context::new(call.global, call.terminal);
    let outcome = run(&call.command, &context);
    // Where a command has failed, a thread of it may still have a file in the making.
    let _ended = onshi::store::abandon();
    status(outcome, &context.terminal)
}

fn run(command: &Command, context: &Context) -> Result<(), Stop> {
    let lang = context.terminal.lang;
    match command {
        Command::Fill(args) => cli::fill::run(args, context),
        Command::Blank(args) => cli::blank::run(args, context),
        Command::Example(args) => cli::blank::example(args, context),
        Command::Check(args) => cli::check::run(args, context),
        Command::Import(args) => cli::import::run(args, context),
        Command::New(args) => cli::new::run(args, context),
        Command::Roster(args) => cli::roster::run(args, context),
        Command::Map(args) => cli::map::run(args, context),
        Command::Batch(args) => cli::batch::run(args, context),
        Command::Forms => cli::forms::run(context),
        Command::Schema(args) => cli::schema::run(args, context),
        Command::Schedule(args) => cli::schedule::run(args, context),
        Command::Attach(args) => cli::attach::run(args, context),
        Command::Extract(args) => cli::extract::run(args, context),
        Command::Draft(args) => cli::draft::run(args, context),
        Command::Lint(args) => match &args.output {
            Some(picture) => cli::watch::run(args, picture, context),
            None => cli::lint::run(args, context),
        },
        #[cfg(feature = "serve")]
        Command::Serve(args) => cli::serve::run(args, context),
        Command::Told(path) => cli::told::run(path, context),
        Command::Completions(args) => {
            let script = cli::completions::script(args.shell, lang);
            Ok(cli::output::to_stdout(&script)?)
        }
        Command::Man(args) => {
            let pages = cli::man::pages(lang);
            match &args.output {
                Some(folder) => context.write(&Output::folder(folder), pages, args.force),
                None => Ok(cli::output::to_stdout(&pages[0].bytes)?),
            }
        }
    }
}
