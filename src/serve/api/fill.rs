//! `POST /fill`, a record's pages as they will print; `POST /files`, the same as files.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::given::{self, Body};
use super::{Api, download, json, report, work};
use crate::calendar::{Date, reiwa_year, reiwa_year_text, weekday_name};
use crate::paint::{self, SvgFor};
use crate::report::{Lang, Text};
use crate::serve::Desk;
use crate::serve::refusal::Refusal;
use crate::sheet::Sheet;
use crate::values::{Data, Value};
use crate::{File, FilledForm, Filling, Format};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    record: Option<Box<RawValue>>,
    #[serde(default)]
    forms: Vec<String>,
    #[serde(default, deserialize_with = "given::date")]
    today: Option<Date>,
    #[serde(default, deserialize_with = "given::lang")]
    lang: Option<Lang>,
}

#[derive(Serialize)]
struct Answer {
    report: Box<RawValue>,
    pages: Vec<Page>,
    /// What the values were understood as, by key.
    values: BTreeMap<String, Understood>,
}

#[derive(Serialize)]
struct Page {
    form: String,
    kind: Option<String>,
    /// Which page of the form it is, from 1, and how many there are.
    page: usize,
    pages: usize,
    svg: String,
    boxes: Vec<Area>,
}

/// Where the value of a field stands, in mm from the page's top left corner.
#[derive(Serialize)]
struct Area {
    field: String,
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

#[derive(Serialize)]
struct Understood {
    /// As it is printed or kept.
    text: String,
    /// The same in other words: a day in both calendars with its weekday.
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<String>,
    /// Whether nobody wrote it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    derived: bool,
}

pub async fn fill(State(desk): State<Arc<Desk>>, body: Body) -> Result<Response, Refusal> {
    work(move || {
        let api = &desk.api;
        let asked: Request = body.json()?;
        let lang = asked.lang.unwrap_or_else(|| body.lang(&desk));
        let named = api.named(&asked.forms)?;
        let record = given::record(asked.record.as_deref())?;
        let filling = api.filler.fill(&record, &named, api.today(asked.today));
        let report = report(filling.report(), &record.source, lang);
        let pages = filling.draft().iter().flat_map(pages).collect::<Result<_, _>>()?;
        let answer = Answer {
            report: RawValue::from_string(report).map_err(|_| Refusal::internal())?,
            pages,
            values: values(&filling, lang),
        };
        Ok(json(serde_json::to_vec(&answer).map_err(|_| Refusal::internal())?))
    })
    .await
}

fn pages(filled: &FilledForm) -> impl Iterator<Item = Result<Page, Refusal>> {
    filled.sheets().iter().map(move |sheet| page(filled, sheet))
}

fn page(filled: &FilledForm, sheet: &Sheet) -> Result<Page, Refusal> {
    let boxes = sheet.areas().filter_map(|area| {
        Some(Area {
            field: area.field.clone()?,
            x: area.rect.x,
            y: area.rect.y,
            width: area.rect.w,
            height: area.rect.h,
        })
    });
    Ok(Page {
        form: filled.form().to_owned(),
        kind: filled.kind().map(str::to_owned),
        page: sheet.page,
        pages: filled.sheets().len(),
        svg: paint::svg(sheet, SvgFor::Page).map_err(|e| Refusal::unprocessable("paint", &e))?,
        boxes: boxes.collect(),
    })
}

fn values(filling: &Filling, lang: Lang) -> BTreeMap<String, Understood> {
    let understood = |value: &Value| Understood {
        text: value.text.clone(),
        says: match value.data {
            Data::Date(day) => Some(both_calendars(day, lang)),
            _ => None,
        },
        derived: value.place.is_none(),
    };
    filling.values().iter().map(|(key, value)| (key.to_owned(), understood(value))).collect()
}

/// A day in both calendars, with its weekday.
fn both_calendars(day: Date, lang: Lang) -> String {
    let western = day.strftime("%Y年%-m月%-d日").to_string();
    let weekday = weekday_name(day);
    match lang {
        Lang::En => day.strftime("%A, %-d %B %Y").to_string(),
        Lang::Ja => match reiwa_year(day).map(reiwa_year_text) {
            Some(year) => {
                format!("令和{year}年{}（{weekday}）　{western}", day.strftime("%-m月%-d日"))
            }
            None => format!("{western}（{weekday}）"),
        },
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilesRequest {
    record: Option<Box<RawValue>>,
    #[serde(default)]
    forms: Vec<String>,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    one_file: bool,
    #[serde(default, deserialize_with = "given::date")]
    today: Option<Date>,
    #[serde(default, deserialize_with = "given::lang")]
    lang: Option<Lang>,
}

pub async fn files(State(desk): State<Arc<Desk>>, body: Body) -> Result<Response, Refusal> {
    // The language is in the request, and the answer that refuses is put into words here.
    work(move || {
        let api = &desk.api;
        let asked: FilesRequest = body.json()?;
        let lang = asked.lang;
        made(api, asked).or_else(|refusal| match lang {
            Some(lang) => Ok(refusal.answer(lang)),
            None => Err(refusal),
        })
    })
    .await
}

/// The file that holds what was asked for.
fn made(api: &Api, asked: FilesRequest) -> Result<Response, Refusal> {
    let named = api.named(&asked.forms)?;
    let record = given::record(asked.record.as_deref())?;
    let name = asked.format.as_deref().unwrap_or("pdf");
    if name == "yaml" {
        let file = File::new("record.yaml", crate::record::write(&record.root));
        return Ok(download(file));
    }
    let format = Format::named(name).ok_or_else(|| unknown_format(name))?;
    let filling = api.filler.fill(&record, &named, api.today(asked.today));
    let ready =
        filling.ready().map_err(|report| Refusal::faulty(report.clone(), record.source.clone()))?;
    let packed = api.writer(format).packed(&ready, given::RECORD, asked.one_file);
    Ok(download(packed.map_err(|error| Refusal::unprocessable("paint", &error))?))
}

fn unknown_format(name: &str) -> Refusal {
    let formats: Vec<String> = Format::ALL.iter().map(Format::to_string).collect();
    Refusal::body(Text::new(
        format!("形式「{name}」はありません。使えるのは {}、yaml です", formats.join("、")),
        format!("there is no format {name}: the formats are {} and yaml", formats.join(", ")),
    ))
}
