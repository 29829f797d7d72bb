//! QR codes and bar codes: which parts of a box are black.

use barcoders::sym::code39::Code39;
use barcoders::sym::code128::Code128;
use barcoders::sym::ean13::EAN13;
use qrcode::{Color, EcLevel, QrCode};

use crate::form::CodeKind;
use crate::report::Text;
use crate::sheet::Rect;

/// Bars as a code's encoder gives them.
pub(super) struct Bars {
    /// Black parts in modules, from the corner of the code with its quiet zone.
    black: Vec<Rect>,
    /// Width and height in modules; a bar code is one module high.
    size: (f32, f32),
    /// The least width of a module in mm that scanners read from print.
    least: f32,
    /// What a scanner reads.
    pub text: String,
}

/// Why a text is not drawn as a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeFault {
    /// The code does not hold such a text.
    Text(CodeKind),
    /// Its bars would be too fine to be read.
    Size,
}

impl CodeFault {
    /// What is wrong, and what the code takes.
    pub fn message(self, text: &str) -> (Text, Text) {
        match self {
            CodeFault::Text(kind) => (
                Text::new(
                    format!("「{text}」は{}にできません", name(kind)),
                    format!("`{text}` cannot be a {}", name(kind)),
                ),
                takes(kind),
            ),
            CodeFault::Size => (
                Text::new(
                    format!("「{text}」のコードは、この欄の大きさでは読み取れません"),
                    format!("the code of `{text}` would be too fine to be read"),
                ),
                Text::new(
                    "欄を広げるか、内容を短くしてください",
                    "make the cell larger or the content shorter",
                ),
            ),
        }
    }
}

fn name(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Qr => " QR コード",
        CodeKind::Code128 => " Code 128 ",
        CodeKind::Code39 => " Code 39 ",
        CodeKind::Jan => " JAN コード",
    }
}

fn takes(kind: CodeKind) -> Text {
    match kind {
        CodeKind::Qr => Text::new("2,300 バイト程度まで入ります", "it holds about 2,300 bytes"),
        CodeKind::Code128 => Text::new(
            "半角の英数字と記号だけにしてください",
            "it takes letters, digits and marks of ASCII",
        ),
        CodeKind::Code39 => Text::new(
            "半角の大文字・数字と「-. $/+%」だけにしてください",
            "it takes capital letters, digits and `-. $/+%`",
        ),
        CodeKind::Jan => Text::new(
            "12 桁か、検査数字の合う 13 桁の数字にしてください",
            "it takes 12 digits, or 13 whose check digit is right",
        ),
    }
}

impl Bars {
    /// The bars of a text.
    pub fn of(kind: CodeKind, text: &str) -> Result<Bars, CodeFault> {
        let refused = CodeFault::Text(kind);
        if text.is_empty() {
            return Err(refused);
        }
        let modules = match kind {
            CodeKind::Qr => return qr(text).ok_or(refused),
            // The first character asks for the set that has all of ASCII that prints.
            CodeKind::Code128 if text.chars().all(|c| matches!(c, ' '..='~')) => {
                Code128::new(format!("\u{181}{text}")).map(|code| code.encode()).ok()
            }
            CodeKind::Code128 => None,
            CodeKind::Code39 => Code39::new(text).map(|code| code.encode()).ok(),
            CodeKind::Jan => EAN13::new(text).map(|code| code.encode()).ok(),
        };
        let least = if kind == CodeKind::Jan { 0.26 } else { 0.19 };
        let text = if kind == CodeKind::Jan { jan(text) } else { text.to_owned() };
        Ok(lines(&modules.ok_or(refused)?, least, text))
    }

    /// Whether the code is a square, not bars as high as their box.
    pub fn is_square(&self) -> bool {
        self.size.0 == self.size.1
    }

    /// The black parts in a box of the page.
    pub fn inside(&self, rect: Rect) -> Result<Vec<Rect>, CodeFault> {
        let (across, down) = (rect.w / self.size.0, rect.h / self.size.1);
        if across < self.least {
            return Err(CodeFault::Size);
        }
        let placed = |bar: &Rect| Rect {
            x: rect.x + bar.x * across,
            y: rect.y + bar.y * down,
            w: bar.w * across,
            h: bar.h * down,
        };
        Ok(self.black.iter().map(placed).collect())
    }
}

