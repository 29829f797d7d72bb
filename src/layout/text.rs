//! Breaking text into lines (禁則) and placing lines in a box.

use std::sync::LazyLock;

use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};
use unicode_normalization::char::is_combining_mark;

use crate::font::{Family, is_selector, shape, width_em};
use crate::sheet::Tick;

/// The strict rules keep 、。） off a line's start and （「 off its end.
static SEGMENTER: LazyLock<LineSegmenterBorrowed<'static>> = LazyLock::new(|| {
    let mut options = LineBreakOptions::default();
    options.strictness = Some(LineBreakStrictness::Strict);
    LineSegmenter::new_for_non_complex_scripts(options)
});

/// Whether a character stands for a tick box, which is drawn.
pub(super) fn is_tick(c: char) -> bool {
    Tick::of(c).is_some()
}

/// The width of text in em, tick boxes counted as one.
pub(crate) fn width(text: &str, family: Family) -> f32 {
    text.split(is_tick).map(|part| width_em(part, family)).sum::<f32>()
        + text.chars().filter(|c| is_tick(*c)).count() as f32
}

/// Text as lines at most `width` em wide; lines after the first of a paragraph are `hang` em narrower.
/// The second value says whether the line ends its paragraph.
pub(crate) fn break_lines(text: &str, family: Family, width: f32, hang: f32) -> Vec<(&str, bool)> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let paragraph = paragraph.strip_suffix('\r').unwrap_or(paragraph);
        let (mut start, mut end) = (0, 0);
        let room = |start: usize| if start == 0 { width } else { width - hang };
        let opportunities = SEGMENTER.segment_str(paragraph).skip(1);
        for opportunity in opportunities.filter(|at| !is_in_number(paragraph, *at)) {
            let candidate = &paragraph[start..opportunity];
            if self::width(candidate.trim_end(), family) > room(start) + 1e-3 {
                if end > start {
                    lines.push((paragraph[start..end].trim_end(), false));
                    start = end;
                }
                // A word longer than a line is broken between characters.
                while let Some(cut) = overflow(&paragraph[start..opportunity], family, room(start))
                {
                    lines.push((&paragraph[start..start + cut], false));
                    start += cut;
                }
            }
            end = opportunity;
        }
        lines.push((paragraph[start..].trim_end(), true));
    }
    lines
}

/// Whether a place is within a number such as １２３４ or １－２: the rules of Unicode keep those of ASCII digits alone
/// together.
fn is_in_number(text: &str, at: usize) -> bool {
    let is_digit = |c: char| matches!(c, '0'..='9' | '０'..='９');
    let is_hyphen = |c: char| matches!(c, '-' | '－' | '−' | '‐');
    let (before, behind) = (text[..at].chars().next_back(), text[at..].chars().next());
    let (Some(before), Some(behind)) = (before, behind) else { return false };
    let second = text[at..].chars().nth(1);
    let third = text[..at].chars().rev().nth(1);
    is_digit(before) && is_digit(behind)
        || is_digit(before) && is_hyphen(behind) && second.is_some_and(is_digit)
        || is_hyphen(before) && is_digit(behind) && third.is_some_and(is_digit)
}

/// As few lines as [`break_lines`] makes, but broken at a space or evenly long: no line of one
/// character at the end.
pub(crate) fn break_evenly(text: &str, family: Family, width: f32) -> Vec<&str> {
    let lines = |width: f32| {
        let lines = break_lines(text, family, width, 0.0).into_iter();
        lines.map(|(line, _)| line).collect::<Vec<_>>()
    };
    let fewest = lines(width);
    if text.contains('\n') || fewest.len() < 2 {
        return fewest;
    }
    // A name is best broken where its writer left a space, a sentence behind its marks.
    for ends in [&[' ', '\u{3000}'][..], &['。', '、', '，', '）', '」']] {
        let places = text.char_indices().filter(|(_, c)| ends.contains(c));
        let places = places.map(|(i, c)| i + c.len_utf8());
        let best = halves(text, places, family).filter(|(_, longer)| *longer <= width);
        if let Some((best, _)) = best.filter(|_| fewest.len() == 2) {
            return best.to_vec();
        }
    }
    let mut room = self::width(text, family) / fewest.len() as f32;
    while room < width {
        let even = lines(room);
        if even.len() == fewest.len() {
            return even;
        }
        room += 0.5;
    }
    fewest
}

