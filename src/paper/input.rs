//! Opening a PDF of somebody else's whose pages are to be used, and saying clearly when they can't be.

use std::collections::HashSet;
use std::fmt;

use lopdf::{Dictionary, Document, Object, Permissions};

use super::header::header;
use crate::report::{Explain, Text};

/// Why the pages of a PDF cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unusable {
    /// It is not a PDF.
    NotPdf,
    /// It is a PDF whose structure cannot be relied on.
    Damaged(Damage),
    /// It is encrypted, and opens with a password or by other means alone.
    Encrypted,
    /// It is encrypted and opens without a password, but its owner does not allow pages to be changed or taken
    /// out: what is allowed.
    Restricted(Vec<Text>),
    /// It is digitally signed.
    Signed,
    /// It is a portfolio, or a form that its viewer builds anew (dynamic XFA): its pages are not what is shown.
    NoPaper,
}

/// What of a PDF cannot be relied on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// Something is before its header, and its cross-reference table counts otherwise.
    Header,
    /// Its cross-reference table cannot be read.
    CrossReferences,
    /// Its page tree runs in a circle.
    PageCircle,
    /// It has no pages.
    NoPages,
    /// It says that it has other pages than are there.
    MissingPages,
    /// Parts of it that must be apart are one.
    Tangled,
    /// Its objects have numbers that no PDF may have.
    ObjectNumbers,
    /// It ends before it is complete.
    Cut,
    /// Its objects refer to each other without an end.
    Circle,
    /// A part of it unpacks to more than is read.
    TooLarge,
    /// An object is missing, of another kind than it must be, or cannot be read: what the reader says, in
    /// English.
    Objects(String),
}

impl Damage {
    /// What is wrong, in a few words.
    pub fn message(&self) -> Text {
        match self {
            Damage::Header => Text::new(
                "先頭に PDF ではないデータがあり、相互参照表の位置が合いません",
                "something is before its header, and its cross-reference table does not fit",
            ),
            Damage::CrossReferences => {
                Text::new("相互参照表を読めません", "its cross-reference table cannot be read")
            }
            Damage::PageCircle => {
                Text::new("ページの構成が循環しています", "its page tree runs in a circle")
            }
            Damage::NoPages => Text::new("ページがありません", "it has no pages"),
            Damage::MissingPages => Text::new("ページが足りません", "pages are missing"),
            Damage::Tangled => Text::new("構成が入り組んでいます", "its parts run into each other"),
            Damage::ObjectNumbers => Text::new(
                "オブジェクトの番号が規格の範囲にありません",
                "its objects have numbers that no PDF may have",
            ),
            Damage::Cut => Text::new("途中で切れています", "it ends before it is complete"),
            Damage::Circle => {
                Text::new("参照が循環しています", "its objects refer to each other without an end")
            }
            Damage::TooLarge => {
                Text::new("展開すると大きすぎます", "a part of it unpacks to more than is read")
            }
            Damage::Objects(detail) => {
                Text::quoting("オブジェクトを読めません", "an object cannot be read", detail)
            }
        }
    }
}

impl From<Damage> for Unusable {
    fn from(damage: Damage) -> Self {
        Unusable::Damaged(damage)
    }
}

impl Unusable {
    /// What `lopdf` says of it.
    pub(crate) fn of(error: lopdf::Error) -> Self {
        Unusable::Damaged(Damage::of(error))
    }
}

impl Damage {
    /// What `lopdf` says of it.
    pub(crate) fn of(error: lopdf::Error) -> Self {
        use lopdf::{DecompressError, Error, ParseError};
        match error {
            Error::Xref(_) | Error::MissingXrefEntry => Damage::CrossReferences,
            Error::Parse(ParseError::InvalidXref | ParseError::InvalidTrailer) => {
                Damage::CrossReferences
            }
            Error::Parse(ParseError::EndOfInput) => Damage::Cut,
            Error::ReferenceCycle(_) | Error::ReferenceLimit | Error::RecursionLimit => {
                Damage::Circle
            }
            Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => Damage::TooLarge,
            error => Damage::Objects(error.to_string()),
        }
    }
}

