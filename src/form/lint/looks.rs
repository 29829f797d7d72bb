//! What a definition says of the looks of cells and texts: colours, links, codes, pictures, strokes.

use super::{Lint, is_length};
use crate::form::{Cell, Diagonal, Kind, Links, Part, TextBlock};
use crate::report::{Diagnostic, Text};
use crate::sheet::Color;
use crate::yaml::{Spanned, place};

/// What an address begins with.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];
/// The longest address that Excel takes, in characters.
const LONGEST_ADDRESS: usize = 2_079;

impl Lint<'_> {
    /// A colour of the definition.
    pub(super) fn color<T>(&mut self, key: &str, color: Option<&String>, at: &Spanned<T>) {
        if let Some(color) = color.filter(|color| Color::parse(color).is_none()) {
            self.at(
                at,
                format!("{key}「{color}」は #rrggbb の形で書きます"),
                format!("{key} `{color}` must look like #rrggbb"),
            );
        }
    }

    pub(super) fn text_looks<T>(&mut self, text: &TextBlock, at: &Spanned<T>) {
        self.color("color", text.color.as_ref(), at);
        self.links(text.links(), &text.text, at);
        self.one_link(text.links(), at);
    }

    /// What a cell prints besides texts and values.
    pub(super) fn looks(&mut self, cell: &Spanned<Cell>) {
        let content = &cell.value;
        self.color("background", content.background.as_ref(), cell);
        self.color("color", content.color.as_ref(), cell);
        let text = content.text.as_deref().unwrap_or_default();
        self.links(content.links(), text, cell);
        self.contents(cell);
        let at = place(cell, self.source);
        let list = content.item().map(|item| item.base.as_str());
        for expression in content.expressions() {
            self.expression(expression, at.clone(), list);
        }
        let picture = content.picture.iter().flat_map(|p| [p.width, p.height]);
        let code = content.code.iter().map(|code| code.width);
        let lengths = picture.chain(code).chain([content.seal]).flatten();
        if !lengths.into_iter().all(is_length) {
            self.lengths(cell);
        }
        if content.picture.as_ref().is_some_and(|picture| picture.alt.trim().is_empty()) {
            self.at(
                cell,
                "picture の alt に、画像に写っているものを書いてください".into(),
                "say in the picture's alt what it shows".into(),
            );
        }
        if matches!(content.diagonal, Some(Diagonal::Empty))
            && content.field.is_none()
            && content.template.is_none()
            && content.code.is_none()
        {
            self.at(
                cell,
                "diagonal: empty は、値の入るセルに書きます。いつも引く斜線は always です".into(),
                "diagonal: empty belongs to a cell that holds a value; write always for a stroke on every form".into(),
            );
        }
        if let Some(part) = content.part {
            self.part(part, cell);
        }
        self.in_a_workbook(cell);
    }

    /// A part is one of a date.
    fn part(&mut self, part: Part, cell: &Spanned<Cell>) {
        let field = cell.value.field.as_ref();
        let kind = field.and_then(|f| self.dictionary.get(f.value.key())).map(|field| field.kind);
        let has_part = match kind {
            Some(Kind::PostalCode) => {
                cell.value.at.is_some() && part.of_code().is_some_and(|place| place < 2)
            }
            Some(Kind::Phone) => cell.value.at.is_some() && part.of_code().is_some(),
            Some(Kind::Date) => part.of_code().is_none(),
            Some(Kind::YearMonth) => part != Part::Day && part.of_code().is_none(),
            // A field that is not there is said already.
            None if field.is_some() => true,
            _ => false,
        };
        if !has_part {
            self.at(
                cell,
                "part は日付か年月の項目のセル（era・era-year・year・month・day）と、用紙の上の郵便番号・電話番号のセル（first・second・third）に書きます".into(),
                "the cell cannot have this part: a date or a year and month has era, era-year, year, month and day; a postal code or a phone number on a paper has first, second and third".into(),
            );
        }
    }

    /// What a cell cannot print at the same time.
    fn contents(&mut self, cell: &Spanned<Cell>) {
        let content = &cell.value;
        let has_text = content.text.is_some();
        let named = [
            ("field", content.field.is_some()),
            ("picture", content.picture.is_some()),
            ("code", content.code.is_some()),
            ("seal", content.seal.is_some()),
            ("vertical", content.vertical()),
            ("text", has_text && (content.picture.is_some() || content.code.is_some())),
        ];
        let present: Vec<&str> =
            named.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
        if present.len() > 1 {
            let both = present.join(", ");
            self.at(
                cell,
                format!("{} は一つのセルに一緒には書けません", both.replace(", ", "・")),
                format!("a cell cannot have {both} at the same time"),
            );
        }
        if content.template.is_some() && !content.links().0.is_empty() {
            self.at(
                cell,
                "式 {…} のある text に links は書けません。リンクにする文は別のセルに書いてください".into(),
                "a text with {…} has no links: give the text that leads somewhere a cell of its own".into(),
            );
        }
        if content.template.is_some() && (content.seal.is_some() || content.vertical()) {
            self.at(
                cell,
                "seal・vertical のセルの text に式 {…} は書けません".into(),
                "the text of a cell with seal or vertical holds no {…}".into(),
            );
        }
    }

    fn links<T>(&mut self, links: &Links, text: &str, at: &Spanned<T>) {
        for (part, address) in &links.0 {
            if part.is_empty() || !text.contains(part.as_str()) || part.contains('{') {
                self.at(
                    at,
                    format!("links の「{part}」が text にありません"),
                    format!("the text has no `{part}`, which links names"),
                );
            }
            let is_plain = address.chars().all(|c| c.is_ascii_graphic());
            let scheme = SCHEMES.iter().find(|scheme| address.starts_with(**scheme));
            let is_long = scheme.is_some_and(|scheme| address.len() > scheme.len());
            if !is_plain || !is_long || address.len() > LONGEST_ADDRESS {
                self.at(
                    at,
                    format!("リンク先「{address}」は https://・http://・mailto:・tel: で始まる半角の文字（{LONGEST_ADDRESS} 字まで）で書きます。日本語は %E3… の形にします"),
                    format!("the address `{address}` must begin with https://, http://, mailto: or tel: and be ASCII of at most {LONGEST_ADDRESS} characters; write others as %E3…"),
                );
            }
        }
    }

    /// What a workbook cannot hold as the page does.
    fn in_a_workbook(&mut self, cell: &Spanned<Cell>) {
        let content = &cell.value;
        self.one_link(content.links(), cell);
        let text = content.text.as_deref().unwrap_or_default();
        if content.vertical() && text.contains('\n') {
            self.note(
                cell,
                "Excel の縦書きのセルは一列です。列ごとにセルを分けると、ブックでも同じに見えます",
                "a cell of a workbook has one column of vertical text: give each column a cell of its own",
            );
        }
        if content.vertical() && content.underline() {
            self.note(
                cell,
                "縦書きの文字には下線を引きません",
                "text that runs down is not underlined",
            );
        }
    }

    fn one_link<T>(&mut self, links: &Links, at: &Spanned<T>) {
        let addresses: std::collections::BTreeSet<&String> = links.0.values().collect();
        if addresses.len() > 1 {
            self.note(
                at,
                "Excel のセルのリンク先は一つです。1行に二つ以上あると、最初のリンクだけがブックに入ります",
                "a cell of a workbook leads to one address: of several links on a line it gets the first",
            );
        }
    }

    fn note<T>(&mut self, at: &Spanned<T>, ja: &str, en: &str) {
        let at = place(at, self.source);
        self.report.push(Diagnostic::warning("definition", Text::new(ja, en)).at(at));
    }
}
