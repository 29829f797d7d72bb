//! The page in the browser and its HTTP API, on this computer.
//!
//! In: requests. Out: what the rooms below make of them, and the files of the page. Nothing is kept
//! between requests but a batch and its files, in a temporary folder that goes with the server.
//! This room must not read or name a file of the user's: everything comes in a request and goes out in
//! an answer.

mod api;
mod lock;
mod page;
mod refusal;

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZero;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::calendar::Date;
use crate::form::Forms;
use crate::report::{Explain, Lang, Text, system};
use lock::Lock;

/// How the server is run. Everything has a default: any free port of this computer alone, a new key.
#[derive(Clone, Debug)]
pub struct Options {
    address: SocketAddr,
    key: Option<String>,
    today: Option<Date>,
    lang: Lang,
    limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            key: None,
            today: None,
            lang: Lang::Ja,
            limits: Limits::default(),
        }
    }
}

impl Options {
    /// Where to listen; port 0 is any free one.
    pub fn address(self, address: SocketAddr) -> Self {
        Options { address, ..self }
    }

    /// The key that every request must show, in place of a new one.
    pub fn key(self, key: impl Into<String>) -> Self {
        Options { key: Some(key.into()), ..self }
    }

    /// The day deadlines are measured from, in place of today.
    pub fn today(self, today: Date) -> Self {
        Options { today: Some(today), ..self }
    }

    /// The language of answers to requests that name none.
    pub fn lang(self, lang: Lang) -> Self {
        Options { lang, ..self }
    }
}

/// What one request may cost.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// The largest body, in bytes.
    body: usize,
    /// How long a body may take to arrive, and an answer to be made.
    patience: Duration,
    /// How many requests are worked on at once.
    at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { body: crate::MAX_BYTES, patience: Duration::from_secs(20), at_once: 64 }
    }
}

/// Why the server does not run.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServeError {
    /// The address cannot be listened to.
    Address(SocketAddr, io::Error),
    /// The system refuses what a server needs.
    System(io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for ServeError {}

impl Explain for ServeError {
    fn message(&self) -> Text {
        match self {
            ServeError::Address(address, error) => {
                let why = system(error);
                Text::new(
                    format!("{address} で待ち受けられません: {}", why.ja),
                    format!("cannot listen on {address}: {}", why.en),
                )
            }
            ServeError::System(error) => {
                let why = system(error);
                Text::new(
                    format!("サーバーを起動できません: {}", why.ja),
                    format!("the server cannot start: {}", why.en),
                )
            }
        }
    }

    fn hint(&self) -> Option<Text> {
        match self {
            ServeError::Address(_, error) if error.kind() == io::ErrorKind::AddrInUse => {
                Some(Text::new(
                    "ほかのプログラムが使っています。--port で別の番号を指定するか、--port を省いてください",
                    "another program uses it; give another --port, or leave it out",
                ))
            }
            _ => None,
        }
    }
}

/// Serves until Ctrl-C (or `SIGTERM`); `started` is given the address to open, with its key.
///
/// The forms stay for as long as the program runs.
///
/// # Errors
/// When the address cannot be listened to.
pub fn run(
    forms: &'static Forms,
    options: Options,
    started: impl FnOnce(&str),
) -> Result<(), ServeError> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    try_threads(workers).map_err(ServeError::System)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .map_err(ServeError::System)?;
    let outcome = runtime.block_on(async {
        let server = Server::bind(forms, options).await?;
        started(&server.url());
        let folder = server.desk.api.folder();
        server.serve(interrupted()).await.map(|()| folder)
    });
    // Work that has begun must not keep the program from ending.
    runtime.shutdown_timeout(Duration::from_secs(1));
    // It is gone already, unless a batch did not stop in time.
    let _ = std::fs::remove_dir_all(outcome?);
    Ok(())
}

/// What every request needs.
struct Desk {
    api: api::Api,
    lock: Lock,
    limits: Limits,
    lang: Lang,
}

/// Starts so many threads at once and ends them: tokio panics where one of its own cannot be started.
fn try_threads(count: usize) -> io::Result<()> {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        let closed = gate.lock();
        let wait = || drop(gate.lock());
        let started =
            (0..count).try_for_each(|_| thread::Builder::new().spawn_scoped(scope, wait).map(drop));
        drop(closed);
        started
    })
}

struct Server {
    listener: TcpListener,
    address: SocketAddr,
    desk: Arc<Desk>,
    /// Told when the server ends, so that open streams end too.
    ending: watch::Sender<bool>,
}

impl Server {
    async fn bind(forms: &'static Forms, options: Options) -> Result<Self, ServeError> {
        let Options { address, key, today, lang, limits } = options;
        let refused = |error| ServeError::Address(address, error);
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let key = key.map_or_else(lock::new_key, Ok).map_err(ServeError::System)?;
        let lock = Lock::new(address, key, limits.at_once);
        let (ending, ended) = watch::channel(false);
        let api = api::Api::new(forms, today, ended).map_err(ServeError::System)?;
        Ok(Server { listener, address, desk: Arc::new(Desk { api, lock, limits, lang }), ending })
    }

    /// The address to open, with the key.
    fn url(&self) -> String {
        let port = self.address.port();
        let shown: SocketAddr = match self.address.ip() {
            // This computer reaches itself there; not every system takes IPv4 where IPv6 is asked for.
            IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, port).into(),
            IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, port).into(),
            _ => self.address,
        };
        format!("http://{shown}/?key={}", self.desk.lock.key())
    }

    async fn serve(
        self,
        until: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let Server { listener, address, desk, ending } = self;
        let ended = ending.subscribe();
        let stopped = Arc::clone(&desk);
        let stop = async move {
            until.await;
            stopped.api.stop();
            // Nobody listens when no stream is open.
            let _ = ending.send(true);
        };
        let serving = axum::serve(listener, router(desk)).with_graceful_shutdown(stop);
        tokio::select! {
            done = async { serving.await } => done.map_err(|error| ServeError::Address(address, error)),
            // A client that never ends its request must not keep the server.
            () = lingering(ended) => Ok(()),
        }
    }
}

/// Two seconds after the server was told to end.
async fn lingering(mut ended: watch::Receiver<bool>) {
    if ended.wait_for(|ended| *ended).await.is_err() {
        // The sender is gone, and with it the server.
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
}

/// Ends when somebody wants the program to end.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .merge(page::routes())
        .nest("/api/v1", api::routes(desk.limits.body))
        .fallback(|| async { refusal::Refusal::not_found() })
        .method_not_allowed_fallback(|| async { refusal::Refusal::method() })
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&desk), lock::guard))
        .with_state(desk)
}

#[cfg(test)]
mod tests;
