use resvg::usvg::roxmltree;

use super::*;
use crate::font::Family;
use crate::sheet::{Align, Edges, TextLine, VAlign};

fn page(text: &str) -> Sheet {
    let family = Family::Mincho;
    let run = Run {
        content: Content::Text(text.into()),
        x: 20.0,
        baseline: 30.0,
        width: crate::font::width_em(text, family) * 10.0 * MM_PER_PT,
        size: 10.0,
        family,
        spread: 0.0,
        color: Color::BLACK,
        value: true,
        underline: false,
        vertical: false,
        link: None,
    };
    let area = Area {
        rect: Rect { x: 20.0, y: 25.0, w: 100.0, h: 10.0 },
        edges: Edges::default(),
        fill: None,
        lines: vec![TextLine { runs: vec![run] }],
        marks: vec![],
        field: Some("facility.name".into()),
        is_made: false,
        align: Align::Left,
        valign: VAlign::Middle,
    };
    let blocks = vec![Block::Text { role: Role::Paragraph, area }];
    Sheet {
        form: "form".into(),
        title: "届 <A & \"B\">".into(),
        page: 1,
        is_titled: false,
        paper: None,
        width: 210.0,
        height: 297.0,
        blocks,
    }
}

fn shown(text: &str, shown: SvgFor) -> String {
    svg(&page(text), shown).expect("paints")
}

/// The text of every text element, joined.
fn said(svg: &str) -> String {
    let document = roxmltree::Document::parse(svg).expect("XML");
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text()).collect()
}

#[test]
fn whatever_a_record_holds_stays_text() {
    for text in ["</script><img src=x onerror=alert(1)>", "a & b < c > d", "\"' onload=\"", "]]>"] {
        for kind in [SvgFor::Page, SvgFor::File] {
            assert_eq!(said(&shown(text, kind)), text);
        }
    }
    assert!(!shown("</script>", SvgFor::Page).contains("</script"));
}

#[test]
fn a_value_names_its_field() {
    let page = shown("南", SvgFor::Page);
    assert!(page.contains(r#"<g data-field="facility.name"><rect x="56.69" y="70.87" "#), "{page}");
}

#[test]
fn a_page_has_outlines_only_for_what_its_fonts_lack() {
    let page = shown("髙𠮷橋", SvgFor::Page);
    assert_eq!(page.matches("<use ").count(), 1, "{page}");
    assert_eq!(page.matches("<path id=\"i").count(), 1, "{page}");
    assert!(page.contains(r#"fill-opacity="0">𠮷</text>"#), "{page}");
    assert_eq!(said(&page), "髙𠮷橋");
}

#[test]
fn a_file_needs_no_font() {
    let file = shown("髙𠮷 橋髙", SvgFor::File);
    // The space has no ink, and a glyph that comes twice is drawn once.
    assert_eq!((file.matches("<use ").count(), file.matches("<path id=").count()), (4, 3));
    let document = roxmltree::Document::parse(&file).expect("XML");
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    assert!(texts.clone().count() > 0);
    assert!(texts.clone().all(|node| node.attribute("fill-opacity") == Some("0")));
    assert_eq!(said(&file), "髙𠮷 橋髙");
}

#[test]
fn each_character_stands_at_its_own_place() {
    let mut spread = page("名称");
    let Block::Text { area, .. } = &mut spread.blocks[0] else { unreachable!() };
    area.lines[0].runs[0].spread = 10.0;
    let text = svg(&spread, SvgFor::Page).expect("paints");
    // 20 mm; one em of 10 pt and 10 mm further.
    assert!(text.contains(r#"<text x="56.69 95.04" y="85.04""#), "{text}");
}

#[test]
fn spaces_keep_their_places() {
    let page = shown("𠮷  花 ", SvgFor::Page);
    assert!(page.contains(r#" xml:space="preserve">  花 </text>"#), "{page}");
    assert!(!shown("花", SvgFor::Page).contains("xml:space"));
}

#[test]
fn what_no_font_has_is_seen_on_a_page_and_refused_in_a_file() {
    for text in ["外\u{E000}字", "外\u{1}字", "外\u{FFFF}字"] {
        assert_eq!(said(&shown(text, SvgFor::Page)), "外〓字");
        let refused = svg(&page(text), SvgFor::File);
        assert!(matches!(&refused, Err(PaintError::Refused(why)) if why[0].contains("no font")));
    }
}

#[test]
fn impossible_numbers_are_refused() {
    let mut wide = page("南");
    wide.width = f32::NAN;
    assert!(matches!(svg(&wide, SvgFor::Page), Err(PaintError::Geometry(_))));
}

#[test]
fn numbers_are_short() {
    let numbers = [(0.0, "0"), (10.0, "10"), (10.5, "10.5"), (0.125, "0.13"), (-0.001, "0")];
    for (number, text) in numbers {
        assert_eq!(Number(number).to_string(), text);
    }
}
