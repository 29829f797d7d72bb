//! An office's PDF that was filled in with a viewer: what stands in its form fields is the record, and nothing that
//! stands there is lost or changed without a word.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use onshi::form::Forms;
use onshi::report::Report;
use onshi::{Opened, What};

use crate::common::{self, TODAY, onshi};
use crate::paper::{FORMS, notice, numbers, of_data, saved};

/// A copy of the notice with form fields, filled in as a viewer does it.
pub(super) fn filled_in(kind: &str, lunch: bool) -> Vec<u8> {
    let mut document = Document::load_mem(&notice()).unwrap();
    let id = document.get_pages()[&1];
    let utf16 = |text: &str| Object::string_literal(encoding(text));
    let dict = dictionary! { "Subtype" => "Form", "BBox" => numbers([0, 0, 10, 10]) };
    let look = document.add_object(Stream::new(dict, Vec::new()));
    let mut widgets: Vec<Object> = Vec::new();
    let mut row = 0;
    let mut add = |document: &mut Document, more: Dictionary| {
        let mut widget = dictionary! {
            "Type" => "Annot", "Subtype" => "Widget", "F" => 4,
            "Rect" => numbers([200, 600 - 30 * row, 300, 620 - 30 * row]),
        };
        row += 1;
        widget.extend(&more);
        widgets.push(document.add_object(widget).into());
    };
    for (name, value) in [
        ("facility_name", "山の手医院"),
        ("facility_address", "東京都港区芝1-1-1"),
        ("purpose", "確認"),
    ] {
        let text = dictionary! { "FT" => "Tx", "T" => utf16(name), "V" => utf16(value) };
        add(&mut document, text);
    }
    let date = document.add_object(dictionary! { "T" => utf16("date") });
    for (name, value) in [("year", "6"), ("month", "5"), ("day", "1")] {
        let part =
            dictionary! { "FT" => "Tx", "T" => utf16(name), "V" => utf16(value), "Parent" => date };
        add(&mut document, part);
    }
    let radio = document.add_object(dictionary! {
        "T" => utf16("kind"), "FT" => "Btn", "Ff" => 1 << 15, "V" => Object::Name(kind.into()),
    });
    for state in ["ika", "shika", "yakkyoku"] {
        let now = if state == kind { state } else { "Off" };
        let looks = dictionary! { "N" => dictionary! { state => look, "Off" => look } };
        let now = Object::Name(now.into());
        add(&mut document, dictionary! { "Parent" => radio, "AP" => looks, "AS" => now });
    }
    for (name, is_on) in [("lunch_yes", lunch), ("lunch_no", !lunch)] {
        let looks = dictionary! { "N" => dictionary! { "On" => look, "Off" => look } };
        let now = Object::Name(if is_on { "On".into() } else { "Off".into() });
        add(
            &mut document,
            dictionary! {
                "FT" => "Btn", "T" => utf16(name), "AP" => looks, "AS" => now.clone(), "V" => now,
            },
        );
    }
    document.get_dictionary_mut(id).unwrap().set("Annots", widgets);
    saved(document)
}

#[test]
fn an_offices_pdf_that_was_filled_in_with_a_viewer_is_read() {
    let forms = onshi::load_forms(&common::root().join(FORMS)).unwrap();
    let opened = onshi::open("filled.pdf", &filled_in("shika", false), &forms);
    assert_eq!(opened.what(), What::Filled);
    let record = onshi::record::write(&opened.record().unwrap().root);
    for part in [
        "name: 山の手医院",
        "address: 東京都港区芝1-1-1",
        "kind: 歯科",
        "date: 令和6年5月1日",
        "lunch: 不要",
        "purpose: 確認",
    ] {
        assert!(record.contains(part), "{part} in {record}");
    }
    // The form it was filled in on is the one that is filled.
    let filling = opened.fill(&forms, &[], TODAY);
    assert_eq!(filling.draft()[0].form(), "visit-notice");
    // A PDF whose form fields no form has is a PDF without a record, as before.
    let other = onshi::open("x.pdf", &of_data("form-fields.pdf"), &forms);
    assert_eq!(other.what(), What::Pdf);
    // And by the command.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("filled.pdf");
    std::fs::write(&path, filled_in("ika", true)).unwrap();
    let done = onshi().args(["--forms", FORMS, "import"]).arg(&path).output().unwrap();
    let yaml = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success() && yaml.contains("lunch: 要") && yaml.contains("kind: 医科"),
        "{yaml}"
    );
}

