//! Which column of a list is probably which field, and why.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::columns::{STATE_HEADINGS, sample_rows, wanted};
use super::super::heading::Heading;
use super::super::plan::Columns;
use super::super::resolve::{Found, Joined, Resolver, together};
use super::super::sheet::find_sheet;
use super::super::source::From;
use super::super::take::{self, Take};
use super::super::{apply, heading};
use super::look::likely;
use super::proposal::{Joining, Lack, Proposal, Proposed, Role, Target};
use super::{Map, To};
use crate::form::{Column, Form, Forms, Headings, Kind, MARKER_HEADINGS, Meant, fold};
use crate::report::{Report, Text};
use crate::table::{Cell, Encoding, Row, Table, TableError};

/// How many values of a column are shown.
const VALUES: usize = 3;
/// How many fields are named that a column may be.
const NEAREST: usize = 3;

/// What a proposal is changed by.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// A column, from 0, and the key of its field; none where it is not used.
    pub columns: Vec<(usize, Option<String>)>,
    /// Keys and values that all facilities share.
    pub constants: Vec<(String, String)>,
}

/// What a list is asked.
pub struct Asked<'a> {
    /// The list: a workbook, CSV or TSV.
    pub list: &'a Path,
    /// The encoding of a CSV file; none to find it out.
    pub encoding: Option<Encoding>,
    /// The sheet that is read; none for the one with headings.
    pub sheet: Option<&'a str>,
    /// The forms there are.
    pub forms: &'a Forms,
    /// The forms that are to be made; empty for all.
    pub named: &'a [&'a Form],
    /// A map made before.
    pub map: Option<&'a Map>,
    /// What is chosen otherwise.
    pub choices: &'a Choices,
}

/// Proposes which column of a list is which field: by the labels of fields, by what else lists call them, and
/// by what the values look like. What a heading does not say for sure is left open.
///
/// # Errors
/// When the list cannot be read.
pub fn propose(asked: &Asked<'_>) -> Result<Proposal, TableError> {
    let headings = Headings::new(asked.forms);
    let sheet = asked.sheet.or(asked.map.and_then(Map::sheet));
    let (table, found) = find_sheet(asked.list, asked.encoding, sheet, &headings, asked.map)?;
    let found = match found {
        // A map that says which row it is is taken at its word.
        Some(found) if found.known == 0 && asked.map.is_none_or(|map| map.heading.is_empty()) => {
            heading::widest(&table)?.or(Some(found))
        }
        found => found,
    };
    let Some(heading) = found else {
        let message = Text::new("名簿に何も書かれていません", "the list is empty");
        return Err(crate::report::Diagnostic::error("syntax", message).into());
    };
    let wanted = wanted(&headings, asked.named);
    let rows = sample_rows(&table, &heading);
    let proposer = Proposer { headings: &headings, wanted, rows, asked };
    Ok(proposer.propose(&table, &heading))
}

struct Proposer<'r, 'a> {
    headings: &'r Headings<'a>,
    wanted: Option<BTreeSet<String>>,
    rows: Vec<Row>,
    asked: &'r Asked<'a>,
}

impl Proposer<'_, '_> {
    fn propose(&self, table: &Table, heading: &Heading) -> Proposal {
        let titles: Vec<String> = heading.cells.iter().map(Cell::to_string).collect();
        let titles: Vec<String> = titles.iter().map(|title| title.trim().to_owned()).collect();
        let mut proposal = Proposal {
            sheet: table.sheet().to_owned(),
            rows: heading.rows.iter().map(|row| row.number).collect(),
            columns: (0..titles.len()).map(|index| self.blank(index, &titles)).collect(),
            fields: self.fields().into_iter().map(Target::of).collect(),
            missing: Vec::new(),
            optional: Vec::new(),
            faults: None,
            kept: Map::default(),
            joins: Vec::new(),
            untranslated: Vec::new(),
            known: self.headings.all(),
        };
        let taken = self.of_map(&titles, &mut proposal);
        self.by_headings(&titles, &taken, &mut proposal);
        self.apart(&mut proposal);
        self.unfit(&mut proposal);
        self.by_values(&mut proposal);
        self.choose(&mut proposal);
        // What is so anyhow need not be written.
        for joining in &mut proposal.joins {
            let field = self.headings.field(&joining.key);
            let usual = field.map(super::between);
            if usual.is_none_or(|usual| joining.between.iter().all(|text| text == usual)) {
                joining.between.clear();
            }
        }
        proposal.missing = self.lacks(&proposal, true);
        proposal.optional = self.lacks(&proposal, false);
        // One form may need what another can do without.
        let needed: BTreeSet<&str> =
            proposal.missing.iter().map(|l| l.field.key.as_str()).collect();
        proposal.optional.retain(|lack| !needed.contains(lack.field.key.as_str()));
        proposal
    }

