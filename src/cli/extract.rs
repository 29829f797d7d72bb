//! `onshi extract`: the record out of a PDF that carries it.

use std::path::Path;

use onshi::packet::carry::{Carried, ExtractError};
use onshi::report::Text;

use super::args::Extract;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::{File, Output};

/// The largest PDF that is read, in bytes: one page of ours has some 100 kB.
pub const MAX_PDF_BYTES: usize = 64 << 20;

pub fn run(args: &Extract, context: &Context) -> Result<(), Stop> {
    let (_, bytes) = context.bytes(&args.file, MAX_PDF_BYTES)?;
    let carried = Carried::extract(&bytes).map_err(|error| failure(&args.file, &error))?;
    let output = Output::file(args.output.as_deref());
    context.write(&output, vec![File::new("record.yaml", carried.yaml)])
}

/// That no record came out of a PDF.
pub fn failure(path: &Path, error: &ExtractError) -> Failure {
    let (path, message) = (path.display(), error.message());
    Failure::new(Text::new(format!("{path}: {}", message.ja), format!("{path}: {}", message.en)))
        .with_hint(error.hint())
}
