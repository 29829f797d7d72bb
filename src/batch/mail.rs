//! What goes out by post, in the order of the list: letters, labels, covers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::done::Done;
use super::options;
use super::outcome::BatchError;
use super::print::{Printed, failed};
use super::work::is_of_output;
use crate::form::Dictionary;
use crate::key::plain_key;
use crate::paint::{Book, PaintError};
use crate::post::{Address, Cover, Letter, Paper, Point, Post, as_on_paper};
use crate::report::{Diagnostic, Place, Severity, Text};
use crate::store::Draft;

/// How many notes are said one by one.
const SAID: usize = 10;

/// The files for the post while facilities are added.
pub(super) struct Mail<'a> {
    post: &'a Post,
    asked: options::Post<'a>,
    dictionary: &'a Dictionary,
    /// Whether facilities handed in files of their own, so that cells are theirs.
    is_folder: bool,
    letters: Option<Papers>,
    labels: Option<Papers>,
    waiting: Vec<Address>,
    /// What goes to each bureau and office.
    covers: BTreeMap<((usize, usize), String, String), Cover>,
    without_name: usize,
    without_address: usize,
    /// How many have neither name nor address: nothing can be sent to them.
    without_both: usize,
    /// How many have no errors but those of the files that are made: nothing is asked of them.
    without_points: usize,
    /// Whether a facility has errors.
    has_faulty: bool,
    notes: Vec<Text>,
}

/// One file of papers.
struct Papers {
    path: PathBuf,
    book: Book<Draft>,
}

impl Papers {
    fn start(path: &Path) -> Result<Self, BatchError> {
        let draft = Draft::new(path);
        let draft = draft.map_err(|error| BatchError::Writing(path.to_owned(), error))?;
        Ok(Papers { path: path.to_owned(), book: Book::new(draft) })
    }

    fn failed(&self) -> impl Fn(PaintError) -> BatchError + use<> {
        let path = self.path.clone();
        move |error| failed(&path, &error)
    }

    fn add(&mut self, name: &str, paper: &Paper) -> Result<(), BatchError> {
        let sheets: Vec<_> = paper.sheets.iter().map(|sheet| (name, sheet)).collect();
        let failed = self.failed();
        self.book.add(name, &sheets).map_err(failed)
    }

    fn finish(self, title: &str) -> Result<Printed, BatchError> {
        let (failed, pages) = (self.failed(), self.book.pages());
        let draft = self.book.finish(title).map_err(failed)?;
        let stage = draft.end();
        let stage = stage.map_err(|error| BatchError::Writing(self.path.clone(), error))?;
        Ok(Printed { path: self.path, stage, pages })
    }
}

/// The papers of a path, begun when there is the first; `may_write` is asked then.
fn begun<'p>(
    papers: &'p mut Option<Papers>,
    path: &Path,
    may_write: impl Fn(&Path) -> Result<(), BatchError>,
) -> Result<&'p mut Papers, BatchError> {
    if papers.is_none() {
        may_write(path)?;
        *papers = Some(Papers::start(path)?);
    }
    // It was made just now where there was none.
    papers.as_mut().ok_or_else(|| BatchError::Print(Text::new("作れません", "cannot be made")))
}

impl<'a> Mail<'a> {
    pub fn new(
        post: &'a Post,
        asked: options::Post<'a>,
        dictionary: &'a Dictionary,
        is_folder: bool,
    ) -> Self {
        Mail {
            post,
            asked,
            dictionary,
            is_folder,
            letters: None,
            labels: None,
            waiting: Vec::new(),
            covers: BTreeMap::new(),
            without_name: 0,
            without_address: 0,
            without_both: 0,
            without_points: 0,
            has_faulty: false,
            notes: Vec::new(),
        }
    }

