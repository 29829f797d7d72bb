//! `onshi attach`: filled forms at the end of the applicant's own PDF.

use onshi::File;
use onshi::packet::attach::{AttachOptions, append};
use onshi::paint::{self, PdfOptions};
use onshi::report::Text;
use onshi::sheet::{Sheet, outline};

use super::args::Attach;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::Output;

pub fn run(args: &Attach, context: &Context) -> Result<(), Stop> {
    let output = Output::file(Some(&args.output), &["pdf"])?;
    let (_, application) = context.bytes(&args.to, onshi::MAX_BYTES)?;
    let sheets = sheets(args, context)?;
    if sheets.is_empty() {
        let path = args.to.display();
        context.terminal.note(&Text::new(
            format!("加えるものがないので、何も書きませんでした。{path} をそのまま提出できます"),
            format!("there is nothing to append, so nothing was written: hand in {path} as it is"),
        ));
        return Ok(());
    }
    let outline = outline(&sheets);
    let pages = paint::pdf(&sheets, &PdfOptions::default()).map_err(|e| Failure::of(&e))?;
    let options = AttachOptions::default().outline(outline).break_signature(args.break_signature);
    let attached = append(&application, &pages, &options)
        .map_err(|error| Failure::in_file(&args.to.display().to_string(), &error))?;
    if attached.signed {
        context.terminal.note(&Text::new(
            "電子署名の後にページを加えました。署名は検証に通りません",
            "pages were added after signing: the signature is no longer valid",
        ));
    }
    if attached.usage_rights {
        context.terminal.note(&Text::new(
            "Adobe Reader 用の使用権限（記入の保存など）は、ページを加えたので外しました。電子署名ではありません",
            "the usage rights for Adobe Reader ended with the pages added and were taken away; they are no signature",
        ));
    }
    if attached.junk > 0 {
        let junk = attached.junk;
        context.terminal.note(&Text::new(
            format!("先頭の PDF ではない {junk} バイトを除いて加えました"),
            format!("{junk} byte(s) before the header of the PDF were left out"),
        ));
    }
    context.write(&output, vec![File::new("packet.pdf", attached.bytes)], args.force)
}

/// Every record's filled forms; all records are judged before the command ends.
fn sheets(args: &Attach, context: &Context) -> Result<Vec<Sheet>, Stop> {
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let mut sheets = Vec::new();
    let mut outcome = Ok(());
    for path in &args.record {
        let opened = context.open(path, &forms)?;
        let filling = opened.fill_to_attach(&forms, &named, context.today);
        match context.ready(&filling, opened.source()) {
            Ok(ready) => sheets
                .extend(ready.forms().iter().flat_map(|filled| filled.sheets().iter().cloned())),
            Err(stop) => outcome = Err(stop),
        }
    }
    outcome.map(|()| sheets)
}
