//! `onshi schema`: the JSON Schema of a record, or of a form definition.

use onshi::form::definition_schema;

use super::args::Schema;
use super::context::{Context, Stop};
use super::output::to_stdout;

pub fn run(args: &Schema, context: &Context) -> Result<(), Stop> {
    if args.definition {
        return Ok(to_stdout(format!("{}\n", definition_schema()).as_bytes())?);
    }
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let schema = forms.schema(&named);
    Ok(to_stdout(format!("{schema}\n").as_bytes())?)
}
