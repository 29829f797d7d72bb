//! In: filled forms. Out: files, each with its name and its bytes, in one of the program's formats.
//! This room must not know where the files go.

use std::fmt;
use std::fmt::Write as _;
use std::io::{self, Cursor, Seek, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::form::{Form, FormPage, Forms};
use crate::layout::{self, Mode};
use crate::packet::carry::Carried;
use crate::paint::{self, PaintError, PdfOptions, SvgFor};
use crate::sheet::Sheet;
use crate::values::{Values, example_values};
use crate::workbook::{self, Entries, FormEntries};
use crate::{FilledForm, Ready};

/// Dots per inch of a picture: as sharp as a fax, small enough to mail.
const DPI: f32 = 200.0;

/// What a form is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A page to print and to hand in (PDF/A-2a, PDF/UA-1).
    #[default]
    Pdf,
    /// An Excel workbook to print, to fill in and to read back.
    Xlsx,
    /// A picture that stays sharp at every size and needs no font.
    Svg,
    /// A picture.
    Png,
    /// Its fields as lines of text, label and value parted by a tab: to copy from.
    Txt,
}

impl Format {
    /// Every format.
    pub const ALL: &[Format] = &[Format::Pdf, Format::Xlsx, Format::Svg, Format::Png, Format::Txt];

    /// The ending of a file of this format, which is also its name.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Xlsx => "xlsx",
            Format::Svg => "svg",
            Format::Png => "png",
            Format::Txt => "txt",
        }
    }

    /// The format of this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|format| name.eq_ignore_ascii_case(format.extension())).copied()
    }

    /// The format that a file's ending names.
    ///
    /// ```
    /// use onshi::Format;
    /// assert_eq!(Format::of("out/別紙1.PDF".as_ref()), Some(Format::Pdf));
    /// assert_eq!(Format::of("out/別紙1".as_ref()), None);
    /// ```
    pub fn of(path: &Path) -> Option<Self> {
        Self::named(path.extension()?.to_str()?)
    }

    /// Whether several forms can be one file of this format.
    pub fn joins(self) -> bool {
        matches!(self, Format::Pdf | Format::Xlsx)
    }

    /// Whether a file of this format is one page.
    pub fn is_picture(self) -> bool {
        matches!(self, Format::Svg | Format::Png)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

/// A result, complete in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in a folder.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl File {
    /// A file of this name.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        File { name: name.into(), bytes: bytes.into() }
    }

    /// Files in a zip, which has neither the time nor the user in it: the same files give the same bytes.
    ///
    /// # Errors
    /// When two have the same name, or they are larger than a zip can be.
    ///
    /// ```
    /// use onshi::File;
    /// let zip = File::zip("all.zip", &[File::new("a.txt", "a"), File::new("髙橋.txt", "b")])?;
    /// assert!(zip.bytes.starts_with(b"PK"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn zip(name: impl Into<String>, files: &[File]) -> io::Result<File> {
        let mut bytes = Cursor::new(Vec::new());
        File::zip_to(&mut bytes, files.iter().cloned().map(Ok))?;
        Ok(File::new(name, bytes.into_inner()))
    }

    /// The same, a file at a time.
    pub(crate) fn zip_to(
        out: impl Write + Seek,
        files: impl Iterator<Item = io::Result<File>>,
    ) -> io::Result<()> {
        let mut zip = ZipWriter::new(out);
        for file in files {
            let File { name, bytes } = file?;
            zip.start_file(name, SimpleFileOptions::default())?;
            zip.write_all(&bytes)?;
        }
        zip.finish()?;
        Ok(())
    }

    /// What the file is on the web, by the ending of its name.
    ///
    /// ```
    /// assert_eq!(onshi::File::new("a.pdf", "").media_type(), "application/pdf");
    /// ```
    pub fn media_type(&self) -> &'static str {
        match self.name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("pdf") => "application/pdf",
            Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("zip") => "application/zip",
            Some("yaml") => "application/yaml",
            Some("txt") => "text/plain; charset=utf-8",
            Some("csv") => "text/csv; charset=utf-8",
            Some("ics") => "text/calendar; charset=utf-8",
            Some("json") => "application/json",
            _ => "application/octet-stream",
        }
    }

    /// The name of a filled form: `<stem>_<form id>[_<kind>].<ending>`, where `stem` is the name of the
    /// record without its ending.
    ///
    /// ```
    /// use onshi::{File, Format};
    /// let name = File::name_of("clinic", "receipt-number", Some("医科"), Format::Pdf);
    /// assert_eq!(name, "clinic_receipt-number_医科.pdf");
    /// ```
    pub fn name_of(stem: &str, form: &str, kind: Option<&str>, format: Format) -> String {
        let kind = kind.map_or_else(String::new, |kind| format!("_{kind}"));
        format!("{stem}_{form}{kind}.{format}")
    }

    /// The name of a page, from 1, where a form has several and each is a file.
    ///
    /// ```
    /// assert_eq!(onshi::File::name_of_page("clinic_loan.png", 2), "clinic_loan_2.png");
    /// ```
    pub fn name_of_page(name: &str, page: usize) -> String {
        match name.rsplit_once('.') {
            Some((stem, ending)) => format!("{stem}_{page}.{ending}"),
            None => format!("{name}_{page}"),
        }
    }

    /// Files of these bytes: of this name if there is one, else each with its number.
    pub(crate) fn pages(name: &str, all: Vec<Vec<u8>>) -> impl Iterator<Item = File> {
        let is_one = all.len() == 1;
        (1..).zip(all).map(move |(page, bytes)| match is_one {
            true => File::new(name, bytes),
            false => File::new(File::name_of_page(name, page), bytes),
        })
    }
}

