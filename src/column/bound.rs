//! Which tables a declared schema is for, and which of their columns are which.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::identity::{placeholder, title};
use crate::schema::{Column, Condition, Presence, TableSchema, fold_header};
use crate::table::Table;

/// A schema with what is looked up in it for every table.
#[derive(Clone, Debug)]
pub struct PreparedSchema {
    /// The schema as declared.
    pub schema: Arc<TableSchema>,
    /// The place of each declared column, by its folded names.
    names: FxHashMap<String, usize>,
    /// The headers that select a table: a declared column, or a folded text.
    headers: Vec<Result<usize, String>>,
}

impl PreparedSchema {
    /// Prepares a schema whose column names are not ambiguous; of an ambiguous one, the first meaning counts.
    #[must_use]
    pub fn new(schema: Arc<TableSchema>) -> Self {
        let mut names = FxHashMap::default();
        for (index, (name, column)) in schema.columns.0.iter().enumerate() {
            for name in std::iter::once(name.as_ref()).chain(&column.aliases) {
                names.entry(fold_header(name)).or_insert(index);
            }
        }
        let header = |header: &String| {
            let folded = fold_header(header);
            names.get(&folded).copied().ok_or(folded)
        };
        let headers = schema.selector.headers.iter().map(header).collect();
        Self { schema, names, headers }
    }

    /// The place of a declared column among the declared ones.
    fn declared(&self, name: &str) -> Option<usize> {
        self.names.get(&fold_header(name)).copied()
    }
}

/// A table's schema, and where its columns are in the table.
#[derive(Debug)]
pub struct Bound<'d> {
    prepared: &'d PreparedSchema,
    /// The place of the schema among all of its file.
    pub index: usize,
    /// For each declared column its place in the table, from 0; none where the table lacks it.
    pub places: Vec<Option<usize>>,
    /// The table's columns that are not declared, and repetitions of those that are: folded header and place, from 0.
    pub strangers: Vec<(String, usize)>,
}

impl<'d> Bound<'d> {
    /// The first of several schemas that is for a table whose folded headers these are.
    #[must_use]
    pub fn find(schemas: &'d [PreparedSchema], table: &Table<'_>, headers: &[String]) -> Option<Self> {
        let section = std::cell::OnceCell::new();
        schemas.iter().enumerate().find_map(|(index, prepared)| {
            let sections = &prepared.schema.selector.sections;
            let is_in_section = || {
                let section = section.get_or_init(|| title::visible(table.section.unwrap_or_default()));
                sections.iter().any(|glob| glob.is_match(section.trim()))
            };
            if !sections.is_empty() && !is_in_section() {
                return None;
            }
            let mut places = vec![None; prepared.schema.columns.0.len()];
            let mut strangers = Vec::new();
            for (column, header) in headers.iter().enumerate() {
                match prepared.names.get(header) {
                    Some(&declared) if places[declared].is_none() => places[declared] = Some(column),
                    _ => strangers.push((header.clone(), column)),
                }
            }
            let has = |wanted: &Result<usize, String>| match wanted {
                Ok(declared) => places[*declared].is_some(),
                Err(text) => headers.contains(text),
            };
            prepared.headers.iter().all(has).then_some(Self { prepared, index, places, strangers })
        })
    }

    /// The schema as declared.
    #[must_use]
    pub fn schema(&self) -> &'d TableSchema {
        &self.prepared.schema
    }

    /// The place in the table of a column that the schema speaks of, from 0; none where the table lacks it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        if let Some(declared) = self.prepared.declared(name) {
            return self.places.get(declared).copied().flatten();
        }
        let name = fold_header(name);
        self.strangers.iter().find(|(header, _)| *header == name).map(|&(_, place)| place)
    }

    /// The declared columns that the table has, with their places in it.
    pub fn columns(&self) -> impl Iterator<Item = (usize, &'d Column)> {
        self.places.iter().zip(&self.schema().columns.0).filter_map(|(place, (_, column))| Some(((*place)?, column)))
    }

    /// Whether more than one cell of each row must be filled.
    #[must_use]
    pub fn requires_cells(&self) -> bool {
        self.columns().filter(|(_, column)| column.presence == Presence::Required).nth(1).is_some()
    }

    /// Whether what counts as nothing in a column is all that a cell shows.
    #[must_use]
    pub fn is_blank(&self, place: usize, visible: &str) -> bool {
        let declared = self.columns().find(|(other, _)| *other == place);
        match declared.and_then(|(_, column)| column.placeholders.as_ref()) {
            Some(texts) => visible.trim().is_empty() || texts.iter().any(|text| text == visible.trim()),
            None => placeholder::is_placeholder(visible),
        }
    }
}

impl Condition {
    /// Whether a condition on a column holds, of which `visible` is the text that readers see, and `is_blank` whether it says that there is nothing.
    #[must_use]
    pub fn holds(&self, visible: &str, is_blank: bool) -> bool {
        let visible = visible.trim();
        let is = self.is.iter().any(|text| text.to_lowercase() == visible.to_lowercase());
        is || self.filled.is_some_and(|filled| filled != is_blank)
    }
}
