//! A postal code against the address beside it.

use crate::form::{Field, Forms, Kind};
use crate::office::{Municipality, completed_address, postal_places, postal_prefectures};
use crate::report::{Diagnostic, Report, Severity, Text};
use crate::values::{Value, Values};

/// The code of the warning that an address begins with no prefecture.
const NO_PREFECTURE: &str = "address";

/// The code of what is wrong with a postal code and the address beside it.
const CONTRADICTION: &str = "postal";

/// Leaves out the warning that an address begins with no prefecture where a form says what follows
/// from it, and that nothing follows from an address that contradicts what is beside it.
pub fn say_once(report: &mut Report) {
    let contradicts = |d: &&Diagnostic| d.code == CONTRADICTION && d.severity == Severity::Error;
    let contradicting = report.diagnostics.iter().filter(contradicts);
    let contradicting: Vec<_> = contradicting.map(|d| (d.field.clone(), d.place.clone())).collect();
    report.diagnostics.retain(|d| {
        // What a form takes for granted of it is said by its rules.
        let follows =
            d.code == "required" || d.severity == Severity::Warning && d.code.contains('/');
        !follows || !contradicting.contains(&(d.field.clone(), d.place.clone()))
    });
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
    if let Some(found) = contradicting(key, value, values, forms) {
        return Some(found);
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

/// That the municipality an address begins with is not where its prefecture code or postal code is: an error
/// where the prefecture would be assumed from that, and with it the office.
fn contradicting(key: &str, value: &Value, values: &Values, forms: &Forms) -> Option<Diagnostic> {
    let section = key.rsplit_once('.').map_or("", |(section, _)| section);
    let label = forms.dictionary().label(key);
    let code_key = format!("{section}.prefecture_code");
    let given = values.get(&code_key).filter(|code| code.place.is_some());
    let named = given.and_then(|code| Some((code, forms.bureaus().prefecture_name(&code.text)?)));
    let beside = |(code, name): (&Value, &str)| {
        let found = Municipality::beside_prefecture(name, &value.text)?;
        let label = forms.dictionary().label(&code_key);
        let what = Text::new(
            format!("{} {}（{name}）", label.ja, code.text),
            format!("{} {} ({name})", label.en, code.text),
        );
        Some((found, what, true))
    };
    let (found, what, is_error) = named.and_then(beside).or_else(|| {
        let postal_key = format!("{section}.postal_code");
        let code = values.get(&postal_key)?;
        let found = Municipality::beside_code(&code.text, &value.text)?;
        let label = forms.dictionary().label(&postal_key);
        let mut places: Vec<String> = postal_places(&code.text)
            .iter()
            .map(|place| format!("{}{}", place.prefecture, place.city))
            .collect();
        places.dedup();
        let place = match places.as_slice() {
            [place] => place.clone(),
            _ => postal_prefectures(&code.text).join("・"),
        };
        let what = Text::new(
            format!("{} {}（{place}）", label.ja, code.text),
            format!("{} {} ({place})", label.en, code.text),
        );
        let is_assumed = given.is_none() && forms.dictionary().get(&code_key).is_some();
        Some((found, what, is_assumed))
    })?;
    let message = Text::new(
        format!("{}「{}」は、{}と合いません", label.ja, value.text, what.ja),
        format!("{} `{}` contradicts the {}", label.en, value.text, what.en),
    );
    let Municipality { name, prefectures } = found;
    let places = prefectures.join("・");
    let hint = Text::new(
        format!(
            "{name}があるのは{places}です。どちらが正しいかを確かめ、所在地は都道府県名から書いてください"
        ),
        format!(
            "{name} is in {places}: see which of the two is right, and begin the address with its prefecture"
        ),
    );
    let found = match is_error {
        true => Diagnostic::error(CONTRADICTION, message),
        false => Diagnostic::warning(CONTRADICTION, message),
    };
    Some(found.with_hint(hint).with_field(key))
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
    Some(Diagnostic::warning(CONTRADICTION, message).with_hint(hint).with_field(key))
}
