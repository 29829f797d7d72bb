//! Every look that a cell or a text can have, in the form `tests/forms/looks.yaml`: seen in the PDF, the
//! picture, the page and the workbook.

use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::common::{self, TODAY, onshi, text_of_page};
use onshi::form::Forms;
use onshi::layout::{Mode, fill};
use onshi::record::read;
use onshi::workbook::{self, FormEntries};
use onshi::{Filling, load_forms, paint};

const FOLDER: &str = "tests/forms";
const RECORD: &str = "course: {name: 髙﨑 德子, born: 1950-01-09, date: 2024-05-01, fee: 1234567, number: '012346', lunch: 要, days: [月, 金]}\n";

fn forms() -> Forms {
    load_forms(&common::root().join(FOLDER)).unwrap()
}

fn filled(forms: &Forms, record: &str) -> Filling {
    let record = read("r.yaml", record.as_bytes()).map_err(|(_, report)| report).unwrap();
    onshi::fill(&record, forms, &[forms.find("looks").unwrap()], TODAY)
}

/// What a command writes for the form.
fn run(args: &[&str]) -> Vec<u8> {
    let out = onshi().args(["--forms", FOLDER]).args(args).args(["-o", "-"]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// The first page of the form as SVG.
fn first_page(command: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.svg");
    let mut onshi = onshi();
    onshi.args(["--forms", FOLDER, command, "looks", "-o"]).arg(&path).assert().success();
    std::fs::read_to_string(folder.path().join("page_1.svg")).unwrap()
}

#[test]
fn lint_says_what_a_workbook_cannot_hold() {
    let out = onshi().args(["lint", "tests/forms/looks.yaml"]).output().unwrap();
    assert_eq!(out.status.code(), Some(0));
    let said = String::from_utf8(out.stderr).unwrap();
    assert_eq!(said.matches("警告[definition]").count(), 2, "{said}");
    for part in ["Excel のセルのリンク先は一つです", "Excel の縦書きのセルは一列です"]
    {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn the_pdf_says_what_it_shows() {
    let text = text_of_page(&run(&["example", "looks"]), 1);
    for part in [
        "受講者（本人）",
        "コーヒー、「お茶」。",
        "第12回(春)",
        "昼食代1,000円を添えます",
        "受講票見本花子様",
        "¥12,345-",
        "金一万二千三百四十五円也",
        "明・大・○昭・平・令60年",
        "令和06051",
        "月・金",
        "切り取り線",
        "M-012345",
        "4901230123452",
        "見本㊞",
        "1手引き1冊",
        "午後の部（13時から）2席",
        "1/2",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let blank = text_of_page(&run(&["blank", "looks"]), 1);
    assert!(blank.contains("昼食の要否による") && blank.contains("受講票様"), "{blank}");
    assert!(!blank.contains("490123") && !blank.contains("添えます"), "{blank}");
}

/// Every element of a PDF's structure of this kind.
fn elements(document: &Document, kind: &[u8]) -> Vec<(ObjectId, Dictionary)> {
    let is_of = |d: &&Dictionary| d.get(b"S").and_then(Object::as_name).is_ok_and(|s| s == kind);
    let all = document.objects.iter();
    let all = all.filter_map(|(id, object)| Some((*id, object.as_dict().ok().filter(is_of)?)));
    all.map(|(id, element)| (id, element.clone())).collect()
}

fn said(dictionary: &Dictionary, key: &[u8]) -> String {
    lopdf::decode_text_string(dictionary.get(key).unwrap()).unwrap()
}

/// The addresses of a page's links, each with what is said of it; each is an element that the parent
/// tree names, with its annotation in it.
fn links(document: &Document) -> Vec<(String, String)> {
    let root = document.catalog().unwrap().get_deref(b"StructTreeRoot", document).unwrap();
    let tree = root.as_dict().unwrap().get_deref(b"ParentTree", document).unwrap();
    let numbers = tree.as_dict().unwrap().get(b"Nums").unwrap().as_array().unwrap().clone();
    let keys: Vec<i64> = numbers.iter().step_by(2).map(|key| key.as_i64().unwrap()).collect();
    assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
    let mut all = Vec::new();
    for (id, element) in elements(document, b"Link") {
        let kids = element.get(b"K").unwrap().as_array().unwrap();
        let kid = kids.iter().find_map(|kid| kid.as_dict().ok()).expect("an annotation");
        let annotation = kid.get(b"Obj").unwrap().as_reference().unwrap();
        let annotation = document.get_dictionary(annotation).unwrap();
        let key = annotation.get(b"StructParent").unwrap().as_i64().unwrap();
        let at = keys.iter().position(|known| *known == key).expect("the parent tree has it");
        assert_eq!(numbers[2 * at + 1].as_reference().unwrap(), id);
        assert_eq!(annotation.get(b"F").unwrap().as_i64().unwrap(), 4, "it prints");
        let action = annotation.get(b"A").unwrap().as_dict().unwrap();
        let address = action.get(b"URI").unwrap().as_str().unwrap();
        all.push((String::from_utf8(address.to_vec()).unwrap(), said(annotation, b"Contents")));
    }
    all
}

#[test]
fn links_lead_somewhere_and_say_where() {
    let document = Document::load_mem(&run(&["blank", "looks"])).unwrap();
    // The second is broken over two lines.
    let page = |part: &str| {
        ("https://example.jp/course/".to_owned(), format!("{part}（https://example.jp/course/）"))
    };
    let expected = [
        ("mailto:course@example.jp".to_owned(), "mailto:course@example.jp".to_owned()),
        page("講習会のページ"),
    ];
    assert_eq!(links(&document), expected);

    let document = Document::load_mem(&run(&["blank", "schedule"])).unwrap();
    let links = links(&document);
    // Two addresses are broken over two lines; each line leads there.
    assert_eq!(links.len(), 14, "{links:?}");
    let bureaus = links.iter().filter(|(to, _)| to.starts_with("https://kouseikyoku.mhlw.go.jp/"));
    assert_eq!(bureaus.count(), 8);
    let page = document.get_pages()[&1];
    let page = document.get_dictionary(page).unwrap();
    assert_eq!(page.get(b"Annots").unwrap().as_array().unwrap().len(), 14);
}

#[test]
fn pictures_and_codes_say_what_they_show() {
    let document = Document::load_mem(&run(&["example", "looks"])).unwrap();
    let figures = elements(&document, b"Figure");
    let mut alts: Vec<String> = figures.iter().map(|(_, figure)| said(figure, b"Alt")).collect();
    alts.sort();
    let expected = [
        "QRコード https://example.jp/course?member=012345",
        "バーコード 4901230123452",
        "バーコード M-012345",
        "霞が関講習会の印",
    ];
    assert_eq!(alts, expected);
    let blank = Document::load_mem(&run(&["blank", "looks"])).unwrap();
    assert_eq!(elements(&blank, b"Figure").len(), 1);
}

fn grey(png: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut reader = ::png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let grey =
        pixels.chunks(3).map(|p| ((u32::from(p[0]) + u32::from(p[1]) + u32::from(p[2])) / 3) as u8);
    (info.width as usize, info.height as usize, grey.collect())
}

#[test]
fn the_picture_has_every_module_of_the_qr_code() {
    use onshi::sheet::Mark;
    let forms = forms();
    let (sheets, _) = fill(forms.find("looks").unwrap(), Mode::Example, &forms);
    let sheet = &sheets[0];
    let codes = sheet.areas().flat_map(|area| &area.marks).filter_map(|mark| match mark {
        Mark::Code { rect, alt, .. } => Some((*rect, alt.strip_prefix("QRコード ")?)),
        _ => None,
    });
    let (rect, text) = codes.collect::<Vec<_>>()[0];
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).unwrap();
    let side = code.width();
    const DPI: f32 = 300.0;
    let (width, _, pixels) = grey(&paint::png(sheet, DPI).unwrap());
    let module = rect.w / (side + 8) as f32;
    // Four modules of white, the code, four modules of white.
    for y in 0..side + 8 {
        for x in 0..side + 8 {
            let inside = (4..side + 4).contains(&x) && (4..side + 4).contains(&y);
            let is_dark = inside && code[(x - 4, y - 4)] == qrcode::Color::Dark;
            let pixel = |mm: f32| (mm / 25.4 * DPI) as usize;
            let at = |i: usize| (i as f32 + 0.5) * module;
            let value = pixels[pixel(rect.y + at(y)) * width + pixel(rect.x + at(x))];
            assert_eq!(value < 128, is_dark, "module {x}, {y}");
        }
    }
}

/// What the page as SVG has for a field.
fn group(svg: &str, field: &str) -> String {
    let (_, rest) = svg.split_once(&format!("data-field=\"{field}\"")).unwrap();
    rest.split("</g>").next().unwrap().to_owned()
}

#[test]
fn a_stroke_is_drawn_where_nothing_stands() {
    let forms = forms();
    let shown = |record: &str| {
        let filling = filled(&forms, record);
        assert_eq!(filling.report().errors(), 0, "{}", filling.report());
        let sheet = filling.draft()[0].sheets()[0].clone();
        paint::svg(&sheet, paint::SvgFor::Page).unwrap()
    };
    let is_struck = |svg: &str, field: &str| group(svg, field).contains("<path d=\"M");
    let lunch = shown(RECORD);
    assert!(is_struck(&lunch, "course.note"));
    assert!(!is_struck(&lunch, "course.second"));
    let other = shown(&RECORD.replace("lunch: 要", "lunch: 不要, note: 遅れます"));
    assert!(!is_struck(&other, "course.note"));
    assert!(is_struck(&other, "course.second"));
    let blank = first_page("blank");
    assert!(!is_struck(&blank, "course.note"));
    // The cell that nobody writes in has its stroke on every form.
    assert_eq!(
        blank.matches("stroke-width=\"0.5\"/>").count(),
        other.matches("stroke-width=\"0.5\"/>").count() - 1
    );
}

#[test]
fn the_page_as_svg_has_links_pictures_and_upright_text() {
    let svg = first_page("example");
    for part in [
        "href=\"mailto:course@example.jp\"",
        "href=\"data:image/png;base64,iVBOR",
        "aria-label=\"霞が関講習会の印\"",
        "aria-label=\"QRコード https://example.jp/course?member=012345\"",
        ">受講者（本人）</text>",
        "fill=\"#1f6fb2\"",
    ] {
        assert!(svg.contains(part), "{part}");
    }
}

/// The workbook of a record, its cells and the bytes of its parts.
fn written(forms: &Forms, record: &str) -> Vec<u8> {
    let filling = filled(forms, record);
    assert_eq!(filling.report().errors(), 0, "{}", filling.report());
    let one = &filling.draft()[0];
    workbook::xlsx(one.sheets(), Some(&FormEntries::new(forms).of(one))).unwrap()
}

fn part(workbook: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    std::io::read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[test]
fn the_workbook_has_the_same_looks() {
    let forms = forms();
    let book = written(&forms, RECORD);
    let styles = part(&book, "xl/styles.xml");
    for look in [
        "formatCode=\"&quot;¥&quot;#,##0&quot;-&quot;\"",
        "[DBNum1][$-411]",
        "textRotation=\"255\"",
        "diagonalUp=\"1\"",
        "<u/>",
        "rgb=\"FF1F6FB2\"",
    ] {
        assert!(styles.contains(look), "{look} is not in {styles}");
    }
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(&book)).unwrap();
    let range = read.worksheet_range("受講申込").unwrap();
    let cells: Vec<&Data> = range.used_cells().map(|(_, _, data)| data).collect();
    assert!(cells.contains(&&Data::Float(1_234_567.0)));
    assert!(cells.contains(&&Data::String("昼食代 1,000円を添えます".into())));
    let links = part(&book, "xl/worksheets/_rels/sheet1.xml.rels");
    assert!(links.contains("mailto:course@example.jp"), "{links}");
    let drawing = part(&book, "xl/drawings/drawing1.xml");
    for alt in ["霞が関講習会の印", "https://example.jp/course?member=012346", "M-012346", "○ 昭"]
    {
        assert!(drawing.contains(alt), "{alt}");
    }
}

/// What is read from a workbook, by key.
fn values(forms: &Forms, book: &[u8]) -> (Vec<(String, String)>, String) {
    let import = workbook::import("f.xlsx", book, forms);
    let (values, _) = onshi::values::values(&import.record, forms);
    let stated = values.iter().filter(|(_, value)| value.place.is_some());
    let stated = stated.map(|(key, value)| (key.to_owned(), value.text.clone())).collect();
    (stated, import.report.to_string())
}

#[test]
fn a_workbook_reads_back_as_its_record_with_the_parts_of_its_dates() {
    let forms = forms();
    let (read, report) = values(&forms, &written(&forms, RECORD));
    assert_eq!(report, "");
    let record = common::read_values(RECORD, &forms);
    assert_eq!(read, record);
}

fn text(value: &str) -> String {
    format!("<is><t xml:space=\"preserve\">{value}</t></is>")
}

#[test]
fn dates_in_parts_and_several_choices_are_typed_in_their_cells() {
    let forms = forms();
    let (string, number) = (" t=\"inlineStr\"", "");
    let typed =
        |cells: &[(&str, &str, &str)]| values(&forms, &common::typed(&forms, "looks", cells));
    let era = text("昭和");
    let (read, report) =
        typed(&[("course.born.era", string, &era), ("course.born.era_year", number, "<v>60</v>")]);
    // The form has no place for the month and the day of birth: they are asked for.
    assert!(read.iter().all(|(key, _)| key != "course.born"), "{read:?}");
    assert!(report.contains("昭和60年"), "{report}");

    let days = text("月・金");
    let commas = text("月、水");
    for (days, expected) in [(&days, "月・金"), (&commas, "月・水")] {
        let (read, report) = typed(&[("course.days", string, days)]);
        assert_eq!(
            (read, report.as_str()),
            (vec![("course.days".to_owned(), expected.to_owned())], "")
        );
    }

    let zero = text("0");
    let reiwa = text("令和");
    let (read, report) = typed(&[
        ("course.date.era", string, &reiwa),
        ("course.date.era_year", string, &zero),
        ("course.date.day", number, "<v>3</v>"),
    ]);
    assert!(read.is_empty() && report.contains("令和0年3日"), "{read:?} {report}");
    let book = common::typed(&forms, "looks", &[("course.date.day", number, "<v>3</v>")]);
    let validations = part(&book, "xl/worksheets/sheet1.xml");
    assert!(
        validations.contains("二つ以上は「月・水」のようにつないで入力します"),
        "{validations}"
    );
}

#[test]
fn a_changed_part_of_a_date_changes_the_date() {
    let forms = forms();
    let book = written(&forms, RECORD);
    let changed = common::typed_over(
        &book,
        &[
            ("course.date.day", "", "<v>31</v>"),
            ("course.born.era_year", " t=\"inlineStr\"", &text("26")),
        ],
    );
    let (read, report) = values(&forms, &changed);
    let find = |key: &str| read.iter().find(|(k, _)| k == key).map(|(_, text)| text.as_str());
    assert_eq!(find("course.date"), Some("2024-05-31"), "{report}");
    // A form that prints no month and day of a date keeps those of the record no more: it is refused.
    assert_eq!(find("course.born"), None);
    assert!(report.contains("昭和26年"), "{report}");
}

#[test]
fn what_cannot_be_printed_is_said_by_lint() {
    let definition =
        std::fs::read_to_string(common::root().join("tests/forms/looks.yaml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(common::root().join("tests/forms/ring.png"), folder.path().join("ring.png"))
        .unwrap();
    let path = folder.path().join("looks.yaml");
    let lint = |from: &str, to: &str| {
        assert!(definition.contains(from), "{from}");
        std::fs::write(&path, definition.replace(from, to)).unwrap();
        let out = onshi().arg("lint").arg(&path).output().unwrap();
        (out.status.code(), String::from_utf8(out.stderr).unwrap())
    };
    for (from, to, found) in [
        ("file: ring.png", "file: none.png", "画像「none.png」を読めません"),
        ("file: ring.png", "file: ../ring.png", "同じフォルダーの中に置いてください"),
        ("alt: 霞が関講習会の印", "alt: ''", "画像に写っているもの"),
        ("width: 18", "width: 28", "枠に入りません"),
        ("color: \"#c00000\"", "color: red", "#rrggbb の形"),
        (
            "{course@example.jp:",
            "{course@example.com:",
            "「course@example.com」が text にありません",
        ),
        ("\"https://example.jp/course/\"", "\"example.jp\"", "リンク先「example.jp」"),
        (
            "text: 受講者（本人）, vertical",
            "text: 受講者本人（申込みをする人）, vertical",
            "枠に入りません",
        ),
        ("kind: code128, text: \"M", "kind: code128, text: \"会", "Code 128 にできません"),
        ("kind: jan, text: \"490123{", "kind: jan, text: \"49{", "JAN コードにできません"),
        ("align: right, pad: 0}", "align: right, pad: 9}", "読み取れません"),
        (
            "field: course.name, across: 2",
            "field: course.name, part: era, across: 2",
            "part は日付か年月",
        ),
        (
            "field: course.note, optional: true, across: 3, diagonal: empty",
            "text: なし, across: 3, diagonal: empty",
            "diagonal: empty は",
        ),
        ("show: commas", "show: reiwa", "show に書けるのは commas・kanji です"),
        ("course.lunch == \\\"要\\\"", "course.dinner == \\\"要\\\"", "項目 course.dinner"),
        ("text: 切り取り線", "text: ✂切り取り線", "「✂」（U+2702）"),
        ("show: tick, is: バス", "show: tick, text: バス, is: バス", "四角だけを印字します"),
        ("course.lunch == \"不要\"", "course.days == \"月\"", "course.days.contains"),
        ("text: 時刻は案内のとおり", "when: has(course.fee), text: 時刻", "field のあるセルに"),
        ("blank: 昼食の要否による", "links: {円: \"https://example.jp/\"}", "links は書けません"),
    ] {
        let (code, said) = lint(from, to);
        assert_eq!(code, Some(1), "{to}: {said}");
        assert!(said.contains(found), "{to}: {said}");
    }
}

#[test]
fn lint_warns_of_what_is_easily_overlooked() {
    let definition =
        std::fs::read_to_string(common::root().join("tests/forms/looks.yaml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ring = folder.path().join("ring.png");
    std::fs::copy(common::root().join("tests/forms/ring.png"), ring).unwrap();
    let path = folder.path().join("looks.yaml");
    for (from, to, found) in [
        (
            "{field: course.note, optional: true, across: 3, diagonal: empty}",
            "{across: 3}",
            "course.note を印字する欄がありません",
        ),
        ("columns: [8, 32, 40, 30, 60]", "columns: [8, 32, 40, 30, 70]", "右の余白"),
    ] {
        assert!(definition.contains(from), "{from}");
        std::fs::write(&path, definition.replace(from, to)).unwrap();
        let out = onshi().arg("lint").arg(&path).output().unwrap();
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(said.contains(found), "{to}: {said}");
    }
}

#[test]
fn rows_that_are_repeated_know_their_item() {
    let forms = forms();
    let record = RECORD
        .replace("lunch:", "books: [{title: 手引き, copies: 1}, {title: 記録, copies: 3}], lunch:");
    let filling = filled(&forms, &record);
    assert_eq!(filling.report().errors(), 0, "{}", filling.report());
    let svg = paint::svg(&filling.draft()[0].sheets()[0], paint::SvgFor::Page).unwrap();
    assert_eq!((svg.matches("一冊のみ").count(), svg.matches("予備を含む").count()), (1, 1));
    let empty = filled(&forms, RECORD);
    let svg = paint::svg(&empty.draft()[0].sheets()[0], paint::SvgFor::Page).unwrap();
    assert!(!svg.contains("一冊のみ") && !svg.contains("予備を含む"));
}

#[test]
fn the_condition_of_any_cell_in_repeated_rows_knows_the_item() {
    let folder = common::root().join(FOLDER);
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    // The field is not the item's.
    let text = String::from_utf8(read("looks.yaml")).unwrap();
    let row = r#"{text: "{item.copies > 1 ? \"予備を含む\" : \"一冊のみ\"}", across: 2, size: 9, diagonal: {when: item.copies == 1}}"#;
    let with = "{field: course.name, when: item.copies > 1, across: 2, optional: true}";
    assert!(text.contains(row));
    let text = text.replace(row, with);
    let ring = read("ring.png");
    let files = [("ring.png", ring.as_slice())];
    let (forms, _, report) =
        onshi::try_form(Forms::built_in(), "looks.yaml", &text, &files).unwrap();
    assert_eq!(report.errors(), 0, "{report}");
    let name = forms.dictionary().get("course.name").unwrap();
    let written_with = |copies: [u32; 2]| {
        let [one, other] = copies;
        let books = format!(
            "books: [{{title: 手引き, copies: {one}}}, {{title: 記録, copies: {other}}}], lunch:"
        );
        let filling = filled(&forms, &RECORD.replace("lunch:", &books));
        assert_eq!(filling.report().errors(), 0, "{}", filling.report());
        let draft = filling.draft();
        let sheet = &draft[0].sheets()[0];
        let printed = sheet.areas().filter(|area| area.field.as_deref() == Some(&name.key));
        let printed = printed.filter(|area| area.lines.iter().any(|line| !line.runs.is_empty()));
        let entries = FormEntries::new(&forms).of(&draft[0]).entries;
        let entered = entries.iter().filter(|e| e.field.key() == name.key && e.written.is_some());
        (printed.count(), entered.count())
    };
    // Beside the name's own cell, one for each item of several copies.
    assert_eq!(written_with([1, 1]), (1, 1));
    assert_eq!(written_with([1, 3]), (2, 2));
    assert_eq!(written_with([2, 3]), (3, 3));
}

#[test]
fn no_built_in_form_has_a_picture() {
    let pictures = Forms::built_in().forms().flat_map(|form| form.cells());
    // They are compiled in, and a picture beside them would not be.
    assert_eq!(pictures.filter(|cell| cell.value.picture.is_some()).count(), 0);
    assert!(Path::new(FOLDER).is_relative());
}
