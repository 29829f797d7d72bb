use std::sync::Arc;

use lopdf::{Dictionary, Document, Object};

use super::*;
use crate::font::Family;
use crate::sheet::*;

const BLACK: Color = Color(0, 0, 0);
const RED: Color = Color(220, 0, 0);
const SIZE: f32 = 10.5;

fn run(text: &str, x: f32, baseline: f32) -> Run {
    let family = Family::Mincho;
    let width = crate::font::width_em(text, family) * SIZE * MM_PER_PT;
    let tick = text.chars().next().filter(|_| text.chars().count() == 1).and_then(Tick::of);
    let content = tick.map_or_else(|| Content::Text(text.into()), Content::Tick);
    let (size, spread, color, value) = (SIZE, 0.0, BLACK, false);
    Run {
        content,
        x,
        baseline,
        width,
        size,
        family,
        spread,
        color,
        value,
        underline: false,
        vertical: false,
        link: None,
    }
}

fn bare(x: f32, y: f32, w: f32, h: f32) -> Area {
    Area {
        rect: Rect { x, y, w, h },
        edges: Edges::default(),
        fill: None,
        lines: vec![],
        marks: vec![],
        field: None,
        is_made: false,
        align: Align::Left,
        valign: VAlign::Middle,
    }
}

/// A word of the first run of a box.
fn word(range: std::ops::Range<usize>) -> Word {
    Word { line: 0, run: 0, range }
}

/// A box with a line of text 6 mm below its top, 2 mm from its left.
fn area(x: f32, y: f32, w: f32, text: &str) -> Area {
    let runs = vec![run(text, x + 2.0, y + 6.0)];
    Area { lines: vec![TextLine { runs }], ..bare(x, y, w, 10.0) }
}

fn ruled(stroke: Stroke, area: Area) -> Area {
    Area { edges: Edges { top: stroke, right: stroke, bottom: stroke, left: stroke }, ..area }
}

fn cell(area: Area) -> Cell {
    Cell { areas: vec![area], header: None, rows: 1, columns: 1 }
}

fn sheet(blocks: Vec<Block>) -> Sheet {
    Sheet {
        form: "form".into(),
        title: "申請書".into(),
        page: 1,
        is_titled: false,
        paper: None,
        width: 210.0,
        height: 297.0,
        blocks,
    }
}

fn paragraph(area: Area) -> Block {
    Block::Text { role: Role::Paragraph, area }
}

/// A title, a heading, a table with spans, marks, digits and names, and paragraphs.
fn form() -> Sheet {
    let title = Block::Text {
        role: Role::Title,
        area: area(70.0, 15.0, 70.0, "カードリーダー申請書"),
    };
    let heading =
        Block::Text { role: Role::Heading, area: area(20.0, 30.0, 70.0, "1 基本情報") };
    let mut kind = ruled(Stroke::Thin, area(20.0, 40.0, 30.0, "医科・歯科"));
    let x = 22.0 + 3.0 * SIZE * MM_PER_PT - 1.0;
    let rect = Rect { x, y: 42.0, w: 9.4, h: 5.4 };
    let start = "医科・".len();
    let word = word(start..start + "歯科".len());
    kind.marks.push(Mark::Circle { rect, color: RED, word });
    kind.fill = Some(Color(230, 230, 230));
    kind.rect.h = 20.0;
    let mut label = ruled(Stroke::Thin, area(50.0, 40.0, 30.0, "名称"));
    label.lines[0].runs[0].spread = 15.0;
    let name = ruled(Stroke::Thin, area(80.0, 40.0, 100.0, "髙﨑𠮷葛\u{E0100}葛医院"));
    let mut ticks = ruled(Stroke::Thin, area(80.0, 50.0, 100.0, "☑"));
    let beside = [("導入している", 87.0), ("☐", 121.8), ("予定なし", 126.0)];
    ticks.lines[0].runs.extend(beside.map(|(text, x)| run(text, x, 56.0)));
    ticks.lines[0].runs[0].color = RED;
    let digits = (0..7).map(|i| {
        ruled(Stroke::Thin, area(80.0 + 10.0 * i as f32, 60.0, 10.0, &(i + 1).to_string()))
    });
    let digits = Cell { areas: digits.collect(), header: None, rows: 1, columns: 1 };
    let empty = |x, y, w| cell(ruled(Stroke::Thin, bare(x, y, w, 10.0)));
    let rows = vec![
        vec![
            Cell { header: Some(Scope::Row), rows: 2, ..cell(kind) },
            Cell { header: Some(Scope::Column), ..cell(label) },
            cell(name),
        ],
        vec![empty(50.0, 50.0, 30.0), cell(ticks)],
        vec![Cell { columns: 2, ..empty(20.0, 60.0, 60.0) }, digits],
    ];
    let line = Line { x1: 20.0, y1: 75.0, x2: 180.0, y2: 75.0, stroke: Stroke::Dashed };
    let beside = vec![
        cell(area(20.0, 80.0, 60.0, "令和6年")),
        cell(bare(80.0, 80.0, 10.0, 10.0)),
        cell(area(90.0, 80.0, 60.0, "御中")),
    ];
    let mut value = area(20.0, 95.0, 100.0, "赤い値");
    value.lines[0].runs[0].color = RED;
    value.lines[0].runs[0].family = Family::Bold;
    sheet(vec![
        title,
        heading,
        Block::Table { rows: rows.into_iter().map(shared).collect() },
        Block::Rule { line },
        Block::Group(shared(beside)),
        paragraph(bare(20.0, 90.0, 10.0, 5.0)),
        paragraph(value),
    ])
}

