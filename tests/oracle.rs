//! The program's PDF writer against krilla, on the same sheets: the same pixels, text, structure and
//! refusals. `ONSHI_ORACLE=1000` compares so many random fillings of each form, and looks closer.

use std::collections::BTreeMap;
use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::common::{TODAY, sample};
use crate::krilla;
use onshi::form::Forms;
use onshi::layout::{Mode, fill};
use onshi::paint::{Book, PdfOptions, pdf};
use onshi::sheet::{Area, Block, Color, Content, Mark, Rect, Run, Sheet, TextLine, Tick, Word};

/// Asserts that both painters make the same of these sheets, seen at so many dots per inch. krilla has
/// not been taught links, underlines, vertical text, strokes, seals, codes and pictures: the forms
/// compared have links alone of them, which are left out; `tests/looks.rs` looks at all of these.
fn assert_same(sheets: &[Sheet], dpi: &[f32]) {
    let sheets: Vec<Sheet> = sheets.iter().map(unlinked).collect();
    let sheets = &sheets[..];
    let options = PdfOptions::default();
    match (pdf(sheets, &options), krilla::pdf(sheets, &options)) {
        (Ok(ours), Ok(theirs)) => assert_same_pages(&ours, &theirs, dpi),
        (ours, theirs) => {
            let sorted = |result: Result<_, onshi::paint::PaintError>| {
                let mut lines: Vec<String> = result
                    .map(|_: Vec<u8>| ())
                    .unwrap_err()
                    .to_string()
                    .split("; ")
                    .map(str::to_owned)
                    .collect();
                lines.sort();
                lines.dedup();
                lines
            };
            assert_eq!(sorted(ours), sorted(theirs));
        }
    }
}

/// A sheet whose texts lead nowhere.
fn unlinked(sheet: &Sheet) -> Sheet {
    let mut sheet = sheet.clone();
    let unlink = |area: &mut Area| {
        area.lines.iter_mut().flat_map(|line| &mut line.runs).for_each(|run| run.link = None);
    };
    for block in &mut sheet.blocks {
        match block {
            Block::Text { area, .. } => unlink(area),
            Block::Table { rows } => {
                rows.iter_mut()
                    .flatten()
                    .flat_map(|cell| &mut Arc::make_mut(cell).areas)
                    .for_each(unlink);
            }
            Block::Group(cells) => {
                cells.iter_mut().flat_map(|cell| &mut Arc::make_mut(cell).areas).for_each(unlink)
            }
            Block::Rule { .. } => {}
        }
    }
    sheet
}

fn assert_same_pages(ours: &[u8], theirs: &[u8], dpi: &[f32]) {
    let (a, b) = (Document::load_mem(ours).unwrap(), Document::load_mem(theirs).unwrap());
    assert_eq!(structure(&a), structure(&b));
    let pages: Vec<u32> = a.get_pages().into_keys().collect();
    assert_eq!(pages, b.get_pages().into_keys().collect::<Vec<_>>());
    for page in pages {
        let text = |document: &Document| {
            let text = document.extract_text(&[page]).unwrap();
            text.chars().filter(|c| !c.is_whitespace()).collect::<String>()
        };
        assert_eq!(text(&a), text(&b));
    }
    for dpi in dpi {
        let (ours, theirs) = (pixels(ours, *dpi), pixels(theirs, *dpi));
        let differ = || ours.iter().zip(&theirs).enumerate().filter(|(_, (a, b))| a != b);
        assert!(
            ours == theirs,
            "{} bytes differ at {dpi} dpi, the first: {:?}",
            differ().count(),
            differ().next()
        );
    }
}

/// Every page's pixels, one after another.
fn pixels(bytes: &[u8], dpi: f32) -> Vec<u8> {
    let pdf = Pdf::new(bytes.to_vec()).unwrap();
    let scale = dpi / 72.0;
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let render = |page| {
        let (cache, interpreter) = (RenderCache::new(), InterpreterSettings::default());
        hayro::render(page, &cache, &interpreter, &RenderSettings::default(), &settings)
    };
    pdf.pages().iter().map(render).fold(Vec::new(), |mut all, map| {
        all.extend_from_slice(map.data_as_u8_slice());
        all
    })
}

/// What a reader is told of the document, element by element, with the text each has.
fn structure(document: &Document) -> String {
    let Ok(root) = document.catalog().unwrap().get_deref(b"StructTreeRoot", document) else {
        return String::new();
    };
    let root = root.as_dict().unwrap();
    let mut out = String::new();
    let top = list(root.get_deref(b"K", document).unwrap());
    let texts: BTreeMap<ObjectId, BTreeMap<i64, String>> =
        document.page_iter().map(|page| (page, texts(document, page))).collect();
    let owners = owners(document, root);
    let tree = Tree { document, texts, owners };
    top.iter().for_each(|kid| tree.write(kid.as_reference().unwrap(), 0, &mut out));
    out
}