    /// The next facility.
    pub fn add(
        &mut self,
        done: &Done,
        titles: &[String],
        addresses: &[String],
        may_write: impl Fn(&Path) -> Result<(), BatchError>,
    ) -> Result<(), BatchError> {
        let facility = &done.facility;
        let to = Address {
            postal_code: facility.postal_code.clone(),
            address: facility.address.clone(),
            // What the list calls a facility whose name cannot be read; nobody is called by the number of a row.
            name: if facility.name.is_empty() { &done.member } else { &facility.name }.clone(),
            member: done.member.clone(),
        };
        let is_nowhere = to.name.is_empty() && to.address.is_empty();
        self.without_both += usize::from(is_nowhere);
        self.without_name += usize::from(to.name.is_empty() && !is_nowhere);
        self.without_address += usize::from(to.address.is_empty() && !is_nowhere);
        self.has_faulty |= !done.is_good;
        if let Some(path) = self.asked.letters.filter(|_| !done.is_good && !is_nowhere) {
            let letter = self.letter(done, to.clone(), titles, addresses);
            self.without_points += usize::from(letter.points.is_empty());
            let paper = match letter.points.is_empty() {
                true => Paper::default(),
                false => self.post.letter(&letter),
            };
            self.notes.extend(paper.notes.iter().cloned());
            if !paper.sheets.is_empty() {
                begun(&mut self.letters, path, &may_write)?.add(&to.name, &paper)?;
            }
        }
        if let Some(path) = self.asked.labels.filter(|_| !is_nowhere) {
            self.waiting.push(to);
            if self.waiting.len() >= self.post.labels_a_sheet() {
                self.labels(path, &may_write)?;
            }
        }
        if self.asked.covers.is_some() && done.is_good && !done.forms.is_empty() {
            let bureau = facility.bureau.as_str();
            let office = facility.office();
            // The cover names the bureau above it.
            let office = office.strip_prefix(bureau).unwrap_or(office).trim_start().to_owned();
            let to = (facility.order(), bureau.to_owned(), office);
            let cover = self.covers.entry(to).or_default();
            for made in &done.forms {
                match cover.forms.iter_mut().find(|(form, _)| *form == made.short) {
                    Some((_, count)) => *count += 1,
                    None => cover.forms.push((made.short.clone(), 1)),
                }
            }
            let mut forms: Vec<(&str, usize)> = Vec::new();
            for made in &done.forms {
                match forms.iter_mut().find(|(form, _)| *form == made.short) {
                    Some((_, count)) => *count += 1,
                    None => forms.push((&made.short, 1)),
                }
            }
            let forms = forms.into_iter().map(|(form, count)| match count {
                1 => form.to_owned(),
                count => format!("{form} {count} 通"),
            });
            cover.rows.push((facility.name.clone(), forms.collect::<Vec<_>>().join("・")));
        }
        Ok(())
    }

    fn letter(&self, done: &Done, to: Address, titles: &[String], addresses: &[String]) -> Letter {
        let mut forms: Vec<&str> = done.forms.iter().map(|made| made.short.as_str()).collect();
        forms.dedup();
        let found = done.report.diagnostics.iter().zip(titles).zip(addresses);
        let has_error = done.report.errors() > 0;
        let mut asked = Vec::new();
        let points = found
            .filter(|((d, _), _)| d.severity == Severity::Error || !has_error)
            .filter(|((d, _), _)| !is_of_output(d))
            // A cell that two fields take their values from is asked for once.
            .filter(|((d, _), _)| {
                let request = request(d);
                let is_asked = request.is_some() && asked.contains(&request);
                asked.push(request);
                !is_asked
            })
            .map(|((d, title), address)| {
                let cell = match self.is_folder && !address.is_empty() && !address.contains(':') {
                    true => format!("（セル {address}）"),
                    false => String::new(),
                };
                Point {
                    what: format!("{}{cell}", as_on_paper(title)),
                    written: done.written(d),
                    wrong: as_on_paper(&d.message.ja),
                    remedy: as_on_paper(&self.wanted(d)),
                }
            })
            .collect();
        let forms = if forms.is_empty() { "様式".to_owned() } else { forms.join("・") };
        Letter { to, forms, points }
    }

    /// What is asked for: the hint, which may only describe the field to who fills in a list.
    fn wanted(&self, found: &Diagnostic) -> String {
        let Some(hint) = &found.hint else { return String::new() };
        let key = found.field.as_deref().map(plain_key);
        let Some(field) = key.and_then(|key| self.dictionary.get(&key)) else {
            return hint.ja.clone();
        };
        let label = &field.label.ja;
        let example = match field.example.as_str() {
            "" => String::new(),
            example => format!("（例: {example}）"),
        };
        if found.code == "required" && hint.ja.ends_with(&field.help.ja) {
            return format!("{label}をお知らせください{example}");
        }
        match hint.ja.strip_suffix(&field.description().ja) {
            Some(before) => format!("{before}正しい{label}をお知らせください{example}"),
            None => hint.ja.clone(),
        }
    }

