use insta::assert_snapshot;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::*;

const RECORD: &str = "facility:\n  kind: 眼科  # 医科・歯科・薬局\n  name: 医療法人社団オン資会クリニック\nfounder:\n  phone: 03-0000-0000\n";

/// The place of the first `value` in `text`.
fn find(text: &str, value: &str) -> Place {
    let start = text.find(value).expect("the value stands in the text");
    let before = &text[..start];
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    Place::Text {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        start,
        end: start + value.len(),
    }
}

fn choice() -> Diagnostic {
    Diagnostic::error(
        "choice",
        Text::new("「点数表」に「眼科」は選べません", "眼科 is not a choice for 点数表"),
    )
    .with_form("receipt-number")
    .with_field("facility.kind")
    .with_hint(Text::new("医科・歯科・薬局のどれかを書きます", "one of 医科, 歯科, 薬局"))
    .with_cite("別紙1")
    .at(Some(find(RECORD, "眼科")))
}

fn required() -> Diagnostic {
    Diagnostic::error(
        "required",
        Text::new("「開設者の氏名」がありません", "開設者の氏名 is missing"),
    )
    .with_field("founder.name")
    .at(Some(find(RECORD, "founder:\n  phone: 03-0000-0000")))
}

fn warning() -> Diagnostic {
    Diagnostic::warning("normalised", Text::new("直しました", "tidied up"))
}

fn report(diagnostics: impl IntoIterator<Item = Diagnostic>) -> Report {
    let mut report = Report::default();
    diagnostics.into_iter().for_each(|d| report.push(d));
    report
}

/// What a finding at `value` in `text` looks like.
fn at(text: &str, value: &str, width: usize) -> String {
    let d = Diagnostic::error("kind", Text::new("誤り", "wrong")).at(Some(find(text, value)));
    super::text(&report([d]), &Source::new("r.yaml", text), Lang::En, false, width)
}

#[test]
fn a_place_outside_the_text_is_named_and_its_line_not_shown() {
    let shown = |text: &str, start| {
        let place = Place::Text { line: 1, column: 1, start, end: start };
        let finding = Diagnostic::error("kind", Text::new("誤り", "wrong")).at(Some(place));
        let source = Source::new("r.yaml", text);
        super::text(&report([finding]), &source, Lang::En, false, 80)
    };
    // The end of the text is a place in it.
    assert!(shown("a: 1", 4).contains("1 | a: 1\n"));
    for beyond in [shown("a: 1", 5), shown("", 0)] {
        assert!(beyond.contains("--> r.yaml:1:1\n") && !beyond.contains('|'), "{beyond}");
    }
}

#[test]
fn a_line_as_wide_as_there_is_room_is_shown_whole() {
    assert_eq!(Excerpt::new("abcdefghijkl", 0..1, 12).line, "abcdefghijkl");
    assert_eq!(Excerpt::new("abcdefghijklm", 0..1, 12).line, "abcdef...");
    assert_eq!(Excerpt::new("abcdefghijkl", 11..12, 12).line, "abcdefghijkl");
}

