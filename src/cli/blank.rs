//! `onshi blank` and `onshi example`: a form without a record.

use onshi::layout::Mode;
use onshi::{layout, workbook};

use super::args::To;
use super::context::{Context, Stop};
use super::output::{File, Output};
use super::paint::paint;

pub fn run(
    form: &str,
    to: &To,
    force: bool,
    mode: Mode<'_>,
    context: &Context,
) -> Result<(), Stop> {
    let output = Output::forms(to.output.as_deref());
    let format = output.format(to.format)?;
    let forms = context.forms()?;
    let form = context.form(&forms, form)?;
    let (sheet, _) = layout::fill(form, mode, &forms);
    let suffix = if matches!(mode, Mode::Example) { "_example" } else { "" };
    let name = format!("{}{suffix}.{}", form.id, format.extension());
    let bytes = paint(&sheet, || workbook::entries(form, mode, &forms), format)?;
    context.write_new(&output, vec![File::new(name, bytes)], force)
}
