//! Forms on an office's own PDF: values lie in their boxes, whatever the page's crop, turn and unit; the paper is
//! as it was; what cannot be a paper is refused in words; definitions are proposed.

use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use onshi::form::{Form, Forms};
use onshi::layout::{Mode, fill};
use onshi::paint::{
    Book, PaintError, PdfOptions, SvgFor, bounded_dpi, page_picture, pdf, png, svg,
};
use onshi::paper::{Paper, Seen, Unusable};
use onshi::report::{Explain as _, Report, Severity};
use onshi::sheet::Sheet;
use onshi::{Format, Writer, draft};
use resvg::{tiny_skia, usvg};
use sha2::{Digest as _, Sha256};

use crate::common::{self, TODAY, onshi};
use crate::filled_in::filled_in;

pub(super) const FORMS: &str = "tests/forms";

pub(super) fn notice() -> Vec<u8> {
    std::fs::read(common::root().join(FORMS).join("visit-notice.pdf")).unwrap()
}

pub(super) fn of_data(name: &str) -> Vec<u8> {
    std::fs::read(common::root().join("tests/data/pdf").join(name)).unwrap()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A form on this paper with these boxes, each for a text.
fn definition(paper: &[u8], boxes: &[&str]) -> String {
    let fields: String = (1..=boxes.len())
        .map(|n| {
            format!("  - {{key: try.f{n}, label: {{ja: 項目{n}, en: Item {n}}}, kind: text, help: {{ja: 項目, en: item}}}}\n")
        })
        .collect();
    let sample = ["見本一", "見本二", "見本三"].into_iter().zip(1..=boxes.len());
    let sample: Vec<String> = sample.map(|(text, n)| format!("f{n}: {text}")).collect();
    let sample = sample.join(", ");
    let boxes: String = (1..)
        .zip(boxes)
        .map(|(n, at)| format!("  - {{{at}, field: try.f{n}, pad: 0, optional: true}}\n"))
        .collect();
    format!(
        "id: try\ntitle: {{ja: 試し, en: Try}}\nsection: try\nsource: {{document: 試験, issued: 2024-01-01}}\n\
         effective_from: 2024-01-01\npaper: {{file: paper.pdf, sha256: {}}}\nfields:\n\
         \x20 - {{key: try, label: {{ja: 試し, en: Try}}, kind: section, help: {{ja: 試し, en: a try}}}}\n\
         {fields}boxes:\n{boxes}rules: []\nsample:\n  record: {{try: {{{sample}}}}}\n",
        hash(paper)
    )
}

pub(super) fn tried(paper: &[u8], text: &str) -> Result<(Forms, Report), Report> {
    let files = [("paper.pdf", paper)];
    match onshi::try_form(Forms::built_in(), "try.yaml", text, &files) {
        Ok((forms, _, report)) => Ok((forms, report)),
        Err(error) => Err(error.report),
    }
}

fn example(forms: &Forms, form: &str) -> Vec<Sheet> {
    let (sheets, report) = fill(forms.find(form).unwrap(), Mode::Example, forms);
    assert_eq!(report.errors(), 0, "{report}");
    sheets
}

/// What is seen on the pages of a PDF.
fn seen(bytes: &[u8]) -> Vec<Seen> {
    let paper = Paper::read(bytes).unwrap();
    paper.pages().map(|page| page.see().unwrap().as_ref().clone()).collect()
}

fn place(seen: &Seen, text: &str) -> [f32; 4] {
    let word = seen.words.iter().find(|word| word.text.contains(text));
    word.unwrap_or_else(|| panic!("no {text} in {:?}", seen.words)).rect
}

fn is_inside([x, y, w, h]: [f32; 4], [left, top, width, height]: [f32; 4]) -> bool {
    x >= left - 0.1 && y >= top - 0.1 && x + w <= left + width + 0.1 && y + h <= top + height + 0.5
}

/// The paper with changes made to its only page.
fn changed(change: impl Fn(&mut Document, &mut Dictionary)) -> Vec<u8> {
    let mut document = Document::load_mem(&notice()).unwrap();
    let id = document.get_pages()[&1];
    let mut page = document.get_dictionary(id).unwrap().clone();
    change(&mut document, &mut page);
    document.objects.insert(id, Object::Dictionary(page));
    saved(document)
}

pub(super) fn saved(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

pub(super) fn numbers(all: [i64; 4]) -> Object {
    all.iter().map(|one| Object::from(*one)).collect::<Vec<_>>().into()
}

#[test]
fn values_lie_in_their_boxes_on_the_offices_own_page() {
    let forms = onshi::load_forms(&common::root().join(FORMS)).unwrap();
    let sheets = example(&forms, "見学届");
    let bytes = pdf(&sheets, &PdfOptions::default()).unwrap();
    let page = &seen(&bytes)[0];
    for (text, at) in [
        ("霞が関診療所", [70.3, 55.3, 119.3, 9.4]),
        ("千代田区", [70.3, 65.3, 119.3, 9.4]),
        ("機器の確認", [70.3, 125.3, 119.3, 21.4]),
        ("二郎", [42.3, 172.2, 77.4, 8.4]),
        ("車いす", [146.3, 172.2, 43.4, 8.4]),
    ] {
        assert!(is_inside(place(page, text), at), "{text}: {:?}", place(page, text));
    }
    // The paper's own words are where they were, and nothing is drawn that was not there.
    let before = &seen(&notice())[0];
    for text in ["見学事務局長", "緊急連絡先"] {
        let (a, b) = (place(before, text), place(page, text));
        assert!((a[0] - b[0]).abs() < 0.05 && (a[1] - b[1]).abs() < 0.05, "{text}: {a:?} {b:?}");
    }
    assert_eq!(
        before.lines.len(),
        page.lines.iter().filter(|line| line.to - line.from > 3.0).count()
    );
}

#[test]
fn a_page_that_is_cropped_turned_or_scaled_is_printed_on_where_it_is_seen() {
    let boxes = ["at: [30, 40, 60, 8]", "at: [100, 120, 60, 8]"];
    let crop = numbers([40, 60, 540, 800]);
    for turn in [0, 90, 180, 270] {
        for is_cropped in [false, true] {
            for unit in [1.0_f32, 1.5] {
                let paper = changed(|_, page| {
                    page.set("Rotate", turn);
                    page.set("UserUnit", unit);
                    if is_cropped {
                        page.set("CropBox", crop.clone());
                    }
                });
                let what = format!("turned by {turn}, cropped: {is_cropped}, unit {unit}");
                let (forms, report) = tried(&paper, &definition(&paper, &boxes)).unwrap();
                assert_eq!(report, Report::default(), "{what}");
                let sheets = example(&forms, "try");
                let size = Paper::read(&paper).unwrap().pages().next().unwrap().size();
                assert_eq!((sheets[0].width, sheets[0].height), size);
                let (w, h) = if is_cropped { (500.0, 740.0) } else { (595.304, 841.89) };
                let (w, h) = if turn % 180 == 0 { (w, h) } else { (h, w) };
                let mm = |pt: f32| pt * unit * 25.4 / 72.0;
                assert!((size.0 - mm(w)).abs() < 0.1 && (size.1 - mm(h)).abs() < 0.1, "{what}");
                let page = &seen(&pdf(&sheets, &PdfOptions::default()).unwrap())[0];
                let first = place(page, "見本一");
                assert!(is_inside(first, [30.0, 40.0, 60.0, 8.0]), "{what}: {first:?}");
                assert!(is_inside(place(page, "見本二"), [100.0, 120.0, 60.0, 8.0]), "{what}");
                // What the office prints is where a viewer of its file shows it: lines tell, as text that
                // stands on its side is no label.
                let lines = |seen: &Seen| {
                    let long = seen.lines.iter().filter(|line| line.to - line.from > 20.0);
                    let key = |mm: f32| (mm * 5.0).round() as i32;
                    let mut all: Vec<_> =
                        long.map(|l| (l.is_down, key(l.at), key(l.from), key(l.to))).collect();
                    all.sort_unstable();
                    all
                };
                let close = |a: i32, b: i32| (a - b).abs() <= 1;
                let (own, there) = (lines(&seen(&paper)[0]), lines(page));
                assert!(own.len() > 10 && own.len() == there.len(), "{what}");
                for (a, b) in own.iter().zip(&there) {
                    assert!(
                        a.0 == b.0 && close(a.1, b.1) && close(a.2, b.2),
                        "{what}: {a:?} {b:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn boxes_of_every_page_are_where_those_of_the_first_are() {
    let mut document = Document::load_mem(&notice()).unwrap();
    let (id, pages) =
        (document.get_pages()[&1], document.catalog().unwrap().get(b"Pages").unwrap());
    let pages = pages.as_reference().unwrap();
    let page = document.get_dictionary(id).unwrap().clone();
    let more: Vec<Object> = (0..2).map(|_| document.add_object(page.clone()).into()).collect();
    let root = document.get_dictionary_mut(pages).unwrap();
    let kids = [vec![id.into()], more].concat();
    root.set("Kids", kids);
    root.set("Count", 3);
    let paper = saved(document);
    let at = "at: [70.3, 55.3, 119.3, 9.4]";
    let boxes = [at.to_owned(), format!("page: 2, {at}"), format!("page: 3, {at}")];
    let boxes: Vec<&str> = boxes.iter().map(String::as_str).collect();
    let (forms, report) = tried(&paper, &definition(&paper, &boxes)).unwrap();
    assert_eq!(report, Report::default());
    let bytes = pdf(&example(&forms, "try"), &PdfOptions::default()).unwrap();
    let pages = seen(&bytes);
    let places = [(0, "見本一"), (1, "見本二"), (2, "見本三")].map(|(n, t)| place(&pages[n], t));
    assert_eq!(pages.len(), 3);
    assert!(places.iter().all(|at| at[..2] == places[0][..2]), "{places:?}");
    // A page without boxes is printed as well, and only those that are named are.
    let first = definition(&paper, &boxes[..1]);
    assert_eq!(example(&tried(&paper, &first).unwrap().0, "try").len(), 3);
    let one = first.replace("sha256:", "pages: [2], sha256:");
    assert_eq!(example(&tried(&paper, &one).unwrap().0, "try").len(), 1);
}

/// The box of what is red in a picture, in mm.
fn red(rgb: &[u8], width: usize, dpi: f32) -> [f32; 4] {
    let mut bounds = [usize::MAX, usize::MAX, 0, 0];
    for (i, pixel) in rgb.chunks_exact(3).enumerate() {
        if pixel[0] > 150 && pixel[1] < 90 && pixel[2] < 90 {
            let (x, y) = (i % width, i / width);
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        }
    }
    bounds.map(|pixels| pixels as f32 * 25.4 / dpi)
}

#[test]
fn the_preview_has_the_text_where_the_pdf_has_it() {
    const DPI: f32 = 127.0;
    let paper = notice();
    let text = definition(&paper, &["at: [70.3, 55.3, 119.3, 9.4]"]);
    let (forms, _) = tried(&paper, &text).unwrap();
    let sheet = &example(&forms, "try")[0];
    let bytes = png(sheet, DPI).unwrap();
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let of_pdf = red(&pixels, info.width as usize, DPI);
    assert!(pixels.chunks_exact(3).filter(|p| p[0] < 60).count() > 2_000, "the paper is there");
    let drawn = svg(sheet, SvgFor::File).unwrap();
    assert!(drawn.contains("data:image/png;base64,"), "the paper is in the SVG");
    let tree = usvg::Tree::from_str(&drawn, &usvg::Options::default()).unwrap();
    let mut map = tiny_skia::Pixmap::new(info.width, info.height).unwrap();
    map.fill(tiny_skia::Color::WHITE);
    let scale = info.width as f32 / tree.size().width();
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut map.as_mut());
    let rgb: Vec<u8> = map.data().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    let of_svg = red(&rgb, info.width as usize, DPI);
    for (a, b) in of_pdf.into_iter().zip(of_svg) {
        assert!((a - b).abs() < 0.45, "{of_pdf:?} {of_svg:?}");
    }
}

/// The bytes of the paper's own drawing.
fn content(paper: &[u8]) -> Vec<u8> {
    let document = Document::load_mem(paper).unwrap();
    let page = document.get_dictionary(document.get_pages()[&1]).unwrap();
    let (_, stream) = document.dereference(page.get(b"Contents").unwrap()).unwrap();
    stream.as_stream().unwrap().content.clone()
}

#[test]
fn the_paper_is_embedded_once_and_its_bytes_are_untouched() {
    let forms = onshi::load_forms(&common::root().join(FORMS)).unwrap();
    let sheet = &example(&forms, "見学届")[0];
    let book = |pages: usize| {
        let mut book = Book::new(Vec::new());
        for number in 0..pages {
            book.add(&format!("施設 {number}"), &[("見学届", sheet)]).unwrap();
        }
        book.finish("見学届").unwrap()
    };
    let (one, many) = (book(1), book(200));
    let content = content(&notice());
    let count = |bytes: &[u8]| bytes.windows(content.len()).filter(|w| *w == content).count();
    assert_eq!((count(&one), count(&many)), (1, 1));
    assert!(many.len() < one.len() + 200 * 1_600, "{} {}", one.len(), many.len());
    let document = Document::load_mem(&many).unwrap();
    assert_eq!(document.get_pages().len(), 200);
    // The same in a file by itself, and the same bytes each time.
    let alone = || pdf(std::slice::from_ref(sheet), &PdfOptions::default()).unwrap();
    assert_eq!(count(&alone()), 1);
    assert_eq!(alone(), alone());
}

#[test]
fn a_file_claims_no_more_than_its_paper_does() {
    let claims = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        (text.contains("pdfaid:part"), text.contains("pdfuaid"))
    };
    let painted = |paper: &[u8]| {
        let text = definition(paper, &["at: [30, 40, 60, 8]"]);
        let (forms, _) = tried(paper, &text).unwrap();
        pdf(&example(&forms, "try"), &PdfOptions::default()).unwrap()
    };
    assert_eq!(claims(&painted(&notice())), (false, false));
    // What this program paints is PDF/A; its tags are not taken over.
    let forms = Forms::built_in();
    let (sheets, _) = fill(forms.find("別紙2").unwrap(), Mode::Blank, forms);
    let archive = pdf(&sheets, &PdfOptions::default()).unwrap();
    assert_eq!(claims(&archive), (true, true));
    assert_eq!(claims(&painted(&archive)), (true, false));
    let text = String::from_utf8_lossy(&painted(&archive)).into_owned();
    assert!(text.contains("<pdfaid:conformance>U</pdfaid:conformance>"), "{text:.200}");
    // A level that there is not says nothing of the text.
    let level = b"<pdfaid:conformance>A";
    let at = archive.windows(level.len()).position(|part| part == level).unwrap();
    let mut unknown = archive;
    unknown[at + level.len() - 1] = b'X';
    let text = String::from_utf8_lossy(&painted(&unknown)).into_owned();
    assert!(text.contains("<pdfaid:conformance>B</pdfaid:conformance>"), "{text:.200}");
}

#[test]
fn the_picture_of_a_huge_page_is_less_sharp() {
    let paper = changed(|_, page| page.set("MediaBox", numbers([0, 0, 14400, 14400])));
    let page = Paper::read(&paper).unwrap().pages().next().unwrap();
    let picture = page_picture(&page, 192.0).unwrap();
    let picture = ::png::Decoder::new(std::io::Cursor::new(picture)).read_info().unwrap();
    assert_eq!(picture.info().size(), (5000, 5000));
    // Any other is as sharp as it was asked for.
    assert_eq!(bounded_dpi(297.0, 420.0, 192.0), 192.0);
}

#[test]
fn a_picture_inside_a_page_is_there_once() {
    let forms = onshi::load_forms(&common::root().join(FORMS)).unwrap();
    let sheet = &example(&forms, "見学届")[0];
    for (shown, times) in [(SvgFor::Page, 1), (SvgFor::File, 2)] {
        let text = svg(sheet, shown).unwrap();
        assert_eq!(text.matches("data:image/png;base64,").count(), times, "{shown:?}");
    }
}

#[test]
fn fields_to_fill_in_do_not_cover_what_is_printed_and_stamps_stay() {
    let paper = changed(|document, page| {
        let mut look = |ink: &str| {
            let dict = dictionary! {
                "Type" => "XObject", "Subtype" => "Form", "BBox" => numbers([0, 0, 100, 20]),
            };
            document.add_object(Stream::new(dict, ink.as_bytes().to_vec()))
        };
        let (field, stamp) = (look("0 0 100 20 re f"), look("0 0 m 100 0 l S"));
        let note = |kind: &str, rect: [i64; 4], look: lopdf::ObjectId| {
            dictionary! {
                "Type" => "Annot", "Subtype" => Object::Name(kind.into()), "Rect" => numbers(rect),
                "F" => 4, "FT" => "Tx", "T" => Object::string_literal("name"),
                "AP" => dictionary! { "N" => look },
            }
        };
        let notes = vec![
            note("Widget", [200, 660, 500, 680], field).into(),
            note("Stamp", [100, 100, 300, 140], stamp).into(),
        ];
        page.set("Annots", Object::Array(notes));
    });
    let text = definition(&paper, &["at: [70.3, 55.3, 119.3, 9.4]"]);
    let (forms, _) = tried(&paper, &text).unwrap();
    let bytes = pdf(&example(&forms, "try"), &PdfOptions::default()).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    let page = document.get_dictionary(document.get_pages()[&1]).unwrap();
    assert!(!page.has(b"Annots") && !document.catalog().unwrap().has(b"AcroForm"));
    // The stamp's line, 200 pt long, 100 pt from the lower edge.
    let mm = 25.4 / 72.0;
    let stamp = seen(&bytes)[0].lines.iter().any(|line| {
        !line.is_down && (line.from - 100.0 * mm).abs() < 0.3 && (line.to - 300.0 * mm).abs() < 0.3
    });
    assert!(stamp, "the stamp is printed");
    let contents = String::from_utf8_lossy(&bytes).into_owned();
    assert!(!contents.contains("/Widget"));
}

#[test]
fn what_refers_to_nothing_does_not_come_to_refer_to_the_page_itself() {
    let paper = changed(|document, page| {
        let look = dictionary! {
            "Type" => "XObject", "Subtype" => "Form", "BBox" => numbers([0, 0, 100, 20]),
        };
        let look = document.add_object(Stream::new(look, b"0 0 m 100 0 l S".to_vec()));
        let stamp = dictionary! {
            "Type" => "Annot", "Subtype" => "Stamp", "Rect" => numbers([100, 100, 300, 140]),
            "F" => 4, "AP" => dictionary! { "N" => look },
        };
        page.set("Annots", vec![Object::from(stamp)]);
        // The first numbers that no object has.
        let mut nothing = Dictionary::new();
        for beyond in 1..=3 {
            nothing
                .set(format!("Nothing{beyond}"), Object::Reference((document.max_id + beyond, 0)));
        }
        let resources = page.get_deref(b"Resources", document).unwrap();
        let mut resources = resources.as_dict().unwrap().clone();
        resources.set("XObject", nothing);
        page.set("Resources", resources);
    });
    let text = definition(&paper, &["at: [70.3, 55.3, 119.3, 9.4]"]);
    let (forms, _) = tried(&paper, &text).unwrap();
    let bytes = pdf(&example(&forms, "try"), &PdfOptions::default()).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    let drawn = |stream: &Stream| {
        let resources = stream.dict.get_deref(b"Resources", &document).ok()?.as_dict().ok()?;
        resources.get_deref(b"XObject", &document).ok()?.as_dict().ok().cloned()
    };
    let mut papers = 0;
    for stream in document.objects.values().filter_map(|object| object.as_stream().ok()) {
        let Some(own) = drawn(stream).and_then(|all| all.get(b"onshi-page").cloned().ok()) else {
            continue;
        };
        papers += 1;
        let inside = drawn(document.dereference(&own).unwrap().1.as_stream().unwrap()).unwrap();
        let itself = inside.iter().filter(|(_, object)| **object == own);
        assert_eq!((inside.len(), itself.count()), (3, 0), "{inside:?}");
    }
    assert_eq!(papers, 1);
}

#[test]
fn ticks_and_circles_are_drawn_and_read() {
    let forms = onshi::load_forms(&common::root().join(FORMS)).unwrap();
    let sheet = &example(&forms, "見学届")[0];
    let bytes = png(sheet, 127.0).unwrap();
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let ink = |[x, y, w, h]: [f32; 4]| {
        let at = |mm: f32| (mm * 5.0) as usize;
        let rows = at(y)..at(y + h);
        let pixels = &pixels;
        let row =
            |row: usize| (at(x)..at(x + w)).map(move |column| row * info.width as usize + column);
        let is_red = |i: &usize| pixels[i * 3] > 150 && pixels[i * 3 + 1] < 90;
        rows.flat_map(row).filter(is_red).count()
    };
    assert!(
        ink([70.8, 117.0, 5.0, 5.0]) > 15 && ink([87.4, 117.0, 5.0, 5.0]) == 0,
        "the tick of 要"
    );
    assert!(ink([110.0, 77.0, 10.0, 6.0]) > 60 && ink([125.3, 77.0, 10.0, 6.0]) == 0, "the circle");
    // Each is read as what it chooses, in a structure of its own.
    let bytes = pdf(std::slice::from_ref(sheet), &PdfOptions::default()).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    let spoken: Vec<String> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok()?.get(b"ActualText").ok())
        .filter_map(|text| lopdf::decode_text_string(text).ok())
        .collect();
    assert!(spoken.iter().any(|text| text == "要") && spoken.iter().any(|text| text == "医科"));
}

#[test]
fn what_grows_past_its_box_is_refused() {
    let forms = onshi::load_forms(&common::root().join(FORMS)).unwrap();
    let record = "facility: {name: 医, address: 東京都港区, kind: 医科}\ncontact: {name: 見学 花子}\n\
                  notice: {submitted: 2024-04-01, phone: 03-0000-0000, date: 2024-05-01, lunch: 要,\n\
                  purpose: 機器, emergency: 父, visitors: [{name: 見, age: 30}], relation: 遠い親戚の友人の知り合いの隣の家に住む大家の甥の同級生の兄弟の配偶者の祖父}\n";
    let record = onshi::record::read("r.yaml", record.as_bytes()).unwrap();
    let form = forms.find("見学届").unwrap();
    let filling = onshi::fill(&record, &forms, &[form], TODAY);
    let errors = filling.report().diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let found: Vec<_> =
        errors.map(|d| (d.code.as_str(), d.field.as_deref().unwrap_or(""))).collect();
    assert_eq!(found, [("fit", "notice.relation")], "{}", filling.report());
}

#[test]
fn what_cannot_be_a_paper_is_refused_in_words() {
    let boxes = ["at: [30, 40, 60, 8]"];
    let refused = |paper: &[u8], text: &str| {
        let report = tried(paper, text).unwrap_err();
        let found = &report.diagnostics[0];
        let hint = found.hint.clone().map_or_else(String::new, |hint| hint.ja + &hint.en);
        (found.message.ja.clone(), found.message.en.clone(), hint)
    };
    let with = |name: &str| {
        let paper = of_data(name);
        refused(&paper, &definition(&paper, &boxes))
    };
    for (name, ja, en) in
        [("encrypted-to-open.pdf", "暗号化", "encrypted"), ("signed.pdf", "電子署名", "signed")]
    {
        let (found_ja, found_en, hint) = with(name);
        assert!(
            found_ja.contains(ja) && found_en.contains(en) && !hint.is_empty(),
            "{name}: {found_ja}"
        );
    }
    let cut = &notice()[..9_000];
    let (ja, en, _) = refused(cut, &definition(cut, &boxes));
    assert!(ja.contains("壊れています") && en.contains("damaged"), "{ja} {en}");
    let (ja, ..) = refused(b"text", &definition(b"text", &boxes));
    assert!(ja.contains("PDF ではありません"), "{ja}");
    // The office has changed its form.
    let paper = notice();
    let text = definition(&paper, &boxes);
    let (ja, en, hint) = refused(&paper, &text.replace(&hash(&paper), &hash(b"other")));
    assert!(ja.contains("変わっています") && en.contains("not the file"), "{ja}");
    assert!(hint.contains(&format!("sha256: {}", hash(&paper))), "{hint}");
    let (_, en, hint) = refused(&paper, &text.replace(&format!(", sha256: {}", hash(&paper)), ""));
    assert!(en.contains("has no sha256") && hint.contains(&hash(&paper)), "{en}");
    // A page that it does not have, and a box beside the page.
    let (ja, en, _) = refused(&paper, &text.replace("{at: [30", "{page: 2, at: [30"));
    assert!(ja.contains("2 ページの枠") && en.contains("is on page 2"), "{ja}");
    let (_, report) = tried(&paper, &text.replace("[30, 40, 60, 8]", "[180, 40, 60, 8]")).unwrap();
    assert!(report.to_string().contains("leaves the printable page"), "{report}");
    let (_, en, _) =
        refused(&paper, &text.replace("boxes:\n", "body: [{paragraph: {text: 文}}]\nboxes:\n"));
    assert!(en.contains("has no body"), "{en}");
    // The first item of a list is one that it may have, however large the number is.
    let list = |from: u64| {
        let repeat = format!("{{repeat: try, times: 1, from: {from}, step: 8, at: [30");
        refused(&paper, &text.replace("{at: [30", &repeat)).1
    };
    for from in [0, 101, u64::MAX] {
        let en = list(from);
        assert!(en.contains("boxes for a list take repeat"), "{from}: {en}");
    }
}

#[test]
fn a_viewers_own_form_and_one_of_too_many_pages_are_refused() {
    let mut document = Document::load_mem(&notice()).unwrap();
    document.catalog_mut().unwrap().set("NeedsRendering", true);
    let xfa = Paper::read(&saved(document)).unwrap_err();
    assert_eq!(xfa, Unusable::NoPaper);
    assert!(xfa.message().ja.contains("XFA") && xfa.hint().is_some());
    let mut document = Document::load_mem(&notice()).unwrap();
    let id = document.get_pages()[&1];
    let pages = document.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap();
    let page = document.get_dictionary(id).unwrap().clone();
    let kids: Vec<Object> = (0..500).map(|_| document.add_object(page.clone()).into()).collect();
    let root = document.get_dictionary_mut(pages).unwrap();
    root.set("Kids", kids);
    root.set("Count", 500);
    let paper = saved(document);
    let text = definition(&paper, &["at: [30, 40, 60, 8]"]);
    let report = tried(&paper, &text).unwrap_err();
    assert!(report.to_string().contains("has 500 pages; a form may have 100"), "{report}");
    let text = text.replace("sha256:", "pages: [7], sha256:");
    assert!(tried(&paper, &text).is_ok());
}

#[test]
fn there_is_no_workbook_of_an_offices_pdf() {
    let forms = onshi::load_forms(&common::root().join(FORMS)).unwrap();
    let form: &Form = forms.find("見学届").unwrap();
    let refused = Writer::new(&forms, Format::Xlsx).form(form, Mode::Blank).unwrap_err();
    assert_eq!(refused, PaintError::OnPaper);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("x.xlsx");
    for (lang, words) in [("ja", "Excel のブックにはできません"), ("en", "no workbook can hold")]
    {
        let done = onshi()
            .args(["--lang", lang, "--forms", FORMS, "blank", "見学届", "-o"])
            .arg(&out)
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&done.stderr).contains(words));
        assert!(!out.exists());
        let all = folder.path().join("all");
        let done = onshi()
            .args([
                "--lang",
                lang,
                "--forms",
                FORMS,
                "batch",
                "tests/data/cases",
                "--form",
                "見学届",
            ])
            .args(["--format", "xlsx", "-o"])
            .arg(&all)
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&done.stderr).contains(words) && !all.exists());
    }
}

