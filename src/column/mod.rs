//! What the columns of a table hold: roles, read off the header's words and the cells.

use crate::table::{Document, Table};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// When the entry appeared: years, dates, or venues with their year. The table may be in its order.
    Date,
    /// When something about the entry last changed; no table is in its order.
    Status,
    /// The entry's name, with or without a link.
    Title,
    /// A link of the entry.
    Link(LinkRole),
    /// Where the entry was published.
    Venue,
    /// Who made the entry.
    Authors,
    /// A picture that says something of the entry, such as its number of stars.
    Badge,
    /// One of a few values.
    Enum,
    /// A running number or rank.
    Index,
    /// Anything else.
    Text,
}

/// What the links of a column lead to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LinkRole {
    /// A publication.
    Paper,
    /// A repository.
    Code,
    /// A data set.
    Dataset,
    /// A project's page, demonstration or video.
    Project,
    /// Anything else.
    Other,
}

impl Role {
    /// The word that users read and write.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Status => "status",
            Self::Title => "title",
            Self::Link(LinkRole::Paper) => "paper",
            Self::Link(LinkRole::Code) => "code",
            Self::Link(LinkRole::Dataset) => "dataset",
            Self::Link(LinkRole::Project) => "project",
            Self::Link(LinkRole::Other) => "link",
            Self::Venue => "venue",
            Self::Authors => "authors",
            Self::Badge => "badge",
            Self::Enum => "enum",
            Self::Index => "index",
            Self::Text => "text",
        }
    }
}

/// A document whose tables' columns have roles.
#[derive(Debug)]
pub struct TypedDocument<'d> {
    /// The document as parsed.
    pub document: &'d Document<'d>,
    /// Its tables, in the same order.
    pub tables: Vec<TypedTable<'d>>,
}

/// A table whose columns have roles.
#[derive(Debug)]
pub struct TypedTable<'d> {
    /// The table as parsed.
    pub table: &'d Table<'d>,
    /// One role a column.
    pub roles: Vec<Role>,
}

impl<'d> TypedDocument<'d> {
    /// Gives every column of a document its role.
    #[must_use]
    pub fn infer(document: &'d Document<'d>) -> Self {
        let tables = document.tables.iter().map(TypedTable::infer).collect();
        Self { document, tables }
    }
}

impl<'d> TypedTable<'d> {
    /// Gives every column of a table its role.
    #[must_use]
    pub fn infer(table: &'d Table<'d>) -> Self {
        Self { table, roles: vec![Role::Text; table.width()] }
    }

    /// The first column of a role, from 0.
    #[must_use]
    pub fn column(&self, role: Role) -> Option<usize> {
        self.roles.iter().position(|&other| other == role)
    }
}
