//! `GET /roster`: an empty roster.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::{download, given, work};
use crate::File;
use crate::form::Form;
use crate::report::{Lang, Text};
use crate::serve::Desk;
use crate::serve::lock;
use crate::serve::refusal::Refusal;
use crate::workbook::{roster_csv, roster_xlsx};

/// `?forms=…` names the forms, with commas between several, or is absent for all; `format=xlsx` or `csv`;
/// `lang` is what a link says, which has no header of its own.
pub async fn roster(
    State(desk): State<Arc<Desk>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let written: Vec<String> = given::queried(&query, "forms").collect();
    let names = written.iter().flat_map(|names| names.split(',')).filter(|name| !name.is_empty());
    let names: Vec<String> = names.map(str::to_owned).collect();
    let format = given::queried(&query, "format").next();
    let lang = match given::queried(&query, "lang").next().as_deref() {
        Some("ja") => Lang::Ja,
        Some("en") => Lang::En,
        _ => lock::lang(&headers).unwrap_or(desk.lang),
    };
    work(move || {
        let forms = desk.api.forms;
        let named: Vec<&Form> = match names.is_empty() {
            true => forms.forms().collect(),
            false => desk.api.named(&names)?,
        };
        let (bytes, ending) = match format.as_deref() {
            None | Some("xlsx") => {
                let book = roster_xlsx(forms, &named);
                (book.map_err(|error| Refusal::unprocessable("paint", &error))?, "xlsx")
            }
            Some("csv") => (roster_csv(forms, &named), "csv"),
            Some(other) => {
                return Err(Refusal::body(Text::new(
                    format!("format に「{other}」は使えません。xlsx か csv です"),
                    format!("the format {other} is neither xlsx nor csv"),
                )));
            }
        };
        let name = match lang {
            Lang::Ja => "名簿",
            Lang::En => "roster",
        };
        Ok(download(File::new(format!("{name}.{ending}"), bytes)))
    })
    .await
}
