//! The page as other libraries paint it, in turn with those of the main package, which
//! starts this. See `benches/README.md`.

#![forbid(unsafe_code)]

#[cfg(feature = "genpdf")]
mod genpdf;
#[cfg(feature = "printpdf")]
mod printpdf;
#[cfg(feature = "typst")]
mod typst;

use common::{Contender, elsewhere};

fn main() {
    let page = elsewhere::page();
    elsewhere::serve(vec![
        #[cfg(feature = "printpdf")]
        Contender::new("printpdf", || printpdf::paint(&page)),
        #[cfg(feature = "genpdf")]
        Contender::new("genpdf", || genpdf::paint(&page)),
        #[cfg(feature = "typst")]
        Contender::after("typst", typst::forget, || typst::paint(&page)),
        #[cfg(feature = "typst")]
        Contender::after(
            "typst-again",
            || drop(typst::paint_another(&page)),
            || typst::paint_another(&page),
        ),
    ]);
}