    fn blank(&self, index: usize, titles: &[String]) -> Proposed {
        let letters = apply::letters(index);
        let heading = titles[index].clone();
        let is_alone = titles.iter().filter(|title| fold(title) == fold(&heading)).count() == 1;
        let name = match !heading.is_empty() && is_alone {
            true => Text::new(heading.replace('\n', " "), heading.replace('\n', " ")),
            false => Text::new(format!("{letters}列"), format!("column {letters}")),
        };
        let mut values = Vec::new();
        for value in self.values(index) {
            if values.len() < VALUES && !values.contains(&value) {
                values.push(value);
            }
        }
        let (role, reason) = (Role::Open, Text::new("", ""));
        Proposed { letters, heading, name, values, role, reason, nearest: Vec::new() }
    }

    /// The values of a column, from the first rows.
    fn values(&self, index: usize) -> Vec<String> {
        let cells = self.rows.iter().filter_map(|row| row.cells.get(index));
        let texts = cells.map(|cell| cell.to_string().trim().to_owned());
        texts.filter(|text| !text.is_empty()).collect()
    }

    /// What a map made before says, and the columns it speaks of.
    fn of_map(&self, titles: &[String], proposal: &mut Proposal) -> BTreeSet<usize> {
        let Some(map) = self.asked.map else { return BTreeSet::new() };
        let (mut columns, mut report) = (Columns::default(), Report::default());
        let taken = apply::apply(map, self.headings, titles, &mut columns, &mut report);
        let reason = Text::new("対応表にあります", "the map says so");
        for index in &taken {
            proposal.columns[*index].role = Role::Ignored;
            proposal.columns[*index].reason = reason.clone();
        }
        for named in &map.unclear {
            if let Some(index) = apply::find(named, titles, &mut Report::default()) {
                proposal.columns[index].role = Role::Open;
                proposal.columns[index].reason = Text::new(
                    "対応表の項目が読めません",
                    "the field that the map says is not known",
                );
            }
        }
        for given in &columns.values {
            let target = Target::of(&given.column);
            match &given.source.from {
                From::Cell(index) => proposal.columns[*index].role = Role::Field(target),
                From::Join(from) => {
                    for (index, _) in from {
                        proposal.columns[*index].role = Role::Joined(target.clone());
                    }
                    proposal.joins.push(joining(target.key, from));
                }
                From::Piece(index, takes, which) => {
                    let role = &mut proposal.columns[*index].role;
                    if !matches!(role, Role::Apart(_)) {
                        let blank = takes.iter().map(|take| (take.key(), None));
                        *role = Role::Apart(blank.collect());
                    }
                    if let Role::Apart(pieces) = role {
                        pieces[*which].1 = Some(target);
                    }
                }
            }
        }
        if report.errors() > 0 {
            report.sort();
            proposal.faults = Some((map.source.clone(), report));
        }
        proposal.kept = map.clone();
        taken
    }

    /// What the headings say of the columns that are not taken yet.
    fn by_headings(&self, titles: &[String], taken: &BTreeSet<usize>, proposal: &mut Proposal) {
        let open: Vec<Option<&str>> = (0..titles.len())
            .map(|index| (!taken.contains(&index)).then_some(titles[index].as_str()))
            .map(|title| title.filter(|t| !t.is_empty() && !MARKER_HEADINGS.contains(t)))
            .collect();
        let samples = |index: usize| self.values(index);
        let resolver =
            Resolver { headings: self.headings, wanted: self.wanted.as_ref(), samples: &samples };
        let found = resolver.resolve(&open);
        for (index, found) in found.iter().enumerate() {
            if !taken.contains(&index) {
                self.found(index, found, titles, proposal);
            }
        }
        for joined in together(&found, self.headings) {
            self.joined(joined, proposal);
        }
        self.twice(proposal);
    }

