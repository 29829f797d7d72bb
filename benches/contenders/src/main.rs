//! One filled page, painted by onshi, by krilla with and without tags, by hand, and by other libraries
//! if they were built. See `benches/README.md`.

#![forbid(unsafe_code)]

mod page;
mod plain;
/// What the tests compare the program's pages with.
#[path = "../../../tests/krilla/mod.rs"]
#[allow(dead_code, unused_imports)]
mod tagged;

use common::{Contender, elsewhere, floor, measure};
use onshi::calendar::Date;
use onshi::form::Forms;
use onshi::paint::{PdfOptions, pdf};
use onshi::sheet::Sheet;

fn main() {
    let sheet = sheet();
    let page = page::page(&sheet);
    let options = PdfOptions::default();
    let sheets = std::slice::from_ref(&sheet);
    let mut contenders = vec![
        Contender::new("floor", || floor::paint(&page)),
        Contender::new("onshi", || pdf(sheets, &options).expect("the page prints")),
        Contender::new("krilla", || tagged::pdf(sheets, &options).expect("the page prints")),
        Contender::new("krilla-plain", || plain::paint(&page)),
    ];
    let this = std::env::current_exe().expect("a program knows its place");
    let others = this.with_file_name("others").with_extension(std::env::consts::EXE_EXTENSION);
    if others.exists() {
        contenders.extend(elsewhere::start(&others, &page));
    }
    measure(contenders);
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
