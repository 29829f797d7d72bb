//! Where a PDF begins: mail programs, scanners and downloads put something before it.

/// How far from its start a file may begin to be a PDF, as viewers look for it (ISO 32000-1, Annex H).
const WITHIN: usize = 1024;
const MARK: &[u8] = b"%PDF-";

/// Where the header of a PDF is in a file; none where the file is no PDF. Behind anything but white space a
/// file must have the end of a PDF too: the mark may be in a text.
pub(crate) fn header(bytes: &[u8]) -> Option<usize> {
    let head = &bytes[..bytes.len().min(WITHIN + MARK.len())];
    let at = head.windows(MARK.len()).position(|window| window == MARK)?;
    let before = &bytes[..at];
    let before = before.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(before);
    let ends = || bytes.windows(9).rev().take(WITHIN).any(|window| window == b"startxref");
    (before.trim_ascii().is_empty() || ends()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_begins_behind_what_is_no_text_of_ours() {
        for (bytes, at) in [
            (&b"%PDF-1.7\n"[..], Some(0)),
            (b"\r\n%PDF-1.7\n", Some(2)),
            (b"\xEF\xBB\xBF%PDF-1.7\n", Some(3)),
            (b"Content-Type: application/pdf\n\n%PDF-1.7\nstartxref\n9\n%%EOF", Some(31)),
            (b"name: \"%PDF-1.7\"", None),
            (b"name: x", None),
            (b"", None),
        ] {
            assert_eq!(header(bytes), at, "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(header(&[&vec![b' '; 1025], MARK].concat()), None);
        assert_eq!(header(&[&vec![b' '; 1024], MARK].concat()), Some(1024));
    }
}