    fn found(&self, index: usize, found: &Found, titles: &[String], proposal: &mut Proposal) {
        let column = &mut proposal.columns[index];
        let target = |at: usize| Target::of(self.headings.column(at));
        let (role, reason) = match found {
            Found::Nothing if MARKER_HEADINGS.contains(&titles[index].as_str()) => {
                (Role::Ignored, Text::new("行の番号です", "the number of the row"))
            }
            Found::Nothing if column.values.is_empty() => {
                (Role::Ignored, Text::new("何も書かれていません", "nothing is written in it"))
            }
            Found::Nothing => (Role::Open, Text::new("見出しがありません", "it has no heading")),
            Found::Field(at, by_values) => {
                let key = self.headings.column(*at).key();
                let reason = match self.headings.find(&titles[index]) {
                    Ok(column) if column.key() == key => {
                        Text::new("見出しが項目の名前です", "the heading is the field's name")
                    }
                    _ if *by_values => Text::new(
                        "見出しと値からこの項目です",
                        "heading and values are this field's",
                    ),
                    _ => Text::new("見出しの別名です", "the heading is another name of the field"),
                };
                (Role::Field(target(*at)), reason)
            }
            // Said with the others of its field.
            Found::Piece(at, _) => (Role::Joined(target(*at)), Text::new("", "")),
            Found::Ambiguous(several) => {
                column.nearest = several.iter().map(|at| target(*at)).collect();
                let reason = Text::new(
                    format!("当たる項目が {} つあります", several.len()),
                    format!("{} fields may be meant", several.len()),
                );
                (Role::Open, reason)
            }
            Found::Computed => (
                Role::Ignored,
                Text::new("計算で求める項目なので、読みません", "its value is computed"),
            ),
            Found::Other => (
                Role::Ignored,
                Text::new("指定の様式で使わない項目です", "the forms asked for do not use it"),
            ),
            Found::Ignored => {
                (Role::Ignored, Text::new("様式に項目がありません", "no form has a field for it"))
            }
            Found::Unknown
                if STATE_HEADINGS.iter().any(|known| fold(known) == fold(&titles[index])) =>
            {
                (Role::Ignored, Text::new("一覧に写す列です", "it is copied into the summary"))
            }
            Found::Unknown => {
                column.nearest = self.nearest(&titles[index]);
                (Role::Open, Text::new("知らない見出しです", "the heading is not known"))
            }
        };
        (column.role, column.reason) = (role, reason);
    }

    /// The wanted fields whose names are nearest to a heading.
    fn nearest(&self, title: &str) -> Vec<Target> {
        let near = self.headings.nearest_of(title, self.wanted.as_ref(), NEAREST);
        near.into_iter().map(Target::of).collect()
    }

    /// Pieces of a field, joined where they make it whole.
    fn joined(&self, joined: Joined, proposal: &mut Proposal) {
        let target = Target::of(self.headings.column(joined.column));
        let indices: Vec<usize> = joined.from.iter().map(|(index, _)| *index).collect();
        for index in &indices {
            let column = &mut proposal.columns[*index];
            if joined.is_whole() {
                column.role = Role::Joined(target.clone());
                column.reason = Text::new(
                    format!("つないで「{}」になります", target.heading),
                    format!("joined they are {}", target.heading),
                );
            } else if !matches!(column.role, Role::Field(_)) {
                column.role = Role::Open;
                column.nearest = vec![target.clone()];
                let lack = joined.lack();
                column.reason = Text::new(
                    format!("「{}」の一部のようですが、{}", target.heading, lack.ja),
                    format!("seems to be a part of {}, but {}", target.heading, lack.en),
                );
            }
        }
        if joined.is_whole() {
            proposal.joins.push(joining(target.key, &joined.from));
        }
    }

