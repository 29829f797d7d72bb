//! One filled page, painted by onshi, by krilla without tags, and by hand. Writes the page to a file
//! for the other contenders. See `benches/README.md`.

#![forbid(unsafe_code)]

mod page;
mod plain;

use common::{Contender, floor, measure};
use onshi::calendar::Date;
use onshi::form::Forms;
use onshi::paint::{pdf, PdfOptions};
use onshi::sheet::Sheet;

fn main() {
    let sheet = sheet();
    let page = page::page(&sheet);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/target/page.json");
    std::fs::write(file, serde_json::to_string(&page).expect("a page is JSON")).expect("written");
    let options = PdfOptions::default();
    let onshi = || pdf(std::slice::from_ref(&sheet), &options).expect("the page prints");
    measure(&[
        Contender { name: "floor", paint: &|| floor::paint(&page), before: &|| {} },
        Contender { name: "onshi", paint: &onshi, before: &|| {} },
        Contender { name: "krilla-plain", paint: &|| plain::paint(&page), before: &|| {} },
    ]);
}

/// The page all paint.
fn sheet() -> Sheet {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/clinic.yaml");
    let bytes = std::fs::read(path).expect("the sample is there");
    let record = onshi::record::read(path, &bytes).ok().expect("the sample is YAML");
    let forms = Forms::built_in();
    let form = forms.find("introduction-plan").expect("the form is built in");
    let filling = onshi::fill(&record, forms, &[form], Date::constant(2024, 1, 10));
    assert_eq!(filling.report.errors(), 0, "{}", filling.report);
    filling.draft()[0].sheet().clone()
}
