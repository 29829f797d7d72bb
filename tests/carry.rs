//! A PDF that carries the record it prints.

use std::path::Path;

use crate::common::{self, onshi};
use crate::krilla;
use lopdf::{Document, Object};
use onshi::form::Forms;
use onshi::layout::Mode;
use onshi::packet::carry::{Carried, NAME};
use onshi::paint::PdfOptions;
use onshi::{layout, record, values};

/// The PDF of a sample's form that carries its record.
fn filled(sample: &str, form: &str) -> Vec<u8> {
    let args = ["fill", "--carry-record", "-q", "-o", "-", "--form", form];
    let output = onshi()
        .args(args)
        .arg(crate::common::sample_path(&format!("{sample}.yaml")))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn extract(pdf: &Path) -> Vec<u8> {
    onshi().arg("extract").arg(pdf).output().unwrap().stdout
}

/// Exit status and what `check` says.
fn judge(pdf: &Path) -> (Option<i32>, String) {
    let mut check = onshi();
    check.args(["check", "--today", "2023-12-28", "--lang", "en"]).arg(pdf);
    let output = check.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn every_form_gives_back_what_it_prints_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let forms = Forms::built_in();
    for (sample, form, absent) in [
        ("clinic", "別紙1", "introduction_plan"),
        ("clinic", "別紙2", "receipt_number"),
        ("clinic", "様式2", "founder"),
        ("clinic", "別紙3", "founder"),
        ("corporation", "別紙2", "receipt_number"),
        ("hospital", "様式2", "founder"),
        ("rare-names", "別紙1", "introduction_plan"),
    ] {
        let bytes = filled(sample, form);
        let pdf = folder.path().join("filled.pdf");
        std::fs::write(&pdf, &bytes).unwrap();
        let yaml = extract(&pdf);
        let carried = Carried::extract(&bytes).unwrap();
        assert_eq!(yaml, carried.yaml.as_bytes());
        assert!(!carried.yaml.contains(absent), "{sample} {form}:\n{}", carried.yaml);
        let (status, said) = judge(&pdf);
        assert_eq!(status, Some(0), "{sample} {form}: {said}");
        assert!(!said.contains("altered"), "{said}");
        // The same sheet as from the whole record: nothing it prints is missing.
        let sheet = |text: &[u8]| {
            let record = record::read("r", text).unwrap();
            let (values, _) = values::values(&record, forms);
            layout::fill(forms.find(form).unwrap(), Mode::Filled(&values), forms).0
        };
        assert_eq!(sheet(&yaml), sheet(common::sample(&format!("{sample}.yaml")).as_bytes()));
        assert_eq!(bytes, filled(sample, form), "the same bytes every time");
    }
}

#[test]
fn extracted_records_are_checked_and_filled_again() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("filled.pdf");
    std::fs::write(&pdf, filled("clinic", "別紙2")).unwrap();
    let yaml = extract(&pdf);
    onshi().args(["check", "-", "--deny-warnings"]).write_stdin(yaml.clone()).assert().code(0);
    let again = onshi()
        .args(["fill", "-", "--carry-record", "-q", "-o", "-"])
        .write_stdin(yaml)
        .output()
        .unwrap();
    assert_eq!(again.stdout, std::fs::read(&pdf).unwrap());
}

#[test]
fn each_kind_carries_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["fill", "samples/medical-and-dental.yaml", "--carry-record", "-q", "-o"];
    onshi().args(args).arg(folder.path()).assert().code(0);
    for kind in ["医科", "歯科"] {
        let name = format!("medical-and-dental_receipt-number_{kind}.pdf");
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        let carried = Carried::extract(&bytes).unwrap();
        assert!(carried.yaml.contains(&format!("  kind: {kind}\n")), "{}", carried.yaml);
    }
}

