//! `GET /roster`: an empty roster.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::given::Queried;
use super::{download, work};
use crate::File;
use crate::form::Form;
use crate::report::Lang;
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
    let query = Queried::of(query.as_deref(), &["forms", "format", "lang"])?;
    let names = query.all("forms").flat_map(|names| names.split(','));
    let names: Vec<String> = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let csv = query.one_of("format", &[("xlsx", false), ("csv", true)])?.unwrap_or(false);
    let lang = query.one_of("lang", &[("ja", Lang::Ja), ("en", Lang::En)])?;
    let lang = lang.or_else(|| lock::lang(&headers)).unwrap_or(desk.lang);
    work(move || {
        let forms = desk.api.forms;
        let named: Vec<&Form> = match names.is_empty() {
            true => forms.forms().collect(),
            false => desk.api.named(&names)?,
        };
        let (bytes, ending) = match csv {
            true => (roster_csv(forms, &named), "csv"),
            false => {
                let book = roster_xlsx(forms, &named);
                (book.map_err(|error| Refusal::unprocessable("paint", &error))?, "xlsx")
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
