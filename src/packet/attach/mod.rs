//! In: a PDF of the applicant's own and a PDF this program painted. Out: the first with the second's
//! pages at its end.
//! This room must not know forms, records or how a page is painted.
//!
//! The result is an incremental update (ISO 32000-1, 7.5.6): every byte of the first PDF from its header
//! on is in it unchanged, and what is new (pages, outline entries, structure) follows. So nothing of the
//! original can be lost by rewriting it: pages, form fields, attachments, metadata.

mod import;
mod outline;
mod structure;

use std::fmt;

use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId};
use sha2::{Digest as _, Sha256};

pub use crate::paper::Damage;
use crate::paper::{Input, Unusable, open};
use crate::report::{Explain, Text};

/// How a PDF is appended to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttachOptions {
    /// What the outline calls each appended page; a page without a name, or with an empty one, gets no
    /// entry.
    pub outline: Vec<String>,
    /// Whether to go on although the PDF is digitally signed.
    pub break_signature: bool,
}

impl AttachOptions {
    /// What the outline calls each appended page.
    pub fn outline(self, outline: Vec<String>) -> Self {
        AttachOptions { outline, ..self }
    }

    /// Whether to go on although the PDF is digitally signed.
    pub fn break_signature(self, break_signature: bool) -> Self {
        AttachOptions { break_signature, ..self }
    }
}

/// A PDF with pages appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages the original has.
    pub original_pages: usize,
    /// How many pages were appended.
    pub appended_pages: usize,
    /// Whether the original's pages are tagged too; otherwise only the appended ones are.
    pub tagged: bool,
    /// Whether a digital signature was there, and went on in spite of it.
    pub signed: bool,
    /// Whether usage rights were there, which end with any change: no signature of anybody's.
    pub usage_rights: bool,
    /// How many bytes were before the original's header, which are left out.
    pub junk: usize,
}

/// Why nothing was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachError {
    /// It is not a PDF.
    NotPdf,
    /// It is a PDF whose structure cannot be relied on.
    Damaged(Damage),
    /// It is encrypted, and opens with a password or by other means alone.
    Encrypted,
    /// It is encrypted and opens without a password, but its owner does not allow pages to be added: what is
    /// allowed.
    Restricted(Vec<Text>),
    /// It is digitally signed.
    Signed,
    /// It is a portfolio, or a form that its viewer builds anew (dynamic XFA): its pages are not what is shown.
    NoPaper,
    /// The pages to append cannot be read.
    Appendix(Damage),
}

impl From<Damage> for AttachError {
    fn from(damage: Damage) -> Self {
        AttachError::Damaged(damage)
    }
}

impl From<Unusable> for AttachError {
    fn from(unusable: Unusable) -> Self {
        match unusable {
            Unusable::NotPdf => AttachError::NotPdf,
            Unusable::Damaged(damage) => AttachError::Damaged(damage),
            Unusable::Encrypted => AttachError::Encrypted,
            Unusable::Restricted(allowed) => AttachError::Restricted(allowed),
            Unusable::Signed => AttachError::Signed,
            Unusable::NoPaper => AttachError::NoPaper,
        }
    }
}

impl AttachError {
    /// What `lopdf` says of it.
    fn of(error: lopdf::Error) -> Self {
        AttachError::Damaged(Damage::of(error))
    }
}

impl Explain for AttachError {
    fn message(&self) -> Text {
        match self {
            AttachError::NotPdf => Unusable::NotPdf.message(),
            AttachError::Damaged(damage) => Unusable::Damaged(damage.clone()).message(),
            AttachError::Encrypted => Unusable::Encrypted.message(),
            AttachError::Restricted(allowed) => {
                let Text { ja, en } = Unusable::list(allowed);
                Text::new(
                    format!(
                        "PDF はパスワードなしで開けますが、作成者がページの追加を許していません（許可: {ja}）"
                    ),
                    format!(
                        "the PDF opens without a password, but its owner does not allow pages to be added (allowed: {en})"
                    ),
                )
            }
            AttachError::Signed => Text::new(
                "PDF に電子署名があります。ページを加えると署名の後の変更となり、検証に通らなくなります",
                "the PDF is digitally signed; adding pages after signing invalidates the signature",
            ),
            AttachError::NoPaper => Text::new(
                "PDF ポートフォリオか動的フォーム（XFA）です。加えたページはビューアーに表示されません",
                "the PDF is a portfolio or a dynamic form (XFA): a viewer would not show pages added to it",
            ),
            AttachError::Appendix(damage) => {
                let Text { ja, en } = damage.message();
                Text::new(
                    format!("加えるページを読めません（{ja}）"),
                    format!("the pages to append cannot be read ({en})"),
                )
            }
        }
    }

