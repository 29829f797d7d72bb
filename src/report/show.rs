//! How a [`Report`] is shown: as text for people, as JSON for programs.
//!
//! In: a report and the text it speaks about. Out: a string; nothing is printed here.

mod excerpt;
mod json;

pub use json::json;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Message, Origin, Padding, Renderer, Snippet,
};

use rust_xlsxwriter::utility;

use super::{Diagnostic, Lang, Place, Report, Severity, Source, Text};
use excerpt::Excerpt;

/// The narrowest and the widest a source line is shown, in terminal columns.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=200;

/// The most characters of one message, hint or cite that are shown.
const MESSAGE_CHARS: usize = 1_000;

/// Stands for the place while the page is laid out. It can't come from the user's text, in which
/// every private-use character is escaped.
const LOCATION: &str = "\u{F0000}";

/// The report as a person reads it: every finding with its line, the value underlined, then the
/// summary. Empty when there is nothing to say.
///
/// `width` is the terminal's, in columns; a longer line is cropped round the value.
///
/// ```
/// use onshi::report::{show, Diagnostic, Lang, Place, Report, Source, Text};
///
/// let source = Source::new("record.yaml", "facility:\n  kind: 眼科\n");
/// let mut report = Report::default();
/// let place = Place::Text { line: 2, column: 9, start: 18, end: 24 };
/// let message = Text::new("「眼科」は選べません", "眼科 is not a choice");
/// report.push(Diagnostic::error("choice", message).at(Some(place)));
///
/// let shown = show::text(&report, &source, Lang::En, false, 80);
/// assert_eq!(shown, "\
/// error[choice]: 眼科 is not a choice
///  --> record.yaml:2:9
///   |
/// 2 |   kind: 眼科
///   |         ^^^^
///
/// 1 error
/// ");
/// ```
pub fn text(report: &Report, source: &Source, lang: Lang, color: bool, width: usize) -> String {
    let mut out = findings(report, source, lang, color, width);
    if !out.is_empty() {
        let summary = summary(report.errors(), report.warnings(), lang);
        // Without its name a level shows nothing of itself.
        let title = Level::ERROR.no_name().primary_title(summary);
        out.push_str(&renderer(color).render(&[Group::with_title(title)]));
        out.push('\n');
    }
    out
}

/// What [`text`] says, without the count at its end.
pub fn findings(report: &Report, source: &Source, lang: Lang, color: bool, width: usize) -> String {
    let all = report.diagnostics.iter();
    all.map(|diagnostic| one(diagnostic, source, lang, color, width) + "\n\n").collect()
}

/// How many errors and warnings there are, in words.
///
/// ```
/// use onshi::report::Lang;
/// use onshi::report::show::summary;
/// assert_eq!(summary(3, 1, Lang::En), "3 errors, 1 warning");
/// assert_eq!(summary(3, 1, Lang::Ja), "エラー 3 件、警告 1 件");
/// assert_eq!(summary(0, 0, Lang::En), "no errors");
/// ```
pub fn summary(errors: usize, warnings: usize, lang: Lang) -> String {
    let english = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    match (lang, errors, warnings) {
        (Lang::Ja, 0, 0) => "エラーはありません".into(),
        (Lang::En, 0, 0) => "no errors".into(),
        (Lang::Ja, e, 0) => format!("エラー {e} 件"),
        (Lang::En, e, 0) => english(e, "error"),
        (Lang::Ja, 0, w) => format!("警告 {w} 件"),
        (Lang::En, 0, w) => english(w, "warning"),
        (Lang::Ja, e, w) => format!("エラー {e} 件、警告 {w} 件"),
        (Lang::En, e, w) => format!("{}, {}", english(e, "error"), english(w, "warning")),
    }
}

/// What is said of a report without findings.
pub fn nothing_found() -> Text {
    Text::new(summary(0, 0, Lang::Ja), summary(0, 0, Lang::En))
}

/// An error that belongs to no record, such as an unwritable folder, in the report's manner.
///
/// ```
/// use onshi::report::{Lang, Text};
/// use onshi::report::show::failure;
/// let message = Text::new("a.pdf に書き込めません", "can't write a.pdf");
/// assert_eq!(failure(&message, None, Lang::En, false), "error: can't write a.pdf\n");
/// ```
pub fn failure(message: &Text, hint: Option<&Text>, lang: Lang, color: bool) -> String {
    let title = level(Severity::Error, lang).primary_title(lines(message.get(lang)));
    let group = Group::with_title(title).elements(help(hint, lang));
    renderer(color).render(&[group]) + "\n"
}

/// A text for a terminal: what would move its cursor, change its colours or reverse its reading order is
/// shown as `\u{…}`; lines stay lines.
///
/// ```
/// use onshi::report::show::visible;
/// assert_eq!(visible("a\u{1b}[31m\nb\u{202E}"), "a\\u{1b}[31m\nb\\u{202e}");
/// ```
pub fn visible(text: &str) -> String {
    text.split('\n').map(excerpt::visible).collect::<Vec<_>>().join("\n")
}

