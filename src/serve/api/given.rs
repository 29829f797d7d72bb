//! What comes in a request: JSON bodies, uploaded files, and how records are written in them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::Opened;
use crate::calendar::{Date, parse_date};
use crate::form::Forms;
use crate::record::{self, Record};
use crate::report::{Lang, Text};
use crate::serve::Desk;
use crate::serve::refusal::Refusal;

/// What a map is called in reports.
pub const MAP: &str = "map.yaml";
/// What a record is called in reports.
pub const RECORD: &str = "record";

/// The whole body, within its limits of size and time, and who asks.
pub struct Body {
    pub bytes: Bytes,
    pub parts: Parts,
}

impl FromRequest<Arc<Desk>> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let read = tokio::time::timeout(desk.limits.patience, Bytes::from_request(whole, desk));
        let read = read.await.map_err(|_| Refusal::slow_body())?;
        let bytes = read.map_err(|error| unread(error.into_response().status(), desk))?;
        Ok(Body { bytes, parts })
    }
}

fn unread(status: StatusCode, desk: &Desk) -> Refusal {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(desk.limits.body),
        _ => Refusal::body(Text::new("本文を読めません", "the body cannot be read")),
    }
}

impl Body {
    /// The language that the request asks for in its headers.
    pub fn lang(&self, desk: &Desk) -> Lang {
        crate::serve::lock::lang(&self.parts.headers).unwrap_or(desk.lang)
    }

    /// Whether the body is a form with files.
    pub fn is_form(&self) -> bool {
        let kind = self.parts.headers.get(header::CONTENT_TYPE);
        kind.and_then(|kind| kind.to_str().ok())
            .is_some_and(|k| k.starts_with("multipart/form-data"))
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        from_json(&self.bytes)
    }

    /// The parts of a form with files, by name: JSON under `request`, and a file.
    pub async fn form(self, desk: &Arc<Desk>) -> Result<Form, Refusal> {
        let request = Request::from_parts(self.parts, self.bytes.into());
        let wrong = || {
            Refusal::body(Text::new(
                "本文が multipart/form-data ではありません",
                "the body is not multipart/form-data",
            ))
        };
        let mut multipart = Multipart::from_request(request, desk).await.map_err(|_| wrong())?;
        let mut form = Form { request: Bytes::from_static(b"{}"), file: None };
        while let Some(part) = multipart.next_field().await.map_err(|_| wrong())? {
            let file_name = part.file_name().map(str::to_owned);
            let is_request = part.name() == Some("request");
            let bytes = part.bytes().await.map_err(|_| wrong())?;
            match (is_request, file_name) {
                (true, _) => form.request = bytes,
                (false, name) => form.file = Some((name.unwrap_or_default(), bytes)),
            }
        }
        Ok(form)
    }
}

/// The file's own name as the header `X-File-Name` has it, percent-encoded; never more than a name.
pub fn file_name(body: &Body) -> Option<String> {
    let written = body.parts.headers.get("x-file-name")?.to_str().ok()?;
    let whole = decoded(written);
    whole.rsplit(['/', '\\']).next().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// The values of a name in the query of an address, in order.
pub fn queried<'a>(query: &'a str, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(move |(key, _)| *key == name).map(|(_, value)| decoded(value))
}

/// A text out of its percent-encoding.
pub fn decoded(written: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = written.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A form with a file.
pub struct Form {
    request: Bytes,
    file: Option<(String, Bytes)>,
}

impl Form {
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        from_json(&self.request)
    }

    /// The file and its name.
    pub fn file(self) -> Result<(String, Bytes), Refusal> {
        self.file
            .ok_or_else(|| Refusal::body(Text::new("ファイルがありません", "the file is missing")))
    }
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Refusal::body(match error.is_data() {
            true => Text::new(
                format!("本文の {line} 行 {column} 文字目が API の説明と合いません"),
                format!("the body is not as the API says: {error}"),
            ),
            false => Text::new(
                format!("本文の {line} 行 {column} 文字目で JSON として読めなくなります"),
                format!("the body is not JSON: {error}"),
            ),
        })
    })
}

/// Reads a record that is inside a JSON body; a report speaks of lines inside the record.
pub fn record(raw: Option<&RawValue>) -> Result<Record, Refusal> {
    let raw = raw.ok_or_else(no_record)?;
    record::read(RECORD, raw.get().as_bytes())
        .map_err(|(source, report)| Refusal::faulty(report, source))
}

/// The same as a file that was looked into.
pub fn opened(raw: Option<&RawValue>, forms: &Forms) -> Result<Opened, Refusal> {
    let raw = raw.ok_or_else(no_record)?;
    Ok(crate::open(RECORD, raw.get().as_bytes(), forms))
}

fn no_record() -> Refusal {
    Refusal::body(Text::new("record がありません", "there is no record"))
}

/// A language as `"ja"` or `"en"`.
pub fn lang<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Lang>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Name {
        Ja,
        En,
    }
    let name = Option::<Name>::deserialize(deserializer)?;
    Ok(name.map(|name| match name {
        Name::Ja => Lang::Ja,
        Name::En => Lang::En,
    }))
}

/// A day in any spelling that a record may have.
pub fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let written = Option::<String>::deserialize(deserializer)?;
    let date = written.map(|written| parse_date(&written)).transpose();
    date.map_err(|fault| serde::de::Error::custom(fault.message().en))
}
