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
        context.terminal.note(&reach(ip));
        if !args.no_open && opener::open(url).is_err() {
            context.terminal.note(&Text::new(
                "ブラウザーを開けません。上の URL をブラウザーで開いてください",
                "the browser cannot be opened: open the URL above in it",
            ));
        }
    })
    .map_err(|error| Failure::of(&error).into())
}

/// Who can reach the server, and how it is ended.
fn reach(ip: IpAddr) -> Text {
    let known = ip.to_canonical();
    if known.is_loopback() {
        return Text::new(
            "この PC の中だけで動いています。終えるときは Ctrl-C を押してください",
            "this runs on this computer alone; Ctrl-C ends it",
        );
    }
    let (ja, en) = match known.is_unspecified() {
        // A name that another computer knows it by is refused: see the lock of `serve`.
        true => (
            format!(
                "この PC のすべての IP アドレス（{ip}）で待ち受けています。ほかの PC では、URL のアドレスをこの PC の IP アドレスに書き換えて開きます"
            ),
            format!(
                "this listens on every IP address of this computer ({ip}); on another computer, put this computer's IP address in place of the one in the URL"
            ),
        ),
        false => (
            format!("{ip} で待ち受けています。ほかの PC からも、上の URL で開けます"),
            format!("this listens on {ip}; other computers can open the URL above too"),
        ),
    };
    Text::new(
        format!(
            "{ja}。通信は暗号化されないため、鍵と記録の内容をネットワークで読み取られるおそれがあります。終えるときは Ctrl-C を押してください"
        ),
        format!(
            "{en}. The connection is not encrypted: the key and the records can be read on the network. Ctrl-C ends it"
        ),
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_address_is_named_with_its_danger() {
        for local in ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"] {
            assert!(reach(local.parse().unwrap()).en.contains("this computer alone"), "{local}");
        }
        for open in ["0.0.0.0", "::", "192.168.1.5", "2001:db8::1"] {
            let Text { ja, en } = reach(open.parse().unwrap());
            assert!(en.contains(open) && en.contains("not encrypted"), "{en}");
            assert!(ja.contains(open) && ja.contains("暗号化されない"), "{ja}");
            let is_any = ["0.0.0.0", "::"].contains(&open);
            assert_eq!(en.contains("in place of the one in the URL"), is_any, "{en}");
        }
    }
}
