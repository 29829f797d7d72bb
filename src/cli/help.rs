//! The words of the help, in both languages, for the definition in `args.rs`.

use clap::{Arg, Command};
use onshi::report::Lang;

use super::args;

/// What an entry is looked up by: a command's name, `command.argument`, or the name alone of an
/// option of every command. Then Japanese and English.
type Entry = (&'static str, &'static str, &'static str);

const TEXTS: &[Entry] = &[
    (
        "onshi",
        "オンライン資格確認の様式を、一つの記録（YAML）から記入して PDF か Excel にします。\n差し戻しの原因になる誤りを、様式を作る前に知らせます。",
        "Fills the official forms of オンライン資格確認 (Japan's online health-insurance eligibility check)\nfrom one record in YAML, and reports anything the office would reject first.",
    ),
    ("fill", "記録から様式に記入して書き出す", "Fill the forms from a record"),
    (
        "fill.record",
        "記録（YAML または JSON のファイル）。「-」は標準入力",
        "The record, a YAML or JSON file; `-` for standard input",
    ),
    (
        "fill.form",
        "書き出す様式（繰り返し可）。省略すると、記録に値が書かれている様式すべて",
        "A form to fill; may be repeated [default: every form the record has a value for]",
    ),
    (
        "fill.carry_record",
        "印字した値を記録として PDF に添付する（onshi extract で取り出せる）",
        "Attach the printed values to the PDF as a record, for `onshi extract`",
    ),
    (
        "fill.output",
        "書き出し先のファイルかフォルダー。「-」は標準出力。省略すると今のフォルダー",
        "The file or folder to write; `-` for standard output [default: the current folder]",
    ),
    (
        "fill.format",
        "書き出す形式。省略すると -o の拡張子による（なければ pdf）",
        "The format [default: from the ending of -o, else pdf]",
    ),
    (
        "fill.force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    ("blank", "記入していない様式を書き出す", "Write an empty form"),
    (
        "blank.form",
        "様式の名前（別紙1、receipt-number など。一覧は onshi forms）",
        "The form: receipt-number, 別紙1, … (`onshi forms` lists them)",
    ),
    (
        "blank.output",
        "書き出し先のファイルかフォルダー。「-」は標準出力。省略すると今のフォルダー",
        "The file or folder to write; `-` for standard output [default: the current folder]",
    ),
    (
        "blank.format",
        "書き出す形式。省略すると -o の拡張子による（なければ pdf）",
        "The format [default: from the ending of -o, else pdf]",
    ),
    (
        "blank.force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    (
        "example",
        "記載例を書き出す（赤字の見本と吹き出しつき）",
        "Write a form's 記載例: sample values in red, with the callouts",
    ),
    (
        "example.form",
        "様式の名前（別紙1、receipt-number など。一覧は onshi forms）",
        "The form: receipt-number, 別紙1, … (`onshi forms` lists them)",
    ),
    (
        "example.output",
        "書き出し先のファイルかフォルダー。「-」は標準出力。省略すると今のフォルダー",
        "The file or folder to write; `-` for standard output [default: the current folder]",
    ),
    (
        "example.format",
        "書き出す形式。省略すると -o の拡張子による（なければ pdf）",
        "The format [default: from the ending of -o, else pdf]",
    ),
    (
        "example.force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    (
        "check",
        "記録の誤りを調べるだけで、何も書き出さない",
        "Report what is wrong with a record, and write nothing",
    ),
    (
        "check.record",
        "記録（YAML か JSON のファイル、または記録を添付した PDF）。「-」は標準入力",
        "The record, a YAML or JSON file, or a PDF with one attached; `-` for standard input",
    ),
    (
        "check.form",
        "調べる様式（繰り返し可）。省略すると、記録に値が書かれている様式すべて",
        "A form to check for; may be repeated [default: every form the record has a value for]",
    ),
    ("check.format", "結果の形式", "The format of the report"),
    (
        "import",
        "Excel で記入した様式から、記録（YAML）を作る",
        "Read a form filled in Excel back into a record in YAML",
    ),
    (
        "import.workbook",
        "記入したブック（onshi blank か onshi fill の xlsx）。「-」は標準入力",
        "The workbook, from `onshi blank` or `onshi fill`; `-` for standard input",
    ),
    (
        "import.output",
        "書き出し先のファイル。省略すると標準出力",
        "The file to write [default: standard output]",
    ),
    (
        "import.force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    (
        "new",
        "記録のひな形（YAML、説明つき）を作る",
        "Write a commented skeleton of a record in YAML",
    ),
    ("new.form", "記録を使う様式。省略するとすべて", "The forms the record is for [default: all]"),
    (
        "new.output",
        "書き出し先のファイル。省略すると標準出力",
        "The file to write [default: standard output]",
    ),
    (
        "new.force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    (
        "roster",
        "施設ごとに一行の、空の名簿を作る",
        "Write an empty roster for `onshi batch`, one row per facility",
    ),
    (
        "roster.form",
        "名簿を使う様式。省略するとすべて",
        "The forms the roster is for [default: all]",
    ),
    ("roster.output", "書き出し先のファイル（.xlsx か .csv）", "The file to write, .xlsx or .csv"),
    (
        "roster.force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    ("batch", "名簿から全施設の様式を一括で作る", "Fill the forms of all facilities of a roster"),
    (
        "batch.source",
        "名簿（.xlsx、.csv、.tsv）か、記録（YAML）のフォルダー",
        "The roster (.xlsx, .csv, .tsv), or a folder of records",
    ),
    (
        "batch.form",
        "書き出す様式（繰り返し可）。省略すると、施設ごとに値が書かれている様式すべて",
        "A form to fill; may be repeated [default: every form the row has a value for]",
    ),
    (
        "batch.output",
        "書き出し先のフォルダー。結果の一覧（summary.xlsx）と誤りの一覧（errors.csv）もここに入ります",
        "The folder to write, with the lists summary.xlsx and errors.csv",
    ),
    (
        "batch.merge",
        "名簿の順に綴じた印刷用の PDF。名前に {form} があれば様式ごとに一つ",
        "One PDF for printing, in roster order; one per form if the name has {form}",
    ),
    ("batch.format", "書き出す形式。省略すると pdf", "The format [default: pdf]"),
    (
        "batch.set",
        "全施設に共通の値（繰り返し可）。施設の欄が埋まっていれば、そちらを使います",
        "A value for rows that leave the field empty; may be repeated",
    ),
    (
        "batch.sheet",
        "読むシートの名前。省略すると見出しのあるシートを読みます",
        "The sheet to be read [default: the one with headings]",
    ),
    (
        "batch.allow_duplicates",
        "すべての値が同じ行があっても、エラーにしない",
        "Accept rows that are the same as one before them in every value",
    ),
    (
        "batch.encoding",
        "CSV の文字コード。省略すると自動で判別して表示します",
        "The encoding of a CSV file [default: detected and reported]",
    ),
    (
        "batch.ignore_unknown",
        "知らない見出しの列を読み飛ばす",
        "Ignore columns whose heading matches no field",
    ),
    (
        "batch.strict",
        "一施設でも誤りがあれば、何も作らない",
        "Write nothing unless every facility passes",
    ),
    (
        "batch.force",
        "この一括作成で作ったものではないファイルも上書きする（入力のファイルを除く）",
        "Overwrite files not written by an earlier batch run, never an input",
    ),
    (
        "batch.jobs",
        "並行して処理する数。省略すると CPU の数、Excel ではその2倍",
        "How many workers [default: one per core, two for workbooks]",
    ),
    ("forms", "扱える様式の一覧", "List the forms"),
    (
        "schema",
        "記録の JSON Schema を出す（エディターの補完と検査に）",
        "Print the record's JSON Schema, for editors",
    ),
    (
        "schema.form",
        "記録を使う様式。省略するとすべて",
        "The forms the record is for [default: all]",
    ),
    (
        "schema.definition",
        "記録ではなく、様式の定義の JSON Schema を出す",
        "Print the schema of form definitions instead",
    ),
    (
        "schedule",
        "指定希望日から、別紙3の九つの手続きの期限を出す",
        "Print when each of the nine steps of 別紙3 is due",
    ),
    (
        "schedule.record",
        "記録（YAML または JSON のファイル）。「-」は標準入力",
        "The record, a YAML or JSON file; `-` for standard input",
    ),
    (
        "schedule.output",
        "書き出し先のファイル。省略すると標準出力",
        "The file to write [default: standard output]",
    ),
    (
        "schedule.format",
        "書き出す形式（表、JSON、カレンダー、別紙3）。省略すると -o の拡張子による（なければ text）",
        "The format: a table, JSON, a calendar, or 別紙3 [default: from the ending of -o, else text]",
    ),
    (
        "schedule.force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    (
        "attach",
        "手元の PDF（指定申請書）の後ろに、記入した別紙2を加える",
        "Append the filled 別紙2 to a PDF of your own, the application for designation",
    ),
    (
        "attach.record",
        "記録（YAML または JSON のファイル、複数可）。「-」は標準入力",
        "The records, YAML or JSON files; `-` for standard input",
    ),
    (
        "attach.to",
        "後ろに加える先の PDF。このファイルは変わらない",
        "The PDF to append to; the file itself is not changed",
    ),
    (
        "attach.output",
        "書き出し先のファイル。「-」は標準出力",
        "The file to write; `-` for standard output",
    ),
    (
        "attach.form",
        "加える様式（繰り返し可）。省略すると別紙2",
        "A form to append; may be repeated [default: 別紙2]",
    ),
    (
        "attach.break_signature",
        "電子署名のある PDF にも加える（署名は無効になる）",
        "Append to a signed PDF too, which invalidates its signature",
    ),
    (
        "attach.force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    (
        "extract",
        "fill --carry-record で作った PDF から、記録を取り出す",
        "Extract the record from a PDF made with `fill --carry-record`",
    ),
    ("extract.file", "記録を添付した PDF", "The PDF with a record attached"),
    (
        "extract.output",
        "書き出し先のファイル。省略すると標準出力",
        "The file to write [default: standard output]",
    ),
    (
        "extract.force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    ("lint", "様式の定義ファイルを調べる", "Check the definition of a form"),
    ("lint.file", "様式の定義ファイル", "The definitions to check"),
    (
        "serve",
        "ブラウザーの画面で様式を作る（この PC の中だけで動く）",
        "Fill the forms on a page in the browser; it runs on this computer alone",
    ),
    ("serve.port", "ポート番号。省略すると空いている番号", "The port [default: any free one]"),
    ("serve.no_open", "ブラウザーを開かない", "Do not open the browser"),
    (
        "serve.listen",
        "ほかの PC からも使えるように待ち受けるアドレス（--token-file が必要）",
        "Listen on this address too, for other computers; needs --token-file",
    ),
    (
        "serve.token_file",
        "鍵（16 文字以上）を書いたファイル。省略すると起動ごとに新しい鍵",
        "A file with the key, of 16 characters or more [default: a new key for each run]",
    ),
    ("completions", "シェルの入力補完スクリプトを出す", "Print a completion script for a shell"),
    ("completions.shell", "シェル", "The shell"),
    ("man", "マニュアルページを出す", "Print the manual page"),
    (
        "man.output",
        "全コマンドのマニュアルページを書き出すフォルダー",
        "Write the pages of all commands into this folder",
    ),
    (
        "man.force",
        "同じ名前のファイルがあれば上書きする（入力のファイルを除く）",
        "Overwrite existing files, never an input",
    ),
    ("help", "使い方を表示する", "Print help"),
    ("version", "バージョンを表示する", "Print the version"),
    (
        "lang",
        "メッセージの言語。省略するとシステムの言語",
        "The language of messages [default: the system's]",
    ),
    (
        "today",
        "期限を数える基準日（例: 2024-04-01）。省略すると今日",
        "The date that counts as today for deadlines, like 2024-04-01 [default: today]",
    ),
    (
        "forms_dir",
        "組み込みの様式に加えて使う、様式の定義のフォルダー",
        "A folder with your own definitions, in addition to the built-in forms",
    ),
    ("deny_warnings", "警告もエラーとして扱う", "Treat warnings as errors"),
    ("quiet", "エラー以外は表示しない", "Show only errors"),
    ("color", "色をつけるか", "Whether to use colours"),
];

/// What stands below the help of a command.
const NOTES: &[Entry] = &[
    (
        "onshi",
        "終了コード: 0 正常終了（警告のみの場合を含む）、1 記録に誤りがある、2 使い方または入出力の誤り",
        "Exit status: 0 done (warnings allowed), 1 the record has errors, 2 usage or input/output",
    ),
    (
        "fill",
        "例:\n  onshi fill 記録.yaml                        記録に値が書かれている様式すべてを PDF にする\n  onshi fill 記録.yaml --form 別紙2 -o 計画書.pdf",
        "Examples:\n  onshi fill record.yaml                      every form the record has a value for, as PDF\n  onshi fill record.yaml --form 別紙2 -o plan.pdf",
    ),
    (
        "blank",
        "例:\n  onshi blank 別紙1 -o 別紙1.pdf",
        "Example:\n  onshi blank 別紙1 -o receipt-number.pdf",
    ),
    (
        "example",
        "例:\n  onshi example 別紙2 -o 記載例.pdf",
        "Example:\n  onshi example 別紙2 -o example.pdf",
    ),
    (
        "check",
        "例:\n  onshi check 記録.yaml --form 別紙1 --form 別紙2\n  onshi check - --format json < 記録.yaml",
        "Examples:\n  onshi check record.yaml --form 別紙1 --form 別紙2\n  onshi check - --format json < record.yaml",
    ),
    (
        "import",
        "例:\n  onshi blank 別紙2 -o 計画書.xlsx            Excel で記入する様式を作る\n  onshi import 計画書.xlsx -o 記録.yaml       記入したものを記録にする",
        "Example:\n  onshi blank 別紙2 -o plan.xlsx              a form to fill in with Excel\n  onshi import plan.xlsx -o record.yaml      what was filled in, as a record",
    ),
    (
        "new",
        "例:\n  onshi new 別紙1 別紙2 -o 記録.yaml",
        "Example:\n  onshi new 別紙1 別紙2 -o record.yaml",
    ),
    (
        "roster",
        "例:\n  onshi roster 別紙1 別紙2 -o 名簿.xlsx",
        "Example:\n  onshi roster 別紙1 別紙2 -o members.xlsx",
    ),
    (
        "batch",
        "例:\n  onshi batch 名簿.xlsx -o out/                       施設と様式ごとに一つの PDF\n  onshi batch 名簿.csv --form 別紙1 --merge 印刷用.pdf  名簿の順に一つの PDF\n途中で止まっても、同じコマンドをもう一度実行すると残りから続けます。",
        "Examples:\n  onshi batch members.xlsx -o out/                       one PDF per facility and form\n  onshi batch members.csv --form 別紙1 --merge print.pdf  one PDF in roster order\nTo continue a stopped run, give the same command again.",
    ),
    (
        "schema",
        "例:\n  onshi schema > record.schema.json\n  記録の先頭の行: # yaml-language-server: $schema=record.schema.json",
        "Example:\n  onshi schema > record.schema.json\n  first line of the record: # yaml-language-server: $schema=record.schema.json",
    ),
    (
        "schedule",
        "例:\n  onshi schedule 記録.yaml\n  onshi schedule 記録.yaml -o 日程.ics        カレンダーに読み込む\n  onshi schedule 記録.yaml -o 別紙3.pdf",
        "Examples:\n  onshi schedule record.yaml\n  onshi schedule record.yaml -o steps.ics     to import into a calendar\n  onshi schedule record.yaml -o leaflet.pdf",
    ),
    (
        "attach",
        "例:\n  onshi attach 記録.yaml --to 指定申請書.pdf -o 提出.pdf",
        "Example:\n  onshi attach record.yaml --to application.pdf -o packet.pdf",
    ),
    (
        "extract",
        "例:\n  onshi extract 計画書.pdf -o 記録.yaml\n  onshi extract 計画書.pdf | onshi check -",
        "Examples:\n  onshi extract plan.pdf -o record.yaml\n  onshi extract plan.pdf | onshi check -",
    ),
    (
        "serve",
        "例:\n  onshi serve                    画面を開く。終えるときは Ctrl-C\n  onshi serve --no-open --port 8080",
        "Examples:\n  onshi serve                    opens the page; Ctrl-C ends it\n  onshi serve --no-open --port 8080",
    ),
    (
        "completions",
        "例:\n  onshi completions bash > ~/.local/share/bash-completion/completions/onshi",
        "Example:\n  onshi completions bash > ~/.local/share/bash-completion/completions/onshi",
    ),
    (
        "man",
        "例:\n  onshi man -o ~/.local/share/man/man1",
        "Example:\n  onshi man -o ~/.local/share/man/man1",
    ),
];

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
        let help = text(TEXTS, &key(arg.get_id().as_str()), lang).unwrap_or_default();
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
        let known: BTreeSet<String> = TEXTS.iter().map(|(k, ..)| (*k).to_owned()).collect();
        assert_eq!(known, asked);
        assert_eq!(TEXTS.len(), known.len(), "a key stands twice");
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
          -o, --output <PATH>    書き出し先のファイルかフォルダー。「-」は標準出力。省略すると今のフォルダー
              --format <FORMAT>  書き出す形式。省略すると -o の拡張子による（なければ pdf） [pdf / xlsx / svg / png]
              --force            同じ名前のファイルがあれば上書きする（入力のファイルを除く）

        共通オプション:
              --lang <LANG>    メッセージの言語。省略するとシステムの言語 [ja / en]
              --today <DATE>   期限を数える基準日（例: 2024-04-01）。省略すると今日
              --forms <DIR>    組み込みの様式に加えて使う、様式の定義のフォルダー
              --deny-warnings  警告もエラーとして扱う
          -q, --quiet          エラー以外は表示しない
              --color <WHEN>   色をつけるか [auto / always / never、省略すると auto]
          -h, --help           使い方を表示する

        例:
          onshi fill 記録.yaml                        記録に値が書かれている様式すべてを PDF にする
          onshi fill 記録.yaml --form 別紙2 -o 計画書.pdf
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
