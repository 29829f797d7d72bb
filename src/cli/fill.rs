//! `onshi fill`: a record's forms.

use onshi::FilledForm;
use onshi::form::Forms;
use onshi::packet::carry::Carried;
use onshi::report::Text;
use onshi::workbook::FormEntries;

use super::args::{Fill, Format};
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::{File, Output};
use super::paint::{paint, unpaintable};

pub fn run(args: &Fill, context: &Context) -> Result<(), Stop> {
    let output = Output::forms(args.to.output.as_deref());
    let format = output.format(args.to.format)?;
    if args.carry_record && format != Format::Pdf {
        return Err(Failure::new(Text::new(
            "--carry-record は PDF のときだけ使えます",
            "--carry-record is for PDF only",
        ))
        .with_hint(Text::new("--format pdf で書き出してください", "write it with --format pdf"))
        .into());
    }
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let (source, filling) = context.filled(&args.record, &forms, &named)?;
    context.judge(&filling.report, &source)?;
    let entries = FormEntries::new(&forms);
    let mut files = Vec::new();
    for filled in &filling.sheets {
        let name = File::name_of(&args.record, &filled.form, filled.kind.as_deref(), format);
        let bytes = match args.carry_record {
            true => carrying(filled, &forms)?,
            false => paint(&filled.sheet, || entries.of(filled), format)?,
        };
        files.push(File::new(name, bytes));
    }
    context.write(&output, files)
}

/// A filled form that carries the values it prints.
fn carrying(filled: &FilledForm, forms: &Forms) -> Result<Vec<u8>, Failure> {
    // The id is that of a form of these.
    let Some(form) = forms.find(&filled.form) else {
        return paint(&filled.sheet, || FormEntries::new(forms).of(filled), Format::Pdf);
    };
    let carried = Carried::of(form, &filled.values, forms);
    carried.paint(form, forms).map_err(|e| unpaintable(&filled.sheet, &e))
}
