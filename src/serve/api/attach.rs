//! `POST /attach`: the applicant's own PDF with filled forms at its end.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::given::{self, Body};
use super::{Api, download, work};
use crate::File;
use crate::calendar::Date;
use crate::packet::attach::{AttachOptions, append};
use crate::paint::{self, PdfOptions};
use crate::report::Lang;
use crate::serve::Desk;
use crate::serve::refusal::Refusal;
use crate::sheet::outline;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    record: Option<Box<RawValue>>,
    /// Empty for 別紙2.
    #[serde(default)]
    forms: Vec<String>,
    #[serde(default)]
    break_signature: bool,
    #[serde(default, deserialize_with = "given::date")]
    today: Option<Date>,
    #[serde(default, deserialize_with = "given::lang")]
    lang: Option<Lang>,
}

pub async fn attach(State(desk): State<Arc<Desk>>, body: Body) -> Result<Response, Refusal> {
    let form = body.form(&desk, "application").await?;
    work(move || {
        let asked: Request = form.json()?;
        let lang = asked.lang;
        let (_, application) = form.file();
        made(&desk.api, &asked, &application).or_else(|refusal| match lang {
            Some(lang) => Ok(refusal.answer(lang)),
            None => Err(refusal),
        })
    })
    .await
}

fn made(api: &Api, asked: &Request, application: &[u8]) -> Result<Response, Refusal> {
    let named = api.named(&asked.forms)?;
    let opened = given::opened(asked.record.as_deref(), api.forms)?;
    let filling = opened.fill_to_attach(api.forms, &named, api.today(asked.today));
    let ready = filling
        .ready()
        .map_err(|report| Refusal::faulty(report.clone(), opened.source().clone()))?;
    if ready.forms().is_empty() {
        // Where nothing is to be attached, the report says why.
        return Err(Refusal::faulty(filling.report().clone(), opened.source().clone()));
    }
    let sheets: Vec<_> =
        ready.forms().iter().flat_map(|filled| filled.sheets().iter().cloned()).collect();
    let pages = paint::pdf(&sheets, &PdfOptions::default())
        .map_err(|error| Refusal::unprocessable("paint", &error))?;
    let outline = outline(&sheets);
    let options = AttachOptions::default().outline(outline).break_signature(asked.break_signature);
    let attached = append(application, &pages, &options)
        .map_err(|error| Refusal::unprocessable("attach", &error))?;
    Ok(download(File::new("packet.pdf", attached.bytes)))
}
