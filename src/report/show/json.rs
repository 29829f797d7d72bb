//! The report for programs.

use serde_json::{Map, Value, json};

use crate::report::{Lang, Place, Report, Source};

/// Reports as one JSON document with a line break at its end:
/// `{"diagnostics": […], "errors": N, "warnings": N}`.
///
/// Each finding has `severity`, `code`, `form`, `field`, `message`, `hint`, `suggestion`, `cite`, `file`, `line`
/// and `column`, in this order; what is absent is `null`. One in a roster has `sheet` (`null` in a
/// CSV file) and `row` in place of `line`. Lines, rows and columns count from 1, columns of a line
/// in characters.
///
/// ```
/// use onshi::report::{show, Lang, Report, Source};
///
/// let (source, report) = (Source::default(), Report::default());
/// let shown = show::json(&[(&source, &report)], Lang::En);
/// assert_eq!(shown, "{\n  \"diagnostics\": [],\n  \"errors\": 0,\n  \"warnings\": 0\n}\n");
/// ```
pub fn json(reports: &[(&Source, &Report)], lang: Lang) -> String {
    let mut diagnostics = Vec::new();
    for (source, report) in reports {
        for d in &report.diagnostics {
            let mut item = Map::new();
            let mut put = |key: &str, value: Value| item.insert(key.into(), value);
            put("severity", json!(d.severity));
            put("code", json!(d.code));
            put("form", json!(d.form));
            put("field", json!(d.field));
            put("message", json!(d.message.get(lang)));
            put("hint", json!(d.hint.as_ref().map(|hint| hint.get(lang))));
            put("suggestion", json!(d.suggestion));
            put("cite", json!(d.cite));
            put("file", json!(source.name));
            match &d.place {
                Some(Place::Cell { sheet, row, column }) => {
                    put("sheet", json!(Some(sheet).filter(|sheet| !sheet.is_empty())));
                    put("row", json!(row));
                    put("column", json!(column));
                }
                Some(Place::Text { line, column, .. }) => {
                    put("line", json!(line));
                    put("column", json!(column));
                }
                None => {
                    put("line", Value::Null);
                    put("column", Value::Null);
                }
            }
            diagnostics.push(Value::Object(item));
        }
    }
    let count =
        |number: fn(&Report) -> usize| -> usize { reports.iter().map(|(_, r)| number(r)).sum() };
    let whole = json!({
        "diagnostics": diagnostics,
        "errors": count(Report::errors),
        "warnings": count(Report::warnings),
    });
    format!("{whole:#}\n")
}