/// The forms with another set of boxes for the notice, each with a line of its own.
fn with_boxes(change: impl Fn(String) -> String) -> Forms {
    let folder = common::root().join(FORMS);
    let text = change(std::fs::read_to_string(folder.join("visit-notice.yaml")).unwrap());
    let paper = notice();
    let files = [("visit-notice.pdf", &paper[..])];
    onshi::try_form(Forms::built_in(), "visit-notice.yaml", &text, &files)
        .unwrap_or_else(|error| panic!("{}", error.report))
        .0
}

/// The filled-in notice with changes made to its form fields, which are called by their own names.
fn changed(change: impl Fn(&str, &mut Dictionary)) -> Vec<u8> {
    let mut document = Document::load_mem(&filled_in("shika", false)).unwrap();
    let name = |field: &Dictionary| {
        let name = field.get(b"T").ok()?;
        lopdf::decode_text_string(name).ok()
    };
    let fields: Vec<(ObjectId, String)> = document
        .objects
        .iter()
        .filter_map(|(id, object)| Some((*id, name(object.as_dict().ok()?)?)))
        .collect();
    for (id, name) in fields {
        change(&name, document.get_dictionary_mut(id).unwrap());
    }
    saved(document)
}

/// What a PDF is read as, as YAML, and what is wrong with it.
fn read(bytes: &[u8], forms: &Forms) -> (String, Report) {
    let opened: Opened = onshi::open("filled.pdf", bytes, forms);
    assert_eq!(opened.what(), What::Filled);
    let record = opened.partial_record().unwrap();
    (onshi::record::write(&record.root), opened.report())
}

#[test]
fn names_of_states_in_shift_jis_are_told_apart() {
    let forms = with_boxes(|text| text.replace("pdf_state: shika", "pdf_state: 歯科"));
    let mut document = Document::load_mem(&filled_in("shika", false)).unwrap();
    let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("歯科");
    for object in document.objects.values_mut() {
        let Ok(widget) = object.as_dict_mut() else { continue };
        if let Ok(looks) = widget.get_mut(b"AP").and_then(Object::as_dict_mut)
            && let Ok(looks) = looks.get_mut(b"N").and_then(Object::as_dict_mut)
            && let Some(look) = looks.remove(b"shika")
        {
            looks.set(sjis.to_vec(), look);
        }
        if widget.get(b"AS").and_then(Object::as_name).is_ok_and(|name| name == b"shika") {
            widget.set("AS", Object::Name(sjis.to_vec()));
        }
    }
    let (record, report) = read(&saved(document), &forms);
    assert!(record.contains("kind: 歯科") && report.errors() == 0, "{record}{report}");
}

#[test]
fn what_is_chosen_of_a_list_is_read_by_the_words_that_are_shown() {
    let forms = with_boxes(|text| text);
    let word = |text: &str| Object::string_literal(encoding(text));
    let options: Vec<Object> = [("1", "機器"), ("2", "建物"), ("3", "その他")]
        .map(|(exported, shown)| Object::Array(vec![word(exported), word(shown)]))
        .into();
    let chosen = |value: Object| {
        let bytes = changed(|name, field| {
            if name == "purpose" {
                field.set("FT", "Ch");
                field.set("Opt", options.clone());
                field.set("V", value.clone());
            }
        });
        read(&bytes, &forms).0
    };
    assert!(chosen(word("2")).contains("purpose: 建物"));
    let both = chosen(Object::Array(vec![word("1"), word("3")]));
    assert!(both.contains("purpose: 機器・その他"), "{both}");
    // What is typed and not of the list.
    let typed = chosen(word("人"));
    assert!(typed.contains("purpose: 人"), "{typed}");
}

#[test]
fn lines_that_end_with_a_carriage_return_are_lines() {
    let forms = with_boxes(|text| text);
    let bytes = changed(|name, field| {
        if name == "purpose" {
            field.set("V", Object::string_literal(encoding("一\r二\r\n三")));
        }
    });
    let opened = onshi::open("filled.pdf", &bytes, &forms);
    let json = format!("{:?}", opened.record().unwrap().root);
    assert!(json.contains(r"一\n二\n三"), "{json}");
}

