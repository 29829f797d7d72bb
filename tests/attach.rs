//! 別紙2 at the end of the applicant's own PDF.

use std::path::PathBuf;

use crate::common::{changed, onshi, root};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::{PixmapSettings, RenderSettings};
use lopdf::{Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions};
use onshi::packet::attach::{AttachError, AttachOptions, append};
use onshi::report::Explain as _;

/// A PDF of `tests/data/pdf`, its pages, the names of its outline, and whether it is tagged.
const ORIGINALS: [(&str, usize, &[&str], bool); 10] = [
    ("chromium", 1, &[], true),
    ("libreoffice", 2, &["二枚目"], true),
    ("object-streams", 2, &["二枚目"], true),
    ("linearised", 2, &["二枚目"], true),
    ("ghostscript", 2, &["First"], false),
    ("form-fields", 2, &["First", "First", "Second"], false),
    ("inherited", 2, &["First"], false),
    ("to-be-signed", 2, &["First"], false),
    ("scan", 1, &[], false),
    ("hybrid", 1, &[], true),
];

const TITLE: &str = "オンライン資格確認の導入計画書 みなとクリニック";

fn path(name: &str) -> PathBuf {
    root().join("tests/data/pdf").join(format!("{name}.pdf"))
}

fn original(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

/// 別紙2 of the sample, alone.
fn plan() -> Vec<u8> {
    let args = ["fill", "tests/data/clinic.yaml", "-q", "--form", "別紙2", "-o", "-"];
    onshi().args(args).output().unwrap().stdout
}

fn attached(name: &str, more: &[&str]) -> Vec<u8> {
    let mut command = onshi();
    command.args(["attach", "tests/data/clinic.yaml", "-q", "-o", "-", "--to"]).arg(path(name));
    let output = command.args(more).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Every page as pixels.
fn pixels(bytes: &[u8]) -> Vec<(u16, u16, Vec<u8>)> {
    let pdf = Pdf::new(bytes.to_vec()).unwrap();
    let render = |page| {
        let pixmap = hayro::render(
            page,
            &hayro::RenderCache::new(),
            &InterpreterSettings::default(),
            &RenderSettings::default(),
            &PixmapSettings::default(),
        );
        let data = pixmap.data().iter().flat_map(|p| [p.r, p.g, p.b, p.a]).collect();
        (pixmap.width(), pixmap.height(), data)
    };
    pdf.pages().iter().map(render).collect()
}

fn outline(document: &Document) -> Vec<String> {
    let mut names = Vec::new();
    let root = document.catalog().unwrap().get(b"Outlines").and_then(Object::as_reference);
    let Ok(root) = root else { return names };
    let root = document.get_dictionary(root).unwrap();
    let mut next = root.get(b"First").and_then(Object::as_reference);
    while let Ok(id) = next {
        let item = document.get_dictionary(id).unwrap();
        names.push(lopdf::decode_text_string(item.get(b"Title").unwrap()).unwrap());
        if item.get(b"Next").is_err() {
            assert_eq!(root.get(b"Last").unwrap().as_reference().unwrap(), id);
        }
        next = item.get(b"Next").and_then(Object::as_reference);
    }
    names
}

fn catalog(document: &Document) -> &Dictionary {
    document.catalog().unwrap()
}

#[test]
fn the_original_stays_to_the_byte_and_the_pixel_and_our_page_is_last() {
    let plan = plan();
    let ours = pixels(&plan);
    for (name, pages, names, tagged) in ORIGINALS {
        let before = original(name);
        let after = attached(name, &[]);
        assert!(after.starts_with(&before), "{name}");
        let (old, new) = (pixels(&before), pixels(&after));
        assert_eq!((old.len(), new.len()), (pages, pages + 1), "{name}");
        assert!(new[..pages] == old[..], "{name}: the original's pages changed");
        assert!(new[pages] == ours[0], "{name}: our page changed");
        let document = Document::load_mem(&after).unwrap();
        let mut expected: Vec<&str> = names.to_vec();
        expected.push(TITLE);
        assert_eq!(outline(&document), expected, "{name}");
        let last = document.extract_text(&[u32::try_from(pages + 1).unwrap()]).unwrap();
        assert!(last.contains("霞ヶ浦システム"), "{name}: {last}");
        let marked = catalog(&document).get(b"MarkInfo").is_ok();
        assert_eq!(marked, tagged, "{name}: only what was tagged claims to be");
        let old = Document::load_mem(&before).unwrap();
        assert_eq!(catalog(&document).get(b"AcroForm").ok(), catalog(&old).get(b"AcroForm").ok());
    }
}

#[test]
fn the_tags_of_both_are_in_one_tree() {
    for (name, pages, _, tagged) in ORIGINALS {
        let document = Document::load_mem(&attached(name, &[])).unwrap();
        let root = catalog(&document).get(b"StructTreeRoot").unwrap().as_reference().unwrap();
        let tree = document.get_dictionary(root).unwrap();
        let parents = tree.get(b"ParentTree").unwrap();
        let (_, parents) = document.dereference(parents).unwrap();
        let numbers = parents.as_dict().unwrap().get(b"Nums").unwrap().as_array().unwrap();
        let keys: Vec<i64> = numbers.iter().step_by(2).map(|k| k.as_i64().unwrap()).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{name}: {keys:?}");
        let page = document.get_pages()[&u32::try_from(pages + 1).unwrap()];
        let page = document.get_dictionary(page).unwrap();
        let key = page.get(b"StructParents").unwrap().as_i64().unwrap();
        let at = keys.iter().position(|k| *k == key).unwrap();
        assert!(key > 0 || !tagged, "{name}");
        // Our page's first text is our title, up to the root.
        let (_, first) = document.dereference(&numbers[2 * at + 1]).unwrap();
        let (_, first) = document.dereference(&first.as_array().unwrap()[0]).unwrap();
        let mut element = first.as_dict().unwrap();
        let mut path = Vec::new();
        while let Ok(kind) = element.get(b"S") {
            path.push(String::from_utf8_lossy(kind.as_name().unwrap()).into_owned());
            let parent = element.get(b"P").unwrap().as_reference().unwrap();
            element = document.get_dictionary(parent).unwrap();
        }
        assert_eq!(element.get(b"Type").unwrap().as_name().unwrap(), b"StructTreeRoot");
        assert!(path.ends_with(&["Document".into()]), "{name}: {path:?}");
    }
}

#[test]
fn what_cannot_be_appended_to_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let ghostscript = original("ghostscript");
    let text = |from: &str, to: &str| {
        let position = ghostscript.windows(from.len()).rposition(|w| w == from.as_bytes()).unwrap();
        let mut bytes = ghostscript.clone();
        bytes.splice(position..position + from.len(), to.bytes());
        bytes
    };
    let case = |name: &str| std::fs::read(root().join("tests/data/cases").join(name)).unwrap();
    let cases: [(&str, Vec<u8>, &str); 10] = [
        (
            "restricted",
            protected(Permissions::PRINTABLE),
            "opens without a password, but its owner",
        ),
        ("to-open", original("encrypted-to-open"), "it takes a password"),
        ("signed", original("signed"), "signed"),
        ("cut", ghostscript[..900].to_vec(), "damaged"),
        ("startxref", text("startxref", "startxfer"), "damaged"),
        (
            "counted-from-junk",
            written(Shape { junk: "junk\n", ..Shape::default() }),
            "does not fit",
        ),
        ("text", b"hello".to_vec(), "not a PDF"),
        ("empty", Vec::new(), "not a PDF"),
        ("portfolio", case("A12.pdf"), "portfolio"),
        ("scanner", case("C10_xref1.pdf"), "cross-reference table"),
    ];
    for (name, bytes, reason) in cases {
        let (from, to) = (folder.path().join(name), folder.path().join("out.pdf"));
        std::fs::write(&from, bytes).unwrap();
        let mut command = onshi();
        command.args(["attach", "tests/data/clinic.yaml", "--lang", "en", "--to"]).arg(from);
        let output = command.arg("-o").arg(&to).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {error}");
        assert!(error.contains(reason) && error.contains("help"), "{name}: {error}");
        assert!(!to.exists());
    }
    let broken = attached("signed", &["--break-signature"]);
    assert!(broken.starts_with(&original("signed")));
}

/// How a PDF of one page is written.
#[derive(Clone, Copy)]
struct Shape<'a> {
    /// Before its header, and counted in its table of objects.
    junk: &'a str,
    /// At the end of each entry of the table.
    entry_end: &'a str,
    /// More of the catalog, and more objects from number 4 on.
    catalog: &'a str,
    objects: &'a [&'a str],
}

