//! A picture: the PDF's page, in pixels.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};

use super::{PaintError, PdfOptions, pdf};
use crate::paper::{PaperPage, interpreter};
use crate::sheet::Sheet;

/// Paints a sheet into a PNG at `dpi` pixels an inch, on white.
///
/// ```
/// use onshi::paint::png;
/// use onshi::sheet::Sheet;
/// let sheet = Sheet {
///     form: "blank".into(),
///     title: "白紙".into(),
///     page: 1,
///     is_titled: false,
///     paper: None,
///     width: 210.0,
///     height: 297.0,
///     blocks: vec![],
/// };
/// let bytes = png(&sheet, 96.0)?;
/// assert!(bytes.starts_with(b"\x89PNG"));
/// # Ok::<(), onshi::paint::PaintError>(())
/// ```
///
/// # Errors
///
/// As [`pdf`], and when the picture would be no pixel or more than 65,535 wide or high.
pub fn png(sheet: &Sheet, dpi: f32) -> Result<Vec<u8>, PaintError> {
    let failed = |why: &str| PaintError::Picture(why.into());
    let pixels = |mm: f32| {
        let pixels = (mm / 25.4 * dpi).round();
        let fits = (1.0..=f32::from(u16::MAX)).contains(&pixels);
        fits.then_some(pixels as u16).ok_or_else(|| failed("its size in pixels"))
    };
    let (width, height) = (pixels(sheet.width)?, pixels(sheet.height)?);

    let bytes = pdf(std::slice::from_ref(sheet), &PdfOptions::default())?;
    let document = Pdf::new(bytes).map_err(|error| failed(&format!("{error:?}")))?;
    let page = document.pages().first().ok_or_else(|| failed("the PDF has no page"))?;
    let (page_width, page_height) = page.render_dimensions();
    let scale = Affine::scale_non_uniform(
        f64::from(width) / f64::from(page_width),
        f64::from(height) / f64::from(page_height),
    );
    let mut context = RenderContext::new(width, height);
    render_into(
        page,
        &RenderCache::new(),
        &interpreter(),
        &RenderSettings::default(),
        &mut context,
        scale * page.initial_transform(true).to_kurbo(),
    );
    context.flush();
    let mut pixmap = Pixmap::new(width, height);
    let white = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..Default::default() };
    context.render_with(&mut pixmap, &mut Resources::default(), white);
    encode(&pixmap, dpi).map_err(|error| failed(&error.to_string()))
}

/// How sharp the picture of a paper is, in pixels an inch: twice what a screen shows.
const PAPER_DPI: f32 = 192.0;

/// The most pixels of a picture that is made without being asked for: a page of A1 at 180 pixels an inch.
const MOST_PIXELS: f32 = 25_000_000.0;

/// The address of a picture of a paper's page with nothing on it: the picture itself, made once.
pub(super) fn paper_address(page: &PaperPage) -> Result<Arc<str>, PaintError> {
    page.picture(|| Ok(data_address("image/png", &page_picture(page, PAPER_DPI)?)))
}

/// An address that is the picture itself.
pub(super) fn data_address(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(bytes))
}

/// As many pixels an inch as `dpi`, or fewer where a page of this width and height in mm would have more than
/// 25 million of them.
pub fn bounded_dpi(width: f32, height: f32, dpi: f32) -> f32 {
    let pixels = (width / 25.4 * dpi) * (height / 25.4 * dpi);
    dpi * (MOST_PIXELS / pixels).sqrt().min(1.0)
}

/// The page of a paper with nothing on it, as a PNG at `dpi` pixels an inch, or fewer: see [`bounded_dpi`].
///
/// # Errors
/// As [`png()`].
pub fn page_picture(page: &PaperPage, dpi: f32) -> Result<Vec<u8>, PaintError> {
    let (width, height) = page.size();
    let paper = Some(page.clone());
    let (form, title, blocks) = ("paper".to_owned(), "用紙".to_owned(), Vec::new());
    let sheet = Sheet { form, title, page: 1, is_titled: false, width, height, paper, blocks };
    png(&sheet, bounded_dpi(width, height, dpi))
}

/// Opaque pixels as RGB, with the resolution, so that a print has the page's size.
fn encode(pixmap: &Pixmap, dpi: f32) -> Result<Vec<u8>, ::png::EncodingError> {
    let mut bytes = Vec::new();
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let mut encoder = ::png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    let per_metre = (dpi / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(::png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: ::png::Unit::Meter,
    }));
    encoder
        .add_text_chunk("Software".into(), concat!("onshi ", env!("CARGO_PKG_VERSION")).into())?;
    let mut rgb = Vec::with_capacity(3 * pixmap.data().len());
    for pixel in pixmap.data() {
        rgb.extend_from_slice(&[pixel.r, pixel.g, pixel.b]);
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rgb)?;
    writer.finish()?;
    Ok(bytes)
}
