//! `POST /schedule`: the nine steps of 別紙3 with this facility's days.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::given::{self, Body};
use super::{download, json, work};
use crate::File;
use crate::calendar::Date;
use crate::packet::schedule::{FORM, Schedule};
use crate::report::{Diagnostic, Lang, Text};
use crate::serve::Desk;
use crate::serve::refusal::Refusal;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    record: Option<Box<RawValue>>,
    #[serde(default)]
    format: Format,
    #[serde(default, deserialize_with = "given::date")]
    today: Option<Date>,
    #[serde(default, deserialize_with = "given::lang")]
    lang: Option<Lang>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Ics,
}

pub async fn schedule(State(desk): State<Arc<Desk>>, body: Body) -> Result<Response, Refusal> {
    work(move || {
        let asked: Request = body.json()?;
        let lang = asked.lang.unwrap_or_else(|| body.lang(&desk));
        made(&desk, &asked, lang).or_else(|refusal| Ok(refusal.answer(lang)))
    })
    .await
}

fn made(desk: &Desk, asked: &Request, lang: Lang) -> Result<Response, Refusal> {
    let api = &desk.api;
    let today = api.today(asked.today);
    let record = given::record(asked.record.as_deref())?;
    let form = api.named(&[FORM.to_owned()])?;
    let filling = api.filler.fill(&record, &form, today);
    let ready = filling.ready();
    ready.map_err(|report| Refusal::faulty(report.clone(), record.source.clone()))?;
    let schedule = Schedule::of(filling.values(), api.forms, today);
    // A definition of one's own may not ask for the date.
    let schedule = schedule.ok_or_else(|| {
        let message = Text::new("指定希望日がありません", "there is no designation.date");
        let finding = Diagnostic::error("required", message).with_field("designation.date");
        Refusal::faulty(finding.into(), record.source.clone())
    })?;
    Ok(match asked.format {
        Format::Json => json(schedule.json(lang)),
        Format::Ics => download(File::new("schedule.ics", schedule.ics(lang))),
    })
}
