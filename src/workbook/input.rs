//! Cells to fill in: drop-downs, limits and messages.

use rust_xlsxwriter::{
    Color as XlColor, DataValidation, DataValidationRule, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Worksheet, XlsxError,
};

use super::brief;
use super::cells::YELLOW;
use super::grid::Grid;
use super::look::Look;
use crate::font::Family;
use crate::sheet::{Color, Tick};
use crate::table::range::Range;
use crate::workbook::{Calendar, Entry, Input, Written};

/// Excel's limits of a title and a message, in characters.
const TITLE: usize = 32;
const MESSAGE: usize = 255;

/// Says what may be entered, shows help when the cell is chosen, and refuses the rest.
pub(super) fn validate(page: &mut Worksheet, entry: &Entry, range: Range) -> Result<(), XlsxError> {
    let validation = DataValidation::new();
    let computed: Vec<&str> = entry.inverse.iter().map(|inverse| inverse.text.as_str()).collect();
    let (validation, rule) = match &entry.input {
        _ if !computed.is_empty() => list(validation, &computed)?,
        Input::Choice(choices) | Input::Circle(choices) => {
            list(validation, &choices.iter().map(String::as_str).collect::<Vec<_>>())?
        }
        Input::Tick(_) => list(validation, &[Tick::Ticked, Tick::Empty].map(Tick::text))?,
        Input::Date(Calendar::Reiwa) => {
            let first = ExcelDateTime::from_ymd(2019, 5, 1)?;
            (
                validation.allow_date(DataValidationRule::GreaterThanOrEqualTo(first)),
                "令和元年（2019年）5月1日以降の日付を 2024/4/1 のように入力してください".to_owned(),
            )
        }
        Input::Date(_) | Input::YearMonth => {
            let first = ExcelDateTime::from_ymd(1900, 3, 1)?;
            (
                validation.allow_date(DataValidationRule::GreaterThanOrEqualTo(first)),
                "日付を 2024/4/1 のように入力してください".to_owned(),
            )
        }
        Input::Whole(min, max) => (
            validation.allow_whole_number(DataValidationRule::Between(*min, *max)),
            format!("{min} から {max} までの整数を入力してください"),
        ),
        Input::Digits(_) => (
            validation.allow_text_length(DataValidationRule::EqualTo(1)),
            "一つの枠に数字を1字ずつ入力してください".to_owned(),
        ),
        Input::Text(Some((min, max))) => (
            validation.allow_text_length(DataValidationRule::Between(*min, *max)),
            format!("{}。例: {}", entry.help.ja, entry.example),
        ),
        Input::Text(None) => (validation.allow_any_value(), String::new()),
    };
    let title = entry.label.ja.rsplit(" > ").next().unwrap_or_default();
    let help = match &entry.input {
        Input::Date(_) => format!("{}（2024/4/1 のように入力）", entry.help.ja),
        Input::YearMonth => format!("{}（2024/4 のように入力）", entry.help.ja),
        Input::Tick(is) => {
            format!("{}: {is} のとき {} を選びます", entry.help.ja, Tick::Ticked.text())
        }
        Input::Digits(_) => format!("{}。一つの枠に1字", entry.help.ja),
        _ if entry.several.len() > 1 => {
            let two = entry.several[..2].join("・");
            format!("{}。二つ以上は「{two}」のようにつないで入力します", entry.help.ja)
        }
        _ if entry.example.is_empty() => entry.help.ja.clone(),
        _ => format!("{}。例: {}", entry.help.ja, entry.example),
    };
    let help = match &entry.filled_by {
        Some(who) => format!("{}が記入する欄です。{help}", who.ja),
        None => help,
    };
    let mut validation = validation
        .set_input_title(brief(title, TITLE))?
        .set_input_message(brief(&help, MESSAGE))?;
    let is_typed = matches!(entry.input, Input::Choice(_) | Input::Circle(_));
    if is_typed && !entry.several.is_empty() {
        // A list offers one at a time; several are typed.
        validation = validation.show_error_message(false);
    } else if !rule.is_empty() {
        validation = validation
            .set_error_title(brief(title, TITLE))?
            .set_error_message(brief(&rule, MESSAGE))?;
    }
    page.add_data_validation(
        range.row,
        range.column,
        range.last_row,
        range.last_column,
        &validation,
    )?;
    Ok(())
}

