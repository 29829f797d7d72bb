//! CEL over the values of a record. Dates are texts such as `2024-04-01`, which compare as dates do.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Env, ExecutionError};

use super::{Text, check_digit_holds, networks};
use crate::calendar::{self, Bureaus, Date};
use crate::form::{Expression, Field, Forms, Kind};
use crate::record::{Data, Values};

/// The variables an expression can read besides the record.
pub(crate) const VARIABLES: [&str; 2] = ["today", "copies"];

/// The functions an expression can call.
pub(crate) const FUNCTIONS: [&str; 24] = [
    "add_months",
    "add_days",
    "step_date",
    "is_certain",
    "event_day",
    "times_inside",
    "is_closed",
    "receipt_number_deadline",
    "receipt_number_deadline_rule",
    "reply_date",
    "portal_date",
    "bureau_of",
    "prefecture_code",
    "network_type_of",
    "network_unsupported",
    "network_ended",
    "check_digit",
    "size",
    "int",
    "string",
    "contains",
    "startsWith",
    "endsWith",
    "double",
];

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// The values of a record as expressions see them, each section made when it is first read.
pub(crate) struct Sections<'a> {
    values: &'a Values,
    forms: &'a Forms,
    made: Vec<(&'a Field, Made)>,
}

/// A section's value once an expression has read it; none when the record has none.
type Made = OnceLock<Option<Box<dyn Val>>>;

/// The functions of expressions, without values.
#[derive(Clone)]
pub(crate) struct Functions(Arc<Context<'static, 'static>>);

/// What expressions can see: values and functions.
pub(crate) struct Scope<'a> {
    context: Context<'a, 'a>,
}

/// What the conditions of a form are evaluated against.
pub(crate) struct Rules<'a> {
    scope: Scope<'a>,
    values: &'a Values,
}

/// What a condition came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    /// A field it reads is absent or faulty.
    Unknown,
}

impl<'a> Sections<'a> {
    pub fn new(values: &'a Values, forms: &'a Forms) -> Self {
        let fields = forms.dictionary().children("");
        let made = fields.map(|field| (field, OnceLock::new())).collect();
        Sections { values, forms, made }
    }
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

impl<'a> Scope<'a> {
    /// The values of a record, and the functions of its forms.
    pub fn new(sections: &'a Sections<'a>) -> Self {
        let mut context = sections.forms.functions().0.new_inner_scope();
        context.set_variable_resolver(sections);
        Scope { context }
    }

    /// The value of an expression as text; none when a field it reads is absent.
    pub fn text(&self, expression: &Expression) -> Option<String> {
        match expression.program().ok()?.execute(&self.context).ok()? {
            cel::Value::String(text) => Some(text.to_string()),
            cel::Value::Int(number) => Some(number.to_string()),
            cel::Value::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }
}

impl<'a> Rules<'a> {
    /// `today` is what late is measured against; `copies` is how many forms one record makes.
    pub fn new(sections: &'a Sections<'a>, today: Date, copies: usize) -> Self {
        let mut scope = Scope::new(sections);
        scope.context.add_variable_from_value("today", today.to_string());
        // More forms than fit in an i64 cannot be asked for.
        let copies = i64::try_from(copies).unwrap_or(i64::MAX);
        scope.context.add_variable_from_value("copies", copies);
        Rules { scope, values: sections.values }
    }

    /// From now on `item` stands for this item of a list.
    pub fn set_item(&mut self, path: &str, list: &str, forms: &Forms) {
        let value = section_value(list, path, self.values, forms);
        self.scope.context.add_variable_from_value("item", value);
    }