fn shared(cells: Vec<Cell>) -> Vec<Arc<Cell>> {
    cells.into_iter().map(Arc::new).collect()
}

fn paint(sheet: &Sheet) -> Vec<u8> {
    pdf(std::slice::from_ref(sheet), &PdfOptions::default()).expect("paints")
}

fn read(bytes: &[u8]) -> Document {
    Document::load_mem(bytes).expect("a PDF")
}

/// The text as its glyphs give it, in the order of the content stream, without white space.
fn text(bytes: &[u8]) -> String {
    let text = read(bytes).extract_text(&[1]).expect("text");
    text.chars().filter(|c| !c.is_whitespace() || *c == '\u{3000}').collect()
}

/// The texts that stand for glyphs in the content stream in place of their own.
fn replacements(bytes: &[u8]) -> Vec<String> {
    let document = read(bytes);
    let content = document.get_page_content(document.get_pages()[&1]);
    let content = lopdf::content::Content::decode(&content).expect("operators");
    let properties = content.operations.iter().filter_map(|o| o.operands.last()?.as_dict().ok());
    let texts = properties.filter_map(|d| d.get(b"ActualText").ok());
    texts.map(|t| lopdf::decode_text_string(t).expect("text")).collect()
}

/// The tags: `S{rowspan×colspan/scope}=text(children)`.
fn tags(bytes: &[u8]) -> String {
    fn write(document: &Document, object: &Object, out: &mut String) {
        let Ok((_, Object::Dictionary(element))) = document.dereference(object) else {
            return;
        };
        let name = |d: &Dictionary, key: &[u8]| {
            Some(String::from_utf8_lossy(d.get(key).ok()?.as_name().ok()?).into_owned())
        };
        out.push_str(&name(element, b"S").expect("a role"));
        for attributes in element.get(b"A").and_then(Object::as_array).into_iter().flatten() {
            let attributes = attributes.as_dict().expect("attributes");
            let span = |key: &[u8]| attributes.get(key).and_then(Object::as_i64).unwrap_or(1);
            if span(b"RowSpan") * span(b"ColSpan") > 1 {
                out.push_str(&format!("{{{}×{}}}", span(b"RowSpan"), span(b"ColSpan")));
            }
            out.extend(name(attributes, b"Scope").map(|scope| format!("/{scope}")));
        }
        if let Ok(text) = element.get(b"ActualText") {
            out.push_str(&format!("={}", lopdf::decode_text_string(text).expect("text")));
        }
        let kids = element.get(b"K").and_then(Object::as_array).into_iter().flatten();
        let kids: Vec<String> = kids
            .filter(|kid| kid.as_reference().is_ok())
            .map(|kid| {
                let mut out = String::new();
                write(document, kid, &mut out);
                out
            })
            .collect();
        if !kids.is_empty() {
            out.push_str(&format!("({})", kids.join(" ")));
        }
    }
    let document = read(bytes);
    let root = document.catalog().expect("a catalog").get(b"StructTreeRoot").expect("tags");
    let (_, root) = document.dereference(root).expect("tags");
    let top = root.as_dict().expect("tags").get(b"K").expect("the document");
    let mut out = String::new();
    let top = top.as_array().map_or(top, |array| &array[0]);
    write(&document, top, &mut out);
    out
}

