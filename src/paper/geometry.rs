//! What of a page is seen, and how: its crop box, its rotation, its unit (ISO 32000-1, 14.11.2 and 8.3.2.3).

use lopdf::{Dictionary, Document, Object};

/// Millimetres in one point.
const MM_PER_PT: f32 = 25.4 / 72.0;
/// What a page without a sound box is: A4.
const A4: [f32; 4] = [0.0, 0.0, 595.276, 841.89];
/// How far up the tree of pages something is looked for.
const DEEPEST: usize = 64;

/// How a page is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Geometry {
    /// What is seen of it, left, bottom, right and top, in its own units.
    pub seen: [f32; 4],
    /// From its own units to points from the lower left corner of what is seen, y upwards.
    pub matrix: [f32; 6],
    /// Width in mm, as it is seen.
    pub width: f32,
    /// Height in mm, as it is seen.
    pub height: f32,
}

impl Geometry {
    /// That of a page.
    pub fn of(page: &Dictionary, document: &Document) -> Self {
        let media = rectangle(inherited(page, b"MediaBox", document), document).unwrap_or(A4);
        let crop = rectangle(inherited(page, b"CropBox", document), document).unwrap_or(media);
        let cut = [
            crop[0].max(media[0]),
            crop[1].max(media[1]),
            crop[2].min(media[2]),
            crop[3].min(media[3]),
        ];
        let is_there = |b: &[f32; 4]| b[2] - b[0] >= 1.0 && b[3] - b[1] >= 1.0;
        // As viewers do with a crop box beside the page.
        let seen = [cut, media, A4].into_iter().find(is_there).unwrap_or(A4);
        let unit = page.get(b"UserUnit").ok().and_then(|unit| number(unit, document));
        let unit = unit.filter(|unit| unit.is_finite() && *unit > 0.0).unwrap_or(1.0);
        let turned = inherited(page, b"Rotate", document).and_then(|turn| number(turn, document));
        // A whole number of quarters, clockwise.
        let quarters = (turned.unwrap_or(0.0) / 90.0).round().rem_euclid(4.0) as u8;
        let [left, bottom, right, top] = seen;
        let (w, h) = (right - left, top - bottom);
        let u = unit;
        let (matrix, w, h) = match quarters {
            1 => ([0.0, -u, u, 0.0, -bottom * u, right * u], h, w),
            2 => ([-u, 0.0, 0.0, -u, right * u, top * u], w, h),
            3 => ([0.0, u, -u, 0.0, top * u, -left * u], h, w),
            _ => ([u, 0.0, 0.0, u, -left * u, -bottom * u], w, h),
        };
        Geometry { seen, matrix, width: w * u * MM_PER_PT, height: h * u * MM_PER_PT }
    }

    /// A point of the page in its own units, in mm from the upper left corner of what is seen.
    pub fn on_page(&self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = self.matrix;
        let (x, y) = (a * x + c * y + e, b * x + d * y + f);
        (x * MM_PER_PT, self.height - y * MM_PER_PT)
    }

    /// A rectangle of the page in its own units, in mm: left, top, width and height.
    pub fn box_on_page(&self, [x1, y1, x2, y2]: [f32; 4]) -> [f32; 4] {
        let ((ax, ay), (bx, by)) = (self.on_page(x1, y1), self.on_page(x2, y2));
        [ax.min(bx), ay.min(by), (ax - bx).abs(), (ay - by).abs()]
    }
}

/// What a page has under a key, or the nodes above it have for all their pages.
pub(super) fn inherited<'a>(
    page: &'a Dictionary,
    key: &[u8],
    document: &'a Document,
) -> Option<&'a Object> {
    let mut node = page;
    for _ in 0..DEEPEST {
        if let Ok(found) = node.get(key) {
            return Some(found);
        }
        node = node.get_deref(b"Parent", document).and_then(Object::as_dict).ok()?;
    }
    None
}

/// A number, behind a reference too.
pub(super) fn number(object: &Object, document: &Document) -> Option<f32> {
    let (_, object) = document.dereference(object).ok()?;
    object.as_float().ok().filter(|number| number.is_finite())
}

/// A rectangle: left, bottom, right and top, whichever corners are written.
fn rectangle(object: Option<&Object>, document: &Document) -> Option<[f32; 4]> {
    let (_, object) = document.dereference(object?).ok()?;
    let all: Vec<f32> =
        object.as_array().ok()?.iter().filter_map(|one| number(one, document)).collect();
    let [x1, y1, x2, y2] = all[..] else { return None };
    Some([x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)])
}

/// The rectangle that a note has on its page.
pub(super) fn rect_of(note: &Dictionary, document: &Document) -> Option<[f32; 4]> {
    rectangle(note.get(b"Rect").ok(), document)
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::*;

    fn of(page: Dictionary) -> Geometry {
        Geometry::of(&page, &Document::new())
    }

    #[test]
    fn the_upper_left_corner_is_where_a_viewer_shows_it() {
        let media = || Object::from(vec![0.into(), 0.into(), 300.into(), 200.into()]);
        let crop = || Object::from(vec![50.into(), 20.into(), 250.into(), 180.into()]);
        // The corner of what is seen that is shown at the upper left, for each quarter turned clockwise.
        for (turn, corner, size) in [
            (0, (50.0, 180.0), (200.0, 160.0)),
            (90, (50.0, 20.0), (160.0, 200.0)),
            (180, (250.0, 20.0), (200.0, 160.0)),
            (270, (250.0, 180.0), (160.0, 200.0)),
            (-90, (250.0, 180.0), (160.0, 200.0)),
        ] {
            let page = dictionary! { "MediaBox" => media(), "CropBox" => crop(), "Rotate" => turn };
            let geometry = of(page);
            let (x, y) = geometry.on_page(corner.0, corner.1);
            assert!(x.abs() < 0.01 && y.abs() < 0.01, "{turn}: {x} {y}");
            let pt = |mm: f32| mm / MM_PER_PT;
            assert!((pt(geometry.width) - size.0).abs() < 0.01, "{turn}");
            assert!((pt(geometry.height) - size.1).abs() < 0.01, "{turn}");
        }
    }

    #[test]
    fn units_and_odd_boxes_are_taken_as_viewers_take_them() {
        let media = || Object::from(vec![0.into(), 0.into(), 72.into(), 72.into()]);
        assert_eq!(of(dictionary! { "MediaBox" => media(), "UserUnit" => 2 }).width, 50.8);
        let outside = Object::from(vec![500.into(), 500.into(), 600.into(), 600.into()]);
        assert_eq!(of(dictionary! { "MediaBox" => media(), "CropBox" => outside }).width, 25.4);
        assert!((of(dictionary! {}).height - 297.0).abs() < 0.01);
        let upside_down = Object::from(vec![72.into(), 72.into(), 0.into(), 0.into()]);
        assert_eq!(of(dictionary! { "MediaBox" => upside_down }).seen, [0.0, 0.0, 72.0, 72.0]);
    }
}
