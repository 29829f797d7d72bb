//! `onshi blank` and `onshi example`: a form without a record.

use onshi::Writer;
use onshi::layout::Mode;

use super::args::To;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::Output;

pub fn run(form: &str, to: &To, mode: Mode<'_>, context: &Context) -> Result<(), Stop> {
    let output = Output::forms(to.output.as_deref());
    let format = output.format(to.format)?;
    let forms = context.forms()?;
    let form = context.form(&forms, form)?;
    let files = Writer::new(&forms, format).form(form, mode).map_err(|e| Failure::of(&e))?;
    let (output, files) = output.of_one_form(files);
    context.write(&output, files, to.force)
}