#[test]
fn a_box_of_yes_or_no_that_is_not_in_the_pdf_says_nothing() {
    let boolean = |text: String| {
        let (before, rest) = text.split_once("    kind: choice\n").unwrap();
        let (help, rest) = rest.split_once("    example: 要\n").unwrap();
        let (_, rest) = rest.split_once("不要}]\n").unwrap();
        let text = format!("{before}    kind: boolean\n{help}    example: \"true\"\n{rest}");
        let text = text.replace("lunch: 要", "lunch: true");
        let lines = text.lines().filter(|line| !line.contains("lunch_no"));
        lines.map(|line| line.replace("is: 要", "is: \"true\"") + "\n").collect::<String>()
    };
    let forms = with_boxes(boolean);
    for is_on in [true, false] {
        let (record, _) = read(&filled_in("ika", is_on), &forms);
        assert!(record.contains(&format!("lunch: \"{is_on}\"")), "{record}");
    }
    let elsewhere = with_boxes(|text| boolean(text).replace("lunch_yes", "not_there"));
    let (record, _) = read(&filled_in("ika", true), &elsewhere);
    assert!(!record.contains("lunch"), "{record}");
}

#[test]
fn a_button_says_the_word_of_its_box_whatever_else_has_the_value() {
    // The state's name is the office's own, and no value.
    let forms = with_boxes(|text| {
        text.replace(
            "  - {at: [70.3, 125.3",
            "  - {at: [20, 118, 15, 5], field: notice.lunch}\n  - {at: [70.3, 125.3",
        )
    });
    let (record, report) = read(&filled_in("ika", false), &forms);
    assert!(record.contains("lunch: 不要") && report.errors() == 0, "{record}{report}");
    let typed = with_boxes(|text| {
        text.replace(
            "  - {at: [70.3, 125.3",
            "  - {at: [20, 118, 15, 5], field: notice.lunch, pdf_field: lunch_word}\n  - {at: [70.3, 125.3",
        )
    });
    let (record, report) = read(&filled_in("ika", false), &typed);
    assert!(record.contains("lunch: 不要") && report.errors() == 0, "{record}{report}");
}

#[test]
fn an_era_that_nobody_chose_is_not_supposed_in_silence() {
    let forms = with_boxes(|text| {
        text.replace(
            "  - {at: [78.7, 105.3",
            "  - {at: [66, 105.3, 8, 4], field: notice.date, part: era, show: circle, is: 平成, pdf_field: era_h}\n\
             \x20 - {at: [66, 110, 8, 4], field: notice.date, part: era, show: circle, is: 令和, pdf_field: era_r}\n\
             \x20 - {at: [78.7, 105.3",
        )
    });
    let (record, _) = read(&filled_in("ika", true), &forms);
    assert!(record.contains("date: 6年5月1日"), "{record}");
    let opened = onshi::open("filled.pdf", &filled_in("ika", true), &forms);
    let filling = opened.fill(&forms, &[], TODAY);
    let of_date = |d: &&onshi::report::Diagnostic| d.field.as_deref() == Some("notice.date");
    assert!(filling.report().diagnostics.iter().any(|d| of_date(&d)), "{}", filling.report());
}

#[test]
fn two_form_fields_of_one_value_that_differ_are_an_error_that_names_both() {
    let forms = with_boxes(|text| {
        text.replace(
            "  - {at: [70.3, 125.3",
            "  - {at: [20, 118, 15, 5], field: notice.purpose, pdf_field: facility_name}\n  - {at: [70.3, 125.3",
        )
    });
    let bytes = filled_in("ika", true);
    let (_, report) = read(&bytes, &forms);
    let found = &report.diagnostics[0];
    assert_eq!((report.errors(), found.code.as_str()), (1, "duplicate-field"), "{report}");
    for name in ["purpose", "facility_name"] {
        assert!(found.message.ja.contains(name) && found.message.en.contains(name), "{report}");
    }
    assert!(onshi::open("filled.pdf", &bytes, &forms).record().is_err());
    // The same value twice is one.
    let same = changed(|name, field| {
        if name == "purpose" {
            field.set("V", Object::string_literal(encoding("山の手医院")));
        }
    });
    assert_eq!(read(&same, &forms).1.errors(), 0);
}

/// A text string as a PDF has it.
fn encoding(text: &str) -> Vec<u8> {
    let bytes = text.encode_utf16().flat_map(u16::to_be_bytes);
    [vec![0xFE, 0xFF], bytes.collect()].concat()
}
