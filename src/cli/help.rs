//! The help, in both languages, for the definition in `args.rs`; its words are in `words.rs`.

mod words;

use clap::{Arg, Command};
use onshi::report::Lang;

use self::words::{Entry, NOTES, TEXTS};
use super::args;

/// The command line with its help in `lang`.
pub fn command(lang: Lang) -> Command {
    let root = in_language(args::definition(), lang, |arg| match arg {
        "forms" => "forms_dir".into(),
        arg => arg.into(),
    });
    root.mut_subcommands(|sub| {
        let name = sub.get_name().to_owned();
        in_language(sub, lang, |arg| format!("{name}.{arg}"))
    })
}

/// The command line with its help in `lang`, that of `onshi help` too: ready to parse.
pub fn built(lang: Lang) -> Command {
    let mut command = command(lang);
    // clap adds this one and its words when it builds.
    command.build();
    let about = |help: Command| {
        help.about(pick(lang, "コマンドの使い方を表示する", "Print the help of a command"))
    };
    command.mut_subcommand("help", |help| framed(about(help), lang).mut_subcommand("help", about))
}

/// One command's own words; `key` is what an argument's words are looked up by.
fn in_language(command: Command, lang: Lang, key: impl Fn(&str) -> String) -> Command {
    let name = command.get_name().to_owned();
    let heading = *command.get_styles().get_header();
    let mut command = framed(command, lang).mut_args(|arg| {
        let help = argument(&key(arg.get_id().as_str()), lang).unwrap_or_default();
        let heading = if arg.is_positional() {
            pick(lang, "引数", "Arguments")
        } else if arg.is_global_set() || arg.get_id() == "version" {
            pick(lang, "共通オプション", "Global options")
        } else {
            pick(lang, "オプション", "Options")
        };
        values(arg.help(help).help_heading(heading), lang)
    });
    if let Some(about) = text(TEXTS, &name, lang) {
        command = command.about(about);
    }
    if let Some(notes) = text(NOTES, &name, lang) {
        let notes = match notes.split_once(":\n") {
            Some((title, rest)) => format!("{heading}{title}:{heading:#}\n{rest}"),
            None => notes.to_owned(),
        };
        command = command.after_help(notes);
    }
    command
}

/// The order of a command's help, and the headings clap sets itself.
fn framed(command: Command, lang: Lang) -> Command {
    let heading = *command.get_styles().get_header();
    let usage = pick(lang, "使い方", "Usage");
    command
        .help_template(format!(
            "{{about-with-newline}}\n{heading}{usage}:{heading:#} {{usage}}\n\n{{all-args}}{{after-help}}"
        ))
        .subcommand_help_heading(pick(lang, "コマンド", "Commands"))
}

/// Says the choices and the default of an argument; clap itself says them in English.
fn values(arg: Arg, lang: Lang) -> Arg {
    let choices: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    if lang == Lang::En || choices.is_empty() || !arg.get_action().takes_values() {
        return arg;
    }
    let default = arg.get_default_values().first().and_then(|v| v.to_str());
    let default = default.map_or_else(String::new, |v| format!("、省略すると {v}"));
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let help = format!("{help} [{}{default}]", choices.join(" / "));
    arg.hide_possible_values(true).hide_default_value(true).help(help)
}

/// An argument's text: its command's, or that of all commands that have none of their own.
fn argument(key: &str, lang: Lang) -> Option<&'static str> {
    let shared = || text(TEXTS, &key[key.find('.')?..], lang);
    text(TEXTS, key, lang).or_else(shared)
}

/// Looks up an entry's text.
fn text(entries: &[Entry], key: &str, lang: Lang) -> Option<&'static str> {
    let (_, ja, en) = entries.iter().find(|(k, ..)| *k == key)?;
    Some(pick(lang, ja, en))
}