    /// A field that several columns have: the one with its name has it, or none.
    fn twice(&self, proposal: &mut Proposal) {
        let targets: BTreeSet<String> = proposal
            .columns
            .iter()
            .filter_map(|c| match &c.role {
                Role::Field(target) => Some(target.key.clone()),
                _ => None,
            })
            .collect();
        for key in targets {
            let has = |column: &Proposed| match &column.role {
                Role::Field(target) | Role::Joined(target) => target.key == key,
                _ => false,
            };
            let all: Vec<usize> =
                (0..proposal.columns.len()).filter(|i| has(&proposal.columns[*i])).collect();
            if all.len() < 2 || proposal.joins.iter().any(|known| known.key == key) {
                continue;
            }
            let is_name = |i: &usize| {
                let found = self.headings.find(&proposal.columns[*i].heading);
                found.is_ok_and(|column| column.key() == key)
            };
            let named: Vec<usize> = all.iter().copied().filter(is_name).collect();
            for index in all.into_iter().filter(|index| named[..] != [*index]) {
                let column = &mut proposal.columns[index];
                if let Role::Field(target) | Role::Joined(target) = &column.role {
                    column.nearest = vec![target.clone()];
                }
                column.role = Role::Open;
                column.reason = Text::new(
                    "同じ項目に当たる列がほかにもあります",
                    "another column is the same field",
                );
            }
        }
    }

    /// The keys that columns give.
    fn given(&self, proposal: &Proposal) -> BTreeSet<String> {
        let mut given = BTreeSet::new();
        for column in &proposal.columns {
            match &column.role {
                Role::Field(target) | Role::Joined(target) => {
                    given.insert(target.key.clone());
                }
                Role::Apart(pieces) => {
                    let targets = pieces.iter().filter_map(|(_, target)| target.as_ref());
                    given.extend(targets.map(|target| target.key.clone()));
                }
                Role::Ignored | Role::Open => {}
            }
        }
        given
    }

    /// Columns with several things in one cell.
    fn apart(&self, proposal: &mut Proposal) {
        for index in 0..proposal.columns.len() {
            let given = self.given(proposal);
            let found = match &proposal.columns[index].role {
                Role::Open => self.phone_and_fax(index, proposal, &given),
                Role::Field(target) => self.in_value(index, target, &given),
                _ => None,
            };
            if let Some((role, reason)) = found {
                let column = &mut proposal.columns[index];
                (column.role, column.reason) = (role, reason);
                column.nearest.clear();
            }
        }
    }

    /// A column TEL/FAX, where the forms have one telephone number.
    fn phone_and_fax(
        &self,
        index: usize,
        proposal: &Proposal,
        given: &BTreeSet<String>,
    ) -> Option<(Role, Text)> {
        let title = fold(&proposal.columns[index].heading);
        let phone = ["tel", "電話"].iter().filter_map(|word| title.find(word)).min()?;
        let fax = ["fax", "ファ"].iter().filter_map(|word| title.find(word)).min()?;
        let Meant::Columns { wanted, .. } = self.headings.meaning("TEL", self.wanted.as_ref())
        else {
            return None;
        };
        let [one] = wanted[..] else { return None };
        let target = Target::of(self.headings.column(one));
        if given.contains(&target.key) {
            return None;
        }
        let mut pieces = vec![(Take::Phone.key(), Some(target)), (Take::Fax.key(), None)];
        if fax < phone {
            pieces.reverse();
        }
        let reason =
            Text::new("電話と FAX が一つの列にあります", "telephone and fax are in one column");
        Some((Role::Apart(pieces), reason))
    }

    /// A postal code in an address, or kana behind a name.
    fn in_value(
        &self,
        index: usize,
        target: &Target,
        given: &BTreeSet<String>,
    ) -> Option<(Role, Text)> {
        let field = self.headings.field(&target.key)?;
        let values = self.values(index);
        let has = |take: Take| {
            let is_there = |value: &&String| {
                let taken = take::apart(value, &[take, Take::Rest]);
                taken.is_ok_and(|taken| !taken[0].is_empty() && !taken[1].is_empty())
            };
            let count = values.iter().filter(is_there).count();
            !values.is_empty() && 2 * count > values.len()
        };
        let beside = |kind: Kind| {
            let is_wanted =
                |key: &str| self.wanted.as_ref().is_none_or(|wanted| wanted.contains(key));
            let names = self.headings.children(field.parent());
            let keys = names.map(|name| format!("{}.{name}", field.parent()));
            let mut fields = keys.filter_map(|key| self.headings.field(&key));
            let field = fields.find(|field| field.kind == kind && is_wanted(&field.key))?;
            let heading = self.headings.heading(&field.key).to_owned();
            Some(Target { key: field.key.clone(), heading })
        };
        let not_given = |target: Option<Target>| target.filter(|t| !given.contains(&t.key));
        let rest = (Take::Rest.key(), Some(target.clone()));
        if field.kind == Kind::Address && has(Take::Postal) {
            let postal = (Take::Postal.key(), not_given(beside(Kind::PostalCode)));
            let reason =
                Text::new("値に郵便番号が入っています", "the values have postal codes in them");
            return Some((Role::Apart(vec![postal, rest]), reason));
        }
        if field.kind == Kind::Text && has(Take::Kana) {
            let kana = (Take::Kana.key(), not_given(beside(Kind::Kana)));
            let reason = Text::new("値にカナが入っています", "the values have kana in them");
            return Some((Role::Apart(vec![rest, kana]), reason));
        }
        None
    }