/// Makes files of the forms of a record, or of many: what all workbooks of a form share is made once.
///
/// ```
/// use onshi::{Format, Writer, calendar::Date, form::Forms};
/// let forms = Forms::built_in();
/// let opened = onshi::open("clinic.yaml", &std::fs::read("samples/clinic.yaml")?, forms);
/// let filling = opened.fill(forms, &[], Date::constant(2024, 1, 10));
/// let ready = filling.ready().map_err(|report| report.to_string())?;
/// let files = Writer::new(forms, Format::Pdf).files(&ready, "clinic")?;
/// assert_eq!(files[0].name, "clinic_receipt-number.pdf");
/// assert!(files[0].bytes.starts_with(b"%PDF-1.7"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Writer<'a> {
    forms: &'a Forms,
    format: Format,
    carries: bool,
    entries: FormEntries<'a>,
}

impl<'a> Writer<'a> {
    /// For filled forms of these, in this format.
    pub fn new(forms: &'a Forms, format: Format) -> Self {
        Writer { forms, format, carries: false, entries: FormEntries::new(forms) }
    }

    /// Whether each PDF carries the values it prints as a record; other formats do not.
    pub fn carry_record(self, carries: bool) -> Self {
        Writer { carries, ..self }
    }

    /// The format that is written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The bytes of one form: one file, or as a picture one for each page.
    ///
    /// # Errors
    /// When a page cannot be painted.
    pub fn write(&self, filled: &FilledForm) -> Result<Vec<Vec<u8>>, PaintError> {
        if self.carries
            && self.format == Format::Pdf
            && let Some(form) = self.forms.find(&filled.form)
        {
            let carried = Carried::of(form, &filled.values, self.forms);
            return Ok(vec![carried.paint(form, self.forms)?]);
        }
        self.paint(&filled.sheets, Some(&filled.values), || self.entries.of(filled))
    }

    /// A workbook to fill in further: what is known is in its cells, those without a value are yellow. `label`
    /// is what the list calls the facility, by which the file is found again when it comes back.
    ///
    /// # Errors
    /// When a page cannot be painted.
    pub fn to_fill_in(&self, filled: &FilledForm, label: &str) -> Result<Vec<u8>, PaintError> {
        let label = Some(label.to_owned()).filter(|label| !label.is_empty());
        let entries = Entries { fill_in: true, label, ..self.entries.of(filled) };
        workbook::xlsx(&filled.sheets, Some(&entries))
    }

    fn paint(
        &self,
        sheets: &[Sheet],
        values: Option<&Values>,
        entries: impl FnOnce() -> Entries,
    ) -> Result<Vec<Vec<u8>>, PaintError> {
        let svg = |sheet| paint::svg(sheet, SvgFor::File).map(String::into_bytes);
        match self.format {
            Format::Pdf => Ok(vec![paint::pdf(sheets, &PdfOptions::default())?]),
            Format::Xlsx => Ok(vec![workbook::xlsx(sheets, Some(&entries()))?]),
            Format::Svg => sheets.iter().map(svg).collect(),
            Format::Png => sheets.iter().map(|sheet| paint::png(sheet, DPI)).collect(),
            Format::Txt => {
                let form = sheets.first().map_or("", |sheet| &sheet.form);
                Ok(vec![self.lines(form, values).into_bytes()])
            }
        }
    }

    /// The fields of a form in reading order, page by page, a line each: label, tab, value as the record
    /// has it. A line break inside a value is a space.
    fn lines(&self, form: &str, values: Option<&Values>) -> String {
        let mut out = String::new();
        let Some(form) = self.forms.find(form) else { return out };
        let pages: Vec<&FormPage> = match values {
            Some(values) => form.pages_for(|list| values.len(list)).map(|(_, page)| page).collect(),
            None => form.pages_as_written().collect(),
        };
        for cell in pages.into_iter().flat_map(FormPage::field_cells) {
            let Some(path) = &cell.value.field else { continue };
            let value = values.and_then(|values| values.find(&path.value));
            let value =
                value.map_or_else(String::new, |value| value.text.replace(['\r', '\n'], " "));
            let label = self.forms.dictionary().label(&path.value.to_string()).ja;
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{label}\t{value}");
        }
        out
    }