struct Tree<'a> {
    document: &'a Document,
    texts: BTreeMap<ObjectId, BTreeMap<i64, String>>,
    /// The element of each content, by page and number.
    owners: BTreeMap<(ObjectId, i64), ObjectId>,
}

impl Tree<'_> {
    fn write(&self, id: ObjectId, depth: usize, out: &mut String) {
        let element = self.document.get_dictionary(id).unwrap();
        let name = |d: &Dictionary, key: &[u8]| {
            Some(String::from_utf8_lossy(d.get(key).ok()?.as_name().ok()?).into_owned())
        };
        let text = |key: &[u8]| Some(lopdf::decode_text_string(element.get(key).ok()?).unwrap());
        *out += &format!("\n{:depth$}{}", "", name(element, b"S").unwrap());
        for attributes in element.get(b"A").and_then(Object::as_array).into_iter().flatten() {
            let attributes = attributes.as_dict().unwrap();
            let span = |key: &[u8]| attributes.get(key).and_then(Object::as_i64).unwrap_or(1);
            *out += &format!(" {}×{}", span(b"RowSpan"), span(b"ColSpan"));
            out.extend(name(attributes, b"Scope").map(|scope| format!(" {scope}")));
        }
        out.extend(text(b"T").map(|text| format!(" T={text}")));
        out.extend(text(b"ActualText").map(|text| format!(" ActualText={text}")));
        let kids = element.get(b"K").map(list).unwrap_or_default();
        let mut said = String::new();
        for kid in &kids {
            match kid {
                Object::Integer(number) => {
                    let page = element.get(b"Pg").and_then(Object::as_reference).unwrap();
                    assert_eq!(self.owners[&(page, *number)], id, "content {number}");
                    said += &self.texts[&page][number];
                }
                kid => {
                    if !said.is_empty() {
                        *out += &format!(" “{said}”");
                        said.clear();
                    }
                    let kid = kid.as_reference().unwrap();
                    let parent = self.document.get_dictionary(kid).unwrap().get(b"P").unwrap();
                    assert_eq!(parent.as_reference().unwrap(), id);
                    self.write(kid, depth + 1, out);
                }
            }
        }
        if !said.is_empty() {
            *out += &format!(" “{said}”");
        }
    }
}

fn list(object: &Object) -> Vec<Object> {
    object.as_array().map_or_else(|_| vec![object.clone()], Clone::clone)
}

fn owners(document: &Document, root: &Dictionary) -> BTreeMap<(ObjectId, i64), ObjectId> {
    let mut owners = BTreeMap::new();
    let tree = root.get_deref(b"ParentTree", document).unwrap().as_dict().unwrap();
    let numbers = tree.get(b"Nums").unwrap().as_array().unwrap();
    for pair in numbers.chunks_exact(2) {
        let key = pair[0].as_i64().unwrap();
        let is_of = |page: &ObjectId| {
            let page = document.get_dictionary(*page).unwrap();
            page.get(b"StructParents").and_then(Object::as_i64).is_ok_and(|n| n == key)
        };
        let page = document.page_iter().find(is_of).unwrap();
        let (_, all) = document.dereference(&pair[1]).unwrap();
        for (number, owner) in (0..).zip(all.as_array().unwrap()) {
            owners.insert((page, number), owner.as_reference().unwrap());
        }
    }
    owners
}

/// The text of each marked content of a page.
fn texts(document: &Document, page: ObjectId) -> BTreeMap<i64, String> {
    let fonts = document.get_page_fonts(page).unwrap();
    let maps: BTreeMap<Vec<u8>, BTreeMap<u16, String>> =
        fonts.into_iter().map(|(name, font)| (name, unicode(document, font))).collect();
    let content = lopdf::content::Content::decode(&document.get_page_content(page)).unwrap();
    let mut texts = BTreeMap::new();
    let mut inside: Vec<Option<i64>> = Vec::new();
    let mut font = Vec::new();
    for operation in &content.operations {
        match operation.operator.as_str() {
            "BDC" => {
                let properties = operation.operands[1].as_dict().unwrap();
                let number = properties.get(b"MCID").and_then(Object::as_i64).ok();
                inside.push(number);
                number.into_iter().for_each(|number| drop(texts.insert(number, String::new())));
            }
            "BMC" => inside.push(None),
            "EMC" => drop(inside.pop().unwrap()),
            "Tf" => font = operation.operands[0].as_name().unwrap().to_vec(),
            "Tj" | "TJ" => {
                let number = inside.iter().rev().find_map(|number| *number).unwrap();
                let shown = list(&operation.operands[0]);
                let codes = shown.iter().filter_map(|o| o.as_str().ok()).flat_map(|s| s.chunks(2));
                for code in codes {
                    let code = u16::from_be_bytes([code[0], code[1]]);
                    *texts.get_mut(&number).unwrap() += &maps[&font][&code];
                }
            }
            _ => {}
        }
    }
    texts
}