/// White round a QR code, in modules (ISO/IEC 18004).
const QUIET: usize = 4;
/// White beside a bar code, in modules.
const QUIET_BESIDE: usize = 10;

fn qr(text: &str) -> Option<Bars> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let colors = code.into_colors();
    let rows = colors.chunks(width).zip(QUIET..);
    let black = rows.flat_map(|(row, y)| {
        let bars = runs(row, |color| *color == Color::Dark).into_iter();
        bars.map(move |(x, w)| module(x + QUIET, y, w))
    });
    let black = black.collect();
    let side = (width + 2 * QUIET) as f32;
    Some(Bars { black, size: (side, side), least: 0.25, text: text.to_owned() })
}

/// The digits of a JAN code with the check digit that they may lack (ISO/IEC 15420).
fn jan(text: &str) -> String {
    let digits = text.bytes().take(12).map(|digit| u32::from(digit.wrapping_sub(b'0')));
    let sum: u32 = digits.zip([1, 3].into_iter().cycle()).map(|(digit, by)| digit * by).sum();
    text.chars().take(12).chain(char::from_digit((10 - sum % 10) % 10, 10)).collect()
}

fn lines(modules: &[u8], least: f32, text: String) -> Bars {
    let bars = runs(modules, |module| *module != 0).into_iter();
    let black = bars.map(|(x, w)| module(x + QUIET_BESIDE, 0, w)).collect();
    Bars { black, size: ((modules.len() + 2 * QUIET_BESIDE) as f32, 1.0), least, text }
}

fn module(x: usize, y: usize, w: usize) -> Rect {
    Rect { x: x as f32, y: y as f32, w: w as f32, h: 1.0 }
}

/// Where items that are black side by side begin, and how many they are.
fn runs<T>(items: &[T], is_black: impl Fn(&T) -> bool) -> Vec<(usize, usize)> {
    let mut start = 0;
    let groups = items.chunk_by(|a, b| is_black(a) == is_black(b));
    let placed = groups.map(|group| {
        let at = start;
        start += group.len();
        (at, group)
    });
    let black = placed.filter(|(_, group)| group.first().is_some_and(&is_black));
    black.map(|(at, group)| (at, group.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_hold_what_their_kind_takes() {
        for (kind, text, is_held) in [
            (CodeKind::Qr, "https://example.jp/?名称=霞が関", true),
            (CodeKind::Code128, "AB-12 xyz", true),
            (CodeKind::Code128, "霞が関", false),
            (CodeKind::Code128, "", false),
            (CodeKind::Code39, "AB-12", true),
            (CodeKind::Code39, "ab", false),
            (CodeKind::Jan, "490123456789", true),
            (CodeKind::Jan, "4901234567894", true),
            (CodeKind::Jan, "4901234567890", false),
            (CodeKind::Jan, "490", false),
        ] {
            assert_eq!(Bars::of(kind, text).is_ok(), is_held, "{kind:?} {text}");
        }
        assert_eq!(Bars::of(CodeKind::Jan, "490123456789").unwrap().text, "4901234567894");
        assert_eq!(
            Bars::of(CodeKind::Qr, &"あ".repeat(2000)).err(),
            Some(CodeFault::Text(CodeKind::Qr))
        );
    }

    #[test]
    fn bars_stand_inside_their_quiet_zone_and_are_not_too_fine() {
        let bars = Bars::of(CodeKind::Qr, "霞が関").unwrap();
        let box_of = |w| Rect { x: 10.0, y: 20.0, w, h: w };
        let black = bars.inside(box_of(20.0)).unwrap();
        let module = 20.0 / bars.size.0;
        for bar in black {
            assert!(bar.x >= 10.0 + 3.99 * module && bar.right() <= 30.01 - 4.0 * module);
            assert!(bar.y >= 20.0 + 3.99 * module && bar.bottom() <= 40.01 - 4.0 * module);
        }
        assert_eq!(bars.inside(box_of(3.0)), Err(CodeFault::Size));
    }
}
