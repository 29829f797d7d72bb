//! `onshi blank` and `onshi example`: forms without a record.

use onshi::form::Form;
use onshi::layout::Mode;
use onshi::report::Text;
use onshi::{File, Format, Writer};

use super::args::{Blank, Example, To};
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::Output;

pub fn run(args: &Blank, context: &Context) -> Result<(), Stop> {
    let output = Output::forms(args.to.output.as_deref());
    let format = output.format(args.to.format)?;
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let writer = Writer::new(&forms, format);
    if args.one_file {
        let file = writer.blank(&named).map_err(|e| Failure::of(&e))?;
        let file = file.ok_or_else(|| cannot_join(format))?;
        return context.write(&output, vec![file], args.to.force);
    }
    if named.len() > 1 && !matches!(output, Output::Folder(_)) {
        return Err(several(named.len(), format).into());
    }
    write(&writer, &named, Mode::Blank, (output, &args.to), context)
}

pub fn example(args: &Example, context: &Context) -> Result<(), Stop> {
    let output = Output::forms(args.to.output.as_deref());
    let format = output.format(args.to.format)?;
    let forms = context.forms()?;
    let form = context.form(&forms, &args.form)?;
    write(&Writer::new(&forms, format), &[form], Mode::Example, (output, &args.to), context)
}

fn write(
    writer: &Writer<'_>,
    named: &[&Form],
    mode: Mode<'_>,
    (output, to): (Output, &To),
    context: &Context,
) -> Result<(), Stop> {
    let mut files: Vec<File> = Vec::new();
    for form in named {
        files.extend(writer.form(form, mode).map_err(|e| Failure::of(&e))?);
    }
    let (output, files) = match named {
        [_] => output.of_one_form(files),
        _ => (output, files),
    };
    context.write(&output, files, to.force)
}

/// That a format has no file of several forms.
pub fn cannot_join(format: Format) -> Failure {
    Failure::new(Text::new(
        format!(
            "--one-file は PDF か Excel のときだけ使えます（{format} は一ページずつのファイルです）"
        ),
        format!("--one-file is for PDF and Excel only, not for {format}"),
    ))
    .with_hint(Text::new(
        "-o に .pdf か .xlsx で終わる名前を書くか、--one-file を外してください",
        "give -o a name that ends in .pdf or .xlsx, or leave out --one-file",
    ))
}

fn several(count: usize, format: Format) -> Failure {
    let hint = match format.joins() {
        true => Text::new(
            "一つのファイルにまとめるなら --one-file をつけてください。様式ごとのファイルなら -o にフォルダーを指定してください",
            "add --one-file to join them, or give -o a folder for a file per form",
        ),
        false => Text::new(
            "-o にフォルダーを指定してください（様式ごとのファイルになります）",
            "give -o a folder for a file per form",
        ),
    };
    Failure::new(Text::new(
        format!("様式が {count} つあり、一つの書き出し先には入りません"),
        format!("{count} forms do not fit into one file"),
    ))
    .with_hint(hint)
}