/// A text for a terminal as it stands, but for what the terminal would obey: controls other than line breaks and
/// tabs, and marks that turn the reading order, are shown as `\u{…}`.
///
/// ```
/// use onshi::report::show::harmless;
/// let text = "\u{FEFF}名\t\u{E000}\u{200D}\r\n";
/// assert_eq!(harmless(text), text);
/// assert_eq!(harmless("a\u{1b}[31m\nb\u{202E}\u{9b}"), "a\\u{1b}[31m\nb\\u{202e}\\u{9b}");
/// ```
pub fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let is_turn = matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        match c {
            '\n' | '\r' | '\t' => out.push(c),
            _ if c.is_control() || is_turn => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
    out
}

/// One finding, without a line break at its end.
fn one(d: &Diagnostic, source: &Source, lang: Lang, color: bool, width: usize) -> String {
    let title = level(d.severity, lang)
        .primary_title(lines(d.message.get(lang)))
        .id(excerpt::visible(&d.code));
    let mut notes: Vec<Message<'_>> = help(d.hint.as_ref(), lang).collect();
    if let Some(cite) = &d.cite {
        let name = match lang {
            Lang::Ja => "根拠",
            Lang::En => "source",
        };
        notes.push(Level::NOTE.with_name(name).message(lines(cite)));
    }

    let Some(place) = &d.place else {
        return renderer(color).render(&[title.elements(notes)]);
    };
    let location = location(source, place, lang);
    let mut group = Group::with_title(title);
    if let Some(snippet) = snippet(source, place, width) {
        group = group.element(snippet);
    } else {
        group = group.element(Origin::path(LOCATION));
        if !notes.is_empty() {
            group = group.element(Padding);
        }
    }
    let shown = renderer(color).render(&[group.elements(notes)]);
    // The renderer counts columns in what it is given, and the line may be cropped or escaped.
    match shown.split_once(LOCATION) {
        Some((before, after)) => {
            let after = after.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
            format!("{before}{location}{after}")
        }
        None => shown,
    }
}

/// The line of a place, with the value marked; none where the source has no such text.
fn snippet(
    source: &Source,
    place: &Place,
    width: usize,
) -> Option<Snippet<'static, Annotation<'static>>> {
    let Place::Text { line, start, end, .. } = *place else {
        return None;
    };
    if source.text.is_empty() || start > source.text.len() {
        return None;
    }
    // Line number, bar and spaces take the rest.
    let gutter = line.to_string().len() + 3;
    let columns = width.clamp(*WIDTHS.start(), *WIDTHS.end()) - gutter;
    let Excerpt { line: shown, span } = Excerpt::new(&source.text, start..end, columns);
    Some(
        Snippet::source(shown)
            .line_start(line)
            .path(LOCATION)
            .annotation(AnnotationKind::Primary.span(span)),
    )
}

/// A place as one reads it: `record.yaml:3:7`, `roster.xlsx[名簿!C5]`, `roster.csv[row 5, column 3]`.
fn location(source: &Source, place: &Place, lang: Lang) -> String {
    let name = excerpt::visible(&source.name);
    match place {
        Place::Text { line, column, .. } => format!("{name}:{line}:{column}"),
        Place::Cell { sheet, row, column } if sheet.is_empty() => match lang {
            Lang::Ja => format!("{name}[{row} 行 {column} 列]"),
            Lang::En => format!("{name}[row {row}, column {column}]"),
        },
        Place::Cell { sheet, .. } => {
            let sheet = excerpt::visible(sheet);
            let cell = place.cell().unwrap_or_default();
            format!("{name}[{}!{cell}]", utility::quote_sheet_name(&sheet))
        }
    }
}

/// The hint as a footer.
fn help(hint: Option<&Text>, lang: Lang) -> impl Iterator<Item = Message<'static>> {
    let name = match lang {
        Lang::Ja => "ヒント",
        Lang::En => "help",
    };
    let hint = hint.map(|hint| lines(hint.get(lang)));
    hint.into_iter().map(move |hint| Level::HELP.with_name(name).message(hint))
}

/// A severity under its name.
fn level(severity: Severity, lang: Lang) -> Level<'static> {
    let (level, name) = match (severity, lang) {
        (Severity::Error, Lang::Ja) => (Level::ERROR, "エラー"),
        (Severity::Error, Lang::En) => (Level::ERROR, "error"),
        (Severity::Warning, Lang::Ja) => (Level::WARNING, "警告"),
        (Severity::Warning, Lang::En) => (Level::WARNING, "warning"),
    };
    level.with_name(name)
}

/// A message fit to print: it may echo the user's text, and may have several lines.
fn lines(message: &str) -> String {
    let message = excerpt::shortened(message, MESSAGE_CHARS);
    let lines: Vec<String> = message.split('\n').map(excerpt::visible).collect();
    lines.join("\n")
}

fn renderer(color: bool) -> Renderer {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    // Lines come cropped; the renderer must not crop them again, it halves wide characters.
    renderer.term_width(usize::MAX / 2)
}

#[cfg(test)]
mod tests;