    /// Columns whose values are none of what their field takes: the values of a choice may be translated,
    /// and anything else is not the field.
    fn unfit(&self, proposal: &mut Proposal) {
        for index in 0..proposal.columns.len() {
            let Role::Field(target) = proposal.columns[index].role.clone() else { continue };
            let Some(field) = self.headings.field(&target.key) else { continue };
            let values = self.values(index);
            let is_taken = |value: &&String| {
                let cell = Cell::Text((*value).clone());
                let text = field.taken(&field.label, &cell).map(|taken| taken.text);
                let text = text.unwrap_or_else(|_| (*value).clone());
                let parts = field.parts(&text);
                let parts = if parts.is_empty() { vec![text.as_str()] } else { parts };
                parts.into_iter().all(|part| field.read(part).is_ok())
            };
            if field.kind == Kind::Choice {
                let mut other: Vec<String> = Vec::new();
                for value in values.iter().filter(|value| !is_taken(value)) {
                    if !other.contains(value) && !self.is_translated(&target, value) {
                        other.push(value.clone());
                    }
                }
                // Another name of a field is no more than a guess: 区分 may say 新規 or 移転.
                let is_named = self
                    .headings
                    .find(&proposal.columns[index].heading)
                    .is_ok_and(|column| column.key() == target.key);
                let is_other = |value: &String| other.contains(value);
                let is_of_map = self.asked.map.is_some_and(|map| {
                    map.columns.iter().any(|known| match &known.to {
                        To::Field(path) => path.written() == target.key,
                        To::Pieces(_) => false,
                    })
                });
                if !is_named && !is_of_map && !values.is_empty() && values.iter().all(is_other) {
                    proposal.columns[index].do_not_fit(target);
                } else if !other.is_empty() {
                    proposal.untranslated.push((target, field.offered(), other));
                }
            } else if !values.is_empty() && !values.iter().any(|value| is_taken(&value)) {
                proposal.columns[index].do_not_fit(target);
            }
        }
    }

    /// Whether the map that was given says what a value means.
    fn is_translated(&self, target: &Target, value: &str) -> bool {
        self.asked.map.is_some_and(|map| {
            let mut of_field = map.translate.iter().filter(|t| t.of.written() == target.key);
            of_field.any(|t| t.pairs.iter().any(|(from, _)| fold(from) == fold(value)))
        })
    }

    /// The fields of the forms that are to be made.
    fn fields(&self) -> Vec<&Column> {
        let all: Vec<&Form> = match self.asked.named {
            [] => self.asked.forms.forms().collect(),
            named => named.to_vec(),
        };
        self.headings.of(&all).into_iter().map(|(column, _)| column).collect()
    }

    /// What the values of open columns look like. It is no more than a hint: other values look the same.
    fn by_values(&self, proposal: &mut Proposal) {
        let given = self.given(proposal);
        let free: Vec<&Column> =
            self.fields().into_iter().filter(|c| !given.contains(c.key())).collect();
        for index in 0..proposal.columns.len() {
            let values = self.values(index);
            let column = &mut proposal.columns[index];
            if column.role != Role::Open || !column.nearest.is_empty() && column.nearest.len() > 1 {
                continue;
            }
            let looks = likely(&values, &free, self.headings);
            let Some(first) = looks.first() else { continue };
            let Some(field) = self.headings.field(first.path.key()) else { continue };
            let kind = field.kind.label();
            column.reason = Text::new(
                format!("{}。値は「{}」の形です", column.reason.ja, kind.ja),
                format!("{}; its values look like: {}", column.reason.en, kind.en),
            );
            let looks = looks.into_iter().map(Target::of);
            let known = std::mem::take(&mut column.nearest);
            for target in looks.chain(known) {
                if column.nearest.len() < NEAREST && !column.nearest.contains(&target) {
                    column.nearest.push(target);
                }
            }
        }
    }

