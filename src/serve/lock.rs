//! Who may ask, and how much: `Host` against names that were bound to this address from outside, `Origin`
//! against pages of other sites, a key against other programs and users, and limits on number and time.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::Desk;
use super::refusal::Refusal;
use crate::report::Lang;

/// What every answer says to the browser.
const HEADERS: [(header::HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The locks of one run.
pub struct Lock {
    address: SocketAddr,
    key: String,
    at_once: Arc<Semaphore>,
}

/// A key nobody can guess: 128 bits from the system.
pub fn new_key() -> io::Result<String> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(io::Error::other)?;
    Ok(bits.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Who comes in, and how.
enum Entry {
    /// With the key in a cookie or a header.
    Known,
    /// With the key in the address, for a cookie.
    New,
}

impl Lock {
    pub fn new(address: SocketAddr, key: String, at_once: usize) -> Self {
        Lock { address, key, at_once: Arc::new(Semaphore::new(at_once)) }
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    /// The cookie's name. Cookies of one host are shared by its ports.
    fn cookie(&self) -> String {
        format!("onshi-{}", self.address.port())
    }

    fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Entry, Refusal> {
        let host = text(headers, header::HOST).ok_or_else(Refusal::host)?;
        if !self.is_own(host) {
            return Err(Refusal::host());
        }
        let is_own_page = text(headers, header::ORIGIN)
            .is_none_or(|origin| origin.strip_prefix("http://").is_some_and(|from| from == host));
        if headers.get_all(header::ORIGIN).iter().count() > 1 || !is_own_page {
            return Err(Refusal::origin());
        }
        let from = text(headers, header::HeaderName::from_static("sec-fetch-site"));
        let is_visit = *method == Method::GET && uri.path() == "/";
        if from.is_some_and(|from| from != "same-origin" && from != "none") && !is_visit {
            return Err(Refusal::origin());
        }
        if is_visit && asked_key(uri).is_some_and(|key| self.is_key(key)) {
            return Ok(Entry::New);
        }
        let bearer = text(headers, header::AUTHORIZATION).and_then(|a| a.strip_prefix("Bearer "));
        let name = self.cookie();
        let cookie = headers.get_all(header::COOKIE).iter().filter_map(|c| c.to_str().ok());
        let mut cookies =
            cookie.flat_map(|c| c.split(';')).filter_map(|c| c.trim().split_once('='));
        let cookie = cookies.find(|(known, _)| *known == name).map(|(_, key)| key);
        match bearer.or(cookie) {
            Some(key) if self.is_key(key) => Ok(Entry::Known),
            _ => Err(Refusal::key()),
        }
    }

    /// Whether a host is this server under a name that nobody else can point at it.
    fn is_own(&self, host: &str) -> bool {
        let own = self.address;
        if let Ok(address) = host.parse::<SocketAddr>() {
            let same = address.ip() == own.ip() || own.ip().is_unspecified();
            return same && address.port() == own.port();
        }
        // Without a port it is that of HTTP.
        let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
        let is_local = own.ip().is_loopback() || own.ip().is_unspecified();
        let ip: Option<IpAddr> = name.trim_matches(['[', ']']).parse().ok();
        let named = name.eq_ignore_ascii_case("localhost") && is_local
            || ip.is_some_and(|ip| ip == own.ip() || own.ip().is_unspecified());
        named && port.parse() == Ok(own.port())
    }

    /// Compares hashes, so that the time it takes tells nothing of the key.
    fn is_key(&self, key: &str) -> bool {
        Sha256::digest(key) == Sha256::digest(&self.key)
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn asked_key(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|part| part.strip_prefix("key="))
}

/// The language a request asks for: the first of its `Accept-Language`.
pub fn lang(headers: &HeaderMap) -> Option<Lang> {
    let asked = text(headers, header::ACCEPT_LANGUAGE)?;
    match asked.trim_start().get(..2)?.to_ascii_lowercase().as_str() {
        "ja" => Some(Lang::Ja),
        "*," | "*;" => None,
        _ => Some(Lang::En),
    }
}

/// Lets a request through, or says why not; dresses every answer.
pub async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let lang = lang(request.headers()).unwrap_or(desk.lang);
    let mut response = match enter(&desk, request, next).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    };
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        response = refusal.answer(lang);
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Records are health care's business: no copy of them stays on a disk.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn enter(desk: &Desk, request: Request, next: Next) -> Result<Response, Refusal> {
    let (lock, limits) = (&desk.lock, desk.limits);
    match lock.check(request.method(), request.uri(), request.headers())? {
        Entry::New => Ok(welcome(lock)),
        Entry::Known => {
            let busy = |_| Refusal::busy(limits.at_once);
            let _place = lock.at_once.try_acquire().map_err(busy)?;
            // The body has its own, shorter, time.
            let answer = tokio::time::timeout(limits.patience * 2, next.run(request)).await;
            answer.map_err(|_| Refusal::slow_answer())
        }
    }
}

/// Takes the key out of the address and into a cookie that no script and no other site can use.
fn welcome(lock: &Lock) -> Response {
    let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", lock.cookie(), lock.key);
    (StatusCode::SEE_OTHER, [(header::LOCATION, "/".to_owned()), (header::SET_COOKIE, cookie)])
        .into_response()
}
