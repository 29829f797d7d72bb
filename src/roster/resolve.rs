//! What the headings of a list mean, each in its place among the others.

use std::collections::BTreeSet;

use crate::form::{Headings, Meant};
use crate::report::Text;

/// What a heading was understood as. Columns are named by their places in [`Headings`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// No heading, or one that somebody else has understood.
    Nothing,
    /// A field; whether its values told which.
    Field(usize, bool),
    /// A piece of a field, and which.
    Piece(usize, usize),
    /// Several fields.
    Ambiguous(Vec<usize>),
    Computed,
    /// A field that is not wanted.
    Other,
    /// Known to be no field's.
    Ignored,
    Unknown,
}

/// Understands headings.
pub(super) struct Resolver<'r, 'a> {
    pub headings: &'r Headings<'a>,
    /// The keys of the fields that are wanted; none for all.
    pub wanted: Option<&'r BTreeSet<String>>,
    /// Values of a column, by its index.
    pub samples: &'r dyn Fn(usize) -> Vec<String>,
}

impl Resolver<'_, '_> {
    /// What each heading means; none for a column that is understood already.
    pub fn resolve(&self, titles: &[Option<&str>]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::with_capacity(titles.len());
        // The section that the last understood column is of: 住所 behind 開設者氏名 may be the founder's.
        let mut section = String::new();
        for (index, title) in titles.iter().enumerate() {
            let meant = match title {
                Some(title) => self.headings.meaning(title, self.wanted),
                None => {
                    found.push(Found::Nothing);
                    continue;
                }
            };
            let now = match meant {
                Meant::Columns { wanted, all } => {
                    self.column((index, title.unwrap_or_default()), wanted, &all, &section)
                }
                Meant::Pieces(pieces) => self.piece(&pieces, found.last(), &section),
                Meant::Computed => Found::Computed,
                Meant::Other => Found::Other,
                Meant::Ignored => Found::Ignored,
                Meant::Unknown => Found::Unknown,
            };
            if let Found::Field(column, _) | Found::Piece(column, _) = now {
                self.parent(column).clone_into(&mut section);
            }
            found.push(now);
        }
        found
    }

    fn parent(&self, column: usize) -> &str {
        let key = self.headings.column(column).path.key();
        key.rsplit_once('.').map_or("", |(parent, _)| parent)
    }

    /// Which of several columns a heading is; `all` are those that are not wanted too.
    fn column(
        &self,
        (index, title): (usize, &str),
        wanted: Vec<usize>,
        all: &[usize],
        section: &str,
    ) -> Found {
        let is_doubtful = self.is_of_another(all, section);
        if all.len() > 1
            && let Some(one) = self.by_values(index, all)
        {
            return if wanted.contains(&one) { Found::Field(one, true) } else { Found::Other };
        }
        if let [one] = wanted[..] {
            return match all.len() > 1 && is_doubtful && self.parent(one) != section {
                true => Found::Ambiguous(all.to_vec()),
                false => Found::Field(one, false),
            };
        }
        let mut of_subject =
            wanted.iter().filter(|column| self.parent(**column) == self.headings.subject());
        match (of_subject.next(), of_subject.next()) {
            (Some(one), None) if !is_doubtful => Found::Field(*one, false),
            // Of one section the field that is called so.
            _ => match self.headings.find(title).ok().and_then(|c| self.headings.index_of(c.key()))
            {
                Some(one) if self.are_choices(&wanted) && wanted.contains(&one) => {
                    Found::Field(one, false)
                }
                _ => Found::Ambiguous(wanted),
            },
        }
    }

    /// Whether one of these columns is of the section just before, which is not what the list is about.
    fn is_of_another(&self, columns: &[usize], section: &str) -> bool {
        !section.is_empty()
            && section != self.headings.subject()
            && columns.iter().any(|column| self.parent(*column) == section)
    }

    /// Whether columns are choices of one section, which their values may tell apart.
    fn are_choices(&self, columns: &[usize]) -> bool {
        let field = |column: &usize| self.headings.field(self.headings.column(*column).path.key());
        let is_choice =
            |column: &usize| field(column).is_some_and(|field| !field.choices.is_empty());
        let section = columns.first().map(|column| self.parent(*column));
        columns.iter().all(|column| is_choice(column) && Some(self.parent(*column)) == section)
    }

