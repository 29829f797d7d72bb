//! The paper beside a definition.

use super::beside::{Beside, Called};
use super::{Form, FormPage, PaperFile};
use crate::paper::{LARGEST, MOST_PAGES, Paper, PaperPage};
use crate::report::{Diagnostic, Explain as _, Report, Text};
use crate::yaml::{Spanned, place};

/// Reads the paper of a form and puts its pages under the form's; the text of the definition is `source`.
pub(super) fn read(form: &mut Form, beside: Beside<'_>, source: &str) -> Report {
    let Some(file) = form.paper.clone() else { return Report::default() };
    match pages(&file, beside) {
        Err(fault) => fault.at(place(&file.file, source)).into(),
        Ok((pages, changed)) => {
            let mut report = Report::default();
            if let Some(changed) = changed {
                let at = file.sha256.as_ref().unwrap_or(&file.file);
                report.push(changed.at(place(at, source)));
            }
            put(form, pages, source, &mut report);
            report
        }
    }
}

/// The pages of the form, and what is wrong with its hash.
fn pages(
    file: &PaperFile,
    beside: Beside<'_>,
) -> Result<(Vec<PaperPage>, Option<Diagnostic>), Box<Diagnostic>> {
    let error = |message| Box::new(Diagnostic::error("definition", message));
    let name = &file.file.value;
    let called = Called { ja: "用紙の PDF", en: "paper", largest: LARGEST as u64 };
    let bytes = beside.read(name, &called).map_err(error)?;
    let paper = Paper::read(&bytes).map_err(|why| {
        let Text { ja, en } = why.message();
        let fault = *error(Text::new(
            format!("用紙「{name}」は使えません: {ja}"),
            format!("the paper `{name}` cannot be used: {en}"),
        ));
        Box::new(why.hint().into_iter().fold(fault, Diagnostic::with_hint))
    })?;
    let all: Vec<PaperPage> = paper.pages().collect();
    let count = all.len();
    let pages: Vec<PaperPage> = match file.pages.is_empty() {
        true => all,
        false => {
            let wanted = |number: &usize| all.get(number.checked_sub(1)?).cloned();
            if let Some(number) = file.pages.iter().find(|number| wanted(number).is_none()) {
                return Err(error(Text::new(
                    format!("用紙「{name}」に {number} ページはありません（{count} ページまで）"),
                    format!("the paper `{name}` has no page {number}: it has {count}"),
                )));
            }
            file.pages.iter().filter_map(wanted).collect()
        }
    };
    if pages.len() > MOST_PAGES {
        let fault = *error(Text::new(
            format!(
                "用紙「{name}」は {count} ページあります。様式にできるのは {MOST_PAGES} ページまでです"
            ),
            format!("the paper `{name}` has {count} pages; a form may have {MOST_PAGES}"),
        ));
        return Err(Box::new(fault.with_hint(Text::new(
            "様式のページだけを paper の pages に [3, 4] のように書いてください",
            "name the pages of the form in the paper's pages, as in [3, 4]",
        ))));
    }
    Ok((pages, changed(file, paper.hash())))
}

/// A fault where the definition was made for another file.
fn changed(file: &PaperFile, hash: &str) -> Option<Diagnostic> {
    let name = &file.file.value;
    let (message, hint) = match &file.sha256 {
        Some(known) if known.value.eq_ignore_ascii_case(hash) => return None,
        Some(_) => (
            Text::new(
                format!("用紙「{name}」の中身が、定義を書いたときと変わっています"),
                format!("the paper `{name}` is not the file that this definition was written for"),
            ),
            Text::new(
                format!(
                    "役所が様式を改めた場合は、枠の位置を確かめてから「sha256: {hash}」に書き換えてください"
                ),
                format!(
                    "if the office has changed its form, look at the boxes and then write `sha256: {hash}`"
                ),
            ),
        ),
        None => (
            Text::new(
                format!("用紙「{name}」の sha256 がありません"),
                format!("the paper `{name}` has no sha256"),
            ),
            Text::new(
                format!(
                    "「sha256: {hash}」を paper に書いてください。用紙が差し替わると気づけます"
                ),
                format!(
                    "write `sha256: {hash}` in the paper: a change of the file is noticed then"
                ),
            ),
        ),
    };
    Some(Diagnostic::error("definition", message).with_hint(hint))
}

/// Puts the pages of a paper under those of the form.
fn put(form: &mut Form, papers: Vec<PaperPage>, source: &str, report: &mut Report) {
    let count = papers.len();
    for page in form.pages.iter().skip(count) {
        let Some(first) = page.boxes.first() else { continue };
        report.push(beyond(first, count).at(place(first, source)));
    }
    form.pages.resize_with(count, FormPage::default);
    for (page, paper) in form.pages.iter_mut().zip(papers) {
        page.paper = Some(paper);
    }
}

fn beyond(cell: &Spanned<super::Cell>, count: usize) -> Diagnostic {
    let page = cell.value.page.unwrap_or(1);
    let message = Text::new(
        format!("{page} ページの枠ですが、様式は {count} ページまでです"),
        format!("the box is on page {page}, and the form has {count}"),
    );
    Diagnostic::error("definition", message)
}
