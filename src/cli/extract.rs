//! `onshi extract`: the record out of a PDF that carries it.

use onshi::File;
use onshi::packet::carry::Carried;

use super::args::Extract;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::{Output, RECORD};

pub fn run(args: &Extract, context: &Context) -> Result<(), Stop> {
    let output = Output::file(args.output.as_deref(), RECORD)?;
    let (name, bytes) = context.bytes(&args.file, onshi::MAX_BYTES)?;
    let carried = Carried::extract(&bytes).map_err(|error| Failure::in_file(&name, &error))?;
    context.write(&output, vec![File::new("record.yaml", carried.yaml)], args.force)
}
