//! A postal code against the address beside it.

use crate::form::{Field, Forms, Kind};
use crate::office::{completed_address, postal_places, postal_prefectures};
use crate::report::{Diagnostic, Report, Text};
use crate::values::{Value, Values};

/// The code of the warning that an address begins with no prefecture.
const NO_PREFECTURE: &str = "address";

/// Leaves out the warning that an address begins with no prefecture where a form says what follows
/// from it.
pub fn say_once(report: &mut Report) {
    let is_said = |finding: &&Diagnostic| finding.code != NO_PREFECTURE && finding.place.is_some();
    let said = report.diagnostics.iter().filter(is_said);
    let said: Vec<_> = said.map(|finding| finding.place.clone()).collect();
    report.diagnostics.retain(|d| d.code != NO_PREFECTURE || !said.contains(&d.place));
}

/// The warning that an address begins with no prefecture, with the one that its postal code tells.
pub(super) fn without_prefecture(
    field: &Field,
    key: &str,
    value: &Value,
    values: &Values,
    forms: &Forms,
) -> Option<Diagnostic> {
    let named = || forms.bureaus().prefecture_of_address(&value.text);
    if field.kind != Kind::Address || named().is_some() {
        return None;
    }
    let label = forms.dictionary().label(key);
    let message = Text::new(
        format!("{}「{}」が都道府県名で始まっていません", label.ja, value.text),
        format!("{} `{}` does not begin with a prefecture", label.en, value.text),
    );
    let section = key.rsplit_once('.').map_or("", |(section, _)| section);
    let code = values.get(&format!("{section}.postal_code"));
    let told = code.and_then(|code| completed(&code.text, &value.text));
    let hint = match (&told, code.map(|code| postal_prefectures(&code.text))) {
        (Some(told), _) => Text::new(
            format!("郵便番号によれば「{told}」です"),
            format!("by its postal code it is `{told}`"),
        ),
        (None, Some([prefecture])) => Text::new(
            format!("郵便番号によれば{prefecture}です。都道府県名から、市区町村も書いてください"),
            format!(
                "by its postal code it is in {prefecture}: begin with the prefecture and the city"
            ),
        ),
        (None, _) => Text::new("都道府県名から書いてください", "begin with the prefecture"),
    };
    let mut warning = Diagnostic::warning(NO_PREFECTURE, message).with_hint(hint).with_field(key);
    warning.suggestion = told;
    Some(warning)
}

/// The address as all places of its postal code complete it; none where they do not agree.
fn completed(code: &str, address: &str) -> Option<String> {
    let places = postal_places(code);
    let mut all = places.iter().map(|place| completed_address(place, address));
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

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
