//! `onshi serve`: the page in the browser and its API.

use std::borrow::Cow;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;

use onshi::report::Text;
use onshi::serve::{self, Options};

use super::args::Serve;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::to_stdout;
use super::pages;

/// The fewest characters of a key that somebody else chose.
const SHORTEST_KEY: usize = 16;

pub fn run(args: &Serve, context: &Context) -> Result<(), Stop> {
    pages::usual();
    let forms = match context.forms()? {
        Cow::Borrowed(forms) => forms,
        // They are needed until the program ends.
        Cow::Owned(forms) => Box::leak(Box::new(forms)),
    };
    let ip = args.listen.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let address = SocketAddr::new(ip, args.port.unwrap_or(0));
    let mut options = Options::default().address(address).lang(context.terminal.lang);
    if let Some(path) = &args.token_file {
        options = options.key(key(path)?);
    }
    if let Some(today) = context.asked_today() {
        options = options.today(today);
    }
    serve::run(forms, options, |url| {
        // Whoever started the program reads the address there, or does not care.
        let _ = to_stdout(format!("{url}\n").as_bytes());
        context.terminal.note(&Text::new(
            "この PC の中だけで動いています。終えるときは Ctrl-C を押してください",
            "this runs on this computer alone; Ctrl-C ends it",
        ));
        if !args.no_open && opener::open(url).is_err() {
            context.terminal.note(&Text::new(
                "ブラウザーを開けません。上の URL をブラウザーで開いてください",
                "the browser cannot be opened: open the URL above in it",
            ));
        }
    })
    .map_err(|error| Failure::of(&error).into())
}

/// The key in a file: its text without the line break at its end.
fn key(path: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
    let key = text.trim();
    let is_sound = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if key.len() < SHORTEST_KEY || !key.chars().all(is_sound) {
        let path = path.display();
        return Err(Failure::new(Text::new(
            format!("{path} の鍵が使えません"),
            format!("the key in {path} cannot be used"),
        ))
        .with_hint(Text::new(
            format!("英数字と - . _ ~ で {SHORTEST_KEY} 文字以上にしてください"),
            format!("write {SHORTEST_KEY} or more letters, digits and - . _ ~"),
        )));
    }
    Ok(key.to_owned())
}
