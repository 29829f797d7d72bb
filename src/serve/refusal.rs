//! Answers that refuse: a status, and the Report's JSON with one finding that says why and what to do.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::report::{Diagnostic, Explain, Lang, Report, Source, Text, show};

/// A request that is not done. It gets its language where the answer leaves.
#[derive(Clone, Debug)]
pub struct Refusal {
    status: StatusCode,
    report: Report,
    /// The file that the report speaks about.
    source: Source,
}

impl Refusal {
    fn new(status: StatusCode, code: &str, message: Text, hint: Option<Text>) -> Self {
        let finding = Diagnostic::error(code, message);
        let finding = hint.into_iter().fold(finding, Diagnostic::with_hint);
        Refusal { status, report: finding.into(), source: Source::default() }
    }

    /// A record or a file with errors, told without options of the command line.
    pub fn faulty(report: Report, source: Source) -> Self {
        Refusal { status: StatusCode::UNPROCESSABLE_ENTITY, report: report.plain(), source }
    }

    /// What a room below refuses about what was sent.
    pub fn unprocessable(code: &str, error: &dyn Explain) -> Self {
        let refused =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, error.message(), error.hint());
        Refusal { report: refused.report.plain(), ..refused }
    }

    pub fn host() -> Self {
        Self::new(
            StatusCode::MISDIRECTED_REQUEST,
            "host",
            Text::new(
                "このサーバーの名前ではない宛先（Host）です",
                "the Host header names another server than this one",
            ),
            Some(Text::new(
                "onshi serve が表示した URL を開いてください",
                "open the URL that `onshi serve` printed",
            )),
        )
    }

    pub fn origin() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "origin",
            Text::new(
                "ほかのサイトの画面からの要求です（Origin）",
                "the request comes from a page of another site (Origin)",
            ),
            Some(Text::new(
                "onshi serve が表示した URL の画面で操作してください",
                "use the page at the URL that `onshi serve` printed",
            )),
        )
    }

    pub fn key() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "key",
            Text::new(
                "鍵がないか、このサーバーの鍵ではありません",
                "the key is missing or is not this server's",
            ),
            Some(Text::new(
                "onshi serve が表示した URL（?key=… つき）を開くか、Authorization: Bearer で鍵を送ってください",
                "open the URL that `onshi serve` printed, with its ?key=…, or send the key as Authorization: Bearer",
            )),
        )
    }

    pub fn busy(at_once: usize) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "busy",
            Text::new(
                format!("同時に処理できるのは {at_once} 件までです"),
                format!("at most {at_once} requests are worked on at once"),
            ),
            Some(Text::new(
                "少し待ってから、もう一度送ってください",
                "wait a moment and send it again",
            )),
        )
    }

    pub fn slow_body() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            Text::new("本文が時間内に届きませんでした", "the body did not arrive in time"),
            Some(Text::new("もう一度送ってください", "send it again")),
        )
    }

    pub fn slow_answer() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too-slow",
            Text::new("処理に時間がかかりすぎました", "the answer took too long"),
            Some(Text::new(
                "少し待ってから、もう一度送ってください",
                "wait a moment and send it again",
            )),
        )
    }

    pub fn too_large(limit: usize) -> Self {
        let size = show_size(limit);
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            Text::new(
                format!("本文が大きすぎます。{size} までです"),
                format!("the body is too large: at most {size}"),
            ),
            Some(Text::new(
                "ファイルを分けるか、コマンドラインの onshi を使ってください",
                "split the file, or use onshi on the command line",
            )),
        )
    }

    /// A body that is not what the API's description says: what is wrong with it.
    pub fn body(what: Text) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "body",
            what,
            Some(Text::new(
                "本文の形は /api/v1/openapi.json にあります",
                "/api/v1/openapi.json describes the body",
            )),
        )
    }

    pub fn unknown_form(name: &str, known: &[String]) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "unknown-form",
            Text::new(format!("様式「{name}」はありません"), format!("there is no form {name}")),
            Some(Text::new(
                format!("使えるのは {} です", known.join("、")),
                format!("the forms are {}", known.join(", ")),
            )),
        )
    }

    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            Text::new("このアドレスには何もありません", "there is nothing at this address"),
            None,
        )
    }

    pub fn method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
            Text::new(
                "このアドレスには使えないメソッドです",
                "this address does not take this method",
            ),
            None,
        )
    }

    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            Text::new(
                "プログラムの誤りで処理できませんでした",
                "a fault of the program kept this from being done",
            ),
            Some(Text::new(
                "同じ操作で起きるときは、記録の内容を伏せて報告してください",
                "if it happens again, report it without the contents of the record",
            )),
        )
    }

    /// What it says, for an answer that has more to say.
    pub fn into_report(self) -> Report {
        self.report
    }

    /// The answer in a language.
    pub fn answer(&self, lang: Lang) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let body = show::json(&[(&self.source, &self.report)], lang);
        (self.status, headers, body).into_response()
    }
}

impl IntoResponse for Refusal {
    /// Without its words, which [`super::lock::guard`] adds in the language of the request.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

fn show_size(bytes: usize) -> String {
    match bytes >> 20 {
        0 => format!("{bytes} B"),
        mib => format!("{mib} MiB"),
    }
}
