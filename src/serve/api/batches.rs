//! `POST /batches`: the forms of all facilities of a roster, as a job with events and files.
//!
//! A job's files are in a temporary folder that goes with the server. A job whose last listener leaves is
//! stopped, and of the finished ones only the last are kept.

mod job;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body as Stream;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio::sync::watch;

use super::given::{self, Body, Queried};
use super::{disposition, json, work};
use crate::form::Headings;
use crate::report::Lang;
use crate::roster::map::Map;
use crate::serve::Desk;
use crate::serve::lock::new_key;
use crate::serve::refusal::Refusal;
pub use job::roster_file;
use job::{Asked, Job, State as Stage};

/// How many jobs run at once, each on several workers.
const RUNNING: usize = 2;
/// How many jobs are kept, the running ones included.
const KEPT: usize = 8;
/// How often the progress of a job is told.
const EVERY: Duration = Duration::from_millis(100);
/// How much of a file is sent at a time, in bytes.
const CHUNK: usize = 1 << 16;

/// The jobs of a run of the server.
pub struct Batches {
    folder: TempDir,
    jobs: Mutex<VecDeque<Arc<Job>>>,
    ended: watch::Receiver<bool>,
}

impl Batches {
    pub fn new(ended: watch::Receiver<bool>) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("onshi-serve-").tempdir()?;
        Ok(Batches { folder, jobs: Mutex::default(), ended })
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Stops every job.
    pub fn stop(&self) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|job| job.stop());
    }

    fn find(&self, id: &str) -> Result<Arc<Job>, Refusal> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.iter().find(|job| job.id == id).cloned().ok_or_else(Refusal::not_found)
    }

    /// A place for one job more.
    fn add(&self, asked: Asked, roster: &[u8]) -> Result<Arc<Job>, Refusal> {
        let id = new_key().map_err(|_| Refusal::internal())?;
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.iter().filter(|job| !job.is_done()).count() >= RUNNING {
            return Err(Refusal::busy(RUNNING));
        }
        let job = Job::new(id, self.folder.path(), asked, roster);
        let job = Arc::new(job.map_err(|_| Refusal::internal())?);
        jobs.push_back(Arc::clone(&job));
        if jobs.len() > KEPT
            && let Some(oldest) = jobs.iter().position(|job| job.is_done())
        {
            // Its folder goes with the last who reads from it.
            jobs.remove(oldest);
        }
        Ok(job)
    }
}

/// What comes with a roster that has a map.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(default)]
    forms: Vec<String>,
    /// The map, as YAML.
    #[serde(default)]
    map: Option<String>,
    #[serde(default, deserialize_with = "given::lang")]
    lang: Option<Lang>,
}

/// Starts a job: the body is the roster, `?form=…` the forms, `X-File-Name` what the user calls it. Or the body
/// is a form with the roster as a file and the rest as JSON.
pub async fn start(
    State(desk): State<Arc<Desk>>,
    RawQuery(query): RawQuery,
    body: Body,
) -> Result<Response, Refusal> {
    let query = Queried::of(query.as_deref(), &["form"])?;
    let mut forms: Vec<String> = query.all("form").map(str::to_owned).collect();
    let lang = body.lang(&desk);
    let (asked, roster) = if body.is_form() {
        let form = body.form(&desk, "roster").await?;
        let request: Request = form.json()?;
        forms.extend(request.forms);
        let map = request.map.map(|text| {
            Map::read(given::MAP, text.as_bytes(), &Headings::new(desk.api.forms))
                .map_err(|(source, report)| Refusal::faulty(report, source))
        });
        let (name, roster) = form.file();
        let map = map.transpose()?;
        (Asked { name, forms, map, lang: request.lang.unwrap_or(lang) }, roster)
    } else {
        let name = given::file_name(&body).unwrap_or_else(|| "roster".to_owned());
        (Asked { name, forms, map: None, lang }, body.bytes)
    };
    desk.api.named(&asked.forms)?;
    let there = Arc::clone(&desk);
    let job = work(move || there.api.batches.add(asked, &roster)).await?;
    let id = job.id.clone();
    tokio::task::spawn_blocking(move || job.run(&desk.api));
    let address = format!("/api/v1/batches/{id}");
    let answer = json(format!("{{\"id\":\"{id}\",\"events\":\"{address}\"}}"));
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, address)], answer).into_response())
}

