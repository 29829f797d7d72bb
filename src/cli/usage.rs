//! What is said when the command line itself is wrong. clap's own words are English.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use onshi::report::{Lang, Text, show};

use super::args::Refused;
use super::failure::Failure;

/// The help asked for, or the error, with the colours of a terminal.
pub fn text(error: &Error, lang: Lang) -> String {
    // What was typed may hold what a terminal would obey: then there are no colours.
    let plain = error.render().to_string();
    let untabbed = plain.replace('\t', " ");
    let is_plain = show::visible(&untabbed) == untabbed;
    match (lang, error.kind()) {
        (Lang::En, _) if !is_plain => show::visible(&plain),
        (Lang::En, _)
        | (
            Lang::Ja,
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            | ErrorKind::DisplayVersion,
        ) => error.render().ansi().to_string(),
        (Lang::Ja, _) => japanese(error),
    }
}

fn japanese(error: &Error) -> String {
    let failure = explain(error);
    let mut text = show::failure(&failure.message, failure.hint.as_ref(), Lang::Ja, true);
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
        text.push_str(&format!("\n使い方: {usage}\n"));
    }
    text.push_str("\n詳しくは --help をつけて実行してください。\n");
    text
}

/// The error in Japanese. In English clap speaks for itself.
fn explain(error: &Error) -> Failure {
    let get = |kind| match error.get(kind) {
        Some(ContextValue::String(one)) => one.clone(),
        Some(ContextValue::Strings(all)) => all.join("、"),
        _ => String::new(),
    };
    let arg = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let mut hint = None;
    let message = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} に値がありません"),
        ErrorKind::InvalidValue => {
            hint = Some(format!("使える値: {}", get(ContextKind::ValidValue)));
            format!("{arg} に「{value}」は使えません")
        }
        ErrorKind::ValueValidation => {
            let refused = error.source().and_then(|e| e.downcast_ref::<Refused>());
            hint = refused.map(|Refused(text)| text.ja.clone());
            format!("{arg} に「{value}」は使えません")
        }
        ErrorKind::UnknownArgument if arg.starts_with('-') => {
            format!("「{arg}」というオプションはありません")
        }
        ErrorKind::UnknownArgument => format!("余分な引数「{arg}」があります"),
        ErrorKind::InvalidSubcommand => {
            let command = get(ContextKind::InvalidSubcommand);
            format!("「{command}」というコマンドはありません")
        }
        ErrorKind::MissingRequiredArgument => format!("必要な引数がありません: {arg}"),
        ErrorKind::MissingSubcommand => "コマンドがありません".into(),
        ErrorKind::TooManyValues => format!("{arg} に余分な値「{value}」があります"),
        ErrorKind::ArgumentConflict => {
            let prior = get(ContextKind::PriorArg);
            if prior.is_empty() || prior == arg {
                format!("{arg} は一度しか書けません")
            } else {
                format!("{arg} と {prior} は一緒に使えません")
            }
        }
        ErrorKind::InvalidUtf8 => "引数が UTF-8 の文字ではありません".into(),
        _ => "引数が正しくありません".into(),
    };
    for kind in
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
    {
        let suggested = get(kind);
        if !suggested.is_empty() {
            hint = Some(format!("「{suggested}」のことですか"));
        }
    }
    Failure { message: Text::new(message, ""), hint: hint.map(|hint| Text::new(hint, "")) }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::cli::help;

    fn said(args: &[&str], lang: Lang) -> String {
        let error =
            help::built(lang).try_get_matches_from(["onshi"].iter().chain(args)).unwrap_err();
        anstream::adapter::strip_str(&text(&error, lang)).to_string()
    }

    #[test]
    fn japanese() {
        assert_snapshot!(said(&["fil"], Lang::Ja), @r"
        エラー: 「fil」というコマンドはありません
         |
         = ヒント: 「fill」のことですか

        使い方: onshi [OPTIONS] <COMMAND>

        詳しくは --help をつけて実行してください。
        ");
        assert_snapshot!(said(&["fill"], Lang::Ja), @r"
        エラー: 必要な引数がありません: <RECORD>

        使い方: onshi fill <RECORD>

        詳しくは --help をつけて実行してください。
        ");
        assert_snapshot!(said(&["fill", "a", "b"], Lang::Ja), @r"
        エラー: 余分な引数「b」があります

        使い方: onshi fill [OPTIONS] <RECORD>

        詳しくは --help をつけて実行してください。
        ");
        assert_snapshot!(said(&["fill", "a", "--from", "b"], Lang::Ja), @r"
        エラー: 「--from」というオプションはありません
         |
         = ヒント: 「--form」のことですか

        使い方: onshi fill --form <FORM> <RECORD>

        詳しくは --help をつけて実行してください。
        ");
        assert_snapshot!(said(&["fill", "a", "--format", "pfd"], Lang::Ja), @r"
        エラー: --format <FORMAT> に「pfd」は使えません
         |
         = ヒント: 使える値: pdf、xlsx、svg、png、txt

        詳しくは --help をつけて実行してください。
        ");
        assert_snapshot!(said(&["fill", "a", "--today", "4/1"], Lang::Ja), @r"
        エラー: --today <DATE> に「4/1」は使えません
         |
         = ヒント: 4月1日には年がありません。年から書いてください

        詳しくは --help をつけて実行してください。
        ");
        assert_snapshot!(said(&["fill", "a", "--quiet=3"], Lang::Ja), @r"
        エラー: --quiet に余分な値「3」があります

        使い方: onshi fill --quiet <RECORD>

        詳しくは --help をつけて実行してください。
        ");
        assert_snapshot!(said(&["fill", "a", "-o", "x", "-o", "y"], Lang::Ja), @r"
        エラー: --output <PATH> は一度しか書けません

        使い方: onshi fill [OPTIONS] <RECORD>

        詳しくは --help をつけて実行してください。
        ");
        assert_snapshot!(said(&["fill", "a", "-o"], Lang::Ja), @r"
        エラー: --output <PATH> に値がありません

        詳しくは --help をつけて実行してください。
        ");
    }

    #[test]
    fn english() {
        assert_snapshot!(said(&["fill", "a", "--today", "4/1"], Lang::En), @r"
        error: invalid value '4/1' for '--today <DATE>': 4月1日 has no year: write the year too

        For more information, try '--help'.
        ");
    }
}
