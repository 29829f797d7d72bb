//! `POST /draft`: what may be filled in on an office's own PDF; `POST /draft/page`, a picture of one of its pages;
//! `POST /draft/definition`, the definition of what was made of the proposal, tried with its sample.

use std::num::NonZero;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::given::{self, Body};
use super::{json, report, work};
use crate::draft::{self, Proposal};
use crate::filling::try_form;
use crate::layout::{self, Mode};
use crate::paint::{self, SvgFor};
use crate::paper::{LARGEST, MOST_PAGES, Paper, PaperPage, Ruled, Unusable};
use crate::report::{Lang, Report, Source, Text};
use crate::serve::Desk;
use crate::serve::refusal::Refusal;

/// What a PDF without a name is called.
const UNNAMED: &str = "paper.pdf";
/// How sharp the picture of a page is, in pixels an inch.
const DPI: f32 = 144.0;
/// The part of a body that the PDF is.
const PAPER: &str = "paper";

#[derive(Serialize)]
struct Answer {
    proposal: Proposal,
    pages: Vec<Page>,
}

/// A page, in mm.
#[derive(Serialize)]
struct Page {
    width: f32,
    height: f32,
    /// Where its lines are: those that run down by their x, those across by their y.
    x: Vec<f32>,
    y: Vec<f32>,
}

pub async fn draft(State(desk): State<Arc<Desk>>, body: Body) -> Result<Response, Refusal> {
    let name = given::file_name(&body).unwrap_or_else(|| UNNAMED.to_owned());
    work(move || {
        let pages = pages(&body.bytes)?;
        let proposal = draft::propose(&name, &pages, desk.api.forms).map_err(unusable)?;
        let shown = pages.iter().map(shown).collect::<Result<_, _>>()?;
        let answer = Answer { proposal, pages: shown };
        Ok(json(serde_json::to_vec(&answer).map_err(|_| Refusal::internal())?))
    })
    .await
}

/// The pages of a PDF that can be a paper.
fn pages(bytes: &[u8]) -> Result<Vec<PaperPage>, Refusal> {
    if bytes.len() > LARGEST {
        return Err(Refusal::too_large(LARGEST));
    }
    let paper = Paper::read(bytes).map_err(unusable)?;
    let pages: Vec<PaperPage> = paper.pages().collect();
    match pages.len() > MOST_PAGES {
        true => Err(Refusal::body(Text::new(
            format!("様式の PDF は {MOST_PAGES} ページまでです（{} ページあります）", pages.len()),
            format!("the PDF of a form has at most {MOST_PAGES} pages, not {}", pages.len()),
        ))),
        false => Ok(pages),
    }
}

fn unusable(why: Unusable) -> Refusal {
    Refusal::unprocessable("draft", &why)
}

fn shown(page: &PaperPage) -> Result<Page, Refusal> {
    let (width, height) = page.size();
    let seen = page.see().map_err(unusable)?;
    let places = |is_down: bool| {
        let long = |line: &&Ruled| line.is_down == is_down && line.to - line.from > 3.0;
        let mut all: Vec<f32> =
            seen.lines.iter().filter(long).map(|line| (line.at * 10.0).round() / 10.0).collect();
        all.sort_by(f32::total_cmp);
        all.dedup();
        all
    };
    Ok(Page { width, height, x: places(true), y: places(false) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageRequest {
    /// From 1.
    page: NonZero<usize>,
}

pub async fn page(State(desk): State<Arc<Desk>>, body: Body) -> Result<Response, Refusal> {
    let form = body.form(&desk, PAPER).await?;
    work(move || {
        let asked: PageRequest = form.json()?;
        let (_, bytes) = form.file();
        let pages = pages(&bytes)?;
        let page = pages.get(asked.page.get() - 1);
        let page = page.ok_or_else(|| {
            Refusal::body(Text::new(
                format!("{} ページはありません", asked.page),
                format!("there is no page {}", asked.page),
            ))
        })?;
        let picture =
            paint::page_picture(page, DPI).map_err(|e| Refusal::unprocessable("paint", &e))?;
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("image/png"))];
        Ok((kind, picture).into_response())
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DefinitionRequest {
    proposal: Proposal,
    /// The page that is shown with the sample, from 1.
    #[serde(default)]
    page: Option<NonZero<usize>>,
    #[serde(default, deserialize_with = "given::lang")]
    lang: Option<Lang>,
}

#[derive(Serialize)]
struct Definition {
    yaml: String,
    report: Box<RawValue>,
    /// The page with the sample.
    svg: Option<String>,
}

pub async fn definition(State(desk): State<Arc<Desk>>, body: Body) -> Result<Response, Refusal> {
    let lang = body.lang(&desk);
    let form = body.form(&desk, PAPER).await?;
    work(move || {
        let asked: DefinitionRequest = form.json()?;
        let (_, bytes) = form.file();
        let today = desk.api.today(None).to_string();
        let yaml = asked.proposal.to_yaml(&today);
        let name = format!("{}.yaml", asked.proposal.id);
        let files = [(asked.proposal.file.as_str(), &bytes[..])];
        let (found, source, svg) = match try_form(desk.api.forms, &name, &yaml, &files) {
            Ok((forms, id, found)) => {
                let sheets = forms.find(&id).map(|f| layout::fill(f, Mode::Example, &forms).0);
                let sheet =
                    sheets.into_iter().flatten().nth(asked.page.map_or(0, |page| page.get() - 1));
                let svg = sheet.map(|sheet| paint::svg(&sheet, SvgFor::Page)).transpose();
                let svg = svg.map_err(|error| Refusal::unprocessable("paint", &error))?;
                (found, Source::new(name, yaml.clone()), svg)
            }
            Err(error) => (error.report, error.source, None),
        };
        let found: Report = found;
        let report = report(&found, &source, asked.lang.unwrap_or(lang));
        let report = RawValue::from_string(report).map_err(|_| Refusal::internal())?;
        let answer = Definition { yaml, report, svg };
        Ok(json(serde_json::to_vec(&answer).map_err(|_| Refusal::internal())?))
    })
    .await
}
