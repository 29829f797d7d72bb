//! `onshi schema`: the JSON Schema of a record.

use super::args::Schema;
use super::context::{Context, Stop};
use super::output::to_stdout;

pub fn run(args: &Schema, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let schema = forms.schema(&named);
    Ok(to_stdout(format!("{schema:#}\n").as_bytes())?)
}
