//! The SVG of a page looks as its PDF does.

use onshi::form::Forms;
use onshi::layout::{self, Mode};
use onshi::paint::{SvgFor, png, svg};
use onshi::sheet::Sheet;
use resvg::{tiny_skia, usvg};

use crate::common;

/// Five pixels a millimetre.
const DPI: f32 = 127.0;
/// Half a millimetre in whole pixels.
const NEAR: isize = 2;

/// Grey levels, row by row.
struct Picture {
    width: usize,
    grey: Vec<u8>,
}

impl Picture {
    fn of_pdf(sheet: &Sheet) -> Picture {
        let png = png(sheet, DPI).unwrap();
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut data).unwrap();
        // The green of red ink is as dark as that of black.
        let grey = data[..info.buffer_size()].chunks_exact(3).map(|rgb| rgb[1]).collect();
        Picture { width: info.width as usize, grey }
    }

    fn of_svg(sheet: &Sheet, like: &Picture) -> Picture {
        let text = svg(sheet, SvgFor::File).unwrap();
        let tree = usvg::Tree::from_str(&text, &usvg::Options::default()).unwrap();
        let (width, height) = (like.width as u32, (like.grey.len() / like.width) as u32);
        let mut pixels = tiny_skia::Pixmap::new(width, height).unwrap();
        let scale = tiny_skia::Transform::from_scale(
            width as f32 / tree.size().width(),
            height as f32 / tree.size().height(),
        );
        resvg::render(&tree, scale, &mut pixels.as_mut());
        let grey = pixels.pixels().iter().map(|pixel| pixel.green()).collect();
        Picture { width: width as usize, grey }
    }

    /// Whether there is ink within half a millimetre of a pixel.
    fn has_ink_near(&self, at: usize) -> bool {
        let (x, y) = ((at % self.width) as isize, (at / self.width) as isize);
        (-NEAR..=NEAR).any(|dy| {
            (-NEAR..=NEAR).any(|dx| {
                let (x, y) = (x + dx, y + dy);
                let inside = (0..self.width as isize).contains(&x) && y >= 0;
                let pixel = (y * self.width as isize + x) as usize;
                inside && self.grey.get(pixel).is_some_and(|grey| *grey < 200)
            })
        })
    }

    /// How many dark pixels have no ink near them in the other picture.
    fn strays(&self, other: &Picture) -> usize {
        let dark = self.grey.iter().enumerate().filter(|(_, grey)| **grey < 100);
        dark.filter(|(at, _)| !other.has_ink_near(*at)).count()
    }
}

#[test]
fn svg_and_pdf_have_their_ink_within_half_a_millimetre() {
    let forms = Forms::built_in();
    let text = common::changed("clinic.yaml", &[("霞が関", "𠮷槗が関")]);
    let record = onshi::record::read("c", text.as_bytes()).unwrap();
    let (values, _) = onshi::values::values(&record, forms);
    for form in forms.forms() {
        for mode in [Mode::Filled(&values), Mode::Example] {
            let sheet = &layout::fill(form, mode, forms).0[0];
            let pdf = Picture::of_pdf(sheet);
            let svg = Picture::of_svg(sheet, &pdf);
            assert!(pdf.grey.iter().filter(|grey| **grey < 100).count() > 1000, "{}", form.id);
            assert_eq!((pdf.strays(&svg), svg.strays(&pdf)), (0, 0), "{} {mode:?}", form.id);
        }
    }
}

#[test]
fn every_command_that_paints_writes_svg() {
    let folder = tempfile::tempdir().unwrap();
    for (command, name) in [
        (vec!["fill", "tests/data/clinic.yaml", "--form", "別紙2"], "fill.svg"),
        (vec!["blank", "別紙2"], "blank.svg"),
        (vec!["example", "別紙2"], "example.svg"),
    ] {
        let path = folder.path().join(name);
        common::onshi().args(command).arg("-o").arg(&path).assert().code(0);
        let text = std::fs::read_to_string(&path).unwrap();
        let tree = usvg::Tree::from_str(&text, &usvg::Options::default()).unwrap();
        assert_eq!((tree.size().width().round(), tree.size().height().round()), (794.0, 1123.0));
    }
}