    /// Among choices of one section, the one that takes all values of the column.
    fn by_values(&self, index: usize, columns: &[usize]) -> Option<usize> {
        if !self.are_choices(columns) {
            return None;
        }
        let field = |column: &usize| self.headings.field(self.headings.column(*column).path.key());
        let fields: Vec<_> = columns.iter().filter_map(field).collect();
        let values = (self.samples)(index);
        let takes = |field: &crate::form::Field, value: &String| {
            let parts = field.parts(value);
            let parts = if parts.is_empty() { vec![value.as_str()] } else { parts };
            parts.into_iter().all(|part| field.choice(part).is_some())
        };
        let mut fit = columns
            .iter()
            .zip(&fields)
            .filter(|(_, field)| !values.is_empty() && values.iter().all(|v| takes(field, v)));
        match (fit.next(), fit.next()) {
            (Some((one, _)), None) => Some(*one),
            _ => None,
        }
    }

    /// Which piece a heading is: of the field just before, or of what the list is about.
    fn piece(&self, pieces: &[(usize, usize)], last: Option<&Found>, section: &str) -> Found {
        let fields: BTreeSet<usize> = pieces.iter().map(|(column, _)| *column).collect();
        let of = |column: usize| {
            let piece = pieces.iter().find(|(known, _)| *known == column);
            piece.map(|(column, piece)| Found::Piece(*column, *piece))
        };
        let before = match last {
            Some(Found::Field(column, _) | Found::Piece(column, _)) => of(*column),
            _ => None,
        };
        if let Some(found) = before {
            return found;
        }
        let all: Vec<usize> = fields.iter().copied().collect();
        if let [one] = all[..] {
            return of(one).unwrap_or(Found::Unknown);
        }
        let mut of_subject = all.iter().filter(|c| self.parent(**c) == self.headings.subject());
        match (of_subject.next(), of_subject.next()) {
            (Some(one), None) if !self.is_of_another(&all, section) => {
                of(*one).unwrap_or(Found::Unknown)
            }
            _ => Found::Ambiguous(all),
        }
    }
}

/// The columns of the list that together are a field.
pub(super) struct Joined {
    /// The field's column, by its place in [`Headings`].
    pub column: usize,
    /// The columns of the list, each with what is put before it.
    pub from: Vec<(usize, String)>,
    /// The labels of the pieces that are missing.
    pub missing: Vec<Text>,
    /// The labels of those that several columns may be.
    pub twice: Vec<Text>,
}

impl Joined {
    /// Whether the value is whole.
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.twice.is_empty()
    }

    /// Why it is not.
    pub fn lack(&self) -> Text {
        let listed = |labels: &[Text]| {
            let ja: Vec<&str> = labels.iter().map(|label| label.ja.as_str()).collect();
            let en: Vec<&str> = labels.iter().map(|label| label.en.as_str()).collect();
            (ja.join("・"), en.join(", "))
        };
        let (mut ja, mut en) = (Vec::new(), Vec::new());
        if !self.missing.is_empty() {
            let (labels, labels_en) = listed(&self.missing);
            ja.push(format!("「{labels}」の列がありません"));
            en.push(format!("{labels_en} is missing"));
        }
        if !self.twice.is_empty() {
            let (labels, labels_en) = listed(&self.twice);
            ja.push(format!("「{labels}」に当たる列がいくつもあります"));
            en.push(format!("several columns may be {labels_en}"));
        }
        Text::new(ja.join("。"), en.join("; "))
    }
}

/// Puts the pieces that were found together, a column of the field itself among them.
pub(super) fn together(found: &[Found], headings: &Headings<'_>) -> Vec<Joined> {
    let targets: BTreeSet<usize> = found
        .iter()
        .filter_map(|found| match found {
            Found::Piece(column, _) => Some(*column),
            _ => None,
        })
        .collect();
    targets.into_iter().map(|column| of_one(column, found, headings)).collect()
}

