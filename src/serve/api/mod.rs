//! `/api/v1`: JSON and files in, JSON and files out.

mod attach;
mod batches;
mod catalogue;
mod draft;
mod fill;
mod given;
mod map;
mod open;
mod roster;
mod schedule;

use std::io;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::{Semaphore, watch};

use batches::Batches;
use given::Queried;

use super::Desk;
use super::refusal::Refusal;
use crate::calendar::{self, Date};
use crate::form::{Form, Forms};
use crate::office::{completed_address, postal_places};
use crate::report::{Lang, Report, Source, show};
use crate::{File, Filler, Format, Writer};

/// The API in OpenAPI 3.1.
const DESCRIPTION: &str = include_str!("openapi.json");

/// What the answers are made with.
pub struct Api {
    forms: &'static Forms,
    today: Option<Date>,
    filler: Filler<'static>,
    /// One a format: each remembers what all files of a form share.
    writers: Vec<Writer<'static>>,
    catalogue: OnceLock<Bytes>,
    batches: Batches,
}

impl Api {
    pub fn new(
        forms: &'static Forms,
        today: Option<Date>,
        ended: watch::Receiver<bool>,
    ) -> io::Result<Self> {
        Ok(Api {
            forms,
            today,
            filler: Filler::new(forms).labelled(),
            writers: Format::ALL.iter().map(|format| Writer::new(forms, *format)).collect(),
            catalogue: OnceLock::new(),
            batches: Batches::new(ended)?,
        })
    }

    /// Stops what still runs.
    pub fn stop(&self) {
        self.batches.stop();
    }

    /// Where files are while the server runs.
    pub fn folder(&self) -> PathBuf {
        self.batches.folder().to_owned()
    }

    /// The day a request is measured from.
    fn today(&self, asked: Option<Date>) -> Date {
        asked.or(self.today).unwrap_or_else(calendar::today)
    }

    /// The forms of these ids or aliases, each once.
    fn named(&self, names: &[String]) -> Result<Vec<&'static Form>, Refusal> {
        let mut named: Vec<&Form> = Vec::new();
        for name in names {
            let form = self.forms.find(name).ok_or_else(|| {
                let known: Vec<String> = self.forms.forms().map(|form| form.id.clone()).collect();
                Refusal::unknown_form(name, &known)
            })?;
            if !named.iter().any(|known| known.id == form.id) {
                named.push(form);
            }
        }
        Ok(named)
    }

    fn writer(&self, format: Format) -> &Writer<'static> {
        let writer = self.writers.iter().find(|writer| writer.format() == format);
        writer.unwrap_or(&self.writers[0])
    }
}

pub fn routes(largest: usize) -> Router<Arc<Desk>> {
    Router::new()
        .route("/forms", get(catalogue::forms))
        .route("/open", post(open::open))
        .route("/fill", post(fill::fill))
        .route("/files", post(fill::files))
        .route("/schedule", post(schedule::schedule))
        .route("/attach", post(attach::attach))
        .route("/map", post(map::map))
        .route("/roster", get(roster::roster))
        .route("/draft", post(draft::draft))
        .route("/draft/page", post(draft::page))
        .route("/draft/definition", post(draft::definition))
        .route("/batches", post(batches::start))
        .route("/batches/{id}", get(batches::events).delete(batches::end))
        .route("/batches/{id}/{file}", get(batches::file))
        .route("/postal/{code}", get(postal))
        .route("/openapi.json", get(|| async { json(DESCRIPTION) }))
        .layer(DefaultBodyLimit::max(largest))
}

/// The places that a postal code is for, as an address begins; and the address that is written in part as
/// each completes it, none for one that names its prefecture.
async fn postal(
    State(desk): State<Arc<Desk>>,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let query = Queried::of(query.as_deref(), &["address"])?;
    let places = postal_places(&code);
    let named: Vec<String> = places.iter().map(ToString::to_string).collect();
    let mut answer = serde_json::json!({"places": named});
    if let Some(written) = query.all("address").next() {
        let is_whole = desk.api.forms.bureaus().prefecture_of_address(written).is_some();
        let whole = places.iter().filter(|_| !is_whole).map(|place| {
            // What has nothing of the place in it, as a building, is behind it.
            completed_address(place, written).unwrap_or_else(|| format!("{place}{written}"))
        });
        answer["addresses"] = whole.collect();
    }
    Ok(json(answer.to_string()))
}

/// Jobs that run at once. With one more than there are cores, each is soon done; with all that come in,
/// all would be late.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    Arc::new(Semaphore::new(cores + 1))
});

/// Works on a thread of its own: filling and painting would hold up other requests.
async fn work<T: Send + 'static>(
    job: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    // It is never closed.
    let turn = Arc::clone(&TURNS).acquire_owned().await;
    // The job goes on when nobody waits for it any more, and so its turn is its own.
    let job = move || {
        let _turn = turn;
        job()
    };
    // A job that panicked is a fault of the program; its words are for its developers.
    tokio::task::spawn_blocking(job).await.unwrap_or_else(|_| Err(Refusal::internal()))
}

/// A JSON answer that is written already.
fn json(text: impl Into<Bytes>) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (kind, text.into()).into_response()
}

/// A report as it stands inside another JSON text, without words for the command line.
fn report(report: &Report, source: &Source, lang: Lang) -> String {
    show::json(&[(source, &report.clone().plain())], lang)
}

/// A file to be saved under its name.
fn download(file: File) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.media_type())),
        (header::CONTENT_DISPOSITION, disposition(&file.name)),
    ];
    (headers, file.bytes).into_response()
}

/// RFC 6266: the name in UTF-8, percent-encoded but for these; and where it is ASCII, as it is, for programs that
/// know no other.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

fn disposition(name: &str) -> HeaderValue {
    let encoded = utf8_percent_encode(name, PLAIN);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let known = match name.chars().all(is_plain) {
        true => format!("filename={name}; "),
        false => String::new(),
    };
    let value = format!("attachment; {known}filename*=UTF-8''{encoded}");
    // Only ASCII letters, digits and signs are left.
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use std::sync::{Barrier, mpsc};

    use super::*;

    #[test]
    fn a_job_that_nobody_waits_for_keeps_its_turn() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let jobs = std::thread::available_parallelism().map_or(1, NonZero::get) + 1;
        let gate = Arc::new(Barrier::new(jobs + 1));
        let (sender, started) = mpsc::channel();
        runtime.block_on(async {
            for _ in 0..jobs {
                let (gate, sender) = (Arc::clone(&gate), sender.clone());
                let answer = tokio::spawn(work(move || {
                    sender.send(()).unwrap();
                    gate.wait();
                    Ok(())
                }));
                while started.try_recv().is_err() {
                    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                }
                // As when the client leaves, or the time is over.
                answer.abort();
                assert!(answer.await.is_err());
            }
        });
        let free = TURNS.available_permits();
        gate.wait();
        assert_eq!(free, 0);
    }
}
