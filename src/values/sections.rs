//! The values of a record as CEL sees them. Dates are texts such as `2024-04-01`, which compare as dates do.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use cel::ExecutionError;
use cel::common::traits::{Container, Indexer, Iterable, Sizer};
use cel::common::types::{CelBool, CelInt, CelList, CelMap, CelMapKey, CelString, Type};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;

use super::{Data, Value, Values};
use crate::expr::{Expression, Scope};
use crate::form::{Cell, Field, Forms, Kind};
use crate::key::FieldPath;

/// The values of a record as expressions see them.
#[derive(Clone, Copy)]
pub(crate) struct Sections<'a> {
    values: &'a Values,
    forms: &'a Forms,
}

impl<'a> Sections<'a> {
    pub fn new(values: &'a Values, forms: &'a Forms) -> Self {
        Sections { values, forms }
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
            self.set_item(&mut scope, &path.base, format!("{item}]"));
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

    /// From now on `item` stands for the item of a list with this path, `card_reader.products[0]`.
    pub fn set_item(&self, scope: &mut Scope<'a>, list: &str, path: String) {
        if let Some(list) = self.forms.dictionary().get(list) {
            scope.set_val("item", Section::boxed(list, path.into(), *self));
        }
    }

    /// What expressions see of a field at this path; none when the record has none.
    fn val(self, field: &'a Field, path: Cow<'a, str>) -> Option<Box<dyn Val + 'a>> {
        Some(match field.kind {
            // A section is always there, so that `has(section.field)` is false and no error.
            Kind::Section => Section::boxed(field, path, self),
            Kind::List if !self.values.has_key(&path) => return None,
            Kind::List => {
                let item = |i| Section::boxed(field, format!("{path}[{i}]").into(), self);
                let items: Vec<_> = (0..self.values.len(&path)).map(item).collect();
                Box::new(CelList::from(items))
            }
            _ => {
                let value = self.values.get(&path)?;
                match &value.data {
                    Data::Integer(number) => Box::new(CelInt::from(*number)),
                    Data::Boolean(is) => Box::new(CelBool::from(*is)),
                    Data::Text | Data::Date(_) | Data::YearMonth(_) | Data::Choices(_) => {
                        Box::new(CelString::from(value.text.as_str()))
                    }
                }
            }
        })
    }
}

impl VariableResolver for Sections<'_> {
    /// A whole key is asked for before its sections are: `facility.name`, and then `facility`.
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let field = self.forms.dictionary().get(variable)?;
        self.val(field, field.key.as_str().into()).map(CowVal::Owned)
    }
}

/// A section, or an item of a list, as a map of which a value is made when it is read.
struct Section<'a> {
    /// The section or the list.
    field: &'a Field,
    /// Its key in the record, which may hold an index.
    path: Cow<'a, str>,
    of: Sections<'a>,
    /// As a whole, for the few expressions that look at it so.
    whole: OnceLock<CelMap<'a>>,
}

impl<'a> Section<'a> {
    fn boxed(field: &'a Field, path: Cow<'a, str>, of: Sections<'a>) -> Box<dyn Val + 'a> {
        Box::new(Section { field, path, of, whole: OnceLock::new() })
    }

    fn child(&self, field: &'a Field) -> Option<Box<dyn Val + 'a>> {
        let path = match self.path == self.field.key {
            true => Cow::from(&field.key),
            false => format!("{}.{}", self.path, field.name()).into(),
        };
        self.of.val(field, path)
    }

    fn children(&self) -> impl Iterator<Item = &'a Field> + use<'a> {
        self.of.forms.dictionary().children(&self.field.key)
    }

    fn whole(&self) -> &CelMap<'a> {
        self.whole.get_or_init(|| {
            let entry = |field: &'a Field| Some((field.name().into(), self.child(field)?));
            CelMap::from(self.children().filter_map(entry).collect::<HashMap<CelMapKey<'_>, _>>())
        })
    }
}

impl fmt::Debug for Section<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Section").field(&self.path).finish()
    }
}

impl Val for Section<'_> {
    fn get_type(&self) -> &Type {
        Self::cel_type()
    }

    fn cel_type() -> &'static Type {
        CelMap::cel_type()
    }

    fn as_container(&self) -> Option<&dyn Container> {
        self.whole().as_container()
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_iterable<'b, 'v>(&'b self) -> Option<&'b (dyn Iterable + 'v)>
    where
        Self: 'v,
    {
        self.whole().as_iterable()
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        self.whole().as_sizer()
    }

    fn equals(&self, other: &dyn Val) -> bool {
        let whole = self.whole();
        let size = other.as_sizer().map(Sizer::size);
        // Another section shows no more of itself than what it has under a key.
        size == whole.as_sizer().map(Sizer::size)
            && whole.inner().iter().all(|(key, value)| {
                let theirs = other.as_indexer().and_then(|other| other.get(key.inner()).ok());
                theirs.is_some_and(|theirs| value.equals(&*theirs))
            })
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Section::boxed(self.field, self.path.clone(), self.of)
    }
}

impl Indexer for Section<'_> {
    fn get<'b, 'v>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let key = index.downcast_ref::<CelString<'_>>().map_or("", CelString::inner);
        let field = self.of.forms.dictionary().child_named(&self.field.key, key);
        let value = field.and_then(|field| self.child(field));
        value.map(CowVal::Owned).ok_or_else(|| ExecutionError::no_such_key(key))
    }

    fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(index).map(CowVal::into_owned)
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

    #[test]
    fn sections_and_items_are_maps() {
        let forms = Forms::built_in();
        let record = "facility: {name: 丘の上薬局, address: 愛知県名古屋市}\n\
            card_reader: {products: [{product: Caora, units: 2}, {product: Hi-CARA, units: 1}]}\n";
        let record = crate::record::read("r.yaml", record.as_bytes()).unwrap();
        let (values, _) = crate::values::values(&record, forms);
        let sections = Sections::new(&values, forms);
        let mut scope = sections.scope();
        let list = "card_reader.products";
        sections.set_item(&mut scope, list, format!("{list}[1]"));
        for source in [
            "facility.name == '丘の上薬局' && facility['name'] == facility.name",
            "has(facility.name) && !has(facility.phone) && !has(introduction_plan.reader.month)",
            "'name' in facility && !('phone' in facility)",
            "size(introduction_plan.reader) == 0 && size(facility) >= 2",
            "facility.exists(key, key == 'address')",
            "facility == facility && facility != introduction_plan",
            "item == card_reader.products[1] && item != card_reader.products[0]",
            "item == {'product': 'Hi-CARA', 'units': 1}",
            "item.units == 1 && card_reader.products.map(p, p.units) == [2, 1]",
            "card_reader.products.filter(p, p.units > 1)[0].product == 'Caora'",
        ] {
            assert_eq!(scope.judge(&Expression::new(source)), Ok(Some(true)), "{source}");
        }
        for source in ["facility.phone == ''", "facility[1] == ''", "facility.nothing == ''"] {
            assert_eq!(scope.judge(&Expression::new(source)), Ok(None), "{source}");
        }
    }
}