    /// A file for each form, named for the record's `stem`; as pictures, one for each page.
    ///
    /// # Errors
    /// When a page cannot be painted.
    pub fn files(&self, ready: &Ready<'_>, stem: &str) -> Result<Vec<File>, PaintError> {
        let mut files = Vec::new();
        for filled in ready.forms() {
            let name = File::name_of(stem, &filled.form, filled.kind.as_deref(), self.format);
            files.extend(File::pages(&name, self.write(filled)?));
        }
        Ok(files)
    }

    /// All forms in one file. With `joined`, they are the pages of a PDF or the sheets of a workbook; otherwise, and
    /// where the format [cannot join](Format::joins) them or each carries its record, they are in a zip, unless there is only one.
    ///
    /// # Errors
    /// When a page cannot be painted.
    pub fn packed(&self, ready: &Ready<'_>, stem: &str, joined: bool) -> Result<File, PaintError> {
        let carries = self.carries && self.format == Format::Pdf;
        if joined && self.format.joins() && !carries && !ready.forms().is_empty() {
            let forms = ready.forms().iter().map(|one| {
                let entries = || Entries { name: called(one, self.forms), ..self.entries.of(one) };
                (one.sheets.clone(), entries)
            });
            return self.joined(forms.collect(), stem);
        }
        let mut files = self.files(ready, stem)?;
        match files.len() {
            1 => Ok(files.swap_remove(0)),
            _ => File::zip(format!("{stem}.zip"), &files)
                .map_err(|error| PaintError::Archive(error.to_string())),
        }
    }

    /// Forms as one file of this name without its ending. Only in a format that joins.
    fn joined<E: FnOnce() -> Entries>(
        &self,
        forms: Vec<(Vec<Sheet>, E)>,
        stem: &str,
    ) -> Result<File, PaintError> {
        let bytes = match self.format {
            Format::Xlsx => {
                let forms = forms.into_iter().map(|(sheets, entries)| (sheets, entries()));
                workbook::xlsx_of(&forms.collect::<Vec<_>>())?
            }
            _ => {
                let sheets: Vec<Sheet> = forms.into_iter().flat_map(|(sheets, _)| sheets).collect();
                paint::pdf(&sheets, &PdfOptions::default())?
            }
        };
        Ok(File::new(format!("{stem}.{}", self.format), bytes))
    }

    /// Empty forms in one file, which is named for them; none in a format that [cannot join](Format::joins) them.
    ///
    /// # Errors
    /// When a page cannot be painted.
    ///
    /// ```
    /// use onshi::{Format, Writer, form::Forms};
    /// let forms = Forms::built_in();
    /// let named = ["別紙1", "別紙2"].map(|name| forms.find(name).unwrap());
    /// let file = Writer::new(forms, Format::Xlsx).blank(&named)?.unwrap();
    /// assert_eq!(file.name, "receipt-number_introduction-plan.xlsx");
    /// # Ok::<(), onshi::paint::PaintError>(())
    /// ```
    pub fn blank(&self, named: &[&Form]) -> Result<Option<File>, PaintError> {
        if !self.format.joins() {
            return Ok(None);
        }
        let ids: Vec<&str> = named.iter().map(|form| form.id.as_str()).collect();
        let forms = named.iter().map(|form| {
            let (sheets, _) = layout::fill(form, Mode::Blank, self.forms);
            (sheets, || workbook::entries(form, Mode::Blank, self.forms))
        });
        self.joined(forms.collect(), &ids.join("_")).map(Some)
    }

    /// A form without a record: blank, or as the 記載例. One file, or as a picture one for each page.
    ///
    /// # Errors
    /// When the page cannot be painted.
    ///
    /// ```
    /// use onshi::{Format, Writer, form::Forms, layout::Mode};
    /// let forms = Forms::built_in();
    /// let form = forms.find("別紙1").unwrap();
    /// let files = Writer::new(forms, Format::Pdf).form(form, Mode::Example)?;
    /// assert_eq!(files[0].name, "receipt-number_example.pdf");
    /// # Ok::<(), onshi::paint::PaintError>(())
    /// ```
    pub fn form(&self, form: &Form, mode: Mode<'_>) -> Result<Vec<File>, PaintError> {
        let (sheets, _) = layout::fill(form, mode, self.forms);
        let example;
        let values = match mode {
            Mode::Blank => None,
            Mode::Filled(values) => Some(values),
            Mode::Example => {
                example = example_values(&form.sample.record.0, self.forms);
                Some(&example)
            }
        };
        let all = self.paint(&sheets, values, || workbook::entries(form, mode, self.forms))?;
        let suffix = if matches!(mode, Mode::Example) { "_example" } else { "" };
        Ok(File::pages(&format!("{}{suffix}.{}", form.id, self.format), all).collect())
    }
}

/// What a form is called among others: the same form for another value has that value behind its name.
fn called(one: &FilledForm, forms: &Forms) -> String {
    let name = forms.find(&one.form).map_or(one.form.as_str(), |form| form.short_name());
    match &one.kind {
        Some(kind) => format!("{name}（{kind}）"),
        None => name.to_owned(),
    }
}