/// What each code of a font stands for.
fn unicode(document: &Document, font: &Dictionary) -> BTreeMap<u16, String> {
    let map = font.get_deref(b"ToUnicode", document).unwrap().as_stream().unwrap();
    let map = String::from_utf8(map.decompressed_content().unwrap()).unwrap();
    let hex = |text: &str| -> Vec<u16> {
        let digits = text.trim_matches(['<', '>']).as_bytes();
        digits
            .chunks(4)
            .map(|d| u16::from_str_radix(str::from_utf8(d).unwrap(), 16).unwrap())
            .collect()
    };
    let pair = |line: &str| {
        let (code, text) = line.split_once(' ').filter(|(code, _)| code.starts_with('<'))?;
        let text = text.starts_with('<').then(|| String::from_utf16(&hex(text)).unwrap())?;
        Some((hex(code)[0], text))
    };
    map.lines().filter_map(pair).collect()
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len())]
    }
}

const WORDS: [&str; 24] = [
    "髙﨑德",
    "𠮷田",
    "槗本",
    "葛\u{E0100}城",
    "葛城",
    "葛\u{E0101}",
    "辻\u{E0100}医院",
    "邊\u{E010F}",
    "医療法人社団オン資会",
    "シカク　ハナコ",
    "hanae@example.jp",
    "03-0000-0007",
    "１２３－４５６７",
    "(イ) ",
    "東京都千代田区霞が関9-8-7",
    "\u{29FCE}",
    "\u{29FD7}",
    "ｱｲｳ",
    "令和6年4月1日",
    " ",
    "\u{3000}",
    "☆",
    "Ⅲ",
    "〔〕～",
];

/// The sheet with something else in every box that is filled in.
fn filled(sheet: &Sheet, dice: &mut Dice) -> Sheet {
    let mut sheet = sheet.clone();
    let mut change = |area: &mut Area| {
        if area.field.is_some() {
            refill(area, dice);
        }
    };
    for block in &mut sheet.blocks {
        match block {
            Block::Text { area, .. } => change(area),
            Block::Table { rows } => {
                rows.iter_mut()
                    .flatten()
                    .flat_map(|cell| &mut Arc::make_mut(cell).areas)
                    .for_each(&mut change);
            }
            Block::Group(cells) => cells
                .iter_mut()
                .flat_map(|cell| &mut Arc::make_mut(cell).areas)
                .for_each(&mut change),
            Block::Rule { .. } => {}
        }
    }
    sheet
}

fn refill(area: &mut Area, dice: &mut Dice) {
    let known = area.lines.iter().flat_map(|line| &line.runs).next().cloned();
    match dice.roll(6) {
        0 => area.lines.clear(),
        1 => {}
        _ => {
            let Rect { x, y, h, .. } = area.rect;
            let mut run = known.unwrap_or(Run {
                content: Content::Text(String::new()),
                x: x + 1.0,
                baseline: y + h / 2.0 + 1.0,
                width: 10.0,
                size: 9.5,
                family: onshi::font::Family::Mincho,
                spread: 0.0,
                color: Color::BLACK,
                value: true,
                underline: false,
                vertical: false,
                link: None,
            });
            let mut line = TextLine { runs: Vec::new() };
            for i in 0..=dice.roll(3) {
                let text = dice.pick(&WORDS).to_owned() + dice.pick(&WORDS);
                run.content = match dice.roll(5) {
                    0 => Content::Tick(Tick::from(dice.roll(2) == 0)),
                    _ => Content::Text(text),
                };
                run.x += 7.3 * i as f32;
                run.spread = [0.0, 0.0, 0.123, 2.5][dice.roll(4)];
                run.color = [Color::BLACK, Color::RED][dice.roll(2)];
                use onshi::font::Family::{Bold, Gothic, Mincho};
                run.family = [Mincho, Gothic, Bold][dice.roll(3)];
                line.runs.push(run.clone());
            }
            area.lines = vec![line];
        }
    }
    if dice.roll(4) == 0 {
        let start = 3 * dice.roll(3);
        let word = Word { line: 0, run: dice.roll(2), range: start..start + 3 };
        let rect = Rect { x: area.rect.x + 3.0, y: area.rect.y + 1.0, w: 7.7, h: 4.4 };
        area.marks.push(Mark::Circle { rect, color: Color::RED, word });
    }
}

