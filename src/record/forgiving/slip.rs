//! The slips that are told apart, in words.

use std::ops::Range;

use crate::font::is_invisible;
use crate::report::Text;

/// Something typed otherwise than YAML wants it.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    /// The line it stands in, from 0.
    pub line: usize,
    /// Where, in the source.
    pub range: Range<usize>,
    pub message: Text,
    pub hint: Text,
    /// Whether the line as it should be is worth showing.
    pub is_shown: bool,
}

/// What is typed otherwise.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    NoSpace,
    NoColon,
    WideColon,
    WideHash,
    WideComma,
    WideBracket(char),
    WideDash(char),
    GluedDash,
    GluedHash,
    /// A white character other than a space, before a key or behind a mark.
    OddIndent(char),
    OddSpace(char),
    /// The column where the line should begin.
    TooDeep(usize),
    TooShallow(usize),
    Heading,
    InnerColon,
    Special(char),
    LoneDash,
    OpenQuote(char),
    BehindQuote(char),
    OpenBracket(char),
    TwoRecords,
}

impl Kind {
    /// The slip at a place.
    pub fn at(self, line: usize, range: Range<usize>) -> Slip {
        let (message, hint) = self.words();
        let hides = matches!(
            self,
            Kind::OddIndent(_)
                | Kind::TooDeep(_)
                | Kind::TooShallow(_)
                | Kind::Heading
                | Kind::LoneDash
                | Kind::TwoRecords
                | Kind::WideHash
        );
        Slip { line, range, message, hint, is_shown: !hides }
    }

