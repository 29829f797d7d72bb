//! `onshi draft`: proposes a definition for an office's own PDF.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use onshi::File;
use onshi::draft::{self, Proposal};
use onshi::paint;
use onshi::paper::{LARGEST, MOST_PAGES, Paper, PaperPage};
use onshi::report::{Source, Text};

use super::args::Draft;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::{Output, RECORD};

/// How sharp the picture of what was found is, in pixels an inch.
const DPI: f32 = 120.0;

pub fn run(args: &Draft, context: &Context) -> Result<(), Stop> {
    let output = Output::file(Some(&args.output), RECORD)?;
    let Output::File(path) = &output else { return Err(no_stdout().into()) };
    let forms = context.forms()?;
    let (name, bytes) = context.bytes(&args.paper, LARGEST)?;
    let unusable = |error| Failure::in_file(&name, &error);
    let paper = Paper::read(&bytes).map_err(unusable)?;
    let pages: Vec<PaperPage> = paper.pages().collect();
    if pages.len() > MOST_PAGES {
        return Err(too_long(&name, pages.len()).into());
    }
    let file = match args.paper.as_os_str() == "-" {
        // What comes from standard input has the name of its definition.
        true => path.with_extension("pdf").file_name().map(OsStr::to_owned),
        false => args.paper.file_name().map(OsStr::to_owned),
    };
    let file = file.as_deref().and_then(OsStr::to_str).unwrap_or("paper.pdf");
    let proposal = draft::propose(file, &pages, &forms).map_err(unusable)?;
    if proposal.boxes.is_empty() {
        return Err(nothing(&name, pages.iter().any(|p| p.see().is_ok_and(|s| s.is_scan))).into());
    }
    let yaml = proposal.to_yaml(&context.today.to_string());
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let called = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut files = vec![File::new(called.clone(), yaml.clone())];
    // The definition finds its paper beside it.
    if fs::read(folder.join(file)).ok().as_deref() != Some(&bytes[..]) {
        files.push(File::new(file, bytes.clone()));
    }
    let mut parts = vec![(Output::folder(folder), files)];
    parts.extend(picture(args, &proposal, &pages)?);
    context.write_all(parts, args.force)?;
    say(&proposal, context);
    let source = Source::new(path.display().to_string(), yaml.clone());
    match onshi::try_form(&forms, &called, &yaml, &[(file, &bytes)]) {
        Ok((_, _, report)) => context.judge(&report, &source),
        Err(error) => context.judge(&error.report, &source),
    }
}

/// The pages with what was found on them.
fn picture(
    args: &Draft,
    proposal: &Proposal,
    pages: &[PaperPage],
) -> Result<Option<(Output, Vec<File>)>, Stop> {
    let Some(path) = &args.picture else { return Ok(None) };
    let output = Output::file(Some(path), &["png"])?;
    let mut files = Vec::new();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for sheet in draft::picture(proposal, pages) {
        let dpi = paint::bounded_dpi(sheet.width, sheet.height, DPI);
        let bytes = paint::png(&sheet, dpi).map_err(|error| Failure::of(&error))?;
        files.push(File::new(name.clone(), bytes));
    }
    Ok(Some(output.of_one_form(files)))
}

/// Says what was found, and what to do next.
fn say(proposal: &Proposal, context: &Context) {
    let own = |key: &str| key.starts_with("item.") || key.starts_with(&proposal.section);
    let (count, known) =
        (proposal.boxes.len(), proposal.boxes.iter().filter(|one| !own(&one.field)).count());
    context.terminal.note(&Text::new(
        format!(
            "記入欄の候補が {count} か所あり、うち {known} か所は既にある項目です。定義を開いて、項目の名前・種類・位置を確かめてください"
        ),
        format!(
            "found {count} places to fill in, {known} of them for known fields; look at the names, kinds and places in the definition"
        ),
    ));
}

fn no_stdout() -> Failure {
    Failure::new(Text::new(
        "定義は用紙の PDF と並べて保存します。-o にファイル名を指定してください",
        "a definition is saved beside its PDF: give -o the name of a file",
    ))
}

fn too_long(name: &str, count: usize) -> Failure {
    Failure::new(Text::new(
        format!("{name} は {count} ページあります。様式にできるのは {MOST_PAGES} ページまでです"),
        format!("{name} has {count} pages; a form may have {MOST_PAGES}"),
    ))
    .with_hint(Text::new(
        "様式のページだけを、PDF ビューアーの「印刷」から PDF として保存してください",
        "print the pages of the form to a PDF of their own",
    ))
}

fn nothing(name: &str, is_scan: bool) -> Failure {
    let failure = Failure::new(Text::new(
        format!("{name} に、記入欄が見つかりませんでした"),
        format!("no place to fill in was found on {name}"),
    ));
    failure.with_hint(match is_scan {
        true => Text::new(
            "読み取った画像のため、罫線も文字も取り出せません。boxes に位置を書けば用紙として使えます（docs/forms.ja.md）",
            "it is a scanned picture, without lines and text; it can be a paper all the same: write the boxes yourself (docs/forms.md)",
        ),
        false => Text::new(
            "罫線で囲まれた欄、下線、「令和　年　月　日」、□ のいずれもありません。boxes に位置を書いてください",
            "there are no ruled cells, lines to write on, dates or tick boxes: write the boxes yourself",
        ),
    })
}
