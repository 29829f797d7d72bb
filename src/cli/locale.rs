//! Which language to speak, decided before the command line is parsed: its help and its errors
//! are in that language too.

use std::ffi::{OsStr, OsString};

use clap::ValueEnum;
use onshi::report::Lang;

use super::args::Language;

/// The language `--lang` asks for, else the system's.
pub fn lang(args: &[OsString]) -> Lang {
    asked::<Language>(args, "--lang")
        .map_or_else(|| of(sys_locale::get_locale().as_deref()), Lang::from)
}

/// The value of a global option, if it is there and one of its choices. The last one counts.
pub fn asked<T: ValueEnum>(args: &[OsString], option: &str) -> Option<T> {
    let mut found = None;
    let mut args = args.iter().map(OsString::as_os_str);
    while let Some(arg) = args.next().filter(|arg| *arg != "--") {
        let value = if arg == option {
            args.next().and_then(OsStr::to_str)
        } else {
            let arg = arg.to_str().and_then(|arg| arg.strip_prefix(option));
            arg.and_then(|arg| arg.strip_prefix('='))
        };
        found = value.and_then(|v| T::from_str(v, false).ok()).or(found);
    }
    found
}

/// The language of a locale's name: `ja`, `ja-JP`, `ja_JP.UTF-8` are Japanese.
fn of(locale: Option<&str>) -> Lang {
    let language = locale.and_then(|name| name.split(['-', '_', '.', '@']).next());
    match language {
        Some(language) if language.eq_ignore_ascii_case("ja") => Lang::Ja,
        _ => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang_in(args: &[&str]) -> Option<Language> {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        asked(&args, "--lang")
    }

    #[test]
    fn the_option_is_found_wherever_it_stands() {
        assert_eq!(lang_in(&["onshi", "--lang", "ja"]), Some(Language::Ja));
        assert_eq!(lang_in(&["onshi", "fill", "--lang=en"]), Some(Language::En));
        assert_eq!(lang_in(&["onshi", "--lang", "fr", "--lang", "ja"]), Some(Language::Ja));
        assert_eq!(lang_in(&["onshi", "--lang", "fr"]), None);
        assert_eq!(lang_in(&["onshi", "--lang"]), None);
        assert_eq!(lang_in(&["onshi", "--language=ja"]), None);
        assert_eq!(lang_in(&["onshi", "fill", "--", "--lang", "ja"]), None);
    }

    #[test]
    fn japanese_locales() {
        for name in ["ja", "ja-JP", "ja_JP.UTF-8", "JA"] {
            assert_eq!(of(Some(name)), Lang::Ja, "{name}");
        }
        for name in ["en-US", "C", "jam", ""] {
            assert_eq!(of(Some(name)), Lang::En, "{name}");
        }
        assert_eq!(of(None), Lang::En);
    }
}
