//! A picture: a PNG or JPEG file, and its pixels on white paper.

use std::fmt;
use std::io::Cursor;

use sha2::{Digest as _, Sha256};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The most pixels a picture may have: an A4 page at 300 dots per inch has 9 million.
const MOST_PIXELS: usize = 16_000_000;

/// A picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file as it was read.
    pub file: Vec<u8>,
    /// Its media type, `image/png` or `image/jpeg`.
    pub media_type: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Red, green and blue of each pixel, row by row; what is transparent shows white paper.
    pub rgb: Vec<u8>,
}

/// Why a file is no picture that can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFault {
    /// It is neither PNG nor JPEG.
    Unknown,
    /// It is damaged, or of a kind that is not read, such as a JPEG in CMYK.
    Unreadable,
    /// It has more pixels than a page can show.
    TooLarge,
}

impl fmt::Debug for Picture {
    /// Tells one picture from another by a hash: the files of a form with another picture are made anew.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { media_type, width, height, .. } = self;
        write!(f, "Picture({media_type} {width}×{height} {:?})", Sha256::digest(&self.file))
    }
}

impl Picture {
    /// Reads a PNG or JPEG file.
    ///
    /// ```
    /// use onshi::sheet::{Picture, PictureFault};
    /// assert_eq!(Picture::read(b"GIF89a".to_vec()), Err(PictureFault::Unknown));
    /// ```
    ///
    /// # Errors
    /// When it is neither, damaged or too large.
    pub fn read(file: Vec<u8>) -> Result<Picture, PictureFault> {
        let (media_type, (width, height, rgb)) = match &file[..] {
            [0x89, b'P', b'N', b'G', ..] => ("image/png", png(&file)?),
            [0xFF, 0xD8, 0xFF, ..] => ("image/jpeg", jpeg(&file)?),
            _ => return Err(PictureFault::Unknown),
        };
        Ok(Picture { file, media_type, width, height, rgb })
    }
}

type Pixels = (u32, u32, Vec<u8>);

fn png(file: &[u8]) -> Result<Pixels, PictureFault> {
    let mut decoder = ::png::Decoder::new(Cursor::new(file));
    decoder.set_transformations(::png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|_| PictureFault::Unreadable)?;
    let (width, height) = (reader.info().width, reader.info().height);
    size(width as usize, height as usize)?;
    let bytes = reader.output_buffer_size().ok_or(PictureFault::TooLarge)?;
    let mut pixels = vec![0; bytes];
    let frame = reader.next_frame(&mut pixels).map_err(|_| PictureFault::Unreadable)?;
    pixels.truncate(frame.buffer_size());
    let on_white = |value: u8, alpha: u8| {
        let (value, alpha) = (u32::from(value), u32::from(alpha));
        // At most 255.
        ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    let rgb = match frame.color_type {
        ::png::ColorType::Grayscale => pixels.iter().flat_map(|v| [*v; 3]).collect(),
        ::png::ColorType::GrayscaleAlpha => {
            pixels.chunks_exact(2).flat_map(|p| [on_white(p[0], p[1]); 3]).collect()
        }
        ::png::ColorType::Rgba => {
            let pixel = |p: &[u8]| [p[0], p[1], p[2]].map(|v| on_white(v, p[3]));
            pixels.chunks_exact(4).flat_map(pixel).collect()
        }
        ::png::ColorType::Rgb => pixels,
        // Palettes have been turned into colours.
        ::png::ColorType::Indexed => return Err(PictureFault::Unreadable),
    };
    Ok((width, height, rgb))
}

fn jpeg(file: &[u8]) -> Result<Pixels, PictureFault> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(file), options);
    decoder.decode_headers().map_err(|_| PictureFault::Unreadable)?;
    let (width, height) = decoder.dimensions().ok_or(PictureFault::Unreadable)?;
    size(width, height)?;
    let of_light = [ColorSpace::RGB, ColorSpace::YCbCr, ColorSpace::Luma];
    if !decoder.input_colorspace().is_some_and(|space| of_light.contains(&space)) {
        return Err(PictureFault::Unreadable);
    }
    let rgb = decoder.decode().map_err(|_| PictureFault::Unreadable)?;
    if rgb.len() != width * height * 3 {
        return Err(PictureFault::Unreadable);
    }
    // Both are below 65,536.
    Ok((width as u32, height as u32, rgb))
}

fn size(width: usize, height: usize) -> Result<(), PictureFault> {
    let pixels = width.checked_mul(height).filter(|pixels| *pixels <= MOST_PIXELS);
    pixels.map(|_| ()).ok_or(PictureFault::TooLarge)
}
