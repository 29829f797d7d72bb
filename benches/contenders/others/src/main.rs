//! The page as other libraries paint it, against the floor. The page comes from the main package.
//! See `benches/README.md`.

#![forbid(unsafe_code)]

#[cfg(feature = "genpdf")]
mod genpdf;
#[cfg(feature = "printpdf")]
mod printpdf;
#[cfg(feature = "typst")]
mod typst;

use common::{Contender, Page, floor, measure};

fn main() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/page.json");
    let json = std::fs::read(file).expect("onshi-contenders has run and left the page");
    let page: Page = serde_json::from_slice(&json).expect("the page is as this program knows it");
    measure(&[
        Contender { name: "floor", paint: &|| floor::paint(&page), before: &|| {} },
        #[cfg(feature = "printpdf")]
        Contender { name: "printpdf", paint: &|| printpdf::paint(&page), before: &|| {} },
        #[cfg(feature = "genpdf")]
        Contender { name: "genpdf", paint: &|| genpdf::paint(&page), before: &|| {} },
        #[cfg(feature = "typst")]
        Contender { name: "typst", paint: &|| typst::paint(&page), before: &typst::forget },
        #[cfg(feature = "typst")]
        Contender {
            name: "typst-again",
            paint: &|| typst::paint_another(&page),
            before: &|| drop(typst::paint_another(&page)),
        },
    ]);
}
