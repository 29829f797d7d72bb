//! How the rows of a table are read: each a list of cells, or a map of a row or of rows that are repeated.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

use super::cell::Cell;
use super::model::{Repeat, Row, Rows};
use crate::sheet::Stroke;
use crate::yaml::Spanned;

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RowsVisitor)
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Rows::deserialize(deserializer)? {
            Rows::Row(row) => Ok(row),
            Rows::Repeat(_) => {
                Err(serde::de::Error::custom("rows that are repeated cannot repeat others"))
            }
        }
    }
}

struct RowsVisitor;

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = Rows;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of cells, a map with height and cells, or a map with repeat and rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Rows, A::Error> {
        let mut cells = Vec::new();
        while let Some(cell) = seq.next_element()? {
            cells.push(cell);
        }
        Ok(Rows::Row(Row { is_again: false, height: None, top: None, cells }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rows, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            #[serde(default)]
            height: Option<f32>,
            #[serde(default)]
            top: Option<Stroke>,
            #[serde(default)]
            cells: Option<Vec<Spanned<Cell>>>,
            #[serde(default)]
            repeat: Option<Spanned<String>>,
            #[serde(default)]
            times: Option<usize>,
            #[serde(default)]
            by: Option<Spanned<String>>,
            #[serde(default)]
            items: Vec<Spanned<BTreeMap<String, String>>>,
            #[serde(default)]
            head: Vec<Spanned<Row>>,
            #[serde(default)]
            rows: Vec<Spanned<Row>>,
        }
        let whole = Whole::deserialize(MapAccessDeserializer::new(map))?;
        let Whole { height, top, cells, repeat, times, by, items, head, rows } = whole;
        let refused = |why: &str| Err(serde::de::Error::custom(why));
        match (repeat, cells) {
            (Some(repeat), None) if height.is_none() && top.is_none() => {
                Ok(Rows::Repeat(Repeat { repeat, times, by, items, head, rows }))
            }
            (Some(_), _) => refused(
                "rows with `repeat` take times or items, by, head and rows: height, top and cells belong to each of its rows",
            ),
            (None, Some(cells))
                if times.is_none()
                    && by.is_none()
                    && items.is_empty()
                    && head.is_empty()
                    && rows.is_empty() =>
            {
                Ok(Rows::Row(Row { is_again: false, height, top, cells }))
            }
            (None, Some(_)) => {
                refused("times, by, items, head and rows belong to rows with `repeat`")
            }
            (None, None) => refused("a row has `cells`, and rows that are repeated have `repeat`"),
        }
    }
}
