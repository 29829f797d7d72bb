//! A postal code against the address beside it.

use crate::form::{Field, Forms, Kind};
use crate::office::postal_prefectures;
use crate::report::{Diagnostic, Text};
use crate::values::{Value, Values};

/// What the address beside a postal code is called, in every section that has both.
const ADDRESS: &str = "address";

/// The warning that a postal code belongs to another prefecture than the address of its section.
pub(super) fn elsewhere(
    field: &Field,
    key: &str,
    value: &Value,
    values: &Values,
    forms: &Forms,
) -> Option<Diagnostic> {
    if field.kind != Kind::PostalCode {
        return None;
    }
    let section = key.rsplit_once('.').map_or("", |(section, _)| section);
    let address = values.get(&format!("{section}.{ADDRESS}"))?;
    let of_address = &forms.bureaus().prefecture_of_address(&address.text)?.name;
    let of_code = postal_prefectures(&value.text);
    if of_code.is_empty() || of_code.iter().any(|name| name == of_address) {
        return None;
    }
    let (label, code, named) = (forms.dictionary().label(key), &value.text, of_code.join("・"));
    let message = Text::new(
        format!("{}「{code}」は{named}の郵便番号ですが、住所は{of_address}です", label.ja),
        format!("{} `{code}` is in {named}, but the address is in {of_address}", label.en),
    );
    let hint = Text::new("郵便番号と住所のどちらかを直してください", "correct one of the two");
    Some(Diagnostic::warning("postal", message).with_hint(hint).with_field(key))
}