#[test]
fn a_phone_number_that_has_not_the_parts_of_its_boxes_is_refused() {
    let paper = notice();
    let text = definition(&paper, &["at: [30, 40, 20, 8], part: first"]);
    let more = "  - {at: [60, 40, 20, 8], field: try.f1, part: second, pad: 0, optional: true}\n\
                \x20 - {at: [90, 40, 20, 8], field: try.f1, part: third, pad: 0, optional: true}\n";
    let text = text.replace("kind: text", "kind: phone").replace("見本一", "03-0000-0000");
    let text = text.replace("rules: []", &format!("{more}rules: []"));
    let (forms, _) = tried(&paper, &text).unwrap();
    let filled = |phone: &str| {
        let record = format!("try: {{f1: '{phone}'}}\n");
        let record = onshi::record::read("r.yaml", record.as_bytes()).unwrap();
        onshi::fill(&record, &forms, &[forms.find("try").unwrap()], TODAY)
    };
    let printed = |phone: &str| {
        let filling = filled(phone);
        assert_eq!(filling.report().errors(), 0, "{}", filling.report());
        let sheet = filling.draft()[0].sheets()[0].clone();
        let words = &seen(&pdf(&[sheet], &PdfOptions::default()).unwrap())[0].words;
        ["03", "1234", "5678"].map(|part| words.iter().any(|word| word.text.contains(part)))
    };
    for phone in ["03-1234-5678", "03(1234)5678", "03 1234 5678"] {
        assert_eq!(printed(phone), [true; 3], "{phone}");
    }
    for phone in ["0120-12-34-56", "0312345678", "03-12345678", "03-1234-5678(内線12)"] {
        let filling = filled(phone);
        let errors = filling.report().diagnostics.iter().filter(|d| d.severity == Severity::Error);
        let errors: Vec<_> = errors.collect();
        // One, whatever number of boxes there are.
        let found: Vec<_> = errors.iter().map(|d| (d.code.as_str(), d.field.as_deref())).collect();
        assert_eq!(found, [("parts", Some("try.f1"))], "{phone}: {}", filling.report());
        assert!(errors[0].place.is_some() && errors[0].hint.is_some(), "{phone}");
    }
}