#[test]
fn the_same_sheets_give_the_same_bytes() {
    assert_eq!(paint(&form()), paint(&form()));
    let date = jiff::civil::date(2024, 4, 1);
    let later = pdf(&[form()], &PdfOptions::default().date(date)).expect("paints");
    assert!(String::from_utf8_lossy(&later).contains("2024-04-01"));
    assert_ne!(later, paint(&form()));
}

#[test]
fn text_is_found_in_reading_order() {
    let expected = "カードリーダー申請書1基本情報医科・○歯科名称髙﨑𠮷葛\u{E0100}葛医院\
        ☑導入している☐予定なし1234567令和6年御中赤い値";
    assert_eq!(text(&paint(&form())), expected);
}

#[test]
fn what_is_drawn_or_spread_says_what_it_means() {
    assert_eq!(replacements(&paint(&form())), ["○", "名称", "☑", "☐"]);
}

#[test]
fn characters_that_share_a_glyph_keep_their_own_text() {
    // One glyph serves both characters, and the default shape of a sequence is the plain glyph.
    let twins =
        paint(&sheet(vec![paragraph(area(20.0, 20.0, 60.0, "\u{29FCE}\u{29FD7}葛葛\u{E0101}"))]));
    assert_eq!(replacements(&twins), ["\u{29FD7}", "葛\u{E0101}"]);
}

#[test]
fn the_structure_is_tagged() {
    let expected = "Document(H1 H2 Table(\
        TR(TH{2×1}/Row(Span=○) TH/Column TD) \
        TR(TD TD(Span=☑ Span=☐)) \
        TR(TD{1×2} TD)) \
        P P P)";
    assert_eq!(tags(&paint(&form())), expected);
}

#[test]
fn headings_begin_at_the_first_level_without_a_title() {
    let heading =
        Block::Text { role: Role::Heading, area: area(20.0, 20.0, 60.0, "1 基本情報") };
    assert_eq!(tags(&paint(&sheet(vec![heading]))), "Document(H1)");
}

#[test]
fn several_sheets_are_one_document_with_an_entry_each() {
    let outline = vec!["甲医院".to_string()];
    let bytes = pdf(&[form(), form()], &PdfOptions::default().outline(outline));
    let document = read(&bytes.expect("paints"));
    assert_eq!(document.get_pages().len(), 2);
    let text = |object: &Object| lopdf::decode_text_string(object).expect("text");
    let dictionaries = document.objects.values().filter_map(|o| o.as_dict().ok());
    let entries: Vec<String> = dictionaries
        .filter(|d| {
            d.has(b"Dest") || d.has(b"A") && d.has(b"Parent") && d.has(b"Title") && !d.has(b"S")
        })
        .map(|d| text(d.get(b"Title").expect("a title")))
        .collect();
    assert_eq!(entries, ["甲医院", "申請書"]);
}

#[test]
fn it_says_that_it_is_archival_and_accessible() {
    let bytes = paint(&form());
    let document = read(&bytes);
    let catalog = document.catalog().expect("a catalog");
    assert_eq!(catalog.get(b"Lang").and_then(lopdf::decode_text_string).expect("a language"), "ja");
    let marked = catalog.get(b"MarkInfo").and_then(Object::as_dict).and_then(|m| m.get(b"Marked"));
    assert_eq!(marked.and_then(Object::as_bool).ok(), Some(true));
    let metadata = catalog.get(b"Metadata").and_then(Object::as_reference).expect("metadata");
    let metadata = document.get_object(metadata).and_then(Object::as_stream).expect("metadata");
    let xmp = String::from_utf8_lossy(&metadata.content).into_owned();
    for said in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "申請書",
        concat!("onshi ", env!("CARGO_PKG_VERSION")),
        "2000-01-01",
    ] {
        assert!(xmp.contains(said), "{said} is not in {xmp}");
    }
}