    fn hint(&self) -> Option<Text> {
        match self {
            AttachError::NotPdf => Some(Text::new(
                "指定申請書を PDF にして渡してください",
                "give the application as a PDF",
            )),
            AttachError::Damaged(_) => Some(Text::new(
                "作り直すか、PDF ビューアーの「印刷」から PDF として保存し直してください",
                "make it again, or print it to a PDF from a viewer",
            )),
            AttachError::Encrypted => Some(Text::new(
                "作成したソフトで、パスワードなしで保存し直してください",
                "save it without a password in the program that made it",
            )),
            AttachError::Restricted(_) => Some(Text::new(
                "作成したソフトで、セキュリティの制限なしで保存し直してください。ほかから受け取った PDF なら、作成者に制限のないものを頼んでください",
                "save it without restrictions in the program that made it, or ask its owner for such a copy",
            )),
            AttachError::Signed => Some(Text::new(
                "署名の前の PDF に付けてから署名し直すのが確実です。署名が要らない提出先なら、--break-signature をつけると、署名を残したまま（検証には通りません）ページを加えます",
                "append to the PDF before it is signed, and sign the result. Where no signature is asked for, --break-signature appends all the same: the signature stays in the file but is no longer valid",
            )),
            AttachError::NoPaper => Some(Text::new(
                "指定申請書だけを取り出すか、「印刷」から PDF として保存し直してください",
                "take the application out of it, or print it to a PDF from a viewer",
            )),
            AttachError::Appendix(_) => None,
        }
    }
}

impl fmt::Display for AttachError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for AttachError {}

/// Appends the pages of `appendix`, a PDF this program painted, to `original`.
///
/// Kept of the appendix: its pages with their text and fonts, and its tags: they are merged into the
/// original's structure tree, or become the document's where the original has none. Not kept: its
/// metadata and its claim of PDF/A and PDF/UA, which speak of a whole document.
///
/// ```
/// use onshi::{form::Forms, layout, paint};
/// use onshi::packet::attach::{append, AttachOptions};
/// let forms = Forms::built_in();
/// let page = |name| {
///     let (sheets, _) = layout::fill(forms.find(name).unwrap(), layout::Mode::Blank, forms);
///     paint::pdf(&sheets, &paint::PdfOptions::default()).unwrap()
/// };
/// let options = AttachOptions::default().outline(vec!["別紙2".into()]);
/// let original = page("別紙1");
/// let attached = append(&original, &page("別紙2"), &options).unwrap();
/// assert!(attached.bytes.starts_with(&original));
/// assert_eq!((attached.original_pages, attached.appended_pages), (1, 1));
/// ```
///
/// # Errors
///
/// When `original` is not a PDF, or is damaged, encrypted, or signed and `break_signature` is not set.
///
/// What is before the header of `original` is left out.
pub fn append(
    original: &[u8],
    appendix: &[u8],
    options: &AttachOptions,
) -> Result<Attached, AttachError> {
    let opened = open(original, options.break_signature)?;
    let Input { document, is_signed: signed, has_usage_rights: usage_rights, junk } = opened;
    let original = &original[junk..];
    let appendix =
        Document::load_mem(appendix).map_err(|error| AttachError::Appendix(Damage::of(error)))?;
    let original_pages = document.get_pages().len();
    let mut update = Update::new(original, document)?;
    let import = import::import(&mut update, &appendix)?;
    update.add_pages(&import.pages, original_pages)?;
    outline::add(&mut update, &import.pages, &options.outline)?;
    let tagged = structure::add(&mut update, &import)?;
    if usage_rights {
        update.end_usage_rights()?;
    }
    let appended_pages = import.pages.len();
    let bytes = update.finish()?;
    // Where one object of the original serves as both outline and page tree, one of them is broken now.
    let result = open(&bytes, true)?;
    if result.document.get_pages().len() != original_pages + appended_pages {
        return Err(AttachError::Damaged(Damage::Tangled));
    }
    Ok(Attached { bytes, original_pages, appended_pages, tagged, signed, usage_rights, junk })
}

/// The most objects a PDF may have (ISO 32000-1, Annex C): their numbers end there.
const MOST_OBJECTS: i64 = 8_388_607;

/// An incremental update in the making.
struct Update {
    document: IncrementalDocument,
    /// The original's catalog and the root of its page tree.
    catalog: ObjectId,
    pages: ObjectId,
}

impl Update {
    fn new(original: &[u8], document: Document) -> Result<Self, AttachError> {
        let catalog = document.trailer.get(b"Root").and_then(Object::as_reference);
        let catalog = catalog.map_err(AttachError::of)?;
        let pages = document.catalog().and_then(|c| c.get(b"Pages")).map_err(AttachError::of)?;
        let pages = pages.as_reference().map_err(AttachError::of)?;
        // A number below /Size may be in use in a part of the file that is not read.
        let size = document.trailer.get(b"Size").and_then(Object::as_i64).unwrap_or(0);
        let last = size.saturating_sub(1).max(document.max_id.into());
        // Nor may a reference to nothing become one to what is added.
        let referred = document.objects.values().flat_map(references).map(i64::from);
        let last = referred.filter(|number| *number <= MOST_OBJECTS).fold(last, i64::max);
        let last = u32::try_from(last).ok().filter(|last| i64::from(*last) <= MOST_OBJECTS);
        let last = last.ok_or(AttachError::Damaged(Damage::ObjectNumbers))?;
        let mut document = IncrementalDocument::create_from(original.to_vec(), document);
        document.new_document.max_id = last;
        Ok(Update { document, catalog, pages })
    }

