//! Workbooks, part by part.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use crate::form::Forms;
use crate::layout::{Mode, fill};
use crate::sheet::{Rect, Sheet};
use crate::workbook::shape::SPARE;
use crate::workbook::{entries, xlsx};

/// The files in a workbook by name.
pub fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    let mut parts = BTreeMap::new();
    for i in 0..zip.len() {
        let mut file = zip.by_index(i).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("unpacks");
        let name = file.name().expect("a name").into_owned();
        parts.insert(name, String::from_utf8_lossy(&bytes).into_owned());
    }
    parts
}

fn blank(name: &str) -> BTreeMap<String, String> {
    let forms = Forms::built_in();
    let form = forms.find(name).expect("a form");
    let (sheets, _) = fill(form, Mode::Blank, forms);
    parts(&xlsx(&sheets, Some(&entries(form, Mode::Blank, forms))).expect("a workbook"))
}

const PAGE: &str = "xl/worksheets/sheet1.xml";

#[test]
fn every_form_is_one_protected_page_without_a_formula() {
    for form in Forms::built_in().forms() {
        let parts = blank(&form.id);
        let page = &parts[PAGE];
        for part in [
            "<pageSetUpPr fitToPage=\"1\"/>",
            "paperSize=\"9\"",
            "<sheetProtection sheet=\"1\" objects=\"1\" scenarios=\"1\"/>",
            "showGridLines=\"0\"",
        ] {
            assert!(page.contains(part), "{part} in {}", form.id);
        }
        assert!(!page.contains("<f>") && !page.contains("password="), "{}", form.id);
        let workbook = &parts["xl/workbook.xml"];
        assert!(workbook.contains("_xlnm.Print_Area"), "{}", form.id);
        assert!(workbook.contains("state=\"veryHidden\""), "{}", form.id);
        for cell in form.field_cells() {
            let field = &cell.value.field.as_ref().expect("a field").value;
            let name = format!("<definedName name=\"{}", field.base);
            assert!(workbook.contains(&name), "{field}");
        }
    }
}

#[test]
fn column_widths_and_row_heights_are_true_millimetres() {
    let forms = Forms::built_in();
    let form = forms.find("別紙2").expect("a form");
    let (sheets, _) = fill(form, Mode::Blank, forms);
    let page = &blank("別紙2")[PAGE];
    let numbers = |tag: &str, key: &str| -> f64 {
        let tag = format!("<{tag} ");
        let tags = page.split(&tag).skip(1);
        let spans = tags.map(|tag| {
            let number = |key: &str| -> f64 {
                let value = tag.split(&format!("{key}=\"")).nth(1);
                value.and_then(|v| v.split('"').next()?.parse().ok()).unwrap_or(1.0)
            };
            let columns = if key == "width" { number("max") - number("min") + 1.0 } else { 1.0 };
            number(key) * columns
        });
        spans.sum()
    };
    // A digit of the default font is 8 pixels wide, and there are 96 pixels in an inch.
    let wide = numbers("col", "width") * 8.0 / 96.0 * 25.4;
    let high = numbers("row", "ht") / 72.0 * 25.4;
    let rects: Vec<Rect> = sheets[0].areas().map(|area| area.rect).collect();
    let (left, right) =
        rects.iter().fold((f32::MAX, 0.0_f32), |(l, r), a| (l.min(a.x), r.max(a.right())));
    let (top, bottom) =
        rects.iter().fold((f32::MAX, 0.0_f32), |(t, b), a| (t.min(a.y), b.max(a.bottom())));
    assert!((wide - f64::from(right + SPARE - left)).abs() < 0.3, "{wide}");
    assert!((high - f64::from(bottom - top)).abs() < 0.3, "{high}");
    assert!(page.contains(&format!("<pageMargins left=\"{}", f64::from(left) / 25.4)), "margins");
}

