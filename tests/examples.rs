//! The examples of the library, run.

#[path = "../examples/batch.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod batch;
#[path = "../examples/fill_pdf.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod fill_pdf;
#[path = "../examples/own_form.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod own_form;

use crate::common;

#[test]
fn a_record_becomes_pdfs() {
    let folder = tempfile::tempdir().unwrap();
    let record = common::root().join("samples/clinic.yaml");
    fill_pdf::fill(&record, folder.path(), common::TODAY).unwrap();
    let pdf = std::fs::read(folder.path().join("clinic_introduction-plan.pdf")).unwrap();
    assert!(common::text_of(&pdf).contains("みなとの丘システム"));
    let incomplete = common::root().join("samples/incomplete.yaml");
    assert!(fill_pdf::fill(&incomplete, folder.path(), common::TODAY).is_err());
}

#[test]
fn a_folder_of_records_becomes_pdfs() {
    let folder = tempfile::tempdir().unwrap();
    let samples = common::root().join("samples");
    let (made, refused) = batch::fill_all(&samples, folder.path(), common::TODAY).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), made);
    assert!(made > 5 && refused > 0, "{made} {refused}");
}

#[test]
fn a_form_of_ones_own_is_filled_and_read_back() {
    let file = own_form::visit(&common::root().join("tests/forms")).unwrap();
    assert!(common::text_of(&file.bytes).contains("カスミハナコ"));
}
