use std::collections::BTreeMap;

use super::*;
use crate::calendar::Date;
use crate::form::Forms;
use crate::workbook::FormEntries;
use crate::workbook::cells::{CellValue, Content};

/// The files of a workbook, a text in place of its number.
fn files(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut files = crate::workbook::write::tests::parts(bytes);
    let list = files.remove("xl/sharedStrings.xml").expect("texts");
    let texts: Vec<&str> =
        list.split("<si>").skip(1).map(|text| text.split("</si>").next().unwrap()).collect();
    let mut count = 0;
    for sheet in files.iter_mut().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")) {
        let mut cells = sheet.1.split(" t=\"s\"><v>");
        let mut resolved = cells.next().unwrap().to_owned();
        for cell in cells {
            count += 1;
            let (number, rest) = cell.split_once("</v>").unwrap();
            resolved += &format!(">{}{rest}", texts[number.parse::<usize>().unwrap()]);
        }
        *sheet.1 = resolved;
    }
    assert!(list.contains(&format!(" count=\"{count}\" uniqueCount=\"{}\">", texts.len())));
    files
}

/// Values that are put between the pieces of a template are the same cells as those that the library itself writes.
#[test]
fn a_filled_template_is_what_the_library_writes() {
    let forms = Forms::built_in();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let mut seen = 0;
    for path in std::fs::read_dir(folder).expect("samples").map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let opened = crate::open(&name, &std::fs::read(&path).expect("a file"), forms);
        let filling = opened.fill(forms, &[], Date::constant(2024, 1, 10));
        let Ok(ready) = filling.ready() else { continue };
        let ready =
            ready.forms().iter().filter(|one| one.sheets().iter().all(|s| s.paper.is_none()));
        for one in ready {
            let entries = FormEntries::new(forms).of(one);
            let forms = [(one.sheets(), Some(&entries))];
            let parts = parts(&forms);
            let placed: Vec<_> = parts.iter().map(Part::placed).collect();
            let Plan { shape, inputs, own } = plan(&parts, &placed).unwrap();
            assert!(!own.values.is_empty(), "{name}");
            let mut whole = shape.clone();
            let boxes = whole.pages.iter_mut().flat_map(|page| &mut page.boxes);
            let valued = boxes.filter(|boxed| matches!(boxed.content, Content::Value));
            for (boxed, value) in valued.zip(&own.values) {
                boxed.content = match value {
                    CellValue::Text(text) => Content::Text(text.clone()),
                    CellValue::Number(number) => Content::Number(*number),
                };
            }
            let filled = Template::of(shape, &inputs).unwrap().fill(&own).unwrap();
            let whole = Template::of(whole, &inputs)
                .unwrap()
                .fill(&Own { values: Vec::new(), ..own })
                .unwrap();
            assert_eq!(files(&filled), files(&whole), "{name}");
            seen += 1;
        }
    }
    assert!(seen > 8, "{seen}");
}