/// An address on two lines: broken before its building or after 丁目 where both parts fit, else as
/// [`break_evenly`] does.
pub(crate) fn break_address(text: &str, family: Family, width: f32) -> Vec<&str> {
    if text.contains('\n') || self::width(text, family) <= width {
        return break_evenly(text, family, width);
    }
    for is_place in [is_before_building, is_after_block] {
        let places = text.char_indices().map(|(i, _)| i).filter(|i| is_place(text, *i));
        let best = halves(text, places, family).filter(|(_, longer)| *longer <= width);
        if let Some((best, _)) = best {
            return best.to_vec();
        }
    }
    break_evenly(text, family, width)
}

/// An e-mail address on two lines: broken before its @ where both parts fit, else as [`break_evenly`] does.
pub(crate) fn break_email(text: &str, family: Family, width: f32) -> Vec<&str> {
    let fits = self::width(text, family) <= width;
    let best =
        text.find('@').filter(|_| !fits).and_then(|at| halves(text, [at].into_iter(), family));
    match best.filter(|(_, longer)| *longer <= width) {
        Some((best, _)) => best.to_vec(),
        None => break_evenly(text, family, width),
    }
}

/// The two parts of a text, cut at the place that leaves them most alike, and the width of the wider.
fn halves(
    text: &str,
    places: impl Iterator<Item = usize>,
    family: Family,
) -> Option<([&str; 2], f32)> {
    // A variation selector or mark belongs to the character before it.
    let is_joined = |i: &usize| text[*i..].starts_with(|c| is_selector(c) || is_combining_mark(c));
    let cut = |i: usize| [text[..i].trim_end(), text[i..].trim_start()];
    let all = places
        .filter(|i| !is_joined(i))
        .map(cut)
        .filter(|halves| halves.iter().all(|half| !half.is_empty()));
    let all = all.map(|halves| {
        let longer = self::width(halves[0], family).max(self::width(halves[1], family));
        (halves, longer)
    });
    all.min_by(|(_, a), (_, b)| a.total_cmp(b))
}

/// Whether the name of a building may begin here: behind a space, a number, 番地 or 号.
fn is_before_building(text: &str, at: usize) -> bool {
    let Some((last, next)) = text[..at].chars().next_back().zip(text[at..].chars().next()) else {
        return false;
    };
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let goes_on = |c: char| is_digit(c) || "-－‐−ーの丁番号条線階F棟室館地区".contains(c);
    match last {
        ' ' | '\u{3000}' => true,
        '号' => !goes_on(next),
        '地' => text[..at].ends_with("番地") && !goes_on(next),
        last => is_digit(last) && !goes_on(next),
    }
}

fn is_after_block(text: &str, at: usize) -> bool {
    text[..at].ends_with("丁目")
}

