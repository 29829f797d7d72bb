//! Each lock is tried over a real socket.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::oneshot;

use super::*;

const KEY: &str = "0123456789abcdef";
const SAMPLE: &str = r#"{"facility":{"name":"<script>alert(1)</script>","kind":"医科"},"introduction_plan":{"vendor":"</script>&amp;\""}}"#;

/// A server of its own, which ends with the test.
struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    fn start() -> Self {
        Self::with(Limits { body: 1 << 20, patience: Duration::from_secs(3), at_once: 2 })
    }

    fn with(limits: Limits) -> Self {
        Self::of(Forms::built_in(), limits)
    }

    fn of(forms: &'static Forms, limits: Limits) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let options = Options { limits, ..Options::default() };
        let options = options.key(KEY).today(Date::constant(2023, 12, 28)).lang(Lang::En);
        let server = runtime.block_on(Server::bind(forms, options)).unwrap();
        let address = server.address;
        let (stop, stopped) = oneshot::channel();
        let until = async move {
            let _ = stopped.await;
        };
        let thread = std::thread::spawn(move || {
            runtime.block_on(server.serve(until)).unwrap();
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        Running { address, stop: Some(stop), thread: Some(thread) }
    }

    /// What comes back for a whole request: status, head and body.
    fn raw(&self, request: &[u8]) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(request);
        answer(&mut stream)
    }

    fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> (u16, String, Vec<u8>) {
        let host = self.address.to_string();
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head += &format!("Host: {host}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        self.raw(&[head.as_bytes(), body].concat())
    }

    /// With the key.
    fn post(&self, path: &str, body: &str) -> (u16, Value) {
        let bearer = format!("Bearer {KEY}");
        let (status, _, body) = self.ask(
            "POST",
            &format!("/api/v1/{path}"),
            &[("Authorization", &bearer)],
            body.as_bytes(),
        );
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
        let ended = self.thread.take().unwrap().join();
        assert!(ended.is_ok() || std::thread::panicking());
    }
}

fn answer(stream: &mut TcpStream) -> (u16, String, Vec<u8>) {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head, bytes[end + 4..].to_vec())
}

/// The code of a refusal, which has its words and nothing of the program's inside.
fn code(body: &[u8]) -> String {
    let report: Value = serde_json::from_slice(body).expect("a report");
    assert_eq!(report["errors"], 1, "{report}");
    let finding = &report["diagnostics"][0];
    assert!(!finding["message"].as_str().unwrap().is_empty());
    finding["code"].as_str().unwrap().to_owned()
}

#[test]
fn the_key_in_the_address_becomes_a_cookie_that_lets_in() {
    let server = Running::start();
    let (status, head, _) = server.ask("GET", &format!("/?key={KEY}"), &[], b"");
    assert_eq!(status, 303);
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let (status, head, body) = server.ask("GET", "/", &[("Cookie", cookie)], b"");
    assert_eq!(status, 200);
    assert!(head.contains("content-security-policy: default-src 'self';"), "{head}");
    assert!(body.starts_with(b"<!doctype html>"));
    let (status, ..) =
        server.ask("GET", "/fonts/BIZUDMincho-Regular.ttf", &[("Cookie", cookie)], b"");
    assert_eq!(status, 200);
}

#[test]
fn nobody_comes_in_without_the_key_of_this_run() {
    let server = Running::start();
    for headers in [
        &[][..],
        &[("Authorization", "Bearer 0123456789abcdee")],
        &[("Authorization", "Bearer ")],
        &[("Cookie", "onshi-1=0123456789abcdef")],
    ] {
        for path in ["/", "/api/v1/forms", "/assets/main.js", "/?key=guess", "/nowhere"] {
            let (status, _, body) = server.ask("GET", path, headers, b"");
            assert_eq!((status, code(&body).as_str()), (401, "key"), "{path} {headers:?}");
        }
    }
    let other = Running::start();
    let cookie = format!("onshi-{}={KEY}", other.address.port());
    let (status, ..) = server.ask("GET", "/", &[("Cookie", &cookie)], b"");
    assert_eq!(status, 401);
}