    /// What the file is as it stands, without what was added.
    fn original(&self) -> &Document {
        self.document.get_prev_documents()
    }

    /// A new object.
    fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        self.document.new_document.add_object(object.into())
    }

    fn set(&mut self, id: ObjectId, object: impl Into<Object>) {
        self.document.new_document.objects.insert(id, object.into());
    }

    /// A dictionary as it stands now, to be changed and put back with [`Update::set`].
    fn dictionary(&self, id: ObjectId) -> Result<Dictionary, AttachError> {
        let new = self.document.new_document.get_dictionary(id);
        new.or_else(|_| self.original().get_dictionary(id)).cloned().map_err(AttachError::of)
    }

    /// What an object of the original stands for, through references.
    fn resolved<'a>(&'a self, object: &'a Object) -> &'a Object {
        self.original().dereference(object).map_or(&Object::Null, |(_, object)| object)
    }

    /// Puts pages behind those of the original.
    fn add_pages(&mut self, pages: &[ObjectId], before: usize) -> Result<(), AttachError> {
        let mut root = self.dictionary(self.pages)?;
        let kids = root.get(b"Kids").map_err(AttachError::of)?;
        let mut kids = self.resolved(kids).as_array().map_err(AttachError::of)?.clone();
        for &id in pages {
            kids.push(id.into());
            let mut page = self.dictionary(id)?;
            page.set("Parent", self.pages);
            // What the root says of its pages was not meant for ours.
            if root.has(b"Rotate") {
                page.set("Rotate", 0);
            }
            if root.has(b"CropBox")
                && let Ok(media) = page.get(b"MediaBox").cloned()
            {
                page.set("CropBox", media);
            }
            self.set(id, page);
        }
        // A document of more pages than an i64 counts cannot be read in.
        root.set("Count", i64::try_from(before + pages.len()).unwrap_or(i64::MAX));
        root.set("Kids", kids);
        self.set(self.pages, root);
        Ok(())
    }

    /// Takes away the usage rights: they hold for the file as it was, and viewers warn of a file whose rights
    /// are there and no longer hold.
    fn end_usage_rights(&mut self) -> Result<(), AttachError> {
        let mut catalog = self.dictionary(self.catalog)?;
        let permissions = catalog.get(b"Perms").map_err(AttachError::of)?;
        let mut permissions =
            self.resolved(permissions).as_dict().map_err(AttachError::of)?.clone();
        permissions.remove(b"UR3");
        permissions.remove(b"UR");
        match permissions.is_empty() {
            true => drop(catalog.remove(b"Perms")),
            false => catalog.set("Perms", permissions),
        }
        self.set(self.catalog, catalog);
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<u8>, AttachError> {
        let mut catalog = self.dictionary(self.catalog)?;
        let version = match catalog.get(b"Version").and_then(Object::as_name) {
            Ok(name) => String::from_utf8_lossy(name).into_owned(),
            Err(_) => self.original().version.clone(),
        };
        // Our pages use what PDF 1.7 has.
        if version.as_str() < "1.7" {
            catalog.set("Version", Object::Name(b"1.7".to_vec()));
        }
        self.set(self.catalog, catalog);
        let length = self.document.get_prev_documents_bytes().len();
        let new = &mut self.document.new_document;
        // These describe the cross-reference section that the trailer was read from.
        for key in ["XRefStm", "Type", "W", "Index", "Filter", "DecodeParms", "Length"] {
            new.trailer.remove(key.as_bytes());
        }
        if let Ok(Object::Array(id)) = new.trailer.get_mut(b"ID")
            && let [_, second] = id.as_mut_slice()
        {
            // It tells this version from the original; any number that depends on the content will do.
            let mut bytes = changed_id(second.as_str().unwrap_or_default(), length);
            bytes.truncate(16);
            *second = Object::string_literal(bytes);
        }
        let mut bytes = Vec::with_capacity(length + 200_000);
        self.document.save_to(&mut bytes).map_err(lopdf::Error::from).map_err(AttachError::of)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// The numbers of the objects that an object refers to.
fn references(object: &Object) -> Vec<u32> {
    let inside = |dictionary: &Dictionary| {
        dictionary.iter().flat_map(|(_, value)| references(value)).collect()
    };
    match object {
        Object::Reference((number, _)) => vec![*number],
        Object::Array(items) => items.iter().flat_map(references).collect(),
        Object::Dictionary(dictionary) => inside(dictionary),
        Object::Stream(stream) => inside(&stream.dict),
        _ => Vec::new(),
    }
}

/// An identifier of 16 bytes that follows from the one before.
fn changed_id(before: &[u8], length: usize) -> Vec<u8> {
    let hash = Sha256::new().chain_update(before).chain_update(length.to_be_bytes()).finalize();
    hash[..16].to_vec()
}
