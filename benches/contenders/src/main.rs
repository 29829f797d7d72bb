//! One filled page, painted by onshi, by krilla with and without tags, and by hand. Writes the page to a file
//! for the other contenders. See `benches/README.md`.

#![forbid(unsafe_code)]

mod page;
mod plain;
/// What the tests compare the program's pages with.
#[path = "../../../tests/krilla/mod.rs"]
#[allow(dead_code, unused_imports)]
mod tagged;

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
    let sheets = std::slice::from_ref(&sheet);
    let onshi = || pdf(sheets, &options).expect("the page prints");
    let krilla = || tagged::pdf(sheets, &options).expect("the page prints");
    measure(&[
        Contender { name: "floor", paint: &|| floor::paint(&page), before: &|| {} },
        Contender { name: "onshi", paint: &onshi, before: &|| {} },
        Contender { name: "krilla", paint: &krilla, before: &|| {} },
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
    assert_eq!(filling.report().errors(), 0, "{}", filling.report());
    filling.draft()[0].sheets()[0].clone()
}