#[test]
fn the_document_says_that_it_is_archival_and_what_the_file_is_to_it() {
    let document = Document::load_mem(&filled("clinic", "別紙2")).unwrap();
    let catalog = document.catalog().unwrap();
    let (_, metadata) = document.dereference(catalog.get(b"Metadata").unwrap()).unwrap();
    let metadata = metadata.as_stream().unwrap().get_plain_content().unwrap();
    let metadata = String::from_utf8(metadata).unwrap();
    for claim in ["<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"] {
        assert!(metadata.contains(claim), "{claim} is not in {metadata}");
    }
    let files = catalog.get(b"AF").unwrap();
    let files = document.dereference(files).unwrap().1.as_array().unwrap();
    let file = document.dereference(&files[0]).unwrap().1.as_dict().unwrap();
    assert_eq!(file.get(b"AFRelationship").unwrap().as_name().unwrap(), b"Source");
    assert_eq!(lopdf::decode_text_string(file.get(b"UF").unwrap()).unwrap(), NAME);
    let plain = onshi()
        .args(["fill", "tests/data/clinic.yaml", "-q", "--form", "別紙2", "-o", "-"])
        .output()
        .unwrap();
    assert!(Carried::extract(&plain.stdout).is_err(), "off unless asked for");
}

/// What someone may do to the PDF, and whether the page still prints the record.
#[test]
fn a_changed_page_or_record_is_reported() {
    type Change = fn(&mut Document);
    let changes: [(&str, Change, bool); 4] = [
        ("rewritten", |_| {}, true),
        (
            "drawn over",
            |document| {
                let page = document.get_pages()[&1];
                document.add_page_contents(page, b"0 0 m 99 99 l S".to_vec()).unwrap();
            },
            false,
        ),
        (
            "annotated",
            |document| {
                let page = document.get_pages()[&1];
                let note = lopdf::dictionary! { "Type" => "Annot", "Subtype" => "FreeText" };
                let note = document.add_object(note);
                let page = document.get_dictionary_mut(page).unwrap();
                page.set("Annots", vec![Object::Reference(note)]);
            },
            false,
        ),
        (
            "another record",
            |document| {
                let yaml = Carried::extract(&filled("clinic", "別紙2")).unwrap().yaml;
                let yaml = yaml.replace("霞ヶ浦システム", "別のシステム");
                let stream = document.objects.values_mut().find(|object| {
                    object.as_stream().is_ok_and(|stream| {
                        stream.dict.get(b"Type").and_then(Object::as_name).ok()
                            == Some(b"EmbeddedFile")
                    })
                });
                let Some(Object::Stream(stream)) = stream else { panic!("no attachment") };
                stream.set_plain_content(yaml.into_bytes());
            },
            false,
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, change, same) in changes {
        let mut document = Document::load_mem(&filled("clinic", "別紙2")).unwrap();
        change(&mut document);
        let pdf = folder.path().join("changed.pdf");
        document.save(&pdf).unwrap();
        let (status, said) = judge(&pdf);
        assert_eq!(status, Some(if same { 0 } else { 1 }), "{name}: {said}");
        assert_eq!(said.contains("error[altered]"), !same, "{name}: {said}");
    }
}

#[test]
fn what_carries_no_record_says_so() {
    for command in ["extract", "check"] {
        let pdf = "tests/data/pdf/scan.pdf";
        let output = onshi().args([command, pdf, "--lang", "en"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{command}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("no record is attached"), "{error}");
    }
    let png = ["fill", "tests/data/clinic.yaml", "--carry-record", "--format", "png"];
    onshi().args(png).assert().code(2);
}

#[test]
fn what_an_earlier_version_painted_is_read_and_not_called_altered() {
    let forms = Forms::built_in();
    let carried = Carried::extract(&filled("clinic", "別紙2")).unwrap();
    let yaml = carried.yaml.replacen(&carried.program, "0.1.0", 1);
    let record = record::read(NAME, yaml.as_bytes()).unwrap();
    let (values, _) = values::values(&record, forms);
    let (sheets, _) = layout::fill(forms.find("別紙2").unwrap(), Mode::Filled(&values), forms);
    let options = PdfOptions::default().carry(NAME, yaml.clone().into_bytes());
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("old.pdf");
    std::fs::write(&pdf, krilla::pdf(&sheets, &options).unwrap()).unwrap();
    assert_eq!(extract(&pdf), yaml.as_bytes());
    let (status, said) = judge(&pdf);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("warning[altered]") && said.contains("onshi 0.1.0"), "{said}");
}
