//! `onshi new`: an empty record.

use onshi::File;

use super::args::New;
use super::context::{Context, Stop};
use super::output::{Output, RECORD};

pub fn run(args: &New, context: &Context) -> Result<(), Stop> {
    let output = Output::file(args.output.as_deref(), RECORD)?;
    let forms = context.forms()?;
    let named = context.named_or_all(&forms, &args.form)?;
    let text = forms.skeleton(&named, context.terminal.lang);
    context.write(&output, vec![File::new("record.yaml", text)], args.force)
}