/// The events of a job: `progress` while it runs, then `done` with what came of it.
pub async fn events(
    method: Method,
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let job = desk.api.batches.find(&id)?;
    if method == Method::HEAD {
        // Whoever asks for the head alone does not listen, and so does not leave.
        return Ok(Sse::new(stream::empty::<Result<Event, Infallible>>()).into_response());
    }
    let ended = desk.api.batches.ended.clone();
    let listener = Listener::new(job);
    let events =
        stream::unfold((listener, false, ended), |(listener, is_over, mut ended)| async move {
            if is_over || *ended.borrow_and_update() {
                return None;
            }
            let event = match listener.0.stage() {
                Stage::Done(result) => Event::default().event("done").data(result.as_ref()),
                Stage::Running { done, total } => {
                    tokio::select! {
                        () = tokio::time::sleep(EVERY) => {}
                        _ = ended.changed() => return None,
                    }
                    let progress = format!("{{\"done\":{done},\"total\":{total}}}");
                    return Some((
                        Ok::<_, Infallible>(Event::default().event("progress").data(progress)),
                        (listener, false, ended),
                    ));
                }
            };
            Some((Ok(event), (listener, true, ended)))
        });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

/// Somebody who listens to a job; when the last of them goes, the job is stopped.
struct Listener(Arc<Job>);

impl Listener {
    fn new(job: Arc<Job>) -> Self {
        job.join();
        Listener(job)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// Stops a job, and forgets it with its files.
pub async fn end(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    desk.api.batches.find(&id)?.stop();
    let mut jobs = desk.api.batches.jobs.lock().unwrap_or_else(PoisonError::into_inner);
    jobs.retain(|job| job.id != id);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A file of a finished job: one of the names that its `done` lists, and no other.
pub async fn file(
    State(desk): State<Arc<Desk>>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let job = desk.api.batches.find(&id)?;
    let owner = Arc::clone(&job);
    let asked = name.clone();
    let found = work(move || owner.file(&asked).ok_or_else(Refusal::not_found)).await?;
    let (path, called) = found;
    let file = tokio::fs::File::open(path).await.map_err(|_| Refusal::not_found())?;
    let headers = [
        (header::CONTENT_DISPOSITION, disposition(called)),
        (header::CONTENT_TYPE, HeaderValue::from_static(crate::File::new(name, "").media_type())),
    ];
    // The job stays, and with it its folder, until the file is sent.
    let chunks = stream::try_unfold((file, job), |(mut file, job)| async move {
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk).await?;
        chunk.truncate(read);
        Ok::<_, io::Error>((read > 0).then_some((chunk, (file, job))))
    });
    Ok((headers, Stream::from_stream(chunks)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Watch as _;
    use crate::form::Forms;
    use crate::serve::api::Api;
    use crate::serve::{Limits, Lock};

    #[test]
    fn a_job_stops_with_its_last_listener_and_says_so() {
        let (_ending, ended) = watch::channel(false);
        let desk = Arc::new(Desk {
            api: Api::new(Forms::built_in(), None, ended).unwrap(),
            lock: Lock::new(([127, 0, 0, 1], 1).into(), String::new(), 1),
            limits: Limits::default(),
            lang: Lang::En,
        });
        let asked = Asked { name: "a.csv".into(), forms: Vec::new(), map: None, lang: Lang::En };
        let roster = std::fs::read("docs/samples/members.csv").unwrap();
        let job = desk.api.batches.add(asked, &roster).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ask = |method| {
            let (state, id) = (State(Arc::clone(&desk)), Path(job.id.clone()));
            let answer = runtime.block_on(events(method, state, id)).unwrap();
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
            answer
        };
        let [first, second] = [ask(Method::GET), ask(Method::GET)];
        drop(ask(Method::HEAD));
        drop(first);
        assert!(!job.is_stopped());
        drop(second);
        assert!(job.is_stopped());
        job.run(&desk.api);
        let Stage::Done(result) = job.stage() else { panic!("it runs still") };
        let result: serde_json::Value = serde_json::from_str(&result).unwrap();
        assert_eq!(result["findings"][0]["code"], "stopped", "{result}");
    }
}