/// Says where the value of a locked cell is entered.
pub(super) fn explain(
    page: &mut Worksheet,
    entry: &Entry,
    sheet: &str,
    range: Range,
) -> Result<(), XlsxError> {
    let title = entry.label.ja.rsplit(" > ").next().unwrap_or_default();
    let help = format!("シート「{sheet}」に入力した値が表示されます");
    let validation = DataValidation::new()
        .allow_any_value()
        .set_input_title(brief(title, TITLE))?
        .set_input_message(brief(&help, MESSAGE))?;
    let Range { row, column, last_row, last_column } = range;
    page.add_data_validation(row, column, last_row, last_column, &validation)?;
    Ok(())
}

fn list(
    validation: DataValidation,
    choices: &[&str],
) -> Result<(DataValidation, String), XlsxError> {
    if !is_offered(choices) {
        // What is typed is looked at when the workbook is read.
        return Ok((validation.allow_any_value(), String::new()));
    }
    let rule = format!("一覧から選んでください: {}", choices.join("、"));
    Ok((validation.allow_list_strings(choices)?, rule))
}

/// Whether a drop-down can offer these: Excel keeps them as one text, with commas between.
pub(super) fn is_offered(choices: &[impl AsRef<str>]) -> bool {
    let length: usize =
        choices.iter().map(|choice| choice.as_ref().encode_utf16().count() + 1).sum();
    length <= MESSAGE + 1 && !choices.iter().any(|choice| choice.as_ref().contains(','))
}

/// Cells below the form, outside what is printed, for what the form requires and does not print.
pub(super) fn beside<'a>(
    grid: &Grid,
    entries: impl Iterator<Item = &'a Entry>,
) -> Vec<(&'a Entry, Range)> {
    // A page has far fewer boxes than a workbook has columns and rows. A heading is above the first.
    let (rows, columns) = grid.size();
    let last_column = columns as u16 - 1;
    let column = (last_column / 2 + 1).min(last_column);
    let below = (rows as u32 + 2..).zip(entries);
    below.map(|(row, entry)| (entry, Range { row, column, last_row: row, last_column })).collect()
}

/// Writes those cells, what is known in them, and what they are for.
pub(super) fn write_beside(
    page: &mut Worksheet,
    entries: &[(&Entry, Range)],
) -> Result<(), XlsxError> {
    let Some((_, first)) = entries.first() else { return Ok(()) };
    let look = Look { family: Family::Gothic, size: 10.0, color: Color::BLACK, underline: false };
    let plain = look.font(Format::new()).set_align(FormatAlign::VerticalCenter).set_shrink();
    let head = "この様式に印刷されませんが、確認に必要な項目です（印刷範囲の外）";
    line(page, first.row - 1, 0, first.last_column, head, &plain)?;
    for (entry, range) in entries {
        let Range { row, column, last_column, .. } = *range;
        line(page, row, 0, column.saturating_sub(1), &entry.label.ja, &plain)?;
        let mut input =
            plain.clone().set_border(FormatBorder::Thin).set_num_format("@").set_unlocked();
        let text = match &entry.written {
            Some(Written::Text(text)) => text.as_str(),
            _ => {
                input = input.set_background_color(XlColor::RGB(YELLOW));
                ""
            }
        };
        line(page, row, column, last_column, text, &input)?;
    }
    Ok(())
}

fn line(
    page: &mut Worksheet,
    row: u32,
    first: u16,
    last: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if first == last {
        page.write_string_with_format(row, first, text, format)?;
    } else {
        page.merge_range(row, first, row, last, text, format)?;
    }
    Ok(())
}
