//! Which language to speak, decided before the command line is parsed: its help and its errors
//! are in that language too.

use std::ffi::{OsStr, OsString};

use clap::ValueEnum;
use clap_lex::RawArgs;
use onshi::report::Lang;

use super::args::Language;

/// The language `--lang` asks for, else the system's.
pub fn lang(args: &[OsString]) -> Lang {
    asked::<Language>(args, "lang")
        .map_or_else(|| of(sys_locale::get_locale().as_deref()), Lang::from)
}

/// The value of a global option, if it is there and one of its choices. The last one counts.
///
/// With clap's lexer, not its parser: that stops at the first error (`ignore_errors`), and an option
/// behind it would not be seen.
pub fn asked<T: ValueEnum>(args: &[OsString], option: &str) -> Option<T> {
    let args = RawArgs::new(args);
    let mut cursor = args.cursor();
    let mut found = None;
    while let Some(arg) = args.next(&mut cursor).filter(|arg| !arg.is_escape()) {
        let Some((Ok(name), value)) = arg.to_long() else { continue };
        if name == option {
            let value = value.or_else(|| args.next_os(&mut cursor)).and_then(OsStr::to_str);
            found = value.and_then(|value| T::from_str(value, false).ok()).or(found);
        }
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
        asked(&args, "lang")
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
