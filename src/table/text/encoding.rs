//! Which encoding a text is in.

use std::io::{self, BufRead as _, BufReader, Read};

use encoding_rs::{DecoderResult, EUC_JP, SHIFT_JIS, UTF_8};

use crate::report::{Diagnostic, Text};
use crate::table::{Encoding, TableError};

const BUFFER: usize = 1 << 16;

/// The encoding, and what is worth saying of it.
///
/// A byte order mark binds. Without one it is the encoding in which the fewest characters are wrong,
/// so that a single bad byte does not turn every name into others.
///
/// # Errors
/// An `encoding` error that names an encoding which is not read.
pub(super) fn find(source: impl Read) -> Result<(Encoding, Text), TableError> {
    let seen = Seen::of(source)?;
    if let Some(name) = seen.foreign() {
        return Err(named(name).into());
    }
    let is_utf8 = seen.has_bom || seen.utf8 <= seen.cp932;
    let encoding = if is_utf8 { Encoding::Utf8 } else { Encoding::Cp932 };
    let bom = match seen.has_bom {
        true => Text::new("（BOM つき）", " with a byte order mark"),
        false => Text::new("", ""),
    };
    let note = Text::new(
        format!("文字コードは {}{} です", encoding.name(), bom.ja),
        format!("the encoding is {}{}", encoding.name(), bom.en),
    );
    Ok((encoding, note))
}

fn named(name: &str) -> Diagnostic {
    let message = Text::new(format!("文字コードが {name} です"), format!("the file is {name}"));
    Diagnostic::error("encoding", message).with_hint(Text::new(
        "Excel では「CSV UTF-8（コンマ区切り）」で、メモ帳では文字コードを UTF-8 にして保存してください",
        "save it as “CSV UTF-8” in Excel",
    ))
}

/// What was seen in the bytes of a file.
#[derive(Default)]
struct Seen {
    has_bom: bool,
    utf16_bom: bool,
    /// NUL bytes at even and at odd places.
    nuls: [usize; 2],
    /// Sequences that switch the character set in ISO-2022-JP.
    switches: usize,
    /// Bytes that begin or end a kanji in EUC-JP and never are half-width kana of CP932.
    high: usize,
    /// How many characters are wrong in each encoding.
    utf8: usize,
    cp932: usize,
    euc_jp: usize,
}

impl Seen {
    fn of(source: impl Read) -> io::Result<Seen> {
        let mut seen = Seen::default();
        let mut decoders = [UTF_8, SHIFT_JIS, EUC_JP].map(|e| e.new_decoder_with_bom_removal());
        let mut faults = [0; 3];
        let mut reader = BufReader::with_capacity(BUFFER, source);
        let mut offset = 0;
        loop {
            let bytes = reader.fill_buf()?;
            if offset == 0 {
                seen.has_bom = bytes.starts_with(b"\xEF\xBB\xBF");
                seen.utf16_bom = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
            }
            for (at, byte) in bytes.iter().enumerate() {
                if *byte == 0 {
                    seen.nuls[(offset + at) % 2] += 1;
                }
                seen.high += usize::from(*byte >= 0xE0);
            }
            let switches = [&b"\x1B$B"[..], b"\x1B$@", b"\x1B(J"];
            seen.switches += bytes.windows(3).filter(|window| switches.contains(window)).count();
            let (read, is_last) = (bytes.len(), bytes.is_empty());
            for (decoder, faults) in decoders.iter_mut().zip(&mut faults) {
                *faults += wrong(decoder, bytes, is_last);
            }
            if is_last {
                break;
            }
            offset += read;
            reader.consume(read);
        }
        [seen.utf8, seen.cp932, seen.euc_jp] = faults;
        Ok(seen)
    }

    /// An encoding that is named and not read.
    fn foreign(&self) -> Option<&'static str> {
        let [even, odd] = self.nuls;
        // Commas and line ends are half NUL in UTF-16; no other text has NUL at all.
        let is_utf16 = !self.has_bom && even + odd > 1 && (even == 0 || odd == 0);
        match () {
            () if self.utf16_bom || is_utf16 => Some("UTF-16"),
            () if self.has_bom => None,
            () if self.switches > 0 => Some("ISO-2022-JP（JIS）"),
            () if self.utf8 > 0 && self.euc_jp == 0 && self.high > 0 => Some("EUC-JP"),
            () => None,
        }
    }
}

/// How many characters of a part of a file are wrong.
fn wrong(decoder: &mut encoding_rs::Decoder, mut bytes: &[u8], is_last: bool) -> usize {
    let mut scratch = [0; 4096];
    let mut faults = 0;
    loop {
        let (result, read, _) =
            decoder.decode_to_utf8_without_replacement(bytes, &mut scratch, is_last);
        bytes = &bytes[read..];
        match result {
            DecoderResult::InputEmpty => return faults,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => faults += 1,
        }
    }
}
