//! Parts of a text that lead somewhere.

use super::line::Piece;
use crate::form::Links;

/// A line of a text as pieces, cut where a part of it leads somewhere. A part that is broken over lines
/// leads there on each.
pub(super) fn linked(text: &str, line: &str, links: &Links) -> Vec<Piece> {
    // A line is a part of its text.
    let from = (line.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let to = from + line.len();
    let mut pieces = Vec::new();
    let mut at = from;
    for (range, address) in places(text, links) {
        let (start, end) = (range.start.clamp(at, to), range.end.clamp(at, to));
        if start < end {
            pieces.push(Piece::label(&text[at..start]));
            pieces
                .push(Piece { link: Some(address.to_owned()), ..Piece::label(&text[start..end]) });
            at = end;
        }
    }
    pieces.push(Piece::label(&text[at..to]));
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// Where the parts are, in order; of two that overlap, the one that begins first.
fn places<'a>(text: &str, links: &'a Links) -> Vec<(std::ops::Range<usize>, &'a str)> {
    let places = |(part, address): (&String, &'a String)| {
        let found = text.match_indices(part.as_str()).filter(|(_, found)| !found.is_empty());
        found.map(|(at, part)| (at..at + part.len(), address.as_str())).collect::<Vec<_>>()
    };
    let mut places: Vec<_> = links.0.iter().flat_map(places).collect();
    places.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_where_its_links_are() {
        let links = [("厚生局", "https://a.example/"), ("窓口", "mailto:b@example.jp")];
        let links = links.map(|(part, address)| (part.to_owned(), address.to_owned()));
        let links = Links(links.into());
        let text = "厚生局の窓口へ、または厚生局";
        let cut = |line: &str| {
            let pieces = linked(text, line, &links).into_iter();
            pieces.map(|piece| (piece.text, piece.link.is_some())).collect::<Vec<_>>()
        };
        let piece = |text: &str, is_link| (text.to_owned(), is_link);
        assert_eq!(
            cut(text),
            [
                piece("厚生局", true),
                piece("の", false),
                piece("窓口", true),
                piece("へ、または", false),
                piece("厚生局", true),
            ]
        );
        let (first, second) = text.split_at("厚生".len());
        assert_eq!(cut(first), [piece("厚生", true)]);
        assert_eq!(cut(second)[0], piece("局", true));
        assert_eq!(linked("", "", &links).len(), 0);
    }
}