/// How many of the blanks of a form are found on its own empty PDF, and what is not.
fn found(name: &str) -> (usize, usize, Vec<String>) {
    let forms = Forms::built_in();
    let (sheets, _) = fill(forms.find(name).unwrap(), Mode::Blank, forms);
    let bytes = pdf(&sheets, &PdfOptions::default()).unwrap();
    let pages: Vec<_> = Paper::read(&bytes).unwrap().pages().collect();
    let proposal = draft::propose("own.pdf", &pages, forms).unwrap();
    let (mut all, mut missed) = (0, Vec::new());
    for (number, sheet) in (1..).zip(&sheets) {
        // Where the empty form prints other words in place of a value, 「〇〇 厚生(支)局 御中」, a value would be
        // printed over them: that is no blank.
        let is_blank = |area: &&onshi::sheet::Area| {
            let runs = area.lines.iter().flat_map(|line| &line.runs);
            let text: String = runs.map(|run| run.text()).collect();
            area.field.is_some() && !text.contains('〇')
        };
        for area in sheet.areas().filter(is_blank) {
            all += 1;
            let r = area.rect;
            let is_in = |at: [f32; 4], page: usize| {
                let across = (at[0] + at[2]).min(r.right()) - at[0].max(r.x);
                let down = (at[1] + at[3]).min(r.bottom()) - at[1].max(r.y);
                page == number
                    && across > 0.0
                    && down > 0.0
                    && across * down > 0.2 * at[2].min(r.w) * at[3].min(r.h)
            };
            let is_found = proposal.boxes.iter().any(|one| {
                let rows = one.repeat.as_ref().map_or((1, 0.0), |r| (r.times, r.step));
                (0..rows.0).any(|row| {
                    let [x, y, w, h] = one.at;
                    is_in([x, y + rows.1 * row as f32, w, h], one.page)
                })
            });
            if !is_found {
                missed.push(area.field.clone().unwrap_or_default());
            }
        }
    }
    (all, all - missed.len(), missed)
}