#[test]
fn fonts_are_embedded_as_subsets() {
    let bytes = paint(&form());
    assert!(bytes.len() < 60_000, "{} bytes", bytes.len());
    let document = read(&bytes);
    let descriptors = document.objects.values().filter_map(|o| o.as_dict().ok());
    let mut names: Vec<String> = Vec::new();
    for descriptor in descriptors.filter(|d| d.has_type(b"FontDescriptor")) {
        assert!(descriptor.has(b"FontFile2") || descriptor.has(b"FontFile3"));
        let name = descriptor.get(b"FontName").and_then(Object::as_name).expect("a name");
        let name = String::from_utf8_lossy(name).into_owned();
        let (tag, name) = name.split_once('+').expect("a subset");
        assert!(tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase()), "{tag}");
        names.push(name.into());
    }
    names.sort();
    assert_eq!(names, ["BIZUDGothic-Bold", "BIZUDMincho-Regular", "IPAmjMincho"]);
}

#[test]
fn what_cannot_be_printed_is_refused_by_name() {
    for (text, named) in [("東☑京", "“☑” (U+2611)"), ("外\u{E000}字", "U+E000")] {
        let sheet = sheet(vec![paragraph(area(20.0, 20.0, 60.0, text))]);
        let error = pdf(&[sheet], &PdfOptions::default()).expect_err("refused");
        assert!(matches!(error, PaintError::Refused(_)));
        assert!(error.to_string().contains(named), "{error}");
    }
}

#[test]
fn impossible_numbers_are_refused() {
    let refused = |sheet: Sheet| {
        let error = pdf(&[sheet], &PdfOptions::default()).expect_err("refused");
        assert!(matches!(error, PaintError::Geometry(_)), "{error}");
    };
    refused(Sheet { width: f32::NAN, ..form() });
    refused(Sheet { height: 0.0, ..form() });
    refused(sheet(vec![paragraph(area(f32::INFINITY, 20.0, 60.0, "東京"))]));
    let mut tiny = area(20.0, 20.0, 60.0, "東京");
    tiny.lines[0].runs[0].size = 0.0;
    refused(sheet(vec![paragraph(tiny)]));
    let mut flat = bare(20.0, 20.0, 60.0, 10.0);
    let rect = Rect { x: 20.0, y: 20.0, w: 0.0, h: 5.0 };
    flat.marks.push(Mark::Circle { rect, color: RED, word: word(0..0) });
    refused(sheet(vec![paragraph(flat)]));
    assert!(matches!(pdf(&[], &PdfOptions::default()), Err(PaintError::Geometry(_))));
}

#[test]
fn an_empty_sheet_is_an_empty_page() {
    assert_eq!(tags(&paint(&sheet(vec![]))), "Document");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_written_paints_or_is_refused(
        text in "([あ-んァ-ヶ一-龠a-z0-9 　葛\u{E0100}\u{E0101}𠮷]|.){0,20}",
        spread in 0.0f32..20.0,
        family in 0usize..3,
        start in 0usize..40,
    ) {
        let mut area = area(20.0, 20.0, 100.0, &text);
        let run = &mut area.lines[0].runs[0];
        (run.spread, run.family) = (spread, [Family::Mincho, Family::Gothic, Family::Bold][family]);
        let rect = Rect { x: 40.0, y: 22.0, w: 8.0, h: 5.0 };
        // A range that cuts a character or leaves the text is not a word.
        let word = word(start..start + 6);
        area.marks.push(Mark::Circle { rect, color: RED, word });
        let faults = crate::font::faults(&text);
        let painted = pdf(&[sheet(vec![paragraph(area)])], &PdfOptions::default());
        proptest::prop_assert_eq!(painted.is_ok(), faults.iter().all(|f| f.fault.prints()));
    }
}

/// A picture's pixels.
struct Pixels {
    width: usize,
    rgb: Vec<[u8; 3]>,
    dpi: f32,
}

impl Pixels {
    fn of(sheet: &Sheet, dpi: f32) -> Pixels {
        let bytes = png(sheet, dpi).expect("a picture");
        let mut reader =
            ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
        let mut data = vec![0; reader.output_buffer_size().expect("it fits")];
        let frame = reader.next_frame(&mut data).expect("pixels");
        assert_eq!(
            (frame.color_type, frame.bit_depth),
            (::png::ColorType::Rgb, ::png::BitDepth::Eight)
        );
        let size = [sheet.width, sheet.height].map(|mm| (mm / 25.4 * dpi).round() as u32);
        assert_eq!([frame.width, frame.height], size);
        let dimensions = reader.info().pixel_dims.expect("a resolution");
        assert_eq!(dimensions.xppu, (dpi / 0.0254).round() as u32);
        let rgb = data.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
        Pixels { width: frame.width as usize, rgb, dpi }
    }

