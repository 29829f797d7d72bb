//! serde-saphyr's side of a text: definitions read, and where it found what, as a [`Place`].

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_saphyr::{DefaultMessageFormatter, Error, Location, MessageFormatter as _};

use crate::report::{Diagnostic, Place, Text};

/// A part of a definition, and where it is written.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The part.
    pub value: T,
    pub(crate) referenced: Location,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = serde_saphyr::Spanned::<T>::deserialize(deserializer)?;
        Ok(Spanned { value: read.value, referenced: read.referenced })
    }
}

/// The place of a location; byte offsets are computed where the parser gives none.
pub(crate) fn place_of(location: &Location, text: &str) -> Option<Place> {
    let line = usize::try_from(location.line()).ok().filter(|l| *l > 0)?;
    let column = usize::try_from(location.column()).ok().filter(|c| *c > 0)?;
    let span = location.span();
    let (start, len) = match (span.byte_offset(), span.byte_len()) {
        (Some(start), Some(len)) => (usize::try_from(start).ok()?, usize::try_from(len).ok()?),
        _ => {
            let line_start = lines(text).take(line - 1).map(str::len).sum::<usize>();
            let offset = text.get(line_start..)?.char_indices().nth(column - 1);
            (line_start + offset.map_or(0, |(i, _)| i), 0)
        }
    };
    let start = start.min(text.len());
    Some(Place::Text { line, column, start, end: (start + len).min(text.len()) })
}

/// The lines as YAML counts them, each with its end; a lone carriage return ends one too.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest
            .find(['\n', '\r'])
            .map_or(rest.len(), |at| at + if rest[at..].starts_with("\r\n") { 2 } else { 1 });
        let (line, behind) = rest.split_at(end);
        rest = behind;
        (!line.is_empty()).then_some(line)
    })
}

/// Reads a definition; the parser's error becomes a `definition` finding at its place.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Box<Diagnostic>> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error.location().and_then(|l| place_of(&l, text));
        Box::new(Diagnostic::error("definition", unreadable(&error)).at(place))
    })
}

/// Why a definition cannot be read: in English the parser's words.
fn unreadable(error: &Error) -> Text {
    let one_of = |names: &[&str]| names.join("、");
    let ja = match error.without_snippet() {
        Error::AliasError { error, .. } => return unreadable(error),
        Error::SerdeUnknownField { field, expected, .. } => {
            format!("「{field}」というキーはありません（書けるのは {}）", one_of(expected))
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            format!("「{variant}」は選べません（書けるのは {}）", one_of(expected))
        }
        Error::SerdeMissingField { field, .. } => format!("キー {field} がありません"),
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            format!("キー {key} が二度書かれています")
        }
        Error::Unexpected { expected: "string scalar", .. } => {
            return Text::new(
                "ここには文字を書きます。{ や [ で始まる文は、\"{title}\" のように引用符で囲みます",
                "a text is expected here; one that begins with { or [ needs quotes: \"{title}\"",
            );
        }
        Error::Unexpected { expected: "mapping start", .. } => {
            return Text::new(
                "ここには「キー: 値」の組を書きます",
                "`key: value` is expected here",
            );
        }
        Error::Unexpected { expected: "sequence start", .. } => {
            return Text::new(
                "ここには一覧を、[ ] の中か「- 」で始まる行に書きます",
                "a list is expected here: in [ ], or on lines that begin with `- `",
            );
        }
        Error::MultipleDocuments { .. } => "定義が二つ（---）あります".to_owned(),
        error => {
            return Text {
                ja: Text::quoting("定義として読めません", "", message(error)).ja,
                en: message(error),
            };
        }
    };
    Text::new(format!("定義として読めません: {ja}"), message(error))
}

/// What the parser says, in English, without the place.
pub(crate) fn message(error: &Error) -> String {
    match error.without_snippet() {
        Error::AliasError { error, .. } => message(error),
        error => DefaultMessageFormatter.format_message(error).into_owned(),
    }
}

/// The place of something in a definition.
pub(crate) fn place<T>(spanned: &Spanned<T>, text: &str) -> Option<Place> {
    place_of(&spanned.referenced, text)
}