#[test]
fn a_draft_finds_the_blanks_of_our_own_forms() {
    for name in ["別紙1", "別紙2", "様式1", "様式2", "別紙3"] {
        let (all, found, missed) = found(name);
        assert!(found * 10 >= all * 9, "{name}: {found} of {all}, not {missed:?}");
    }
}

#[test]
fn a_definition_that_is_proposed_is_sound_and_prints_in_its_boxes() {
    let forms = Forms::built_in();
    let own = ["別紙1", "別紙2", "様式1", "様式2", "別紙3"].map(|name| {
        let (sheets, _) = fill(forms.find(name).unwrap(), Mode::Blank, forms);
        (name, pdf(&sheets, &PdfOptions::default()).unwrap())
    });
    let data =
        ["chromium.pdf", "libreoffice.pdf", "ghostscript.pdf", "form-fields.pdf", "inherited.pdf"];
    let data = data.map(|name| (name, of_data(name)));
    let notice = [("visit-notice", notice()), ("fields", filled_in("ika", true))];
    for (name, paper) in own.into_iter().chain(data).chain(notice) {
        let pages: Vec<_> = Paper::read(&paper).unwrap().pages().collect();
        let proposal = draft::propose("paper.pdf", &pages, forms).unwrap();
        if proposal.boxes.is_empty() {
            assert!(name.ends_with(".pdf"), "{name} has blanks");
            continue;
        }
        let labels: Vec<(&str, &str)> = proposal
            .fields
            .iter()
            .map(|f| (f.key.rsplit_once('.').map_or("", |k| k.0), &*f.label))
            .collect();
        let distinct: std::collections::HashSet<_> = labels.iter().collect();
        assert_eq!(labels.len(), distinct.len(), "{name}: a label is one field's");
        let yaml = proposal.to_yaml("2024-01-01");
        let files = [("paper.pdf", &paper[..])];
        let (forms, id, report) = onshi::try_form(forms, "own.yaml", &yaml, &files)
            .unwrap_or_else(|error| panic!("{name}: {error}\n{yaml}"));
        assert_eq!(report, Report::default(), "{name}: {report}\n{yaml}");
        for sheet in example(&forms, &id) {
            for area in sheet.areas().filter(|area| area.is_filled()) {
                for run in area.lines.iter().flat_map(|line| &line.runs) {
                    let rect = area.rect;
                    let is_in = run.x >= rect.x - 0.05
                        && run.x + run.width <= rect.right() + 0.05
                        && run.baseline <= rect.bottom() + 0.05;
                    assert!(is_in, "{name}: {run:?} in {rect:?}");
                }
            }
        }
    }
}