    fn words(&self) -> (Text, Text) {
        let begin = |column: usize| {
            Text::new(
                format!(
                    "前の行とそろえて {column} 文字目から書いてください（ひな形の行は「# 」を空白ごと消します）"
                ),
                format!("begin it at column {column} (in a skeleton, delete `# ` with its space)"),
            )
        };
        match self {
            Kind::NoSpace => (
                Text::new("「:」の後に空白がありません", "no space after the colon"),
                Text::new("「:」の後に半角の空白を入れてください", "put a space after the colon"),
            ),
            Kind::NoColon => (
                Text::new("項目名の後に「:」がありません", "no colon after the key"),
                Text::new("「項目名: 値」の形で書いてください", "write it as `key: value`"),
            ),
            Kind::WideColon => (
                Text::new("「：」が全角です", "full-width colon"),
                Text::new(
                    "半角の「: 」（後に空白）にしてください",
                    "write `: `, with a space after it",
                ),
            ),
            Kind::WideHash => (
                Text::new("「＃」が全角です", "full-width `#`"),
                Text::new(
                    "注釈なら半角の「# 」にしてください。値なら \" で囲んでください",
                    "for a comment write `# `; put a value in quotes",
                ),
            ),
            Kind::WideComma => (
                Text::new("区切りの「,」が全角です", "full-width comma"),
                Text::new(
                    "半角の「, 」（後に空白）にしてください",
                    "write `, `, with a space after it",
                ),
            ),
            Kind::WideBracket(c) => (
                Text::new(format!("「{c}」が全角です"), format!("full-width bracket `{c}`")),
                Text::new("半角の括弧にしてください", "type a half-width bracket"),
            ),
            Kind::WideDash(c) => (
                Text::new(
                    format!("一覧の「{c}」が半角の「-」ではありません"),
                    format!("`{c}` in place of the `-` of a list"),
                ),
                Text::new(
                    "半角の「- 」（後に空白）にしてください",
                    "write `- `, with a space after it",
                ),
            ),
            Kind::GluedDash => (
                Text::new("「-」の後に空白がありません", "no space after the dash"),
                Text::new("「-」の後に半角の空白を入れてください", "put a space after the dash"),
            ),
            Kind::GluedHash => (
                Text::new("「#」が値に続いています", "a `#` right behind the value"),
                Text::new(
                    "注釈なら # の前に半角の空白を入れてください。値の一部なら値を \" で囲んでください",
                    "put a space before the # of a comment; put a value that has a # in quotes",
                ),
            ),
            Kind::OddIndent(c) => {
                let name = name(*c);
                let indent =
                    Text::new("半角の空白で字下げしてください", "indent with half-width spaces");
                (
                    Text::new(
                        format!("字下げに{}があります", name.ja),
                        format!("{} as indentation", name.en),
                    ),
                    match c {
                        '\t' => Text::new(
                            "タブを半角の空白2つに替えてください",
                            "indent with spaces, not tabs",
                        ),
                        _ => indent,
                    },
                )
            }
            Kind::OddSpace(c) => {
                let name = name(*c);
                let message = match c {
                    '\u{3000}' => Text::new("空白が全角です", "full-width space"),
                    _ => Text::new(format!("{}があります", name.ja), name.en),
                };
                (message, Text::new("半角の空白にしてください", "type a half-width space"))
            }
            Kind::TooDeep(column) => {
                (Text::new("字下げが深すぎます", "indented too far"), begin(*column))
            }
            Kind::TooShallow(column) => {
                (Text::new("字下げが足りません", "not indented far enough"), begin(*column))
            }
            Kind::Heading => (
                Text::new(
                    "値のある行の下に、字下げした行が続いています",
                    "deeper lines follow a line that has a value",
                ),
                Text::new(
                    "見出しの行なら値を消してください。次の行と同じまとまりの項目なら、次の行とそろえてください",
                    "delete the value if this line is a heading; else begin it where the next line begins",
                ),
            ),
            Kind::InnerColon => (
                Text::new("値の中に「: 」があります", "`: ` inside a value"),
                Text::new(
                    "値を \" で囲んでください。別の項目なら行を分けてください",
                    "put the value in quotes, or begin a new line for another field",
                ),
            ),
            Kind::Special(c) => (
                Text::new(
                    format!("値が、YAML で特別な意味を持つ記号「{c}」で始まっています"),
                    format!("the value begins with `{c}`, which has a special meaning in YAML"),
                ),
                Text::new("値を \" で囲んでください", "put the value in quotes"),
            ),
            Kind::LoneDash => (
                Text::new("値が「-」だけです", "the value is a dash alone"),
                Text::new("書かないときは空欄にしてください", "leave it empty if there is none"),
            ),
            Kind::OpenQuote(c) => (
                Text::new(
                    format!("引用符「{c}」が閉じていません"),
                    format!("the quote `{c}` is not closed"),
                ),
                Text::new(
                    "値の両端を同じ半角の引用符で囲んでください",
                    "put the same straight quote at both ends of the value",
                ),
            ),
            Kind::BehindQuote(c) => (
                Text::new(
                    format!("引用符「{c}」が閉じた後に文字があります"),
                    format!("text behind the closing quote `{c}`"),
                ),
                Text::new("値の全体を引用符で囲んでください", "put quotes round the whole value"),
            ),
            Kind::OpenBracket(c) => (
                Text::new(
                    format!("括弧「{c}」が閉じていません"),
                    format!("the bracket `{c}` is not closed"),
                ),
                Text::new("この行で括弧を閉じてください", "close the bracket on this line"),
            ),
            Kind::TwoRecords => (
                Text::new(
                    "一つのファイルに二つ目の記録（---）があります",
                    "a second record (`---`) begins in this file",
                ),
                Text::new(
                    "一施設を一つのファイルにしてください。ここから下は調べていません",
                    "put each facility into its own file; what follows is not checked",
                ),
            ),
        }
    }
}

/// What people call a character that is not seen.
fn name(c: char) -> Text {
    let code = u32::from(c);
    match c {
        '\t' => Text::new("タブ", "tab"),
        '\u{3000}' => Text::new("全角の空白", "full-width space"),
        '\u{A0}' | '\u{202F}' => Text::new(
            format!("改行しない空白（U+{code:04X}）"),
            format!("no-break space (U+{code:04X})"),
        ),
        c if is_invisible(c) => Text::new(
            format!("見えない文字（U+{code:04X}）"),
            format!("invisible character (U+{code:04X})"),
        ),
        _ => Text::new(
            format!("特殊な空白（U+{code:04X}）"),
            format!("unusual space (U+{code:04X})"),
        ),
    }
}