#[test]
fn choices_dates_and_codes_can_only_be_entered_as_they_are_meant() {
    let page = &blank("別紙2")[PAGE];
    for part in [
        "<formula1>\"IP-VPN,IPsec+IKE\"</formula1>",
        "<formula1>\"ア,イ,ウ\"</formula1>",
        "<dataValidation type=\"whole\"",
        "<dataValidation type=\"date\"",
        "prompt=\"⑨ IP-VPN または IPsec+IKE。例: IP-VPN\"",
        "error=\"一覧から選んでください: IP-VPN、IPsec+IKE\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let parts = blank("別紙1");
    let styles = &parts["xl/styles.xml"];
    assert!(styles.contains(";[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"));
    assert!(styles.contains("FFFFFFCC") && styles.contains("<protection locked=\"0\"/>"));
    assert!(blank("様式2")[PAGE].contains("\"☑,☐\""));
    assert!(parts[PAGE].contains("\"医科,歯科,薬局,医科・歯科\""));
}

#[test]
fn the_default_font_gives_the_columns_their_width_and_no_text_is_set_in_it() {
    let parts = blank("別紙1");
    let styles = &parts["xl/styles.xml"];
    let mut fonts = styles.split("<font>").skip(1);
    let first = fonts.next().unwrap_or_default();
    assert!(first.contains("<sz val=\"12\"/>") && first.contains("Times New Roman"), "{first}");
    assert!(styles.contains("BIZ UD明朝"));
    // The formats in order, each with the number of its font.
    let formats = styles.split("<cellXfs").nth(1).unwrap_or_default();
    let fonts: Vec<&str> = formats
        .split("<xf ")
        .skip(1)
        .map(|xf| {
            xf.split("fontId=\"").nth(1).and_then(|id| id.split('"').next()).unwrap_or_default()
        })
        .collect();
    let mut texts = 0;
    for cell in parts[PAGE].split("<c ").skip(1).filter(|cell| cell.contains("<v>")) {
        let style = cell.split(" s=\"").nth(1).and_then(|s| s.split('"').next()).unwrap_or("0");
        assert_ne!(fonts[style.parse::<usize>().expect("a number")], "0", "{cell}");
        texts += 1;
    }
    assert!(texts > 20, "{texts}");
}

#[test]
fn a_circle_is_a_picture_and_a_callout_a_text_box() {
    let forms = Forms::built_in();
    let form = forms.find("別紙1").expect("a form");
    let (sheets, _) = fill(form, Mode::Example, forms);
    let parts = parts(&xlsx(&sheets, Some(&entries(form, Mode::Example, forms))).expect("paints"));
    let drawing = &parts["xl/drawings/drawing1.xml"];
    assert!(drawing.contains("descr=\"○ 医科\""), "{drawing}");
    assert_eq!(drawing.matches("txBox=\"1\"").count(), 3);
    assert!(parts.contains_key("xl/media/image1.png"));
    // Nothing of the 記載例 is a value to read back.
    assert!(!parts["xl/workbook.xml"].contains("facility.name"));
}

#[test]
fn a_sheet_of_any_other_program_part_is_painted_without_entries() {
    let sheet = Sheet {
        form: "a/b:c".into(),
        title: "白紙".into(),
        page: 1,
        is_titled: false,
        paper: None,
        width: 297.0,
        height: 210.0,
        blocks: vec![],
    };
    let parts = parts(&xlsx(&[sheet], None).expect("paints"));
    assert!(parts[PAGE].contains("orientation=\"landscape\""));
    assert!(parts["xl/workbook.xml"].contains("name=\"abc\""));
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    let forms = Forms::built_in();
    let form = forms.find("様式2").expect("a form");
    let paint = || {
        let (sheets, _) = fill(form, Mode::Blank, forms);
        xlsx(&sheets, Some(&entries(form, Mode::Blank, forms))).expect("paints")
    };
    assert_eq!(paint(), paint());
}

#[test]
fn the_size_of_a_picture_is_before_it() {
    let forms = Forms::built_in();
    let form = forms.find("別紙1").expect("a form");
    let (sheets, _) = fill(form, Mode::Example, forms);
    let bytes = xlsx(&sheets, Some(&entries(form, Mode::Example, forms))).expect("paints");
    let name = b"xl/media/image1.png";
    let at = bytes.windows(name.len()).position(|part| part == name).expect("a picture");
    // Of the file's header, which ends with its name (APPNOTE.TXT, 4.3.7): the flags and the size.
    let header = &bytes[at - 30..at];
    assert!(header.starts_with(b"PK\x03\x04"));
    assert_eq!(header[6] & 8, 0);
    assert_ne!(header[18..22], [0; 4]);
}