#[test]
fn fields_are_those_of_the_dictionary_where_the_label_says_so() {
    let pages: Vec<_> = Paper::read(&notice()).unwrap().pages().collect();
    let proposal = draft::propose("visit-notice.pdf", &pages, Forms::built_in()).unwrap();
    let fields: Vec<&str> = proposal.boxes.iter().map(|one| one.field.as_str()).collect();
    for key in [
        "facility.name",
        "facility.address",
        "facility.kind",
        "contact.name",
        "contact.phone",
        "contact.email",
    ] {
        assert!(fields.contains(&key), "{key} in {fields:?}");
    }
    let list = proposal.boxes.iter().find_map(|one| one.repeat.as_ref()).unwrap();
    assert_eq!(list.times, 3);
    let own = |label: &str| proposal.fields.iter().find(|field| field.label == label);
    for label in ["緊急連絡先", "続柄", "見学希望日", "昼食"] {
        assert!(own(label).is_some(), "{label} in {:?}", proposal.fields);
    }
    assert_eq!(own("昼食").unwrap().choices, ["要", "不要"]);
    // A PDF with form fields of its own says what they are.
    let pages: Vec<_> = Paper::read(&filled_in("ika", true)).unwrap().pages().collect();
    let proposal = draft::propose("f.pdf", &pages, Forms::built_in()).unwrap();
    let radio = proposal.boxes.iter().filter(|one| one.pdf_field.as_deref() == Some("kind"));
    assert_eq!(radio.filter_map(|one| one.pdf_state.as_deref()).count(), 3);
}

