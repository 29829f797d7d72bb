//! Rows of a list that are no facility: headings again, sections, notes and totals.

use crate::form::fold;
use crate::report::Text;
use crate::table::{Cell, Row};

/// How many rows a note names.
const NAMED: usize = 10;

/// The rows of a list that were skipped.
#[derive(Debug, Default)]
pub(crate) struct Skipped {
    count: usize,
    first: Vec<u32>,
    /// How many a map leaves out.
    left_out: usize,
}

impl Skipped {
    pub fn add(&mut self, row: u32) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(row);
        }
    }

    /// Counts a row that a map leaves out.
    pub fn leave_out(&mut self) {
        self.left_out += 1;
    }

    /// How many rows a map leaves out, once for all; none where there are none.
    pub fn left_out(&self) -> Option<Text> {
        let count = self.left_out;
        (count > 0).then(|| {
            Text::new(
                format!("対応表の「除く行」に当たる {count} 行は読みません"),
                format!("{count} row(s) are not read, because the map leaves them out"),
            )
        })
    }

    /// How many there are and where, once for all; none where there are none.
    pub fn note(&self) -> Option<Text> {
        let rows: Vec<String> = self.first.iter().map(u32::to_string).collect();
        let (ja, en) = match self.count > self.first.len() {
            true => ("ほか", ", …"),
            false => ("", ""),
        };
        let count = self.count;
        (count > 0).then(|| {
            Text::new(
                format!(
                    "見出しの繰返し・区切り・注記・合計の行 {count} 行（{} 行目{ja}）は施設として読みません",
                    rows.join("、")
                ),
                format!(
                    "{count} row(s) with headings, sections, notes or totals are not read as facilities (row {}{en})",
                    rows.join(", ")
                ),
            )
        })
    }
}

/// Whether a row below the headings, given as they stand, is not a facility.
pub(super) fn is_no_facility(row: &Row, headings: &[Row]) -> bool {
    let written: Vec<(usize, String)> = row
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| **cell != Cell::Empty)
        .map(|(column, cell)| (column, cell.to_string()))
        .collect();
    let repeats = |heading: &Row| {
        written.iter().all(|(column, text)| {
            heading.cells.get(*column).is_some_and(|cell| fold(&cell.to_string()) == fold(text))
        })
    };
    let Some((_, first)) = written.first() else { return true };
    headings.iter().any(repeats)
        || written.len() == 1 && is_remark(first)
        || is_total(first) && written[1..].iter().all(|(_, text)| is_count(text))
}

/// A section's name in brackets, or a note.
fn is_remark(text: &str) -> bool {
    let text = text.trim();
    let begins = |marks: &[&str]| marks.iter().any(|mark| text.starts_with(mark));
    begins(&["※", "＊", "*", "【", "［", "〔", "＜", "《", "■", "●", "◆", "▼", "◎", "（注", "(注"])
        || text.strip_prefix('注').is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with(|c: char| {
                    matches!(c, ')' | '）' | ':' | '：' | '.' | '．' | ' ' | '\u{3000}')
                        || c.is_numeric()
                })
        })
}

/// 合計, 小計 and their like, alone or with a number behind.
fn is_total(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let rest =
        ["合計", "小計", "総計", "総数", "計"].iter().find_map(|word| text.strip_prefix(word));
    rest.is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with(|c: char| c.is_numeric() || matches!(c, '(' | '（' | ':' | '：'))
    })
}

/// A number, perhaps with what it counts: 1,234件.
fn is_count(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|c: char| c.is_numeric()) && text.chars().count() < 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Row {
        let cells = cells.iter().map(|text| match *text {
            "" => Cell::Empty,
            text => Cell::Text(text.to_owned()),
        });
        Row { number: 9, cells: cells.collect() }
    }

    #[test]
    fn what_no_facility_is_called_is_passed_over() {
        let headings = [row(&["名称", "所在地", "電話"])];
        for cells in [
            &["名称", "所在地", "電話"][..],
            &["名 称", "所在地"],
            &["【内科】"],
            &["※休診日は確認"],
            &["", "注１"],
            &["合計　2件"],
            &["小計", "", "12"],
            &["計", "3施設"],
        ] {
            assert!(is_no_facility(&row(cells), &headings), "{cells:?}");
        }
    }

    #[test]
    fn what_may_be_a_facility_is_kept() {
        let headings = [row(&["名称", "所在地", "電話"])];
        for cells in [
            &["霞医院"][..],
            &["計測医院", "東京都"],
            &["【仮】霞医院", "東京都"],
            &["合計", "東京都"],
            &["注連医院"],
            &["※霞医院", "東京都"],
            &["名称", "東京都"],
        ] {
            assert!(!is_no_facility(&row(cells), &headings), "{cells:?}");
        }
    }
}