/// Where text that is wider than `width` em must be cut, at least one character in.
fn overflow(text: &str, family: Family, width: f32) -> Option<usize> {
    if self::width(text.trim_end(), family) <= width + 1e-3 {
        return None;
    }
    let mut used = 0.0;
    for glyph in shape(text, family).glyphs {
        used += glyph.advance_em;
        if used > width + 1e-3 && glyph.range.start > 0 {
            return Some(glyph.range.start);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: f32) -> Vec<&str> {
        break_lines(text, Family::Mincho, width, 0.0).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn a_selector_stays_with_its_character() {
        let address = "東京都港区芝浦海岸通四丁目1番地４\u{e0100}A５８";
        for room in 8..20 {
            for line in break_address(address, Family::Mincho, room as f32) {
                assert!(!line.starts_with('\u{e0100}'), "{room}: {line}");
            }
        }
    }

    #[test]
    fn a_number_stays_in_its_line_whatever_its_width() {
        for address in [
            "東京都港区海岸１２３４番地５６７８",
            "東京都港区海岸１－２３－４",
            "海岸1234番地5-6-78",
        ] {
            for room in 6..20 {
                for line in lines(address, room as f32) {
                    let begins = line.starts_with(['２', '３', '６', '７', '８', '－', '-']);
                    assert!(!begins, "{room}: {line}");
                }
            }
        }
    }

    #[test]
    fn no_closing_mark_begins_a_line_and_no_opening_mark_ends_one() {
        assert_eq!(lines("あいう、えお", 3.0), ["あい", "う、え", "お"]);
        assert_eq!(lines("あい（うえ）", 3.0), ["あい", "（う", "え）"]);
        assert_eq!(lines("あいう。", 3.0), ["あい", "う。"]);
        for width in 6..30 {
            let text = "「保険医療機関等向け医療提供体制設備整備交付金実施要領」の「第2 交付対象事業」の2（ただし、。）";
            for line in lines(text, width as f32) {
                assert!(!line.starts_with(['、', '。', '）', '」', 'ー']), "{line}");
                assert!(!line.ends_with(['（', '「']), "{line}");
            }
        }
    }

    #[test]
    fn nothing_is_lost_and_no_line_is_too_wide() {
        let text = "東京都千代田区霞が関1-2-2中央合同庁舎第5号館";
        for width in 2..20 {
            let lines = lines(text, width as f32);
            assert_eq!(lines.concat(), text);
            assert!(lines.iter().all(|l| super::width(l, Family::Mincho) <= width as f32));
        }
    }

    #[test]
    fn a_long_word_is_broken_between_characters_and_selectors_stay() {
        assert_eq!(lines("abcdefgh", 2.0), ["abcd", "efgh"]);
        assert_eq!(lines("葛\u{E0100}葛\u{E0100}", 1.0), ["葛\u{E0100}", "葛\u{E0100}"]);
    }

    #[test]
    fn evenly_broken_lines_are_as_few_and_end_with_no_orphan() {
        let text = "医療法人社団霞が関みらい健康会 理事長 資格院 花右衛門";
        assert_eq!(lines(text, 25.0).last(), Some(&"衛門"));
        let even = break_evenly(text, Family::Mincho, 25.0);
        assert_eq!(even, ["医療法人社団霞が関みらい健康会", "理事長 資格院 花右衛門"]);
    }

    #[test]
    fn a_sentence_is_broken_behind_its_marks() {
        let text =
            "期限は不明。指定の2か月前が目安。関東信越厚生局のホームページで確かめてください";
        let lines = break_evenly(text, Family::Mincho, 25.0);
        assert_eq!(
            lines,
            ["期限は不明。指定の2か月前が目安。", "関東信越厚生局のホームページで確かめてください"]
        );
    }

    #[test]
    fn what_fits_on_a_line_or_has_breaks_of_its_own_is_not_broken_evenly() {
        assert_eq!(break_evenly("資格 花子", Family::Mincho, 5.0), ["資格 花子"]);
        let written = "東京都 港区\n一号";
        assert_eq!(break_evenly(written, Family::Mincho, 20.0), ["東京都 港区", "一号"]);
    }

    #[test]
    fn three_lines_are_evenly_long_too() {
        let text = "医".repeat(22);
        let lengths =
            |lines: Vec<&str>| lines.iter().map(|l| l.chars().count()).collect::<Vec<_>>();
        assert_eq!(lengths(lines(&text, 10.0)), [10, 10, 2]);
        assert_eq!(lengths(break_evenly(&text, Family::Mincho, 10.0)), [8, 8, 6]);
    }

    #[test]
    fn an_address_is_broken_before_its_building_then_after_its_block() {
        for (text, width, broken) in [
            (
                "東京都千代田区霞が関1-2-2中央合同庁舎第5号館",
                18.0,
                ["東京都千代田区霞が関1-2-2", "中央合同庁舎第5号館"],
            ),
            (
                "東京都葛飾区亀有三丁目25番1号亀有リリオ弐番館",
                18.0,
                ["東京都葛飾区亀有三丁目25番1号", "亀有リリオ弐番館"],
            ),
            (
                "北海道札幌市中央区北3条西7丁目 道庁別館",
                16.0,
                ["北海道札幌市中央区北3条西7丁目", "道庁別館"],
            ),
            (
                "大阪府大阪市中央区大手前四丁目1番76号",
                15.5,
                ["大阪府大阪市中央区大手前四丁目", "1番76号"],
            ),
        ] {
            assert_eq!(break_address(text, Family::Mincho, width), broken);
        }
    }

    #[test]
    fn an_email_address_is_broken_before_its_at() {
        let broken =
            |width| break_email("takasaki.makoto@clinic.example.jp", Family::Mincho, width);
        assert_eq!(broken(17.0), ["takasaki.makoto@clinic.example.jp"]);
        assert_eq!(broken(10.0), ["takasaki.makoto", "@clinic.example.jp"]);
        assert!(broken(8.0).len() > 2);
    }

    #[test]
    fn hard_breaks_are_kept() {
        assert_eq!(lines("あ\r\nい", 9.0), ["あ", "い"]);
    }
}
