//! The values of a record as CEL sees them. Dates are texts such as `2024-04-01`, which compare as dates do.

use std::collections::HashMap;
use std::sync::OnceLock;

use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;

use super::{Data, Value, Values};
use crate::expr::{Expression, Scope};
use crate::form::{Cell, Field, Forms, Kind};
use crate::key::FieldPath;

/// The values of a record as expressions see them, each section made when it is first read.
pub(crate) struct Sections<'a> {
    values: &'a Values,
    forms: &'a Forms,
    made: Vec<(&'a Field, Made)>,
}

/// A section's value once an expression has read it; none when the record has none.
type Made = OnceLock<Option<Box<dyn Val>>>;

impl<'a> Sections<'a> {
    pub fn new(values: &'a Values, forms: &'a Forms) -> Self {
        let fields = forms.dictionary().children("");
        let made = fields.map(|field| (field, OnceLock::new())).collect();
        Sections { values, forms, made }
    }

    /// These values, and the functions of the forms.
    pub fn scope(&'a self) -> Scope<'a> {
        Scope::new(self.forms.functions(), self)
    }

    /// What expressions of a cell see: `item` is the item of a list that the path leads into.
    pub fn scope_at(&self, item: Option<&FieldPath>) -> Scope<'_> {
        let mut scope = self.scope();
        let path = item.filter(|path| path.selector.is_some());
        if let Some((path, key)) = path.and_then(|path| Some((path, self.values.locate(path)?)))
            && let Some((item, _)) = key.split_once("].")
        {
            scope.set("item", self.item(&path.base, &format!("{item}]")));
        }
        scope
    }

    /// Whether a condition is true in a cell: `item` is the item of a list that the path leads into.
    pub fn holds_at(&self, condition: &Expression, item: Option<&FieldPath>) -> bool {
        matches!(self.scope_at(item).value(condition), Some(cel::Value::Bool(true)))
    }

    pub fn values(&self) -> &'a Values {
        self.values
    }

    /// An item of a list by its path, `card_reader.products[0]`.
    pub fn item(&self, list: &str, path: &str) -> cel::Value {
        section_value(list, path, self.values, self.forms)
    }
}

/// The value that a cell shows of its field: none where the cell's condition does not hold, or where the field is
/// needed in another case alone.
pub(crate) fn shown<'v>(
    cell: &Cell,
    path: &FieldPath,
    sections: &Sections<'v>,
) -> Option<&'v Value> {
    let values = sections.values();
    let value = values.find(path)?;
    let field = sections.forms.dictionary().get(path.key());
    let is_shown =
        cell.when.as_ref().is_none_or(|when| sections.holds_at(&when.value, cell.item()));
    // Where the case is not known, the record is refused for another reason.
    let is_other_case = field.and_then(Field::only_when).is_some_and(|case| {
        let is_known = !case.keys().iter().any(|key| values.is_invalid(key));
        is_known && sections.scope_at(cell.item()).judge(case) == Ok(Some(false))
    });
    (is_shown && !is_other_case).then_some(value)
}

impl VariableResolver for Sections<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let (field, made) = self.made.iter().find(|(field, _)| field.key == variable)?;
        let make = || {
            let value = cel_value(&field.key, field.kind, self.values, self.forms)?;
            value.try_into().ok()
        };
        made.get_or_init(make).as_deref().map(CowVal::Borrowed)
    }
}

fn cel_value(key: &str, kind: Kind, values: &Values, forms: &Forms) -> Option<cel::Value> {
    match kind {
        // A section is always there, so that `has(section.field)` is false and no error.
        Kind::Section => Some(section_value(key, key, values, forms)),
        Kind::List => values.has_key(key).then(|| {
            let items = (0..values.len(key))
                .map(|i| section_value(key, &format!("{key}[{i}]"), values, forms));
            cel::Value::from(items.collect::<Vec<_>>())
        }),
        _ => {
            let value = values.get(key)?;
            Some(match &value.data {
                Data::Integer(number) => cel::Value::from(*number),
                Data::Boolean(value) => cel::Value::from(*value),
                Data::Text | Data::Date(_) | Data::YearMonth(_) | Data::Choices(_) => {
                    cel::Value::from(value.text.clone())
                }
            })
        }
    }
}

/// The fields of the section `key`, taken from `path`, which may hold an index.
fn section_value(key: &str, path: &str, values: &Values, forms: &Forms) -> cel::Value {
    let fields = forms.dictionary().children(key);
    let map: HashMap<String, cel::Value> = fields
        .filter_map(|field| {
            let full = format!("{path}.{}", field.name());
            let value = match field.kind {
                Kind::Section => Some(section_value(&field.key, &full, values, forms)),
                kind => cel_value(&full, kind, values, forms),
            };
            Some((field.name().to_owned(), value?))
        })
        .collect();
    map.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_compute_with_dates_as_text() {
        let values = Values::default();
        let forms = Forms::built_in();
        let sections = Sections::new(&values, forms);
        let scope = sections.scope();
        let text = |source: &str| scope.text(&Expression::new(source)).unwrap_or_default();
        assert_eq!(text("add_months(\"2024-04-30\", -2)"), "2024-02-29");
        assert_eq!(text("bureau_of(\"愛知県名古屋市\")"), "東海北陸厚生局");
        assert_eq!(text("prefecture_code(\"東京都千代田区\")"), "13");
        assert_eq!(text("receipt_number_deadline(\"東北厚生局\", \"2027-01-01\")"), "2026-11-05");
        assert_eq!(text("bureau_of(\"霞が関\")"), "");
        assert_eq!(text("step_date(9, \"2024-04-01\")"), "2024-03-01");
        assert_eq!(text("step_date(5, \"2024-04-01\")"), "");
        assert_eq!(text("is_certain(\"2036-01-01\")"), "false");
    }
}