    /// How many pixels of a box in mm are as `is` says.
    fn count(&self, [x, y, w, h]: [f32; 4], is: fn([u8; 3]) -> bool) -> usize {
        let px = |mm: f32| (mm / 25.4 * self.dpi).round() as usize;
        let rows = px(y)..px(y + h);
        rows.flat_map(|row| &self.rgb[row * self.width + px(x)..row * self.width + px(x + w)])
            .filter(|p| is(**p))
            .count()
    }
}

fn dark([r, g, b]: [u8; 3]) -> bool {
    r < 100 && g < 100 && b < 100
}

fn red([r, g, b]: [u8; 3]) -> bool {
    r > 150 && g < 120 && b < 120
}

#[test]
fn every_glyph_leaves_ink() {
    let text = "髙﨑德𠮷槗葛\u{E0100}辻\u{E0100}邊\u{E010F}Aaア１〒";
    for family in [Family::Mincho, Family::Gothic, Family::Bold] {
        let mut area = area(20.0, 20.0, 100.0, text);
        area.lines[0].runs[0].family = family;
        let pixels = Pixels::of(&sheet(vec![paragraph(area)]), 150.0);
        let mut x = 22.0;
        for glyph in crate::font::shape(text, family).glyphs {
            let width = glyph.advance_em * SIZE * MM_PER_PT;
            let ink = pixels.count([x, 22.5, width, 4.5], dark);
            assert!(ink > 10, "{family:?} {} left {ink} pixels", &text[glyph.range]);
            x += width;
        }
        assert_eq!(pixels.count([x + 0.5, 15.0, 60.0, 20.0], |p| p != [255; 3]), 0);
    }
}

#[test]
fn marks_are_drawn_where_they_belong() {
    let pixels = Pixels::of(&form(), 200.0);
    let circle = [22.0 + 3.0 * SIZE * MM_PER_PT - 1.5, 41.5, 10.4, 6.4];
    assert!(pixels.count(circle, red) > 100);
    // Nothing of it touches the word it does not mean.
    assert_eq!(pixels.count([21.0, 41.5, 8.0, 6.4], red), 0);
    let [ticked, unticked] = [[82.5, 53.5, 2.3, 2.3], [122.4, 53.5, 2.3, 2.3]];
    assert!(pixels.count(ticked, red) > 50);
    assert_eq!(pixels.count(unticked, |p| p != [255; 3]), 0);
    assert!(pixels.count([121.5, 52.8, 4.5, 4.5], dark) > 50);
    // A value in red, a fill in grey, and white outside of everything.
    assert!(pixels.count([22.0, 97.0, 12.0, 5.0], red) > 50);
    assert!(pixels.count([21.0, 55.0, 10.0, 3.0], |p| p == [230; 3]) > 100);
    assert_eq!(pixels.count([20.0, 110.0, 170.0, 180.0], |p| p != [255; 3]), 0);
}

#[test]
fn heavy_corners_are_square() {
    let frame = paragraph(ruled(Stroke::Heavy, bare(20.0, 20.0, 50.0, 10.0)));
    let small = Sheet { width: 90.0, height: 50.0, ..sheet(vec![frame]) };
    let pixels = Pixels::of(&small, 600.0);
    let half = Stroke::Heavy.width() / 2.0 * MM_PER_PT;
    for [x, y] in [[20.0, 20.0], [70.0, 20.0], [20.0, 30.0], [70.0, 30.0]] {
        let square = [x - half, y - half, 2.0 * half, 2.0 * half];
        let whole = pixels.count(square, |_| true);
        // What is lighter than dark is the outermost row of pixels, cut by the line's edge.
        assert!(pixels.count(square, dark) * 10 > whole * 7, "at {x}, {y}");
        assert!(pixels.count(square, |p| p != [255; 3]) == whole, "at {x}, {y}");
    }
}

#[test]
fn a_picture_without_pixels_is_refused() {
    for dpi in [0.0, -1.0, f32::NAN, f32::INFINITY, 100_000.0] {
        assert!(matches!(png(&form(), dpi), Err(PaintError::Picture(_))), "{dpi}");
    }
}
