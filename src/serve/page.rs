//! The files of the page, compiled in.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Desk;
use super::refusal::Refusal;
use crate::font::Face;

/// A file of `page/`.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("page/", $name)) as &[u8])),*]
    };
}

const FILES: &[(&str, &[u8])] = &files![
    "api.js",
    "attach.js",
    "calendar.js",
    "chips.js",
    "dates.js",
    "dom.js",
    "down.svg",
    "draft.js",
    "drop.js",
    "field.js",
    "groups.js",
    "icon.svg",
    "index.html",
    "main.js",
    "make.js",
    "match.js",
    "page.css",
    "paper.js",
    "print.css",
    "record.js",
    "roster.js",
    "session.js",
    "types.js",
    "words.js",
];

/// What the page is called in `FILES`.
const INDEX: &str = "index.html";

pub fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/", get(|| async { asset(INDEX) }))
        .route("/assets/{name}", get(|Path(name): Path<String>| async move { asset(&name) }))
        .route("/fonts/{name}", get(|Path(name): Path<String>| async move { font(&name) }))
}

fn asset(name: &str) -> Result<Response, Refusal> {
    let file = FILES.iter().find(|(known, _)| *known == name);
    let (name, bytes) = file.ok_or_else(Refusal::not_found)?;
    Ok(([(header::CONTENT_TYPE, media_type(name))], *bytes).into_response())
}

/// The fonts that the pages are typeset in; IPAmj明朝, of 46 MB, comes as outlines instead.
fn font(name: &str) -> Result<Response, Refusal> {
    let face = match name {
        "BIZUDMincho-Regular.ttf" => Face::Mincho,
        "BIZUDGothic-Regular.ttf" => Face::Gothic,
        "BIZUDGothic-Bold.ttf" => Face::Bold,
        _ => return Err(Refusal::not_found()),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("font/ttf")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400")),
    ];
    Ok((headers, face.data()).into_response())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/serve/page");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let there: BTreeSet<String> = names.map(|name| name.into_string().unwrap()).collect();
        let listed: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(listed, there);
        for name in listed {
            assert_ne!(media_type(&name), "application/octet-stream", "{name}");
        }
    }
}
