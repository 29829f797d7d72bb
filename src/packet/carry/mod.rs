//! In: a form and the values it is filled with. Out: a PDF that carries them as a record, and the record
//! out of such a PDF, compared with what its page prints.
//! This room must not know how a form is laid out.

mod compare;

use std::fmt;

use lopdf::{Dictionary, Document, Object};

use crate::form::{Form, Forms};
use crate::layout::{self, Mode};
use crate::packet::attach::Damage;
use crate::paint::{self, PaintError, PdfOptions, WRITER};
use crate::paper::header;
use crate::record::{self, MAX_RECORD_BYTES};
use crate::report::{Diagnostic, Explain, Text};
use crate::values::{self, Values};

/// The name the record has among the PDF's attachments.
pub const NAME: &str = "onshi-record.yaml";

/// What paints pages as this program does: its version, and its painters' number.
fn program() -> String {
    format!("{}+{WRITER}", env!("CARGO_PKG_VERSION"))
}

/// A record as a PDF carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The id of the form that was filled.
    pub form: String,
    /// The day that form came into force, `2024-02-01`: which edition was filled.
    pub edition: String,
    /// The version of the program that filled it.
    pub program: String,
    /// The record in YAML, with the above in its first line.
    pub yaml: String,
}

impl Carried {
    /// The record of the values a form takes, and of no others.
    ///
    /// ```
    /// use onshi::{form::Forms, packet::carry::Carried, record, values};
    /// let forms = Forms::built_in();
    /// let text = std::fs::read("tests/data/clinic.yaml").unwrap();
    /// let (values, _) = values::values(&record::read("clinic.yaml", &text).unwrap(), forms);
    /// let carried = Carried::of(forms.find("別紙2").unwrap(), &values, forms);
    /// assert!(carried.yaml.contains("霞ヶ浦システム") && !carried.yaml.contains("receipt_number"));
    /// ```
    pub fn of(form: &Form, values: &Values, forms: &Forms) -> Carried {
        let needs = forms.needs(form);
        let program = program();
        let head = format!("# onshi {program} {} {}\n", form.id, form.effective_from);
        let yaml = head + &values::to_yaml(values, forms.dictionary(), needs.carried());
        Carried { form: form.id.clone(), edition: form.effective_from.clone(), program, yaml }
    }

    /// The form filled with this record as a PDF/A-3a that carries it.
    ///
    /// # Errors
    /// When the page cannot be painted. That the record is right is not checked here.
    pub fn paint(&self, form: &Form, forms: &Forms) -> Result<Vec<u8>, PaintError> {
        // From the record and not from the values it was made of: the page prints what it carries.
        let record = record::read(NAME, self.yaml.as_bytes())
            .map_err(|(_, report)| PaintError::Refused(vec![report.to_string()]))?;
        let (values, _) = values::values(&record, forms);
        let (sheets, _) = layout::fill(form, Mode::Filled(&values), forms);
        let options = PdfOptions::default().carry(NAME, self.yaml.clone().into_bytes());
        paint::pdf(&sheets, &options)
    }

    /// The record out of a PDF, as it was attached.
    ///
    /// # Errors
    /// When it is not a PDF that can be read, or carries no record.
    pub fn extract(pdf: &[u8]) -> Result<Carried, ExtractError> {
        let document = header(pdf).map(|at| Document::load_mem(&pdf[at..]));
        let document = document.ok_or(ExtractError::NotPdf)?.map_err(ExtractError::of)?;
        // With a password it has no objects yet.
        if document.is_encrypted() {
            return Err(ExtractError::Encrypted);
        }
        let bytes = attachment(&document).ok_or(ExtractError::NoRecord)?;
        let yaml = String::from_utf8(bytes).map_err(|_| ExtractError::NoRecord)?;
        let head = yaml.lines().next().and_then(|line| line.strip_prefix("# onshi "));
        let parts: Vec<&str> = head.unwrap_or_default().split(' ').collect();
        let [program, form, edition] = parts[..] else { return Err(ExtractError::NoRecord) };
        let [program, form, edition] = [program, form, edition].map(str::to_owned);
        Ok(Carried { form, edition, program, yaml })
    }

