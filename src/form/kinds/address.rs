//! Addresses, printed as written. Where one begins with no prefecture, its postal code tells it.

use std::borrow::Cow;

use super::text::{not_ditto, not_zero};
use super::{Breaking, ColumnStyle, Data, Field, FieldKind, Read, Refused};
use crate::report::Text;

/// An address in Japan.
pub(super) struct Address;

impl FieldKind for Address {
    fn words(&self) -> Text {
        Text::new("住所", "address")
    }

    fn schema(&self, _field: &Field) -> serde_json::Value {
        super::text::schema()
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        let text = written.trim_end_matches(['\n', '\r']);
        let refused = |found: Text, hint: Text| Refused::of(field, text, found).with_hint(hint);
        not_ditto(field, written)?;
        if text.contains('〒') {
            return Err(refused(
                Text::new(
                    "〒を含んでいます。郵便番号は別に印字します",
                    "has 〒: the postal code is printed by itself",
                ),
                Text::new(
                    "〒と郵便番号を消し、郵便番号の欄に書いてください",
                    "write the postal code in its own field",
                ),
            ));
        }
        not_zero(field, written)?;
        if !has_place(text) {
            return Err(refused(
                Text::new("住所ではないようです", "does not seem to be an address"),
                Text::new(
                    "都道府県名から番地まで書いてください",
                    "write it from the prefecture to the house number",
                ),
            ));
        }
        Ok(Read::any(text.to_owned(), Data::Text))
    }

    fn column(&self, _field: &Field) -> ColumnStyle {
        ColumnStyle { width: 36.0, ..ColumnStyle::TEXT }
    }

    fn breaking(&self) -> Breaking {
        Breaking::Address
    }

    fn comparable<'a>(&self, _text: &'a str, folded: &'a str) -> Option<Cow<'a, str>> {
        Some(folded.into())
    }
}

/// Whether a text names a place: by a municipality, or by numbers such as 9-8-7.
fn has_place(text: &str) -> bool {
    let numbers = text.chars().filter(|c| c.is_numeric()).count();
    text.contains(['都', '道', '府', '県', '市', '区', '町', '村', '郡', '島'])
        || numbers > 1
        || text.contains(['丁', '番'])
}

#[cfg(test)]
mod tests {
    use crate::form::Forms;

    #[test]
    fn an_address_is_itself_and_has_no_postal_code() {
        let field = Forms::built_in().dictionary().get("founder.address").unwrap();
        for sound in
            ["東京都千代田区霞が関1-2-2", "北海道札幌市中央区北3条西7丁目\n", "千代田区霞が関1-2-2"]
        {
            let read = field.read(sound).unwrap();
            assert_eq!((read.text.as_str(), read.normalised), (sound.trim_end(), false));
        }
        for (faulty, found) in [
            ("〒100-0013 東京都千代田区", "〒を含んでいます"),
            ("東京都千代田区〒100-0013", "〒を含んでいます"),
            ("同上", "値そのものではありません（同上）"),
            ("〃", "値そのものではありません（〃）"),
        ] {
            let refused = field.read(faulty).unwrap_err();
            let message = refused.diagnostic().message.ja;
            assert!(message.contains(found), "{faulty}: {message}");
        }
    }

    #[test]
    fn what_names_no_place_is_no_address() {
        let field = Forms::built_in().dictionary().get("founder.address").unwrap();
        for (text, is_address) in [
            ("東京都千代田区霞が関9-8-7", true),
            ("霞が関9-8-7", true),
            ("霞が関九丁目", true),
            ("院長自宅", false),
            ("2階", false),
            ("施設と同じ", false),
        ] {
            assert_eq!(field.read(text).is_ok(), is_address, "{text}");
        }
    }
}