/// The sheets of every sample record.
fn samples() -> Vec<Sheet> {
    let forms = Forms::built_in();
    let names = ["clinic.yaml", "hospital.yaml", "rare-names.yaml", "medical-and-dental.yaml"];
    let fill = |name| {
        let record = onshi::record::read(name, sample(name).as_bytes()).unwrap();
        let filling = onshi::fill(&record, forms, &[], TODAY);
        filling
            .draft()
            .iter()
            .flat_map(|filled| filled.sheets().iter().cloned())
            .collect::<Vec<Sheet>>()
    };
    names.into_iter().flat_map(fill).collect()
}

/// How many random fillings of each form are compared, if somebody asked for it.
fn asked() -> Option<u64> {
    std::env::var("ONSHI_ORACLE").ok().map(|n| n.parse().expect("a number"))
}

#[test]
fn blanks_and_examples_are_the_same() {
    let forms = Forms::built_in();
    for form in forms.forms() {
        for mode in [Mode::Blank, Mode::Example] {
            let is_near = asked().is_some() || form.id == "card-reader";
            let dpi: &[f32] = if is_near { &[60.0, 150.0] } else { &[60.0] };
            assert_same(&fill(form, mode, forms).0, dpi);
        }
    }
}

#[test]
fn samples_are_the_same_one_by_one_and_in_one_file() {
    let samples = samples();
    for sheet in &samples {
        assert_same(std::slice::from_ref(sheet), &[60.0]);
    }
    assert_same(&samples, &[60.0]);
}

#[test]
fn random_fillings_are_the_same() {
    let most = asked().unwrap_or(2);
    let forms = Forms::built_in();
    for form in forms.forms() {
        let example = fill(form, Mode::Example, forms).0.remove(0);
        for seed in 0..most {
            // Shown when it fails: the last one is the one that differs.
            println!("{}, filling {seed}", form.id);
            let sheet = filled(&example, &mut Dice(seed));
            let dpi: &[f32] = if seed % 10 == 9 { &[60.0, 150.0] } else { &[60.0] };
            assert_same(&[sheet], dpi);
        }
    }
}

#[test]
fn refusals_are_the_same() {
    let forms = Forms::built_in();
    let sheet = fill(forms.find("別紙2").unwrap(), Mode::Example, forms).0.remove(0);
    let mut refused = 0;
    for text in [
        "東☑京",
        "外\u{E000}字",
        "😀",
        "a\u{0}b",
        "\u{FEFF}",
        "か\u{3099}",
        "東\u{AD}京",
        "\u{F0000}",
    ] {
        for at in 0..2 {
            let mut sheet = sheet.clone();
            let area = match (&mut sheet.blocks[0], at) {
                (Block::Text { area, .. }, 0) => area,
                _ => continue,
            };
            area.lines[0].runs[0].content = Content::Text(text.into());
            assert!(pdf(std::slice::from_ref(&sheet), &PdfOptions::default()).is_err(), "{text:?}");
            assert_same(&[sheet], &[]);
            refused += 1;
        }
    }
    assert_eq!(refused, 8);
    let mut empty = sheet.clone();
    let Block::Text { area, .. } = &mut empty.blocks[0] else { panic!("the title") };
    area.lines.clear();
    let rect = Rect { x: 40.0, y: 20.0, w: 8.0, h: 5.0 };
    area.marks.push(Mark::Circle {
        rect,
        color: Color::RED,
        word: Word { line: 0, run: 0, range: 0..0 },
    });
    assert!(pdf(std::slice::from_ref(&empty), &PdfOptions::default()).is_err());
    assert_same(&[empty], &[]);
    assert_same(&[Sheet { title: "長".repeat(11_000), ..sheet }], &[]);
}

#[test]
fn books_have_the_same_text_and_the_pixels_of_single_pages() {
    let samples = samples();
    let mut ours = Book::new(Vec::new());
    let mut theirs = krilla::Book::new().unwrap();
    let mut single = Vec::new();
    for _ in 0..2 {
        let sheets = samples.clone();
        let named: Vec<(&str, &Sheet)> = sheets.iter().map(|s| (s.form.as_str(), s)).collect();
        ours.add("甲医院", &named).unwrap();
        theirs.add("甲医院", &named).unwrap();
        // What stands in no box is drawn first there: only where boxes overlap could it be seen.
        for sheet in &sheets {
            let page = pdf(std::slice::from_ref(sheet), &PdfOptions::default()).unwrap();
            single.extend(pixels(&page, 60.0));
        }
    }
    let pages = ours.pages();
    let (ours, theirs) = (ours.finish("三件").unwrap(), theirs.finish("三件").unwrap());
    // krilla cuts off the outer half of lines at the edge of what a form prints.
    assert_same_pages(&ours, &theirs, &[]);
    let pixels = pixels(&ours, 60.0);
    let differ = pixels.iter().zip(&single).enumerate().filter(|(_, (a, b))| a != b).count();
    assert_eq!((pixels.len(), differ), (single.len(), 0));
    assert_eq!(pages, 2 * samples.len());
}