#[test]
fn the_command_puts_the_draft_and_its_pdf_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let (paper, out) = (folder.path().join("様式 1.pdf"), folder.path().join("own"));
    std::fs::write(&paper, notice()).unwrap();
    std::fs::create_dir(&out).unwrap();
    let (form, picture) = (out.join("todoke.yaml"), out.join("found.png"));
    let run = |force: bool| {
        let mut command = onshi();
        command.arg("draft").arg(&paper).arg("-o").arg(&form).arg("--picture").arg(&picture);
        if force { command.arg("--force").output().unwrap() } else { command.output().unwrap() }
    };
    let done = run(false);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(std::fs::read(out.join("様式 1.pdf")).unwrap(), notice());
    assert!(std::fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
    // Nothing of the user's is written over.
    std::fs::write(&form, "mine").unwrap();
    assert_eq!(run(false).status.code(), Some(2));
    assert_eq!(std::fs::read(&form).unwrap(), b"mine");
    assert!(run(true).status.success());
    let lint = onshi().arg("lint").arg(&form).output().unwrap();
    assert!(lint.status.success(), "{}", String::from_utf8_lossy(&lint.stdout));
    let id = std::fs::read_to_string(&form).unwrap();
    let id = id.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
    let sample = folder.path().join("sample.pdf");
    let made = onshi().arg("--forms").arg(&out).args(["example", &id, "-o"]).arg(&sample).output();
    assert!(made.unwrap().status.success());
    // All that it makes, or nothing.
    let (other, taken) = (out.join("other.yaml"), out.join("taken.png"));
    std::fs::write(&taken, "mine").unwrap();
    let fresh = folder.path().join("様式 2.pdf");
    std::fs::write(&fresh, notice()).unwrap();
    let mut command = onshi();
    command.arg("draft").arg(&fresh).arg("-o").arg(&other).arg("--picture").arg(&taken);
    assert_eq!(command.output().unwrap().status.code(), Some(2));
    assert!(!other.exists() && !out.join("様式 2.pdf").exists());
    assert_eq!(std::fs::read(&taken).unwrap(), b"mine");
    // What comes from standard input has the name of its definition.
    let piped =
        onshi().args(["draft", "-", "-o"]).arg(&other).write_stdin(notice()).output().unwrap();
    assert!(piped.status.success(), "{}", String::from_utf8_lossy(&piped.stderr));
    assert_eq!(std::fs::read(out.join("other.pdf")).unwrap(), notice());
    assert!(std::fs::read_to_string(&other).unwrap().contains("file: \"other.pdf\""));
    // A scan has neither lines nor words.
    let scan = onshi()
        .args(["draft", "tests/data/pdf/scan.pdf", "-o"])
        .arg(out.join("scan.yaml"))
        .output()
        .unwrap();
    assert_eq!(scan.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&scan.stderr).contains("読み取った画像"));
}

#[test]
fn a_scan_can_be_printed_on_all_the_same() {
    let paper = of_data("scan.pdf");
    let text = definition(&paper, &["at: [30, 40, 60, 8]"]);
    let (forms, report) = tried(&paper, &text).unwrap();
    assert_eq!(report, Report::default());
    let page = &seen(&pdf(&example(&forms, "try"), &PdfOptions::default()).unwrap())[0];
    assert!(page.is_scan && is_inside(place(page, "見本一"), [30.0, 40.0, 60.0, 8.0]));
}
