//! What comes in a request: JSON bodies, uploaded files, and how records are written in them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use percent_encoding::percent_decode_str;
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

    /// The parts of a form with files, by name: JSON under `request`, and the file under its own name.
    pub async fn form(self, desk: &Arc<Desk>, file: &'static str) -> Result<Form, Refusal> {
        let request = Request::from_parts(self.parts, self.bytes.into());
        let wrong = || {
            Refusal::body(Text::new(
                "本文が multipart/form-data ではありません",
                "the body is not multipart/form-data",
            ))
        };
        let mut multipart = Multipart::from_request(request, desk).await.map_err(|_| wrong())?;
        let (mut json, mut given) = (Bytes::from_static(b"{}"), None);
        while let Some(part) = multipart.next_field().await.map_err(|_| wrong())? {
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().unwrap_or_default().to_owned();
            if name != "request" && name != file {
                return Err(unknown(&name, &["request", file]));
            }
            let bytes = part.bytes().await.map_err(|_| wrong())?;
            match name == file {
                true => given = Some((file_name, bytes)),
                false => json = bytes,
            }
        }
        let file = given.ok_or_else(|| {
            Refusal::body(Text::new(
                format!("本文にファイル「{file}」がありません"),
                format!("the part {file}, a file, is missing in the body"),
            ))
        })?;
        Ok(Form { request: json, file })
    }
}

/// A name that nothing in the request has, and those it may have.
fn unknown(name: &str, known: &[&str]) -> Refusal {
    Refusal::body(Text::new(
        format!("「{name}」という名前は使えません。使えるのは {} です", known.join("、")),
        format!("there is no `{name}`: the names are {}", known.join(", ")),
    ))
}

/// The file's own name as the header `X-File-Name` has it, percent-encoded; never more than a name.
pub fn file_name(body: &Body) -> Option<String> {
    let written = body.parts.headers.get("x-file-name")?.to_str().ok()?;
    let whole = percent_decode_str(written).decode_utf8_lossy();
    whole.rsplit(['/', '\\']).next().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// What stands in the query of an address.
pub struct Queried(Vec<(String, String)>);

impl Queried {
    /// Refuses a name that is not among these: it would be passed over in silence.
    pub fn of(query: Option<&str>, known: &[&str]) -> Result<Self, Refusal> {
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        match pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(unknown(name, known)),
            None => Ok(Queried(pairs)),
        }
    }

    /// The values of a name, in order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of a name that is one of these, or is absent.
    pub fn one_of<T: Copy>(&self, name: &str, known: &[(&str, T)]) -> Result<Option<T>, Refusal> {
        let Some(written) = self.all(name).next() else { return Ok(None) };
        let found = known.iter().find(|(word, _)| *word == written).map(|(_, value)| Some(*value));
        found.ok_or_else(|| {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            Refusal::body(Text::new(
                format!("{name} に「{written}」は使えません。使えるのは {} です", words.join("、")),
                format!("{name} cannot be `{written}`: it is one of {}", words.join(", ")),
            ))
        })
    }
}

/// A form with a file.
pub struct Form {
    request: Bytes,
    file: (String, Bytes),
}

impl Form {
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        from_json(&self.request)
    }

    /// The file and its name.
    pub fn file(self) -> (String, Bytes) {
        self.file
    }
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Refusal::body(match error.is_data() {
            true => Text::new(
                format!("本文の {line} 行 {column} 文字目が API の説明と合いません（{error}）"),
                format!("the body is not as the API says: {error}"),
            ),
            false => Text::new(
                format!(
                    "本文の {line} 行 {column} 文字目で JSON として読めなくなります（{error}）"
                ),
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