#[test]
fn the_url_that_is_shown_leads_to_this_computer() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (listens, shown) in
        [("0.0.0.0:0", "127.0.0.1"), ("[::]:0", "[::1]"), ("127.0.0.1:0", "127.0.0.1")]
    {
        let options = Options::default().key(KEY).address(listens.parse().unwrap());
        // Not every computer has IPv6.
        let Ok(server) = runtime.block_on(Server::bind(Forms::built_in(), options)) else {
            assert_eq!(listens, "[::]:0");
            continue;
        };
        let port = server.address.port();
        assert_eq!(server.url(), format!("http://{shown}:{port}/?key={KEY}"));
    }
}

#[test]
fn another_host_or_origin_is_refused_whatever_key_it_has() {
    let server = Running::start();
    let port = server.address.port();
    let bearer = format!("Bearer {KEY}");
    let key = ("Authorization", bearer.as_str());
    for host in
        ["evil.example", &format!("evil.example:{port}"), "127.0.0.1", "127.0.0.1:1", "localhost:1"]
    {
        let (status, _, body) = server.ask("GET", "/api/v1/forms", &[key, ("Host", host)], b"");
        assert_eq!((status, code(&body).as_str()), (421, "host"), "{host}");
    }
    let local = format!("localhost:{port}");
    assert_eq!(server.ask("GET", "/api/v1/forms", &[key, ("Host", &local)], b"").0, 200);
    for (name, value) in [
        ("Origin", "http://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1:1"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ] {
        let (status, _, body) = server.ask("POST", "/api/v1/fill", &[key, (name, value)], b"{}");
        assert_eq!((status, code(&body).as_str()), (403, "origin"), "{name}: {value}");
    }
    let own = format!("http://{}", server.address);
    let (status, ..) = server.ask("GET", "/api/v1/forms", &[key, ("Origin", &own)], b"");
    assert_eq!(status, 200);
}

#[test]
fn a_body_too_large_too_slow_or_of_another_shape_has_its_own_answer() {
    let server = Running::start();
    let bearer = format!("Bearer {KEY}");
    let key = ("Authorization", bearer.as_str());
    let large = vec![b' '; (1 << 20) + 1];
    for path in ["open", "fill", "files", "batches", "attach"] {
        let (status, _, body) = server.ask("POST", &format!("/api/v1/{path}"), &[key], &large);
        assert_eq!((status, code(&body).as_str()), (413, "too-large"), "{path}");
    }
    let slow = format!(
        "POST /api/v1/fill HTTP/1.1\r\nHost: {}\r\nAuthorization: {bearer}\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{{",
        server.address
    );
    let (status, _, body) = server.raw(slow.as_bytes());
    assert_eq!((status, code(&body).as_str()), (408, "too-slow"));
    for body in ["", "{", "[]", r#"{"record": {}, "folder": "/etc"}"#, r#"{"forms": []}"#] {
        let (status, report) = server.post("fill", body);
        assert_eq!(
            (status, &report["diagnostics"][0]["code"]),
            (400, &Value::from("body")),
            "{body}"
        );
    }
    let (status, report) = server.post("fill", r#"{"record": {}, "forms": ["../../etc/passwd"]}"#);
    assert_eq!((status, &report["diagnostics"][0]["code"]), (400, &Value::from("unknown-form")));
    let (status, _, body) = server.ask("GET", "/api/v1/fill", &[key], b"");
    assert_eq!((status, code(&body).as_str()), (405, "method"));
}

#[test]
fn too_many_at_once_are_told_to_wait() {
    let server =
        Running::with(Limits { body: 1 << 20, patience: Duration::from_secs(5), at_once: 2 });
    let begun = format!(
        "POST /api/v1/fill HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {KEY}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n",
        server.address
    );
    let mut waiting: Vec<TcpStream> =
        (0..2).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    for stream in &mut waiting {
        stream.write_all(begun.as_bytes()).unwrap();
    }
    // Until both are inside.
    let busy = (0..500).find_map(|_| {
        std::thread::sleep(Duration::from_millis(5));
        let bearer = format!("Bearer {KEY}");
        let (status, head, body) =
            server.ask("GET", "/api/v1/forms", &[("Authorization", &bearer)], b"");
        (status == 429).then(|| (head, code(&body)))
    });
    let (head, code) = busy.expect("the third is refused");
    assert!(code == "busy" && head.contains("retry-after: 1"), "{head}");
    for mut stream in waiting {
        stream.write_all(b"{}").unwrap();
        assert_eq!(answer(&mut stream).0, 400);
    }
}

#[test]
fn no_name_reaches_a_path() {
    let server = Running::start();
    let bearer = format!("Bearer {KEY}");
    let key = ("Authorization", bearer.as_str());
    for path in [
        "/assets/../lock.rs",
        "/assets/..%2flock.rs",
        "/fonts/ipamjm.ttf",
        "/assets/%2fetc%2fpasswd",
        "/api/v1/batches/x/..%2f..%2fetc%2fpasswd",
    ] {
        assert_eq!(server.ask("GET", path, &[key], b"").0, 404, "{path}");
    }
    let name = ("X-File-Name", "..%2F..%2Fetc%2Fpasswd.yaml");
    let (status, _, body) = server.ask("POST", "/api/v1/open", &[key, name], b"[1");
    assert_eq!(status, 200);
    let opened: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(opened["report"]["diagnostics"][0]["file"], "passwd.yaml");
}

/// The content type and the body of a form with these parts: each a name, the name of its file and what is in it.
fn form_of(parts: &[(&str, Option<&str>, &[u8])]) -> (String, Vec<u8>) {
    let boundary = "----onshi";
    let mut form = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
        );
        form.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    }
    form.extend(format!("--{boundary}--\r\n").bytes());
    (format!("multipart/form-data; boundary={boundary}"), form)
}

