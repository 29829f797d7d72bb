//! The sRGB colour profile, as version 2 of the ICC's format has it: the oldest PDF/A takes no later one.

/// The colours' red, green and blue in XYZ, adapted from daylight to D50 (IEC 61966-2-1 and the
/// Bradford matrix).
const PRIMARIES: [[f64; 3]; 3] = [
    [0.436_074_7, 0.222_504_5, 0.013_932_2],
    [0.385_064_9, 0.716_878_6, 0.097_104_5],
    [0.143_080_4, 0.060_616_9, 0.714_173_3],
];

/// D50, the white of the ICC's colour space (ICC.1:2001-04, 6.1.13).
const WHITE: [f64; 3] = [0.9642, 1.0, 0.8249];

/// Points of the tone curve; between them is a straight line, wrong by less than a 16-bit step.
const POINTS: u32 = 512;

/// What programs show of the profile.
const NAME: &str = "sRGB IEC61966-2.1";

/// The profile's bytes.
pub(super) fn srgb() -> Vec<u8> {
    let curve = curve();
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", description()),
        (b"cprt", text("No copyright, use freely")),
        (b"wtpt", xyz(WHITE)),
        (b"rXYZ", xyz(PRIMARIES[0])),
        (b"gXYZ", xyz(PRIMARIES[1])),
        (b"bXYZ", xyz(PRIMARIES[2])),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let start = HEADER + 4 + 12 * tags.len();
    let mut last: Option<(&Vec<u8>, usize)> = None;
    for (tag, bytes) in &tags {
        // The three curves are one.
        let at = match last {
            Some((known, at)) if known == bytes => at,
            _ => {
                let at = start + data.len();
                data.extend(bytes);
                data.resize(data.len().next_multiple_of(4), 0);
                at
            }
        };
        last = Some((bytes, at));
        table.extend(*tag);
        table.extend((at as u32).to_be_bytes());
        table.extend((bytes.len() as u32).to_be_bytes());
    }
    let mut profile = header(start + data.len());
    profile.append(&mut table);
    profile.append(&mut data);
    profile
}

const HEADER: usize = 128;

fn header(length: usize) -> Vec<u8> {
    let mut header = (length as u32).to_be_bytes().to_vec();
    header.extend(*b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ ");
    // 1 January 2000.
    header.extend([2000_u16, 1, 1, 0, 0, 0].into_iter().flat_map(u16::to_be_bytes));
    header.extend(*b"acsp\0\0\0\0\0\0\0\0IEC sRGB");
    header.resize(68, 0);
    header.extend(WHITE.into_iter().flat_map(fixed));
    header.resize(HEADER, 0);
    header
}

/// A number with sixteen binary places.
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}

fn xyz(value: [f64; 3]) -> Vec<u8> {
    let mut tag = b"XYZ \0\0\0\0".to_vec();
    tag.extend(value.into_iter().flat_map(fixed));
    tag
}

fn text(text: &str) -> Vec<u8> {
    [b"text\0\0\0\0", text.as_bytes(), b"\0"].concat()
}

/// The name in ASCII; nothing in Unicode, nor in the 67 bytes of the Macintosh's script.
fn description() -> Vec<u8> {
    let mut tag = b"desc\0\0\0\0".to_vec();
    tag.extend((NAME.len() as u32 + 1).to_be_bytes());
    tag.extend(NAME.bytes());
    tag.extend([0; 1 + 4 + 4 + 2 + 1 + 67]);
    tag
}

/// How bright each value is (IEC 61966-2-1, 5.2).
fn curve() -> Vec<u8> {
    let mut tag = b"curv\0\0\0\0".to_vec();
    tag.extend(POINTS.to_be_bytes());
    for point in 0..POINTS {
        let value = f64::from(point) / f64::from(POINTS - 1);
        let bright = match value {
            dark if dark <= 0.04045 => dark / 12.92,
            _ => ((value + 0.055) / 1.055).powf(2.4),
        };
        tag.extend(((bright * 65535.0).round() as u16).to_be_bytes());
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_is_of_version_2_and_as_long_as_it_says() {
        let profile = srgb();
        assert_eq!(profile[..4], (profile.len() as u32).to_be_bytes());
        assert_eq!(profile[8], 2);
        assert_eq!(&profile[36..40], b"acsp");
        assert!(profile.len() < 1600, "{} bytes", profile.len());
    }

    #[test]
    fn white_is_the_sum_of_the_colours() {
        for (i, white) in WHITE.into_iter().enumerate() {
            let sum: f64 = PRIMARIES.iter().map(|primary| primary[i]).sum();
            assert!((sum - white).abs() < 5e-4, "{sum} for {white}");
        }
    }

    #[test]
    fn the_curve_is_that_of_srgb() {
        let curve = curve();
        let at = |i: usize| u16::from_be_bytes([curve[12 + 2 * i], curve[13 + 2 * i]]);
        assert_eq!((at(0), at(511)), (0, 65535));
        // The middle grey of 8 bits, 128, is 0.2158605 bright.
        let (below, above) = (f64::from(at(256)), f64::from(at(257)));
        let share = 128.0 / 255.0 * 511.0 - 256.0;
        let bright = (below + (above - below) * share) / 65535.0;
        assert!((bright - 0.215_860_5).abs() < 2e-5, "{bright}");
    }
}