    /// What somebody chose.
    fn choose(&self, proposal: &mut Proposal) {
        let reason = Text::new("選んだ項目です", "it was chosen");
        for (index, key) in &self.asked.choices.columns {
            let target = key.as_ref().and_then(|key| {
                let at = self.headings.index_of(key)?;
                Some(Target::of(self.headings.column(at)))
            });
            let Some(column) = proposal.columns.get_mut(*index) else { continue };
            column.role = match target {
                Some(target) => Role::Field(target),
                None => Role::Ignored,
            };
            column.reason = reason.clone();
        }
        // A field that several columns are chosen for is joined from them.
        let mut count: Vec<(String, usize)> = Vec::new();
        for column in &proposal.columns {
            if let Role::Field(target) | Role::Joined(target) = &column.role {
                match count.iter_mut().find(|(key, _)| *key == target.key) {
                    Some((_, count)) => *count += 1,
                    None => count.push((target.key.clone(), 1)),
                }
            }
        }
        for column in &mut proposal.columns {
            if let Role::Field(target) | Role::Joined(target) = &column.role {
                let target = target.clone();
                let several = count.iter().any(|(key, count)| *key == target.key && *count > 1);
                column.role = if several { Role::Joined(target) } else { Role::Field(target) };
            }
        }
        for (key, text) in &self.asked.choices.constants {
            let constants = &mut proposal.kept.constants;
            constants.retain(|(known, _)| known != key);
            if !text.trim().is_empty() && self.headings.index_of(key).is_some() {
                constants.push((key.clone(), text.clone()));
            }
        }
    }

    /// What the forms need, or take besides, and nothing gives.
    fn lacks(&self, proposal: &Proposal, is_needed: bool) -> Vec<Lack> {
        let mut given = self.given(proposal);
        given.extend(proposal.kept.constants.iter().map(|(key, _)| key.clone()));
        given.extend(proposal.kept.copies.iter().map(|copy| copy.to.written().to_owned()));
        let in_section =
            |section: &str| given.iter().any(|key| key.split(['.', '[']).next() == Some(section));
        let forms: Vec<&Form> = match self.asked.named {
            [] => self.asked.forms.of_sections(in_section).collect(),
            named => named.to_vec(),
        };
        let mut lacks: Vec<Lack> = Vec::new();
        for form in forms {
            let asked = self.headings.of(&[form]).into_iter();
            let asked = asked.filter(|(column, required)| {
                let is_theirs =
                    self.asked.forms.dictionary().filled_by(column.path.key()).is_none();
                *required == is_needed && (is_needed || is_theirs)
            });
            for (column, _) in asked.filter(|(column, _)| !given.contains(column.key())) {
                let name = form.short_name().to_owned();
                match lacks.iter_mut().find(|lack| lack.field.key == column.key()) {
                    Some(lack) => lack.forms.push(name),
                    None => {
                        // Every column's key is the dictionary's.
                        let Some(field) = self.headings.field(column.path.key()) else { continue };
                        lacks.push(Lack {
                            forms: vec![name],
                            field: Target::of(column),
                            help: field.help.clone(),
                            example: field.example.clone(),
                        });
                    }
                }
            }
        }
        lacks
    }
}

impl Proposed {
    /// That its heading is a field's, and its values are not.
    fn do_not_fit(&mut self, target: Target) {
        self.reason = Text::new(
            format!("見出しは「{}」ですが、値が合いません", target.heading),
            format!("the heading is {}, but the values are not", target.heading),
        );
        self.nearest = vec![target];
        self.role = Role::Open;
    }
}

/// Columns that are joined, each with what is put before it.
fn joining(key: String, from: &[(usize, String)]) -> Joining {
    let columns = from.iter().map(|(index, _)| *index).collect();
    let between = from.iter().skip(1).map(|(_, between)| between.clone()).collect();
    Joining { key, columns, between }
}