    /// The sheet of the labels that wait.
    fn labels(
        &mut self,
        path: &Path,
        may_write: impl Fn(&Path) -> Result<(), BatchError>,
    ) -> Result<(), BatchError> {
        let waiting = std::mem::take(&mut self.waiting);
        let Some(first) = waiting.first() else { return Ok(()) };
        let paper = self.post.labels(&waiting);
        self.notes.extend(paper.notes.iter().cloned());
        begun(&mut self.labels, path, may_write)?.add(&first.name, &paper)
    }

    /// The end of the list: the files, and what is to be said of them.
    pub fn finish(
        mut self,
        may_write: impl Fn(&Path) -> Result<(), BatchError>,
    ) -> Result<(Vec<Printed>, Vec<Text>), BatchError> {
        if let Some(path) = self.asked.labels {
            self.labels(path, &may_write)?;
        }
        let mut printed = Vec::new();
        match (self.letters, self.asked.letters) {
            (Some(letters), _) => printed.push(letters.finish("記載内容の確認のお願い")?),
            (None, Some(path)) if !self.has_faulty => {
                self.notes.push(nothing(path, "誤りのある施設", "faulty facility"))
            }
            (None, _) => {}
        }
        if let Some(labels) = self.labels {
            printed.push(labels.finish("宛名ラベル")?);
        }
        if let Some(path) = self.asked.covers {
            let mut covers = None;
            for ((_, bureau, office), cover) in std::mem::take(&mut self.covers) {
                // 様式2 goes to no bureau: its cover is for whom the clerk writes there.
                let to = if bureau.is_empty() { "（送付先）".to_owned() } else { bureau };
                let cover = Cover { bureau: to.clone(), office, ..cover };
                let paper = self.post.cover(&cover);
                self.notes.extend(paper.notes.iter().cloned());
                begun(&mut covers, path, &may_write)?.add(&to, &paper)?;
            }
            match covers {
                Some(covers) => printed.push(covers.finish("送付状")?),
                None => self.notes.push(nothing(path, "作成できた施設", "facility that passes")),
            }
        }
        let is_sent = self.asked.letters.or(self.asked.labels).is_some();
        if self.without_both > 0 && is_sent {
            let count = self.without_both;
            self.notes.push(Text::new(
                format!("名称も所在地も読めない施設が {count} あります。その手紙とラベルは作りません"),
                format!("{count} facilities have neither name nor address; no letter or label is made for them"),
            ));
        }
        if self.without_points > 0 {
            let count = self.without_points;
            self.notes.push(Text::new(
                format!("誤りが書き出すファイルだけにある施設が {count} あります。その手紙は作りません"),
                format!("{count} facilities have no errors but those of files to be written; no letter is made for them"),
            ));
        }
        if self.without_name > 0 && is_sent {
            let count = self.without_name;
            self.notes.push(Text::new(
                format!(
                    "名称の読めない施設が {count} あります。その手紙とラベルの宛名は空いています"
                ),
                format!(
                    "{count} facilities have no name; that of their letters and labels is blank"
                ),
            ));
        }
        if self.without_address > 0 && is_sent {
            let count = self.without_address;
            self.notes.push(Text::new(
                format!(
                    "所在地の読めない施設が {count} あります。その手紙とラベルの住所は空いています"
                ),
                format!(
                    "{count} facilities have no address; that of their letters and labels is blank"
                ),
            ));
        }
        let more = self.notes.len().saturating_sub(SAID);
        self.notes.truncate(SAID);
        if more > 0 {
            self.notes.push(Text::new(
                format!("手紙・ラベルについて、ほかに {more} 件あります"),
                format!("{more} more notes on letters and labels"),
            ));
        }
        Ok((printed, self.notes))
    }
}

/// What a finding asks for: the cell, and what is said of the value in it. None where no value is quoted: what is
/// missing has no cell of its own.
fn request(found: &Diagnostic) -> Option<(Place, String, String)> {
    let place = found.place.clone()?;
    let (_, said) = found.message.ja.split_once('「')?;
    Some((place, found.code.clone(), said.to_owned()))
}

fn nothing(path: &Path, ja: &str, en: &str) -> Text {
    let path = path.display();
    Text::new(
        format!("{ja}がないため、{path} は作りません"),
        format!("there is no {en}: {path} is not made"),
    )
}