fn pick<T>(lang: Lang, ja: T, en: T) -> T {
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every key the definition asks for.
    fn keys() -> BTreeSet<String> {
        let root = args::definition();
        let mut keys = BTreeSet::from(["onshi".to_owned()]);
        for arg in root.get_arguments() {
            let id = arg.get_id().as_str();
            keys.insert(if id == "forms" { "forms_dir" } else { id }.to_owned());
        }
        for sub in root.get_subcommands() {
            keys.insert(sub.get_name().to_owned());
            for arg in sub.get_arguments() {
                keys.insert(format!("{}.{}", sub.get_name(), arg.get_id()));
            }
        }
        keys
    }

    fn is_japanese(text: &str) -> bool {
        text.chars().any(|c| ('\u{3041}'..='\u{30FF}').contains(&c))
    }

    #[test]
    fn every_command_and_argument_has_words_in_both_languages() {
        let asked = keys();
        let known: BTreeSet<&str> = TEXTS.iter().map(|(k, ..)| *k).collect();
        assert_eq!(TEXTS.len(), known.len(), "a key is there twice");
        let (shared, own): (BTreeSet<&str>, BTreeSet<&str>) =
            known.into_iter().partition(|key| key.starts_with('.'));
        let asked_of_shared: Vec<&str> =
            asked.iter().map(String::as_str).filter(|key| !own.contains(key)).collect();
        assert!(own.iter().all(|key| asked.contains(*key)), "words that nothing asks for");
        for key in &asked_of_shared {
            let argument = key.find('.').map(|dot| &key[dot..]);
            assert!(argument.is_some_and(|argument| shared.contains(argument)), "{key}: no words");
        }
        for argument in shared {
            let times = asked_of_shared.iter().filter(|key| key.ends_with(argument)).count();
            assert!(times > 1, "{argument} is of one command alone");
        }
        for (key, ..) in NOTES {
            assert!(asked.contains(*key), "{key}");
        }
        for (key, ja, en) in TEXTS {
            assert!(!en.is_empty(), "{key}");
            assert!(is_japanese(ja), "{key}: {ja}");
            assert!(!is_japanese_prose(en), "{key}: {en}");
        }
    }

    /// Names of forms and systems stay Japanese in English; whole words of hiragana don't.
    fn is_japanese_prose(text: &str) -> bool {
        text.chars().any(|c| ('\u{3041}'..='\u{3096}').contains(&c))
    }

    #[test]
    fn the_definition_is_sound() {
        args::definition().debug_assert();
        for lang in [Lang::Ja, Lang::En] {
            command(lang).debug_assert();
        }
    }

    /// The whole help of every command, nested under `help` too.
    fn all_help(lang: Lang) -> Vec<String> {
        let mut root = built(lang);
        let mut all = vec![root.render_long_help().to_string()];
        for sub in root.get_subcommands_mut() {
            all.push(sub.render_help().to_string());
            all.push(sub.render_long_help().to_string());
        }
        all
    }

    #[test]
    fn no_english_is_left_in_the_japanese_help() {
        for help in all_help(Lang::Ja) {
            for word in
                ["Usage", "Options:", "Commands:", "Arguments:", "Print", "default", "possible"]
            {
                assert!(!help.contains(word), "{word} in:\n{help}");
            }
            assert!(help.contains("使い方: onshi"), "{help}");
        }
        for help in all_help(Lang::En) {
            assert!(help.contains("Usage: onshi"), "{help}");
            assert!(!is_japanese_prose(&help), "{help}");
        }
    }

    #[test]
    fn fill_in_japanese() {
        let mut root = built(Lang::Ja);
        let help = root.find_subcommand_mut("fill").unwrap().render_help();
        insta::assert_snapshot!(help.to_string(), @r"
        記録から様式に記入して書き出す

        使い方: onshi fill [OPTIONS] <RECORD>

        引数:
          <RECORD>  記録（YAML または JSON のファイル）。「-」は標準入力

        オプション:
              --form <FORM>      書き出す様式（繰り返し可）。省略すると、記録に値が書かれている様式すべて
              --carry-record     印字した値を記録として PDF に添付する（onshi extract で取り出せる）
              --one-file         全部の様式を、一つの PDF または一つのブックにする
          -o, --output <PATH>    書き出し先のファイルかフォルダー。「-」は標準出力。省略すると今のフォルダー
              --format <FORMAT>  書き出す形式。省略すると -o の拡張子による（なければ pdf） [pdf / xlsx / svg / png / txt]
              --force            同じ名前のファイルがあれば上書きする（入力のファイルを除く）

        共通オプション:
              --lang <LANG>    メッセージの言語。省略するとシステムの言語 [ja / en]
              --today <DATE>   期限を数える基準日（例: 2024-04-01）。省略すると今日
              --forms <DIR>    組み込みの様式に加えて使う、様式の定義のフォルダー
              --gaiji <FILE>   外字の表（gaiji.yaml）。--forms のフォルダーにあるものより優先
              --deny-warnings  警告もエラーとして扱う
          -q, --quiet          エラー以外は表示しない
              --color <WHEN>   色をつけるか [auto / always / never、省略すると auto]
          -h, --help           使い方を表示する

        例:
          onshi fill 記録.yaml                        記録に値が書かれている様式すべてを PDF にする
          onshi fill 記録.yaml --form 別紙2 -o 計画書.pdf
          onshi fill 記録.yaml --one-file -o 提出.pdf   全部の様式を一つの PDF にする
        ");
    }

    #[test]
    fn colours_in_english() {
        let mut root = built(Lang::En);
        let help = root.find_subcommand_mut("new").unwrap().render_help();
        let help = help.ansi().to_string().replace('\u{1b}', "␛");
        insta::assert_snapshot!(help.lines().take(6).collect::<Vec<_>>().join("\n"), @r"
        Write a commented skeleton of a record in YAML

        ␛[1m␛[4mUsage:␛[0m ␛[1monshi new␛[0m [OPTIONS] [FORM]...

        ␛[1m␛[4mArguments:␛[0m
          [FORM]...  The forms the record is for [default: all]
        ");
    }
}