impl Unusable {
    /// What the owner of the PDF allows, in both languages.
    pub(crate) fn list(allowed: &[Text]) -> Text {
        if allowed.is_empty() {
            return Text::new("閲覧だけ", "viewing alone");
        }
        let list = |words: fn(&Text) -> &str, between| {
            allowed.iter().map(words).collect::<Vec<_>>().join(between)
        };
        Text::new(list(|text| &text.ja, "、"), list(|text| &text.en, ", "))
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for Unusable {}

impl Explain for Unusable {
    fn message(&self) -> Text {
        match self {
            Unusable::NotPdf => Text::new("PDF ではありません", "not a PDF"),
            Unusable::Damaged(damage) => {
                let Text { ja, en } = damage.message();
                Text::new(
                    format!("PDF が壊れています（{ja}）"),
                    format!("the PDF is damaged ({en})"),
                )
            }
            Unusable::Encrypted => Text::new(
                "PDF が暗号化されています。開くのにパスワードか証明書が要ります",
                "the PDF is encrypted: it takes a password or a certificate to open it",
            ),
            Unusable::Restricted(allowed) => {
                let Text { ja, en } = Unusable::list(allowed);
                Text::new(
                    format!("PDF の作成者が、ページの利用や変更を許していません（許可: {ja}）"),
                    format!(
                        "the owner of the PDF does not allow its pages to be used or changed (allowed: {en})"
                    ),
                )
            }
            Unusable::Signed => Text::new(
                "PDF に電子署名があります。値を印字すると署名の後の変更となり、検証に通らなくなります",
                "the PDF is digitally signed; printing values on its pages invalidates the signature",
            ),
            Unusable::NoPaper => Text::new(
                "PDF ポートフォリオか動的フォーム（XFA）です。ビューアーに表示されるページが PDF の中にありません",
                "the PDF is a portfolio or a dynamic form (XFA): the pages that a viewer shows are not in it",
            ),
        }
    }

    fn hint(&self) -> Option<Text> {
        Some(match self {
            Unusable::NotPdf => Text::new(
                "役所が公開している様式の PDF を指定してください。Word や Excel の様式は、PDF として保存し直してください",
                "name the office's form as a PDF; save one of Word or Excel as a PDF first",
            ),
            Unusable::Damaged(_) => Text::new(
                "公開元からもう一度ダウンロードするか、PDF ビューアーの「印刷」から PDF として保存し直してください",
                "download it again, or print it to a PDF from a viewer",
            ),
            Unusable::Encrypted | Unusable::Restricted(_) => Text::new(
                "パスワードや制限のない様式を公開元に頼むか、印刷して読み取ったものを使ってください",
                "ask the office for a copy without a password or restrictions, or print it and scan it",
            ),
            Unusable::Signed | Unusable::NoPaper => Text::new(
                "PDF ビューアーの「印刷」から PDF として保存し直してください",
                "print it to a PDF from a viewer",
            ),
        })
    }
}

/// A PDF whose pages can be used.
pub(crate) struct Input {
    pub document: Document,
    /// Whether a digital signature covers it.
    pub is_signed: bool,
    /// Whether it has usage rights, which Adobe's programs write as a signature: nobody signed it by them.
    pub has_usage_rights: bool,
    /// How many bytes are before its header.
    pub junk: usize,
}

/// Reads a PDF, to look at it alone.
pub(super) fn look(file: &[u8]) -> Result<Document, Unusable> {
    let junk = header(file).ok_or(Unusable::NotPdf)?;
    let document = load(&file[junk..])?;
    if document.is_encrypted() {
        return Err(Unusable::Encrypted);
    }
    match is_tangled(&document) {
        true => Err(Damage::PageCircle.into()),
        false => Ok(document),
    }
}

/// Opens a PDF, whatever is before its header.
pub(crate) fn open(file: &[u8], break_signature: bool) -> Result<Input, Unusable> {
    let junk = header(file).ok_or(Unusable::NotPdf)?;
    let opened = open_from_header(&file[junk..], break_signature);
    let opened = opened.map_err(|error| match error {
        Unusable::Damaged(Damage::CrossReferences) if junk > 0 => Damage::Header.into(),
        error => error,
    })?;
    Ok(Input { junk, ..opened })
}

fn open_from_header(bytes: &[u8], break_signature: bool) -> Result<Input, Unusable> {
    let damaged = |why| Err(Unusable::Damaged(why));
    let document = load(bytes)?;
    // With a password it has no objects yet.
    if document.is_encrypted() {
        return Err(Unusable::Encrypted);
    }
    if let Some(state) = &document.encryption_state {
        // What is added is encrypted as the rest is; its owner must allow pages to be added.
        let may = Permissions::MODIFIABLE | Permissions::ASSEMBLABLE;
        if !state.permissions().intersects(may) || state.encrypt_object_id().is_none() {
            return Err(Unusable::Restricted(allowed(state.permissions())));
        }
    }
    // Where the table of objects had to be guessed, there is nothing an update could refer to.
    if document.xref_start == 0 {
        return damaged(Damage::CrossReferences);
    }
    if begins_at_one(bytes, document.xref_start) {
        return damaged(Damage::CrossReferences);
    }
    if is_no_paper(&document) {
        return Err(Unusable::NoPaper);
    }
    if is_tangled(&document) {
        return damaged(Damage::PageCircle);
    }
    let pages = document.get_pages();
    if pages.is_empty() {
        return damaged(Damage::NoPages);
    }
    let count = document
        .catalog()
        .and_then(|c| c.get(b"Pages"))
        .and_then(|p| document.dereference(p))
        .and_then(|(_, p)| p.as_dict()?.get(b"Count")?.as_i64());
    let is_there = |page| document.get_dictionary(page).is_ok();
    if count.is_ok_and(|count| usize::try_from(count) != Ok(pages.len()))
        || !pages.into_values().all(is_there)
    {
        return damaged(Damage::MissingPages);
    }
    let is_signed = document.objects.values().any(|object| holds_signature(object, &document, 0));
    if is_signed && !break_signature {
        return Err(Unusable::Signed);
    }
    let has_usage_rights = usage_rights(&document).is_some();
    Ok(Input { document, is_signed, has_usage_rights, junk: 0 })
}

/// Reads a PDF, one with too long entries in its table of objects too.
fn load(bytes: &[u8]) -> Result<Document, Unusable> {
    let loaded = Document::load_mem(bytes);
    let is_read = loaded.as_ref().is_ok_and(|document| document.xref_start > 0);
    if let Some(shortened) = Some(bytes).filter(|_| !is_read).and_then(shortened)
        && let Ok(document) = Document::load_mem(&shortened)
        && document.xref_start > 0
    {
        return Ok(document);
    }
    match loaded {
        Ok(document) => Ok(document),
        Err(_) if contains(bytes, b"/Encrypt") => Err(Unusable::Encrypted),
        Err(error) => Err(Unusable::of(error)),
    }
}

/// A copy to be read in place of a PDF whose table of objects has entries of 21 bytes in place of 20, as
/// some programs write them: nothing in it is elsewhere. None where there is no such entry.
fn shortened(bytes: &[u8]) -> Option<Vec<u8>> {
    // `0000000017 00000 n` and three characters of white space.
    const ENTRY: &[u8; 18] = b"0000000000 00000 n";
    const LONG: usize = 21;
    let is_long = |entry: &[u8]| {
        let is_entry = entry.iter().zip(ENTRY).all(|(byte, of)| match of {
            b'0' => byte.is_ascii_digit(),
            b'n' => matches!(byte, b'n' | b'f'),
            of => byte == of,
        });
        is_entry && entry[ENTRY.len()..].iter().all(u8::is_ascii_whitespace)
    };
    let mut copy = bytes.to_vec();
    let (mut at, mut is_changed) = (0, false);
    while let Some(entry) = copy.get_mut(at..at + LONG) {
        if !is_long(entry) {
            at += 1;
            continue;
        }
        // A zero more at its start in place of what is too much at its end.
        entry.copy_within(..ENTRY.len(), 1);
        entry[0] = b'0';
        entry[ENTRY.len() + 1..].copy_from_slice(b" \n");
        (at, is_changed) = (at + LONG, true);
    }
    is_changed.then_some(copy)
}

/// What the owner of a PDF that opens without a password allows to be done with it, in a few words each.
fn allowed(permissions: Permissions) -> Vec<Text> {
    let all = [
        (Permissions::PRINTABLE, "印刷", "printing"),
        (Permissions::COPYABLE, "内容のコピー", "copying"),
        (Permissions::ANNOTABLE, "注釈", "comments"),
        (Permissions::FILLABLE, "フォームへの記入", "filling in forms"),
    ];
    let allowed = all.into_iter().filter(|(one, ..)| permissions.contains(*one));
    allowed.map(|(_, ja, en)| Text::new(ja, en)).collect()
}

/// Whether the table of objects begins with the first where object 0 must be, as some scanners write it:
/// each number stands for its neighbour then.
fn begins_at_one(bytes: &[u8], start: usize) -> bool {
    let table = bytes.get(start..).and_then(|rest| rest.strip_prefix(b"xref"));
    let Some(table) = table.map(<[u8]>::trim_ascii_start) else { return false };
    let entry = table.splitn(3, |byte| *byte == b'\n' || *byte == b'\r').nth(1);
    table.starts_with(b"1 ") && entry.is_some_and(|entry| entry.starts_with(b"0000000000 65535 f"))
}

/// Whether a viewer shows something else than the pages: the files of a portfolio, or a form of XFA that
/// it builds anew.
fn is_no_paper(document: &Document) -> bool {
    let Ok(catalog) = document.catalog() else { return false };
    let builds = catalog.get_deref(b"NeedsRendering", document).and_then(Object::as_bool);
    catalog.has(b"Collection") || builds.unwrap_or(false)
}

/// Whether a node of the page tree is in it twice, as where it runs in a circle.
fn is_tangled(document: &Document) -> bool {
    let root = document.catalog().and_then(|c| c.get(b"Pages")).and_then(Object::as_reference);
    let mut ahead: Vec<_> = root.into_iter().collect();
    let mut seen = HashSet::new();
    while let Some(id) = ahead.pop() {
        let node = document.get_dictionary(id);
        let Ok(kids) = node.and_then(|n| n.get_deref(b"Kids", document)?.as_array()) else {
            continue;
        };
        if !seen.insert(id) {
            return true;
        }
        ahead.extend(kids.iter().filter_map(|kid| kid.as_reference().ok()));
    }
    false
}

/// The usage rights of a PDF (ISO 32000-1, 12.8.2.3), by the key they have in the catalog's permissions.
fn usage_rights(document: &Document) -> Option<&'static [u8]> {
    let permissions = document.catalog().and_then(|c| c.get_deref(b"Perms", document));
    let permissions = permissions.and_then(Object::as_dict).ok()?;
    [&b"UR3"[..], b"UR"].into_iter().find(|key| permissions.has(key))
}

/// Whether an object holds a signature that covers bytes of the file. A field that waits for one does not,
/// nor do usage rights.
fn holds_signature(object: &Object, document: &Document, depth: usize) -> bool {
    // Deeper than any signature stands.
    if depth > 8 {
        return false;
    }
    match object {
        Object::Dictionary(dictionary) => {
            let is_signature = dictionary.has(b"ByteRange") && dictionary.has(b"Contents");
            is_signature && !grants_usage(dictionary, document)
                || dictionary.iter().any(|(_, value)| holds_signature(value, document, depth + 1))
        }
        Object::Array(items) => items.iter().any(|item| holds_signature(item, document, depth + 1)),
        _ => false,
    }
}

/// Whether a signature says that it grants rights of use, and nothing else.
fn grants_usage(signature: &Dictionary, document: &Document) -> bool {
    let references = signature.get_deref(b"Reference", document).and_then(Object::as_array);
    let method = |reference: &Object| {
        let (_, reference) = document.dereference(reference).ok()?;
        Some(reference.as_dict().ok()?.get(b"TransformMethod").ok()?.as_name().ok()?.to_vec())
    };
    let grants = |reference| method(reference).is_some_and(|name| name == b"UR3" || name == b"UR");
    references.is_ok_and(|all| !all.is_empty() && all.iter().all(grants))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