fn of_one(column: usize, found: &[Found], headings: &Headings<'_>) -> Joined {
    // Every column's key is the dictionary's.
    let pieces = headings.field(headings.column(column).path.key()).map(|f| &f.pieces[..]);
    let pieces = pieces.unwrap_or(&[]);
    let whole: Vec<usize> = places(found, |f| matches!(f, Found::Field(c, _) if *c == column));
    let main = pieces.iter().position(|piece| piece.main);
    let (mut from, mut missing, mut twice) = (Vec::new(), Vec::new(), Vec::new());
    for (at, piece) in pieces.iter().enumerate() {
        let mut own = places(found, |f| *f == Found::Piece(column, at));
        if main == Some(at) && !whole.is_empty() {
            // Both 住所 and 番地: whether the one has the other in it is not known.
            if !own.is_empty() {
                twice.push(piece.label.clone());
            }
            own.splice(0..0, whole.iter().copied());
        }
        let is_replaced = !whole.is_empty() && main.is_some_and(|main| at <= main);
        if own.is_empty() && piece.needed && !is_replaced {
            missing.push(piece.label.clone());
        }
        if own.len() > 1 && !piece.many && !twice.contains(&piece.label) {
            twice.push(piece.label.clone());
        }
        from.extend(own.into_iter().map(|index| (index, piece.before.clone())));
    }
    Joined { column, from, missing, twice }
}

fn places(found: &[Found], is_it: impl Fn(&Found) -> bool) -> Vec<usize> {
    found.iter().enumerate().filter(|(_, found)| is_it(found)).map(|(index, _)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;

    /// What headings mean for these forms, by key, with the number of the piece.
    fn meant(forms: &[&str], titles: &[&str], samples: &[&str]) -> Vec<String> {
        let all = Forms::built_in();
        let headings = Headings::new(all);
        let named: Vec<_> = forms.iter().map(|name| all.find(name).unwrap()).collect();
        let wanted: BTreeSet<String> =
            headings.of(&named).iter().map(|(c, _)| c.path.key().to_owned()).collect();
        let values = |_: usize| samples.iter().map(|s| (*s).to_owned()).collect();
        let resolver = Resolver { headings: &headings, wanted: Some(&wanted), samples: &values };
        let titles: Vec<Option<&str>> = titles.iter().copied().map(Some).collect();
        let key = |column: usize| headings.column(column).key().to_owned();
        let say = |found: Found| match found {
            Found::Field(column, _) => key(column),
            Found::Piece(column, piece) => format!("{}#{piece}", key(column)),
            Found::Ambiguous(all) => all.into_iter().map(key).collect::<Vec<_>>().join("|"),
            other => format!("{other:?}"),
        };
        resolver.resolve(&titles).into_iter().map(say).collect()
    }

    #[test]
    fn what_has_no_section_is_the_facilitys_unless_another_is_spoken_of() {
        assert_eq!(
            meant(
                &["別紙2"],
                &["施設名", "フリガナ", "住所", "開設者氏名", "住所", "フリガナ"],
                &[]
            ),
            [
                "facility.name",
                "facility.name_kana",
                "facility.address",
                "founder.name",
                "founder.address|facility.address",
                "facility.name_kana|founder.name_kana",
            ]
        );
        // 別紙1 has no address of the founder, yet the column may be it.
        let found = meant(&["別紙1"], &["開設者氏名", "住所", "電話番号"], &[]);
        assert!(found[1].contains('|') && found[2].contains('|'), "{found:?}");
        assert_eq!(meant(&["別紙1"], &["施設名", "電話番号"], &[])[1], "contact.phone");
    }

    #[test]
    fn values_tell_choices_apart() {
        let forms = ["別紙1", "様式2"];
        assert_eq!(meant(&forms, &["種別"], &["病院", "診療所"]), ["facility.category"]);
        assert_eq!(meant(&forms, &["種別"], &["医科", "医科・歯科"]), ["facility.kind"]);
        // What the values leave open, the label says.
        assert_eq!(meant(&forms, &["種別"], &["薬局"]), ["facility.kind"]);
        assert_eq!(meant(&forms, &["種別"], &[]), ["facility.kind"]);
        assert!(meant(&forms, &["区分"], &["薬局"])[0].contains('|'));
        // 別紙1 has no such field, and 病院 is no value of the one that it has.
        assert_eq!(meant(&["別紙1"], &["種別"], &["病院", "診療所"]), ["Other"]);
    }

    #[test]
    fn a_piece_is_of_the_field_before_it() {
        assert_eq!(
            meant(&["別紙2"], &["所在地", "方書", "開設者住所", "方書"], &[]),
            ["facility.address", "facility.address#3", "founder.address", "founder.address#3"]
        );
        assert!(meant(&["別紙2"], &["開設者氏名", "都道府県"], &[])[1].contains('|'));
    }
}