    /// Whether a condition holds.
    pub fn truth(&self, expression: &Expression) -> Truth {
        if expression.keys().iter().any(|key| self.values.is_invalid(key)) {
            return Truth::Unknown;
        }
        match expression.program().map(|program| program.execute(&self.scope.context)) {
            Ok(Ok(cel::Value::Bool(true))) => Truth::True,
            Ok(Ok(cel::Value::Bool(false))) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// A message with its `{…}` evaluated; what cannot be evaluated prints as `—`.
    pub fn fill(&self, template: &Text) -> Text {
        let fill = |text: &str| {
            template_parts(text)
                .map(|(plain, source)| {
                    let value = source.map(|source| {
                        self.scope.text(&compiled(source)).unwrap_or_else(|| "—".to_owned())
                    });
                    plain.to_owned() + &value.unwrap_or_default()
                })
                .collect::<String>()
        };
        Text::new(fill(&template.ja), fill(&template.en))
    }
}

/// The expressions of messages, compiled once: a roster's rows say the same ones again and again.
fn compiled(source: &str) -> Expression {
    static COMPILED: Mutex<BTreeMap<String, Expression>> = Mutex::new(BTreeMap::new());
    // A panic elsewhere leaves whole entries.
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = compiled.get(source) {
        return known.clone();
    }
    let expression = Expression::new(source);
    compiled.insert(source.to_owned(), expression.clone());
    expression
}

/// The parts of a message: text, and the CEL in the `{…}` behind it.
pub(crate) fn template_parts(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some((plain, after)) = text.split_once('{') else { return Some((text, None)) };
        let (source, tail) = after.split_once('}').unwrap_or((after, ""));
        rest = Some(tail);
        Some((plain, Some(source)))
    })
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

impl Functions {
    /// With these bureaus, or the built-in ones, which are read when a function first needs them.
    pub fn new(bureaus: Option<Arc<Bureaus>>) -> Self {
        let mut context = Context::with_env(ENV.clone());
        add_functions(&mut context, bureaus);
        Functions(Arc::new(context))
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Functions")
    }
}

fn add_functions(context: &mut Context<'static, 'static>, bureaus: Option<Arc<Bureaus>>) {
    type Str = Arc<String>;
    fn date(text: &str) -> Result<Date, ExecutionError> {
        text.parse().map_err(|_| ExecutionError::function_error("date", text))
    }
    type Outcome = Result<cel::Value, ExecutionError>;
    fn on_date(f: fn(Date) -> Date) -> impl Fn(Str) -> Outcome + Send + Sync + 'static {
        move |text: Str| Ok(f(date(&text)?).to_string().into())
    }
    fn deadline(
        bureaus: &Bureaus,
        name: &str,
        designation: &str,
    ) -> Result<calendar::Deadline, ExecutionError> {
        let bureau = bureaus.by_name(name);
        let bureau = bureau.ok_or_else(|| ExecutionError::function_error("bureau", name))?;
        Ok(bureau.receipt_number_deadline(date(designation)?))
    }
    let [b1, b2, b3, b4] = [(); 4].map(|()| bureaus.clone());
    let results = [
        context.add_function("add_months", |day: Str, months: i64| {
            let span = jiff::Span::new().try_months(months);
            let sum = span.ok().and_then(|span| date(&day).ok()?.checked_add(span).ok());
            sum.map(|d| cel::Value::from(d.to_string()))
                .ok_or_else(|| ExecutionError::function_error("add_months", day))
        }),
        context.add_function("add_days", |day: Str, days: i64| {
            let span = jiff::Span::new().try_days(days);
            let sum = span.ok().and_then(|span| date(&day).ok()?.checked_add(span).ok());
            sum.map(|d| cel::Value::from(d.to_string()))
                .ok_or_else(|| ExecutionError::function_error("add_days", day))
        }),
        context.add_function("event_day", |text: Str, today: Str| {
            calendar::event_day(&text, date(&today)?)
                .map(|d| cel::Value::from(d.to_string()))
                .ok_or_else(|| ExecutionError::function_error("event_day", text))
        }),
        context.add_function("times_inside", |inner: Str, outer: Str| {
            calendar::times_inside(&inner, &outer)
                .map(cel::Value::from)
                .ok_or_else(|| ExecutionError::function_error("times_inside", inner))
        }),
        context.add_function("is_closed", |day: Str| {
            date(&day).map(|d| cel::Value::from(calendar::is_closed(d)))
        }),
        context.add_function("is_certain", |day: Str| {
            date(&day).map(|d| cel::Value::from(calendar::is_certain(d)))
        }),
        context.add_function("step_date", |step: i64, day: Str| {
            let span = u8::try_from(step).ok().zip(Some(date(&day)?));
            span.and_then(|(step, day)| calendar::step_span(step, day))
                .map(|(_, due)| cel::Value::from(due.to_string()))
                .ok_or_else(|| ExecutionError::function_error("step_date", step.to_string()))
        }),
        context.add_function("reply_date", on_date(calendar::reply_date)),
        context.add_function("portal_date", on_date(calendar::portal_date)),
        context.add_function("receipt_number_deadline", move |bureau: Str, day: Str| {
            deadline(Bureaus::chosen(&b1), &bureau, &day)
                .map(|d| cel::Value::from(d.date.to_string()))
        }),
        context.add_function("receipt_number_deadline_rule", move |bureau: Str, lang: Str| {
            // The rule does not hang on the day; any will do.
            deadline(Bureaus::chosen(&b2), &bureau, "2024-04-01").map(|d| match lang.as_str() {
                "ja" => cel::Value::from(d.rule.ja),
                _ => cel::Value::from(d.rule.en),
            })
        }),
        context.add_function("bureau_of", move |address: Str| {
            let bureaus = Bureaus::chosen(&b3);
            let prefecture = bureaus.prefecture_of_address(&address);
            let bureau = prefecture.and_then(|p| bureaus.by_prefecture(&p.name));
            bureau.map_or(String::new(), |b| b.name.clone())
        }),
        context.add_function("prefecture_code", move |address: Str| {
            Bureaus::chosen(&b4)
                .prefecture_of_address(&address)
                .map_or(String::new(), |p| p.code.clone())
        }),
        context.add_function("network_type_of", |provider: Str| {
            networks::network_type_of(&provider).map_or(String::new(), |t| t.to_string())
        }),
        context.add_function("network_unsupported", |provider: Str| {
            networks::is_unsupported(&provider)
        }),
        context.add_function("network_ended", |provider: Str| networks::is_ended(&provider)),
        context.add_function("check_digit", |prefecture: Str, table: Str, code: Str| {
            check_digit_holds(&prefecture, &table, &code)
        }),
    ];
    debug_assert!(results.iter().all(Result::is_ok), "a function is named like one of CEL's");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_text_and_expressions_in_turn() {
        let parts: Vec<_> = template_parts("a{b}c{d}").collect();
        assert_eq!(parts, [("a", Some("b")), ("c", Some("d")), ("", None)]);
    }

    #[test]
    fn absent_fields_make_a_condition_unknown_unless_it_asks() {
        let values = Values::default();
        let today = Date::constant(2024, 1, 10);
        let forms = Forms::built_in();
        let sections = Sections::new(&values, forms);
        let rules = Rules::new(&sections, today, 1);
        let truth = |source: &str| rules.truth(&Expression::new(source));
        assert_eq!(truth("facility.name == \"\""), Truth::Unknown);
        assert_eq!(truth("has(facility.name)"), Truth::False);
        assert_eq!(truth("!has(introduction_plan.reader.month)"), Truth::True);
    }

    #[test]
    fn functions_compute_with_dates_as_text() {
        let values = Values::default();
        let forms = Forms::built_in();
        let sections = Sections::new(&values, forms);
        let scope = Scope::new(&sections);
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