#[test]
fn a_record_opens_under_the_keys_of_the_dictionary_however_its_fields_are_named() {
    let server = Running::start();
    let (status, opened) = server.post("open", "導入計画書: {③: 済み, ④: 未実施}\n");
    let plan = serde_json::json!({"account": "済み", "usage_application": "未実施"});
    assert_eq!((status, &opened["record"]["introduction_plan"]), (200, &plan), "{opened}");
}

/// The page shows the first, and filling what it shows cannot find the second.
#[test]
fn what_a_record_loses_when_it_is_opened_is_reported_with_its_place() {
    let server = Running::start();
    let found = |text: &str| {
        let (status, opened) = server.post("open", text);
        assert_eq!(status, 200);
        let found = opened["report"]["diagnostics"].as_array().unwrap().iter();
        found.map(|d| format!("{} {} {}", d["code"], d["field"], d["line"])).collect::<Vec<_>>()
    };
    let name = r#""duplicate-field" "facility.name" 3"#;
    assert_eq!(found("facility:\n  name: 霞医院\n  name: 見本医院\n"), [name]);
    assert_eq!(found("facility:\n  name: 霞医院\n  名称: 見本医院\n"), [name]);
    let section = r#""duplicate-field" "facility" 2"#;
    assert_eq!(found("facility: {name: 霞医院}\nfacility: {kind: 医科}\n"), [section]);
    assert_eq!(found("{\"facility\": {\"name\": \"霞医院\",\n\n\"name\": \"見本医院\"}}"), [name]);
    let list = "card_reader:\n  products:\n    - product: x\n      product: y\n";
    assert!(found(list).iter().any(|d| d.starts_with(r#""duplicate-field""#)), "{:?}", found(list));
    // Words that YAML reads otherwise than they were meant.
    assert_eq!(
        found("facility:\n  name: “霞医院”\n  address: 東京都港区 #201\n"),
        [r#""quotes" "facility.name" 2"#, r#""comment" "facility.address" 3"#]
    );
    // What is in the JSON too is for filling to say.
    assert_eq!(found("facility: {name: 霞医院, nmae: x}\n"), [""; 0]);
}

/// What would be passed over in silence gives another answer than was asked for.
#[test]
fn what_the_api_does_not_know_is_refused() {
    let server = Running::start();
    let bearer = format!("Bearer {KEY}");
    let key = ("Authorization", bearer.as_str());
    for (query, said) in [
        ("lang=AAA", "lang cannot be `AAA`: it is one of ja, en"),
        ("format=pdf", "format cannot be `pdf`: it is one of xlsx, csv"),
        ("form=%E5%88%A5%E7%B4%991", "there is no `form`: the names are forms, format, lang"),
    ] {
        let (status, _, body) = server.ask("GET", &format!("/api/v1/roster?{query}"), &[key], b"");
        let report: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((status, &report["diagnostics"][0]["message"]), (400, &Value::from(said)));
    }
    let (status, ..) = server.ask("POST", "/api/v1/batches?forms=x", &[key], b"a\n");
    assert_eq!(status, 400);
    for path in ["map", "batches", "attach", "draft/page", "draft/definition"] {
        let request = ("request", None, &b"{}"[..]);
        for given in [vec![], vec![request], vec![("file", Some("a.csv"), &b"a\n1\n"[..])]] {
            let (kind, body) = form_of(&given);
            let kind = ("Content-Type", kind.as_str());
            let path = format!("/api/v1/{path}");
            let (status, _, body) = server.ask("POST", &path, &[key, kind], &body);
            assert_eq!((status, code(&body).as_str()), (400, "body"), "{path}");
        }
    }
    let list = "名称\n見本医院\n".as_bytes();
    let (kind, body) = form_of(&[("list", Some("a.csv"), list)]);
    let kind = ("Content-Type", kind.as_str());
    assert_eq!(server.ask("POST", "/api/v1/map", &[key, kind], &body).0, 200);
    let page = ("request", None, &br#"{"page": 0}"#[..]);
    let (kind, body) = form_of(&[page, ("paper", Some("a.pdf"), b"%PDF-1.7")]);
    let kind = ("Content-Type", kind.as_str());
    let (status, _, body) = server.ask("POST", "/api/v1/draft/page", &[key, kind], &body);
    assert_eq!((status, code(&body).as_str()), (400, "body"));
}

#[test]
fn a_zip_bomb_is_refused() {
    let server = Running::with(Limits::default());
    let mut zip = std::io::Cursor::new(Vec::new());
    let zeros = crate::File::new("xl/workbook.xml", vec![0; 200 << 20]);
    crate::File::zip_to(&mut zip, std::iter::once(Ok(zeros))).unwrap();
    let bearer = format!("Bearer {KEY}");
    let (status, _, body) =
        server.ask("POST", "/api/v1/open", &[("Authorization", &bearer)], &zip.into_inner());
    assert_eq!(status, 200);
    let opened: Value = serde_json::from_slice(&body).unwrap();
    assert!(opened["record"].is_null() && opened["report"]["errors"] == 1, "{opened}");
}

#[test]
fn markup_in_a_record_is_text_on_the_page() {
    let server = Running::start();
    let (status, filled) =
        server.post("fill", &format!(r#"{{"record": {SAMPLE}, "forms": ["別紙2"]}}"#));
    assert_eq!(status, 200, "{filled}");
    let svg = filled["pages"][0]["svg"].as_str().unwrap();
    assert!(!svg.contains("<script") && !svg.contains("</script"), "{svg}");
    assert!(svg.contains("&lt;script") || svg.contains("&lt;"), "{svg}");
    assert!(filled["report"]["errors"].as_u64() > Some(0));
}

#[test]
fn every_page_of_a_form_is_shown_and_all_pictures_are_in_one_zip() {
    let forms = crate::load_forms("tests/forms".as_ref()).unwrap();
    let forms = Box::leak(Box::new(forms));
    let server = Running::of(forms, Limits { body: 1 << 20, ..Limits::default() });
    let devices = (1..=6).map(|i| format!(r#"{{"name": "機器{i}", "count": 1}}"#));
    let devices = devices.collect::<Vec<_>>().join(", ");
    let record = format!(
        r#"{{"facility": {{"name": "霞が関診療所"}}, "register": {{"date": "2024-05-01", "keeper": "見本 花子", "devices": [{devices}]}}}}"#
    );
    let (status, filled) = server.post("fill", &format!(r#"{{"record": {record}}}"#));
    assert_eq!((status, &filled["report"]["errors"]), (200, &Value::from(0)), "{filled}");
    let pages = filled["pages"].as_array().unwrap();
    let numbers: Vec<_> = pages.iter().map(|page| (&page["page"], &page["pages"])).collect();
    let number = |i: u64| (Value::from(i), Value::from(3));
    let expected = [number(1), number(2), number(3)];
    assert_eq!(numbers, expected.iter().map(|(page, all)| (page, all)).collect::<Vec<_>>());
    assert!(pages[2]["svg"].as_str().unwrap().contains("機器6"), "{}", pages[2]["svg"]);
    let bearer = format!("Bearer {KEY}");
    let body = format!(r#"{{"record": {record}, "format": "svg"}}"#);
    let (status, _, zip) =
        server.ask("POST", "/api/v1/files", &[("Authorization", &bearer)], body.as_bytes());
    assert_eq!(status, 200);
    let zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let mut names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort_unstable();
    assert_eq!(names, [1, 2, 3].map(|i| format!("record_everything_{i}.svg")));
}

#[test]
fn a_batch_tells_its_progress_and_gives_its_files() {
    let server = Running::with(Limits { patience: Duration::from_secs(60), ..Limits::default() });
    let roster = std::fs::read("docs/samples/members.csv").unwrap();
    let bearer = format!("Bearer {KEY}");
    let key = ("Authorization", bearer.as_str());
    let (status, _, body) = server.ask(
        "POST",
        "/api/v1/batches?form=%E5%88%A5%E7%B4%991",
        &[key, ("X-File-Name", "members.csv")],
        &roster,
    );
    assert_eq!(status, 202, "{}", String::from_utf8_lossy(&body));
    let started: Value = serde_json::from_slice(&body).unwrap();
    let (status, head, body) = server.ask("GET", started["events"].as_str().unwrap(), &[key], b"");
    assert!(status == 200 && head.contains("text/event-stream"), "{head}");
    let events = String::from_utf8(body).unwrap();
    let done = events.split("event: done\n").nth(1).expect("it ends");
    let done = done.split("data: ").nth(1).unwrap().lines().next().unwrap();
    let done: Value = serde_json::from_str(done).unwrap();
    assert!(done["made"].as_u64() > Some(0), "{done}");
    for file in done["files"].as_array().unwrap() {
        let (status, head, _) = server.ask("GET", file["address"].as_str().unwrap(), &[key], b"");
        assert_eq!(status, 200, "{file}");
        assert!(head.contains("attachment"), "{head}");
    }
    let id = started["id"].as_str().unwrap();
    assert_eq!(server.ask("DELETE", &format!("/api/v1/batches/{id}"), &[key], b"").0, 204);
    assert_eq!(server.ask("GET", &format!("/api/v1/batches/{id}"), &[key], b"").0, 404);
}

/// Whether a value has what a schema of the description asks for, as deep as it says.
fn assert_described(value: &Value, schema: &Value, all: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return assert_described(value, &all["components"]["schemas"][name], all, at);
    }
    if let (Some(map), Some(known)) = (value.as_object(), schema["properties"].as_object()) {
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(map.contains_key(name.as_str().unwrap()), "{at} lacks {name}");
        }
        for (name, inside) in map {
            let Some(schema) = known.get(name) else {
                assert_ne!(schema["additionalProperties"], false, "{at}.{name} is not described");
                continue;
            };
            assert_described(inside, schema, all, &format!("{at}.{name}"));
        }
    }
    for item in value.as_array().into_iter().flatten() {
        assert_described(item, &schema["items"], all, at);
    }
}

#[test]
fn answers_are_as_they_are_described() {
    let server = Running::with(Limits::default());
    let bearer = format!("Bearer {KEY}");
    let key = ("Authorization", bearer.as_str());
    let get = |path: &str| {
        let (status, _, body) = server.ask("GET", &format!("/api/v1/{path}"), &[key], b"");
        assert_eq!(status, 200, "{path}");
        serde_json::from_slice::<Value>(&body).unwrap()
    };
    let all = get("openapi.json");
    let schema = |name: &str| all["components"]["schemas"][name].clone();
    assert_described(&get("forms"), &schema("Catalogue"), &all, "forms");
    let sample = std::fs::read("samples/clinic.yaml").unwrap();
    let (_, _, body) = server.ask("POST", "/api/v1/open", &[key], &sample);
    let opened: Value = serde_json::from_slice(&body).unwrap();
    assert_described(&opened, &schema("Opened"), &all, "open");
    let record = &opened["record"];
    let (status, filled) = server.post("fill", &format!(r#"{{"record": {record}}}"#));
    assert_eq!(status, 200);
    assert_eq!(filled["report"]["errors"], 0, "{}", filled["report"]);
    let whole = crate::record::read("clinic.yaml", &sample).unwrap();
    let whole = crate::fill(&whole, Forms::built_in(), &[], Date::constant(2023, 12, 28));
    assert_eq!(
        filled["pages"].as_array().unwrap().len(),
        whole.draft().len(),
        "{}",
        filled["report"]
    );
    assert_described(&filled, &schema("Filled"), &all, "fill");
    let (status, schedule) = server.post("schedule", &format!(r#"{{"record": {record}}}"#));
    assert_eq!(status, 200, "{schedule}");
    assert_described(&schedule, &schema("Schedule"), &all, "schedule");
    let (status, refused) = server.post("files", r#"{"record": {"introduction_plan": {}}}"#);
    assert_eq!(status, 422);
    assert_described(&refused, &schema("Report"), &all, "files");
    // Every path that is described is there.
    for (path, methods) in all["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let path = path
                .replace("{id}", "x")
                .replace("{code}", "1000013")
                .replace("{file}", "print.pdf");
            let (status, _, body) =
                server.ask(&method.to_uppercase(), &format!("/api/v1{path}"), &[key], b"");
            assert_ne!(status, 405, "{method} {path}");
            let absent = path.contains("/x") && status == 404;
            assert!(absent || status != 404, "{method} {path}: {}", String::from_utf8_lossy(&body));
        }
    }
}

#[test]
fn files_of_each_format_come_under_their_names() {
    let server = Running::with(Limits::default());
    let bearer = format!("Bearer {KEY}");
    let key = ("Authorization", bearer.as_str());
    let sample = std::fs::read("samples/clinic.yaml").unwrap();
    let (_, _, body) = server.ask("POST", "/api/v1/open", &[key], &sample);
    let record = serde_json::from_slice::<Value>(&body).unwrap()["record"].clone();
    for (format, one_file, start, name) in [
        ("pdf", true, &b"%PDF-1.7"[..], "record.pdf"),
        ("pdf", false, b"PK", "record.zip"),
        ("xlsx", true, b"PK", "record.xlsx"),
        ("xlsx", false, b"PK", "record.zip"),
        ("yaml", false, b"facility:", "record.yaml"),
    ] {
        let body =
            format!(r#"{{"record": {record}, "format": "{format}", "one_file": {one_file}}}"#);
        let (status, head, body) = server.ask("POST", "/api/v1/files", &[key], body.as_bytes());
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        assert!(body.starts_with(start), "{format}");
        assert!(head.contains(&format!("filename*=UTF-8''{name}")), "{head}");
        if name == "record.xlsx" {
            // 「開く」 opens it again, with all that the forms have of the record.
            let (_, _, opened) = server.ask("POST", "/api/v1/open", &[key], &body);
            let opened = serde_json::from_slice::<Value>(&opened).unwrap();
            assert_eq!(opened["what"], "workbook");
            assert_eq!(opened["record"]["introduction_plan"], record["introduction_plan"]);
            assert_eq!(opened["report"]["errors"], 0, "{opened}");
        }
    }
    let application = std::fs::read("tests/data/pdf/scan.pdf").unwrap();
    let request = format!(r#"{{"record": {record}}}"#);
    let (kind, form) = form_of(&[
        ("request", None, request.as_bytes()),
        ("application", Some("a.pdf"), &application),
    ]);
    let (status, _, body) =
        server.ask("POST", "/api/v1/attach", &[key, ("Content-Type", &kind)], &form);
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    assert!(body.starts_with(&application));
}

#[test]
fn a_map_is_proposed_corrected_and_used() {
    let server = Running::with(Limits::default());
    let bearer = format!("Bearer {KEY}");
    let key = ("Authorization", bearer.as_str());
    let list =
        "施設名,都道府県,市区町村,番地,TEL,謎\n霞医院,東京都,千代田区,霞が関9-8-7,03-0000-0007,x\n";
    let map = |request: &str| {
        let list = ("list", Some("members.csv"), list.as_bytes());
        let (kind, form) = form_of(&[("request", None, request.as_bytes()), list]);
        let (status, _, body) =
            server.ask("POST", "/api/v1/map", &[key, ("Content-Type", &kind)], &form);
        (status, serde_json::from_slice::<Value>(&body).unwrap())
    };
    let (_, _, body) = server.ask("GET", "/api/v1/openapi.json", &[key], b"");
    let all: Value = serde_json::from_slice(&body).unwrap();
    let (status, proposal) = map(r#"{"forms": ["別紙1"]}"#);
    assert_eq!(status, 200, "{proposal}");
    assert_described(&proposal, &all["components"]["schemas"]["Proposal"], &all, "map");
    let roles: Vec<&str> = proposal["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["field", "joined", "joined", "joined", "field", "open"]);
    assert_eq!(proposal["columns"][4]["field"]["key"], "contact.phone");
    assert!(proposal["missing"].as_array().unwrap().iter().any(|m| m["key"] == "founder.name"));
    // What is chosen is in the map that comes back, and a batch takes that map.
    let request = r#"{"forms": ["別紙1"], "lang": "ja", "columns": [{"column": 5, "key": null}],
        "constants": [{"key": "founder.name", "value": "霞 太郎"}]}"#;
    let (_, chosen) = map(request);
    let yaml = chosen["yaml"].as_str().unwrap();
    assert!(yaml.contains("  - 謎") && yaml.contains("  開設者 氏名: 霞 太郎"), "{yaml}");
    let again = serde_json::json!({"forms": ["別紙1"], "map": yaml});
    let (_, again) = map(&again.to_string());
    assert_eq!(again["report"], Value::Null, "{again}");
    assert_eq!(again["constants"][0]["value"], "霞 太郎");
    assert_eq!(again["columns"][3]["role"], "joined");
    let request = serde_json::json!({"forms": ["別紙1"], "map": yaml}).to_string();
    let roster = ("roster", Some("members.csv"), list.as_bytes());
    let (kind, form) = form_of(&[("request", None, request.as_bytes()), roster]);
    let (status, _, body) =
        server.ask("POST", "/api/v1/batches", &[key, ("Content-Type", &kind)], &form);
    assert_eq!(status, 202, "{}", String::from_utf8_lossy(&body));
    let (status, refused) = map(r#"{"map": "列: {甲: 乙}\n謎: 1"}"#);
    assert_eq!((status, &refused["report"]["errors"]), (200, &Value::from(3)), "{refused}");
    let (status, _) = map(r#"{"map": "a: [1"}"#);
    assert_eq!(status, 422);
}

#[test]
fn an_empty_roster_has_the_columns_of_the_forms_that_are_named() {
    let server = Running::start();
    let bearer = format!("Bearer {KEY}");
    let get = |query: &str| {
        let path = format!("/api/v1/roster{query}");
        server.ask("GET", &path, &[("Authorization", bearer.as_str())], b"")
    };
    let (status, head, body) = get("?forms=receipt-number&format=csv&lang=ja");
    assert_eq!(status, 200);
    assert!(head.contains("filename*=UTF-8''%E5%90%8D%E7%B0%BF.csv"), "{head}");
    let receipt = String::from_utf8(body).unwrap();
    assert!(receipt.contains("受付番号情報提供依頼書 依頼日"), "{receipt}");
    assert!(!receipt.contains("導入計画書"), "{receipt}");
    let (_, _, both) = get("?forms=receipt-number,%E5%88%A5%E7%B4%992&format=csv");
    assert!(String::from_utf8(both).unwrap().contains("導入計画書"));
    let (status, head, book) = get("");
    assert!(status == 200 && head.contains("''roster.xlsx") && book.starts_with(b"PK"), "{head}");
    assert_eq!(get("?format=pdf").0, 400);
    assert_eq!(get("?forms=x").0, 400);
}

#[test]
fn an_address_typed_in_part_is_completed_by_its_postal_code() {
    let server = Running::start();
    let bearer = format!("Bearer {KEY}");
    let addresses = |written: &str| {
        // Every byte, as the page's own encoding is one of these too.
        let written: String = written.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let path = format!("/api/v1/postal/8100001?address={written}");
        let (status, _, body) =
            server.ask("GET", &path, &[("Authorization", bearer.as_str())], b"");
        assert_eq!(status, 200);
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(answer["places"][0], "福岡県福岡市中央区天神");
        answer["addresses"].clone()
    };
    for (written, whole) in [
        ("", "福岡県福岡市中央区天神"),
        ("天神9-9-9", "福岡県福岡市中央区天神9-9-9"),
        ("福岡市中央区渡辺通1-1", "福岡県福岡市中央区渡辺通1-1"),
        ("みなみビル", "福岡県福岡市中央区天神みなみビル"),
    ] {
        assert_eq!(addresses(written), serde_json::json!([whole]), "{written}");
    }
    assert_eq!(addresses("東京都千代田区霞が関1-1"), serde_json::json!([]));
}

#[test]
fn no_answer_gives_options_of_the_command_line() {
    let server = Running::start();
    let (status, filled) = server.post("fill", r#"{"record": {"facility": {}}, "lang": "en"}"#);
    let hint = filled["report"]["diagnostics"][0]["hint"].as_str().unwrap_or_default();
    assert_eq!(status, 200, "{filled}");
    assert!(hint.starts_with("write one of") && !hint.contains("--"), "{filled}");
}

#[test]
fn the_guide_names_every_path_and_every_code() {
    let guide = include_str!("../../docs/api.md");
    let all: Value = serde_json::from_str(include_str!("api/openapi.json")).unwrap();
    for path in all["paths"].as_object().unwrap().keys() {
        let shown =
            path.replace("{id}", "$ID").replace("{code}", "1000013").replace("{file}", "print.pdf");
        assert!(
            guide.contains(&format!("$URL{shown}")) || guide.contains(&format!("/api/v1{shown}")),
            "{path}"
        );
    }
    let sources = [
        include_str!("refusal.rs"),
        include_str!("api/fill.rs"),
        include_str!("api/attach.rs"),
        include_str!("api/draft.rs"),
    ];
    let named = sources.iter().flat_map(|source| source.split(['"', '`']));
    let codes = named.filter(|word| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    });
    let known =
        ["draft", "too-slow", "unknown-form", "busy", "attach", "paint", "key", "host", "origin"];
    let found: Vec<&str> = codes.filter(|word| known.contains(word)).collect();
    for code in known {
        assert!(found.contains(&code), "{code} is not a code any more");
        assert!(guide.contains(&format!("| `{code}` |")), "{code}");
    }
}

#[test]
fn the_page_offers_every_kind_of_field_in_both_languages() {
    let words = std::fs::read_to_string("src/serve/page/words.js").unwrap();
    let schema = schemars::schema_for!(crate::form::Kind).to_value();
    let kinds = schema["oneOf"].as_array().unwrap();
    let names = kinds.iter().map(|kind| kind["const"].as_str().unwrap());
    let names: Vec<&str> = names.filter(|name| !["section", "list"].contains(name)).collect();
    assert!(names.len() > 10, "{names:?}");
    let offered: Vec<&str> = words.split("draftKinds: ").skip(1).collect();
    assert_eq!(offered.len(), 2);
    for offered in offered {
        let offered = &offered[offered.find("text:").unwrap()..];
        let offered = &offered[..offered.find('}').unwrap()];
        for name in &names {
            let is_there = [format!("{name}: "), format!("\"{name}\": ")];
            assert!(is_there.iter().any(|key| offered.contains(key)), "{name}: {offered}");
        }
    }
}
