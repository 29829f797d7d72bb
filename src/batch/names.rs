//! File names that every system takes.

use std::collections::HashMap;
use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use crate::font::is_selector;

/// The most characters of a facility's name in a file name: with folder, number and form it stays
/// within the 260 characters of Windows and the 255 bytes of Linux.
const MOST_CHARS: usize = 40;

/// A facility's name as a part of a file name: what Windows forbids or what cannot be seen becomes
/// `_`, and a long name is cut. The characters themselves stay as they are.
///
/// ```
/// use onshi::batch::safe_name;
/// assert_eq!(safe_name("髙橋 a/b:医院."), "髙橋 a_b_医院");
/// assert_eq!(safe_name("  "), "_");
/// assert_eq!(safe_name(&"あ".repeat(200)).chars().count(), 40);
/// ```
pub fn safe_name(name: &str) -> String {
    cut(name, MOST_CHARS)
}

/// The same with at most so many characters.
pub(super) fn cut(name: &str, most: usize) -> String {
    let mut safe: String =
        name.chars().map(|c| if is_forbidden(c) { '_' } else { c }).take(most).collect();
    // A cut must not leave a character without the selector of its shape.
    if name.chars().nth(most).is_some_and(is_selector) {
        safe.pop();
    }
    let safe = safe.trim().trim_end_matches(['.', ' ']);
    match safe {
        "" => "_".to_owned(),
        safe if is_reserved(safe) => format!("_{safe}"),
        safe => safe.to_owned(),
    }
}

fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')
        // Marks that turn or hide the text around them.
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Names of files that are told apart where two would be the same on some system: the second of them gets
/// a number. The same names asked for in the same order come out the same.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    /// As a system that ignores case and composition compares them, each with the number that one more
    /// like it would get.
    taken: HashMap<String, u32>,
}

impl Distinct {
    /// The name, or with `-2` and so on before its ending the first like it that is free.
    pub fn name(&mut self, name: &str) -> String {
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() && !ending.contains('/') => {
                (stem, format!(".{ending}"))
            }
            _ => (name, String::new()),
        };
        let key = compared(name);
        let Some(next) = self.taken.get(&key).copied() else {
            self.taken.insert(key, 2);
            return name.to_owned();
        };
        // Of those below it none comes free again.
        let numbered = (next..).map(|number| (number, format!("{stem}-{number}{ending}")));
        let mut free = numbered.skip_while(|(_, name)| self.taken.contains_key(&compared(name)));
        // The numbers do not end before the names.
        let (number, given) = free.next().unwrap_or_else(|| (next, name.to_owned()));
        self.taken.insert(key, number.saturating_add(1));
        self.taken.insert(compared(&given), 2);
        given
    }
}

/// A name as a system compares it that tells neither case nor composition apart.
pub(super) fn compared(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).collect()
}

/// Where a file is, compared in the same way, whichever folders its path leads through.
pub(super) fn place(path: &Path) -> String {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = whole.parent().and_then(|folder| folder.canonicalize().ok());
    let whole = folder.zip(whole.file_name()).map_or(whole.clone(), |(f, name)| f.join(name));
    compared(&whole.to_string_lossy())
}

/// The names of devices on Windows, whatever follows their first dot.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |device: &str| {
        let rest = stem.strip_prefix(device).unwrap_or_default();
        rest.chars().count() == 1
            && rest.contains(['1', '2', '3', '4', '5', '6', '7', '8', '9', '¹', '²', '³'])
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn devices_of_windows_are_no_names() {
        for name in ["CON", "con.txt", "Aux ", "LPT1", "com9.pdf", "COM²"] {
            assert!(!is_reserved(&safe_name(name)), "{name}: {}", safe_name(name));
        }
        assert_eq!(safe_name("CONSUL医院"), "CONSUL医院");
        assert_eq!(safe_name("COM10"), "COM10");
    }

    #[test]
    fn a_cut_keeps_variants_whole() {
        let name = format!("{}葛\u{E0100}医院", "あ".repeat(39));
        assert_eq!(safe_name(&name), "あ".repeat(39));
    }

    #[test]
    fn names_that_are_alike_are_told_apart() {
        let mut names = Distinct::default();
        let all = ["A.pdf", "a.pdf", "A-2.pdf", "が", "か\u{3099}", "x/y.pdf", "x/Y.pdf"];
        let all = all.map(|name| names.name(name));
        assert_eq!(
            all,
            ["A.pdf", "a-2.pdf", "A-2-2.pdf", "が", "か\u{3099}-2", "x/y.pdf", "x/Y-2.pdf"]
        );
        assert_eq!(["A.pdf", "a-2.pdf"].map(|name| names.name(name)), ["A-3.pdf", "a-2-3.pdf"]);
        // As many that are the same take no longer each.
        let last = (0..50_000).map(|_| names.name("同じ.pdf")).last();
        assert_eq!(last.as_deref(), Some("同じ-50000.pdf"));
    }

    proptest! {
        #[test]
        fn any_name_is_safe(name in "\\PC*|.*") {
            let safe = safe_name(&name);
            prop_assert!(!safe.is_empty() && safe.len() <= 160);
            prop_assert!(!safe.chars().any(is_forbidden));
            prop_assert!(!safe.ends_with(['.', ' ']) && !is_reserved(&safe));
        }
    }
}