#[test]
fn japanese() {
    let shown = text(
        &report([choice(), required(), warning()]),
        &Source::new("record.yaml", RECORD),
        Lang::Ja,
        false,
        80,
    );
    assert_snapshot!(shown, @r"
    エラー[choice]: 「点数表」に「眼科」は選べません
     --> record.yaml:2:9
      |
    2 |   kind: 眼科  # 医科・歯科・薬局
      |         ^^^^
      |
      = ヒント: 医科・歯科・薬局のどれかを書きます
      = 根拠: 別紙1

    エラー[required]: 「開設者の氏名」がありません
     --> record.yaml:4:1
      |
    4 | founder:
      | ^^^^^^^^

    警告[normalised]: 直しました

    エラー 2 件、警告 1 件
    ");
}

#[test]
fn english() {
    let shown = text(
        &report([choice(), required(), warning()]),
        &Source::new("record.yaml", RECORD),
        Lang::En,
        false,
        80,
    );
    assert_snapshot!(shown, @r"
    error[choice]: 眼科 is not a choice for 点数表
     --> record.yaml:2:9
      |
    2 |   kind: 眼科  # 医科・歯科・薬局
      |         ^^^^
      |
      = help: one of 医科, 歯科, 薬局
      = source: 別紙1

    error[required]: 開設者の氏名 is missing
     --> record.yaml:4:1
      |
    4 | founder:
      | ^^^^^^^^

    warning[normalised]: tidied up

    2 errors, 1 warning
    ");
}

#[test]
fn colours_change_nothing_but_colours() {
    let report = report([choice(), required(), warning()]);
    let source = Source::new("record.yaml", RECORD);
    let plain = text(&report, &source, Lang::Ja, false, 80);
    let styled = text(&report, &source, Lang::Ja, true, 80);
    assert!(styled.contains("\u{1b}["));
    assert_eq!(anstream::adapter::strip_str(&styled).to_string(), plain);
}

#[test]
fn nothing_to_say() {
    assert_eq!(text(&Report::default(), &Source::default(), Lang::Ja, false, 80), "");
}

#[test]
fn without_a_place() {
    let d = warning().with_hint(Text::new("上を見る", "look up")).with_cite("別紙2");
    let shown = text(&report([d]), &Source::default(), Lang::Ja, false, 80);
    assert_snapshot!(shown, @r"
    警告[normalised]: 直しました
     |
     = ヒント: 上を見る
     = 根拠: 別紙2

    警告 1 件
    ");
}

#[test]
fn cells() {
    let cell = |sheet: &str, row, column| Some(Place::Cell { sheet: sheet.into(), row, column });
    let source = Source::new("名簿.xlsx", "");
    let shown = text(
        &report([
            choice().at(cell("シート名", 5, 3)),
            warning().at(cell("2024 '名簿'", 1, 28)),
            warning().at(cell("", 1_048_576, 16_384)),
        ]),
        &source,
        Lang::Ja,
        false,
        80,
    );
    assert_snapshot!(shown, @r"
    エラー[choice]: 「点数表」に「眼科」は選べません
    --> 名簿.xlsx[シート名!C5]
     |
     = ヒント: 医科・歯科・薬局のどれかを書きます
     = 根拠: 別紙1

    警告[normalised]: 直しました
    --> 名簿.xlsx['2024 ''名簿'''!AB1]

    警告[normalised]: 直しました
    --> 名簿.xlsx[1048576 行 16384 列]

    エラー 1 件、警告 2 件
    ");
    let csv = text(
        &report([warning().at(cell("", 5, 3))]),
        &Source::new("roster.csv", ""),
        Lang::En,
        false,
        80,
    );
    assert!(csv.contains("--> roster.csv[row 5, column 3]\n"), "{csv}");
}

#[test]
fn a_bom_carriage_returns_and_tabs() {
    let text = "\u{FEFF}facility:\r\n\tname: オン資\tクリニック\r\n";
    assert_snapshot!(at(text, "facility", 80), @r"
    error[kind]: wrong
     --> r.yaml:1:2
      |
    1 | facility:
      | ^^^^^^^^

    1 error
    ");
    assert_snapshot!(at(text, "オン資\tクリニック", 80), @r"
    error[kind]: wrong
     --> r.yaml:2:8
      |
    2 |     name: オン資    クリニック
      |           ^^^^^^^^^^^^^^^^^^^^

    1 error
    ");
    // A place before the BOM is the file's beginning.
    let start = Excerpt::new(text, 0..0, 80);
    assert_eq!((start.line.as_str(), start.span), ("facility:", 0..0));
    // A place between CR and LF is the end of the line.
    let end = Excerpt::new("a: b\r\nc", 5..6, 80);
    assert_eq!((end.line.as_str(), end.span), ("a: b", 4..4));
    // A file of the old Macintosh.
    assert_eq!(Excerpt::new("a: b\rc: d\r", 8..9, 80).line, "c: d");
}

#[test]
fn nothing_of_the_file_reaches_the_terminal_as_a_command() {
    let text = "name: 髙\u{1b}[2J\u{E001}\u{202E}\u{200B}\u{85}\u{F0000}:1:1 辻\u{E0100}\n";
    assert_snapshot!(at(text, "\u{E001}", 80), @r"
    error[kind]: wrong
     --> r.yaml:1:12
      |
    1 | name: 髙\u{1b}[2J\u{e001}\u{202e}\u{200b}\u{85}\u{f0000}:1:1 辻󠄀
      |                  ^^^^^^^^

    1 error
    ");
    let d = Diagnostic::error("a\u{1b}b", Text::new("", "name\t\u{7}\nis \u{E000}"))
        .with_hint(Text::new("", "\u{1b}[31m"))
        .with_cite("\u{9b}31m")
        .at(Some(find(text, "name")));
    let shown =
        super::text(&report([d]), &Source::new("r\u{F0000}\n.yaml", text), Lang::En, false, 40);
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'));
    assert!(shown.contains("error[a\\u{1b}b]: name    \\u{7}\n"), "{shown}");
    assert!(shown.contains("--> r\\u{f0000}\\u{a}.yaml:1:1\n"), "{shown}");
}

#[test]
fn a_long_line_is_cropped_round_the_value() {
    let text = format!("{}値{}\n", "前".repeat(100), "後".repeat(100));
    assert_snapshot!(at(&text, "値", 60), @r"
    error[kind]: wrong
     --> r.yaml:1:101
      |
    1 | ...前前前前前前前前値後後後後後後後後後後後後後後後後...
      |                    ^^

    1 error
    ");
    let text = format!("name: {}\n", "長".repeat(100));
    assert_snapshot!(at(&text, &"長".repeat(100), 60), @r"
    error[kind]: wrong
     --> r.yaml:1:7
      |
    1 | name: 長長長長長長長長長長長長長長長長長長長長長長...
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    1 error
    ");
    let text = format!("{}値\n", "前".repeat(100));
    assert_snapshot!(at(&text, "値", 60), @r"
    error[kind]: wrong
     --> r.yaml:1:101
      |
    1 | ...前前前前前前前前前前前前前前前前前前前前前前前前値
      |                                                    ^^

    1 error
    ");
    let text = format!("{}値\n", " ".repeat(50));
    assert_snapshot!(at(&text, "値", 60), @r"
    error[kind]: wrong
     --> r.yaml:1:51
      |
    1 | ...    値
      |        ^^

    1 error
    ");
}

#[test]
fn a_line_of_ten_megabytes() {
    let text = format!("a: {}値{}", "x\u{3099}".repeat(1 << 21), "字".repeat(1 << 20));
    let place = Some(find(&text, "値"));
    let source = Source::new("r.yaml", text);
    let all = (0..1000)
        .map(|i| Diagnostic::error(format!("c{i}"), Text::new("誤り", "wrong")).at(place.clone()));
    let shown = super::text(&report(all), &source, Lang::En, false, usize::MAX);
    let widest = shown.lines().map(|l| l.chars().count()).max();
    assert!(widest <= Some(200), "{widest:?}");
    assert_eq!(shown.matches("値").count(), 1000);
    let message = lines(&"字".repeat(1 << 20));
    assert_eq!(message.chars().count(), MESSAGE_CHARS + 3);
}

#[test]
fn places_that_are_not_there() {
    for (text, start, end) in [
        ("", 0, 0),
        ("", 7, 9),
        ("a: b\n", 5, 5),
        ("a: b\n", 5, 900),
        ("a: b", 90, 3),
        ("あ", 1, 2),
        ("\u{FEFF}", 1, 2),
        ("a", 1, 0),
    ] {
        let place = Place::Text { line: 9, column: 4, start, end };
        let shown = super::text(
            &report([warning().at(Some(place))]),
            &Source::new("r.yaml", text),
            Lang::En,
            false,
            0,
        );
        assert!(shown.contains("--> r.yaml:9:4\n"), "{shown}");
    }
}

#[test]
fn sheet_names_are_quoted_as_excel_quotes_them() {
    let shown = |sheet: &str| {
        let place = Place::Cell { sheet: sheet.into(), row: 5, column: 3 };
        let report = report([choice().at(Some(place))]);
        text(&report, &Source::new("a.xlsx", ""), Lang::Ja, false, 80)
    };
    for (sheet, reference) in
        [("名簿_2", "[名簿_2!C5]"), ("2024", "['2024'!C5]"), ("名簿-2", "['名簿-2'!C5]")]
    {
        assert!(shown(sheet).contains(reference), "{}", shown(sheet));
    }
}

#[test]
fn json_of_every_kind_of_place() {
    let record = Source::new("record.yaml", RECORD);
    let roster = Source::new("名簿.xlsx", "");
    let cell = Some(Place::Cell { sheet: "名簿".into(), row: 5, column: 3 });
    let csv = Some(Place::Cell { sheet: String::new(), row: 2, column: 1 });
    let shown = json(
        &[
            (&record, &report([choice(), warning()])),
            (&roster, &report([warning().at(cell), warning().at(csv)])),
        ],
        Lang::Ja,
    );
    assert!(shown.ends_with("}\n") && !shown.ends_with("\n\n"));
    assert_snapshot!(shown, @r#"
    {
      "diagnostics": [
        {
          "severity": "error",
          "code": "choice",
          "form": "receipt-number",
          "field": "facility.kind",
          "message": "「点数表」に「眼科」は選べません",
          "hint": "医科・歯科・薬局のどれかを書きます",
          "suggestion": null,
          "cite": "別紙1",
          "file": "record.yaml",
          "line": 2,
          "column": 9
        },
        {
          "severity": "warning",
          "code": "normalised",
          "form": null,
          "field": null,
          "message": "直しました",
          "hint": null,
          "suggestion": null,
          "cite": null,
          "file": "record.yaml",
          "line": null,
          "column": null
        },
        {
          "severity": "warning",
          "code": "normalised",
          "form": null,
          "field": null,
          "message": "直しました",
          "hint": null,
          "suggestion": null,
          "cite": null,
          "file": "名簿.xlsx",
          "sheet": "名簿",
          "row": 5,
          "column": 3
        },
        {
          "severity": "warning",
          "code": "normalised",
          "form": null,
          "field": null,
          "message": "直しました",
          "hint": null,
          "suggestion": null,
          "cite": null,
          "file": "名簿.xlsx",
          "sheet": null,
          "row": 2,
          "column": 1
        }
      ],
      "errors": 1,
      "warnings": 3
    }
    "#);
}

/// Lines as users write them, with everything that is hard to show.
fn hard_lines() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        4 => proptest::char::range(' ', '~'),
        4 => proptest::char::range('\u{3000}', '\u{30FF}'),
        1 => proptest::sample::select(vec!['\t', '\r', '\n', '\u{E001}', '\u{3099}', '\u{FEFF}', 'ｱ', '𠮷']),
        1 => any::<char>(),
    ];
    proptest::collection::vec(char, 0..400).prop_map(String::from_iter)
}

proptest! {
    /// The carets stand under the value, whatever the line.
    #[test]
    fn carets_stand_under_the_value(text in hard_lines(), start in 0usize..500, len in 0usize..500, width in 0usize..300) {
        let place = Place::Text { line: 1, column: 1, start, end: start + len };
        let shown = super::text(
            &report([warning().at(Some(place))]), &Source::new("r.yaml", &text), Lang::En, false, width,
        );
        let mut lines = shown.lines().skip_while(|l| !l.starts_with("1 | "));
        let Some(line) = lines.next().and_then(|l| l.strip_prefix("1 | ")) else {
            return Ok(());
        };
        let carets = lines.next().and_then(|l| l.strip_prefix("  | ")).unwrap();
        let Excerpt { line: expected, span } =
            Excerpt::new(&text, start..start + len, width.clamp(40, 200) - 4);
        prop_assert_eq!(line, expected.trim_end_matches('\0'));
        let wide = |s: &str| s.chars().map(|c| c.to_string().width()).sum::<usize>();
        prop_assert!(wide(line) <= width.clamp(40, 200) - 4);
        prop_assert_eq!(carets.len() - carets.trim_start().len(), wide(&line[..span.start]));
        prop_assert_eq!(carets.trim_start().len(), wide(&line[span]).max(1));
    }
}
