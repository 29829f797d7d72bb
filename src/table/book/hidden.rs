//! Hidden rows of a sheet, which calamine doesn't tell of.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Seek};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

/// What of a sheet isn't shown.
#[derive(Debug, Default)]
pub(in crate::table) struct Hidden {
    /// The numbers of the rows, from 1, by whatever they are hidden.
    pub rows: BTreeSet<u32>,
}

impl Hidden {
    /// Looks through a sheet. A workbook that calamine reads and this doesn't has nothing hidden.
    pub fn find(source: impl Read + Seek, sheet: &str) -> Hidden {
        look(source, sheet).unwrap_or_default()
    }
}

fn look(source: impl Read + Seek, sheet: &str) -> Option<Hidden> {
    let mut archive = ZipArchive::new(source).ok()?;
    let mut id = None;
    elements(part(&mut archive, "xl/workbook.xml")?.as_bytes(), |element| {
        if element.local_name().as_ref() == "sheet" && attribute(element, "name")? == sheet {
            id = attribute(element, "r:id");
        }
        Some(())
    });
    let id = id?;
    let mut target = None;
    elements(part(&mut archive, "xl/_rels/workbook.xml.rels")?.as_bytes(), |element| {
        if attribute(element, "Id")? == id {
            target = attribute(element, "Target");
        }
        Some(())
    });
    let target = target?;
    let name = match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("xl/{target}"),
    };
    let mut hidden = Hidden::default();
    let mut row = 0;
    elements(BufReader::new(archive.by_name(&name).ok()?), |element| {
        if element.local_name().as_ref() == "row" {
            // A row without its number is the next one.
            let written = attribute(element, "r").and_then(|number| number.parse().ok());
            row = written.unwrap_or_else(|| u32::saturating_add(row, 1));
            let value = attribute(element, "hidden")?;
            if value == "1" || value == "true" {
                hidden.rows.insert(row);
            }
        }
        Some(())
    });
    Some(hidden)
}

fn part(archive: &mut ZipArchive<impl Read + Seek>, name: &str) -> Option<String> {
    let mut text = String::new();
    archive.by_name(name).ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}

/// Hands over every element's start, up to the end or the first fault.
fn elements(source: impl BufRead, mut each: impl FnMut(&BytesStart<'_>) -> Option<()>) {
    let mut reader = Reader::from_reader(source);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                each(&element);
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok()??;
    Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn rows_without_a_number_follow_and_none_is_too_large() {
        let mut book = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [
            (
                "xl/workbook.xml",
                r#"<workbook xmlns:r="r"><sheets><sheet name="名簿" r:id="r1"/></sheets></workbook>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>"#,
            ),
            (
                "xl/worksheets/sheet1.xml",
                r#"<worksheet><row r="4" hidden="1"/><row hidden="1"/><row r="4294967295"/><row hidden="1"/></worksheet>"#,
            ),
        ] {
            book.start_file(name, SimpleFileOptions::default()).unwrap();
            book.write_all(text.as_bytes()).unwrap();
        }
        let hidden = look(book.finish().unwrap(), "名簿").unwrap();
        assert_eq!(hidden.rows, [4, 5, u32::MAX].into_iter().collect());
    }
}