    /// What is wrong when the page of `pdf`, from which this record comes, does not print it.
    ///
    /// The pages are painted anew from the record and compared with those in the PDF, with all that they
    /// refer to: text, fonts, annotations. A copy that another program rewrote without touching the
    /// pages is equal; one that it painted anew is not.
    pub fn altered(&self, pdf: &[u8], form: &Form, forms: &Forms) -> Option<Diagnostic> {
        let current = self.program == program();
        let same = self
            .paint(form, forms)
            .is_ok_and(|painted| painted == pdf || current && compare::same_pages(&painted, pdf));
        if same {
            return None;
        }
        let cite = "ISO 19005-3 6.8（添付ファイルと文書の関係 Source）";
        if !current || self.edition != form.effective_from {
            let message = Text::new(
                format!(
                    "印字と記録を照らし合わせられません（onshi {}、{} の様式で作られています）",
                    self.program, self.edition
                ),
                format!(
                    "the page cannot be compared with the record: it was made by onshi {} with the form of {}",
                    self.program, self.edition
                ),
            );
            let hint = Text::new(
                "目で見比べるか、取り出した記録から作り直してください",
                "compare them by eye, or fill the form again from the record",
            );
            return Some(Diagnostic::warning("altered", message).with_hint(hint).with_cite(cite));
        }
        let message = Text::new(
            "印字されている内容が、添付されている記録と一致しません。ページか記録が後から変えられています",
            "the page does not match the record attached to it: one of them was changed afterwards",
        );
        let hint = Text::new(
            "別のプログラムがページを作り直した場合もこうなります。onshi extract で記録を取り出して確かめ、onshi fill で作り直してください",
            "this also happens when another program rewrote the page; extract the record with `onshi extract`, check it, and fill the form again",
        );
        let finding = Diagnostic::error("altered", message).with_form(&form.id);
        Some(finding.with_hint(hint).with_cite(cite))
    }
}

/// Why no record came out of a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtractError {
    /// It is no PDF.
    NotPdf,
    /// It is encrypted, and opens with a password or by other means alone.
    Encrypted,
    /// It cannot be read as a PDF: why.
    Unreadable(Damage),
    /// It carries no record of this program.
    NoRecord,
}

impl ExtractError {
    /// What `lopdf` says of it.
    fn of(error: lopdf::Error) -> Self {
        use lopdf::Error::{Decryption, InvalidPassword, UnsupportedSecurityHandler};
        match error {
            Decryption(_) | InvalidPassword | UnsupportedSecurityHandler(_) => {
                ExtractError::Encrypted
            }
            error => ExtractError::Unreadable(Damage::of(error)),
        }
    }
}

impl Explain for ExtractError {
    fn message(&self) -> Text {
        match self {
            ExtractError::NotPdf => Text::new("PDF ではありません", "not a PDF"),
            ExtractError::Encrypted => Text::new(
                "PDF が暗号化されています。開くのにパスワードか証明書が要ります",
                "the PDF is encrypted: it takes a password or a certificate to open it",
            ),
            ExtractError::Unreadable(why) => {
                let Text { ja, en } = why.message();
                Text::new(
                    format!("PDF として読めません（{ja}）"),
                    format!("cannot be read as a PDF ({en})"),
                )
            }
            ExtractError::NoRecord => {
                Text::new("記録が添付されていない PDF です", "no record is attached to the PDF")
            }
        }
    }

    fn hint(&self) -> Option<Text> {
        Some(match self {
            ExtractError::NotPdf | ExtractError::Encrypted | ExtractError::Unreadable(_) => {
                Text::new(
                    "記録を添付して作った PDF を、そのまま渡してください。onshi fill --carry-record で作れます",
                    "give a PDF made with its record, unchanged. `onshi fill --carry-record` makes one",
                )
            }
            ExtractError::NoRecord => Text::new(
                "onshi fill --carry-record で作った PDF だけに記録が添付されています",
                "only a PDF made with `onshi fill --carry-record` has one",
            ),
        })
    }
}

impl fmt::Display for ExtractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for ExtractError {}

/// The bytes of the attached record, found by its name.
fn attachment(document: &Document) -> Option<Vec<u8>> {
    let dictionary = |object| document.dereference(object).ok()?.1.as_dict().ok();
    let files = document.catalog().ok()?.get(b"AF").ok()?;
    let files = document.dereference(files).ok()?.1.as_array().ok()?;
    let named = |file: &&Dictionary| {
        let name = file.get(b"UF").and_then(lopdf::decode_text_string);
        name.is_ok_and(|name| name == NAME)
    };
    let file = files.iter().filter_map(dictionary).find(named)?;
    let embedded = dictionary(file.get(b"EF").ok()?)?;
    let (_, stream) = document.dereference(embedded.get(b"F").ok()?).ok()?;
    let Object::Stream(stream) = stream else { return None };
    // A record of more bytes is refused when it is read.
    stream.get_plain_content_with_limit(MAX_RECORD_BYTES).ok()
}