impl Default for Shape<'_> {
    fn default() -> Self {
        Shape { junk: "", entry_end: " \n", catalog: "", objects: &[] }
    }
}

fn written(shape: Shape<'_>) -> Vec<u8> {
    let Shape { junk, entry_end, catalog, objects } = shape;
    let mut file = format!("{junk}%PDF-1.4\n");
    let mut table = format!("0000000000 65535 f{entry_end}");
    let first = [
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_owned(),
    ];
    let all = first.into_iter().chain(objects.iter().map(|object| (*object).to_owned()));
    for (number, object) in (1..).zip(all) {
        table += &format!("{:010} 00000 n{entry_end}", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 4);
    file += &format!("xref\n0 {size}\n{table}trailer\n<</Size {size}/Root 1 0 R>>\n");
    file += &format!("startxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

/// What the program says of a PDF, and what comes of it.
fn tried(original: &[u8], more: &[&str]) -> (Option<i32>, String, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("a.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&from, original).unwrap();
    let mut command = onshi();
    command.args(["attach", "tests/data/clinic.yaml", "--lang", "ja", "--to"]).arg(from);
    let output = command.arg("-o").arg(&to).args(more).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said, std::fs::read(to).unwrap_or_default())
}

#[test]
fn what_is_before_the_header_is_left_out() {
    let before = original("ghostscript");
    for junk in [&b"\n"[..], b"\xEF\xBB\xBF", b"Content-Type: application/pdf\r\n\r\n"] {
        let (code, said, after) = tried(&[junk, before.as_slice()].concat(), &[]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(&format!("{} バイトを除いて", junk.len())), "{said}");
        assert!(after == attached("ghostscript", &[]));
    }
}

#[test]
fn tables_with_entries_that_are_too_long_or_too_short_are_read() {
    for entry_end in [" \r\n", "  \n", "\r\r\n", " \n", "\r\n", "\n"] {
        let before = written(Shape { entry_end, ..Shape::default() });
        let (code, said, after) = tried(&before, &[]);
        assert_eq!(code, Some(0), "{entry_end:?}: {said}");
        assert!(after.starts_with(&before));
        let pages = pixels(&after);
        assert!(pages.len() == 2 && pages[1] == pixels(&plan())[0], "{entry_end:?}");
        // What was appended to can be appended to.
        let (code, said, twice) = tried(&after, &[]);
        assert_eq!(code, Some(0), "{entry_end:?}: {said}");
        assert_eq!(pixels(&twice).len(), 3);
    }
}

#[test]
fn usage_rights_are_no_signature_and_end() {
    let objects: &[&str] = &[
        "<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 9 9 9]/Contents<00>/Reference[<</Type/SigRef\
         /TransformMethod/UR3/TransformParams<</Type/TransformParams/V/2.2>>>>]>>",
    ];
    let catalog = "/Perms<</UR3 4 0 R>>";
    let before = written(Shape { catalog, objects, ..Shape::default() });
    let (code, said, after) = tried(&before, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("使用権限") && said.contains("電子署名ではありません"), "{said}");
    assert!(after.starts_with(&before));
    assert!(!catalog_of(&after).has(b"Perms"));

    // A signature of somebody's is one beside them too.
    let signed: &[&str] = &[objects[0], "<</Type/Sig/ByteRange[0 9 9 9]/Contents<00>>>"];
    let before = written(Shape { catalog, objects: signed, ..Shape::default() });
    let (code, said, _) = tried(&before, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("電子署名があります") && said.contains("--break-signature をつけると"));
    let (code, _, after) = tried(&before, &["--break-signature"]);
    assert_eq!(code, Some(0));
    assert!(after.starts_with(&before));
}

fn catalog_of(bytes: &[u8]) -> Dictionary {
    catalog(&Document::load_mem(bytes).unwrap()).clone()
}

#[test]
fn an_outline_without_its_end_keeps_its_entries() {
    let one = "<</Title(One)/Parent 4 0 R/Next 6 0 R/Dest[3 0 R/Fit]>>";
    let catalog = "/Outlines 4 0 R";
    let two = "<</Title(Two)/Parent 4 0 R/Prev 5 0 R/Dest[3 0 R/Fit]>>";
    let circle = "<</Title(Two)/Parent 4 0 R/Next 5 0 R/Dest[3 0 R/Fit]>>";
    for (root, end) in [
        ("<</Type/Outlines/First 5 0 R/Count 2>>", two),
        ("<</Type/Outlines/First 5 0 R/Last 99 0 R/Count 2>>", two),
        ("<</Type/Outlines/First 5 0 R/Last 5 0 R/Count 2>>", two),
        ("<</Type/Outlines/First 5 0 R/Count 2>>", circle),
    ] {
        let objects = &[root, one, end];
        let before = written(Shape { catalog, objects, ..Shape::default() });
        let (code, said, after) = tried(&before, &[]);
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(outline(&Document::load_mem(&after).unwrap()), ["One", "Two", TITLE], "{root}");
    }
}

/// A PDF that opens without a password and allows this.
fn protected(permissions: Permissions) -> Vec<u8> {
    let mut document = Document::load_mem(&written(Shape::default())).unwrap();
    let id = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id.clone(), id]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "",
        key_length: 128,
        permissions,
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn pages_are_added_to_what_is_protected_where_its_owner_allows_them() {
    let ours = pixels(&plan());
    let assembling = Permissions::PRINTABLE | Permissions::ASSEMBLABLE;
    for before in [original("encrypted"), protected(assembling), protected(Permissions::MODIFIABLE)]
    {
        let (code, said, after) = tried(&before, &[]);
        assert_eq!(code, Some(0), "{said}");
        assert!(after.starts_with(&before));
        let (old, new) = (pixels(&before), pixels(&after));
        assert!(new[..old.len()] == old[..] && new[old.len()..] == ours[..]);
        assert!(Document::load_mem(&after).unwrap().was_encrypted(), "it stays protected");
    }
    let (code, said, _) = tried(&protected(Permissions::PRINTABLE | Permissions::FILLABLE), &[]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("ページの追加を許していません（許可: 印刷、フォームへの記入）"),
        "{said}"
    );
    let (_, said, _) = tried(&protected(Permissions::empty()), &[]);
    assert!(said.contains("（許可: 閲覧だけ）"), "{said}");
    let (_, said, _) = tried(&original("encrypted-to-open"), &[]);
    assert!(said.contains("開くのにパスワード") && !said.contains("許可"), "{said}");
}

#[test]
fn an_attached_pdf_can_be_appended_to_again() {
    for name in ["ghostscript", "object-streams", "linearised"] {
        let options = AttachOptions::default().outline(vec!["別紙2".into()]);
        let once = append(&original(name), &plan(), &options).unwrap();
        let twice = append(&once.bytes, &plan(), &options).unwrap();
        assert_eq!(twice.original_pages, once.original_pages + 1);
        let pages = pixels(&twice.bytes);
        assert!(pages[pages.len() - 1] == pages[pages.len() - 2], "{name}");
        assert!(pages[..pages.len() - 1] == pixels(&once.bytes)[..], "{name}");
        assert_eq!(append(&original(name), &plan(), &options).unwrap(), once, "the same bytes");
    }
}

#[test]
fn several_records_and_forms_are_appended_in_order() {
    let mut command = onshi();
    command.args(["attach", "tests/data/clinic.yaml", "samples/pharmacy.yaml", "-q", "-o", "-"]);
    let output = command.args(["--form", "別紙1", "--form", "別紙2", "--to"]);
    let output = output.arg(path("scan")).output().unwrap();
    let document = Document::load_mem(&output.stdout).unwrap();
    assert_eq!(document.get_pages().len(), 5);
    let names = outline(&document);
    assert_eq!(names.len(), 4);
    assert!(names[0].starts_with("受付番号") && names[1].starts_with("オンライン"), "{names:?}");
}

#[test]
fn with_the_transitional_measure_nothing_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("out.pdf");
    let record =
        changed("clinic.yaml", &[("transitional_measure: false", "transitional_measure: true")]);
    let run = |more: &[&str]| {
        let mut command = onshi();
        command.args(["attach", "-", "--to"]).arg(path("scan")).arg("-o").arg(&to).args(more);
        command.write_stdin(record.clone()).output().unwrap()
    };
    let output = run(&[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("別紙2は不要です") && !to.exists(), "{said}");
    assert_eq!(run(&["--form", "別紙2"]).status.code(), Some(0));
    assert!(to.exists());
}

#[test]
fn a_faulty_record_attaches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("out.pdf");
    let mut command = onshi();
    command.args(["attach", "tests/data/clinic.yaml", "samples/incomplete.yaml", "--to"]);
    let output = command.arg(path("scan")).arg("-o").arg(&to).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(!to.exists());
}

#[test]
fn errors_speak_both_languages() {
    let error = append(b"%PDF-", &plan(), &AttachOptions::default()).unwrap_err();
    assert!(matches!(error, AttachError::Damaged(_)));
    assert!(error.message().ja.contains("壊れています"));
}
