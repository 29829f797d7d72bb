//! How many `POST /fill` a second the server answers on loopback, and how late the slowest of a hundred:
//! `cargo bench --bench serve [-- REQUESTS [CONNECTIONS]]`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const FORM: &str = "introduction-plan";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let mut asked = arguments.iter().filter_map(|argument| argument.parse().ok());
    // `cargo test` runs benches too, with few requests to see that they work.
    let requests = asked.next().unwrap_or(if is_bench { 20_000 } else { 10 });
    let connections: usize = asked.next().unwrap_or(if is_bench { 32 } else { 2 });
    let server = Server::start();
    let record = server.open(&std::fs::read("samples/clinic.yaml").expect("the sample is there"));
    let body =
        format!("{{\"record\": {record}, \"forms\": [\"{FORM}\"], \"today\": \"2024-01-10\"}}");
    let request = server.request("fill", body.as_bytes());
    // Fonts and definitions are read once a process.
    run(&server, &request, connections * 4, connections);
    let before = server.memory();
    let (seconds, mut times) = run(&server, &request, requests, connections);
    let after = server.memory();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "requests  connections  per second  p50 ms  p99 ms  worst ms  memory MB before  after"
    );
    println!(
        "{requests:>8}  {connections:>11}  {:>10.0}  {:>6.1}  {:>6.1}  {:>8.1}  {:>16}  {:>5}",
        requests as f64 / seconds,
        at(0.5),
        at(0.99),
        at(1.0),
        megabytes(before),
        megabytes(after),
    );
}

fn megabytes(kilobytes: Option<u64>) -> String {
    kilobytes.map_or_else(|| "–".to_owned(), |kb| format!("{:.0}", kb as f64 / 1024.0))
}

/// Sends a request so many times over as many connections; how long it took, and each answer.
fn run(
    server: &Server,
    request: &[u8],
    requests: usize,
    connections: usize,
) -> (f64, Vec<Duration>) {
    let left = AtomicUsize::new(requests);
    let started = Instant::now();
    let times = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = Connection::open(server);
                    let mut times = Vec::new();
                    while left
                        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                        .is_ok()
                    {
                        let sent = Instant::now();
                        connection.ask(request);
                        times.push(sent.elapsed());
                    }
                    times
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    });
    (started.elapsed().as_secs_f64(), times)
}

/// The program, serving.
struct Server {
    child: Child,
    host: String,
    key: String,
}

impl Server {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onshi"));
        command.args(["serve", "--no-open", "--quiet"]).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut line = String::new();
        let out = child.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("the address comes first");
        let address = line.trim().strip_prefix("http://").expect("an address");
        let (host, key) = address.split_once("/?key=").expect("a key");
        Server { host: host.to_owned(), key: key.to_owned(), child }
    }

    fn request(&self, path: &str, body: &[u8]) -> Vec<u8> {
        let (host, key, length) = (&self.host, &self.key, body.len());
        let head = format!(
            "POST /api/v1/{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nContent-Length: {length}\r\n\r\n"
        );
        [head.as_bytes(), body].concat()
    }

    /// The record in a file, as JSON.
    fn open(&self, file: &[u8]) -> serde_json::Value {
        let answer = Connection::open(self).ask(&self.request("open", file));
        let mut answer: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
        answer["record"].take()
    }

    /// The memory it has now, in kB.
    fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(server: &Server) -> Self {
        let stream = TcpStream::connect(&server.host).expect("the server listens");
        stream.set_nodelay(true).expect("a socket takes the option");
        Connection(BufReader::new(stream))
    }

    /// The body of the answer, which must be a good one.
    fn ask(&mut self, request: &[u8]) -> Vec<u8> {
        self.0.get_mut().write_all(request).expect("the server reads");
        let mut length = 0;
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a status");
        assert!(line.contains(" 200 "), "{line}");
        while line.trim() != "" {
            line.clear();
            self.0.read_line(&mut line).expect("a header");
            if let Some(written) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = written.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("the whole body");
        body
    }
}
