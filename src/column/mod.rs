//! What the columns of a table hold: roles, read off the header's words and the cells; and what an entry is known by.

mod bound;
pub mod date;
pub mod declared_order;
pub mod links;
pub mod order;
mod profile;
mod words;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::num::NonZeroU32;

pub use bound::{Bound, PreparedSchema};

use crate::identity::glance::{Glance, Glancer};
use crate::identity::{self, Identity};
use crate::schema::{Kind, RuleOptions, fold_header};
use crate::source::Span;
use crate::table::{Cell, Document, Link, Row, Table};
use date::Dated;
use links::LinkCells;
use profile::Profile;
use rustc_hash::{FxBuildHasher, FxHashMap};

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
    /// A picture or number that says something of the entry, such as its stars.
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
    /// The role of a column that is declared to hold cells of a kind; none where the kind leaves it open.
    fn of_kind(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Year | Kind::Date => Some(Self::Date),
            Kind::Badge => Some(Self::Badge),
            Kind::Enum | Kind::Emoji => Some(Self::Enum),
            Kind::Text | Kind::Integer | Kind::Link | Kind::Links | Kind::Code => None,
        }
    }

    /// Every role, in the order in which users read of them.
    pub const ALL: [Self; 14] = [
        Self::Title,
        Self::Date,
        Self::Status,
        Self::Link(LinkRole::Paper),
        Self::Link(LinkRole::Code),
        Self::Link(LinkRole::Dataset),
        Self::Link(LinkRole::Project),
        Self::Link(LinkRole::Other),
        Self::Venue,
        Self::Authors,
        Self::Badge,
        Self::Enum,
        Self::Index,
        Self::Text,
    ];

    /// The role of a name; a year is a date.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        if name == "year" { Some(Self::Date) } else { Self::ALL.into_iter().find(|role| role.name() == name) }
    }

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

/// What the links of a text lead to, if the text says so: `code`, `论文`; it is in lower case and without markup.
#[must_use]
pub fn link_role(text: &str) -> Option<LinkRole> {
    match words::role(text)? {
        Role::Link(role) => Some(role),
        _ => None,
    }
}

/// What the user says of columns, so that nothing needs to be inferred.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// By folded header.
    roles: FxHashMap<String, Role>,
    /// What tables must look like; a table belongs to the first that is for it.
    schemas: Vec<PreparedSchema>,
    /// What is asked of single rules.
    pub options: RuleOptions,
}

impl Declared {
    /// Columns of these header texts have these roles.
    #[must_use]
    pub fn new<'t>(roles: impl IntoIterator<Item = (&'t str, Role)>) -> Self {
        let roles = roles.into_iter().map(|(header, role)| (fold_header(header), role)).collect();
        Self { roles, ..Self::default() }
    }

    /// Tables must look so, too; of several schemas the first that is for a table counts.
    #[must_use]
    pub fn with_schemas(mut self, schemas: impl IntoIterator<Item = PreparedSchema>) -> Self {
        self.schemas.extend(schemas);
        self
    }

    /// The declared role of a header, which is folded.
    fn role(&self, header: &str) -> Option<Role> {
        self.roles.get(header).copied()
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

/// A table whose columns have roles and whose rows are entries.
#[derive(Debug)]
pub struct TypedTable<'d> {
    /// The table as parsed.
    pub table: &'d Table<'d>,
    /// The year that it is now.
    pub current_year: u16,
    /// What is asked of single rules.
    pub options: RuleOptions,
    /// One role a column. At most one column is the title.
    pub roles: Vec<Role>,
    /// The column whose dates the table may be ordered by: dates, else venues that carry years.
    pub date_column: Option<usize>,
    /// Columns that name something beside the title, such as the dataset of a paper; from 0.
    pub other_names: Vec<usize>,
    /// Whether the entries are publications, so that the paper's link is the entry's own.
    pub lists_publications: bool,
    /// What the user declares of the table.
    pub bound: Option<Bound<'d>>,
    /// Whether the schema requires more than one cell of each row.
    requires_cells: bool,
    /// Whether several rows have but their first cell.
    has_plain_groups: bool,
    /// For each body row, whether it is new or was moved, so that it is to blame where the order breaks; empty where nobody knows.
    pub new_rows: Vec<bool>,
    /// What each body row is known by.
    entries: Vec<Entry>,
    /// The folded title of each body row, once somebody asked for it: of nearly every row, and in most tables of all, nobody does.
    title_keys: OnceCell<Vec<OnceCell<Box<str>>>>,
    /// The date of each body row, once somebody asked for one.
    dates: OnceCell<Vec<Option<Dated>>>,
    /// The order of its dates, once somebody asked.
    order: OnceCell<order::Reading>,
    /// The links of all entries, in the order of their rows.
    references: Vec<Reference<'d>>,
    /// What the URL of each link of the table tells at first sight, in the order of the table's links.
    glances: Vec<Glance>,
    /// The cells that hold links and nothing else, once somebody asked.
    link_cells: OnceCell<LinkCells>,
    /// For each body row, whether an own link of another row leads to the same thing, once somebody asked.
    shares_own_link: OnceCell<Vec<bool>>,
}

#[derive(Debug)]
struct Entry {
    /// The digest of its title; 0 where it has none, or only a placeholder.
    title: u64,
    first_reference: u32,
}

/// A link of an entry, and what it leads to.
#[derive(Debug)]
pub struct Reference<'d> {
    table: &'d Table<'d>,
    /// What it leads to, once somebody asked.
    identity: OnceCell<Box<Identity<'static>>>,
    /// The place of the link among those of its table.
    link: u32,
    /// Of an own link, a number that is the same for all that lead to the same thing.
    own: Option<NonZeroU32>,
}

impl<'d> Reference<'d> {
    /// The link as written.
    #[must_use]
    pub fn link(&self) -> &'d Link {
        self.table.link(self.link as usize)
    }

    /// Whether it is the entry's own link, and not one that entries may share.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.own.is_some()
    }

    /// What it leads to.
    #[must_use]
    pub fn identity(&self) -> &Identity<'static> {
        self.identity.get_or_init(|| {
            let url = self.link().url(self.table.source);
            Box::new(identity::key(&url).unwrap_or_else(|| Identity::Page(url.into_owned())))
        })
    }
}

impl<'d> TypedDocument<'d> {
    /// Gives every column of a document its role: the declared one, else what header and cells tell. `current_year` is the year that it is now.
    #[must_use]
    pub fn infer(document: &'d Document<'d>, declared: &'d Declared, current_year: u16) -> Self {
        let mut learnt = Learnt::default();
        let infer = |table| TypedTable::infer_with(table, declared, current_year, &mut learnt);
        let tables = document.tables.iter().map(infer).collect();
        Self { document, tables }
    }
}

/// What is found out once for all tables of a document.
#[derive(Default)]
struct Learnt {
    hosts: Glancer,
    /// The roles that headers name, by their folded texts.
    headers: FxHashMap<String, Option<Role>>,
}

impl Learnt {
    fn role(&mut self, header: &str) -> Option<Role> {
        if let Some(&role) = self.headers.get(header) {
            return role;
        }
        let role = words::role(header);
        self.headers.insert(header.to_owned(), role);
        role
    }
}

impl<'d> TypedTable<'d> {
    /// Gives every column of a table its role: the declared one, else what header and cells tell. `current_year` is the year that it is now.
    #[must_use]
    fn infer_with(table: &'d Table<'d>, declared: &'d Declared, current_year: u16, learnt: &mut Learnt) -> Self {
        let headers: Vec<String> = table.header().cells().iter().map(|cell| fold_header(cell.text)).collect();
        let profiles = Profile::of_columns(table);
        let bound = Bound::find(&declared.schemas, table, &headers);
        let mut told: Vec<Option<Role>> = headers.iter().map(|header| declared.role(header)).collect();
        for (place, column) in bound.iter().flat_map(Bound::columns) {
            told[place] = told[place].or_else(|| column.kind.and_then(Role::of_kind));
        }
        let named = headers.iter().zip(&told).map(|(header, told)| told.or_else(|| learnt.role(header)));
        let named: Vec<Option<Role>> = named.collect();
        let role = |column: usize| told[column].unwrap_or_else(|| profiles[column].role(named[column]));
        let mut roles: Vec<Role> = (0..table.width()).map(role).collect();
        let told_title = told.iter().position(|told| *told == Some(Role::Title));
        let title = told_title.or_else(|| title_column(&headers, &named, &roles, &profiles, &told));
        for (column, role) in roles.iter_mut().enumerate() {
            match role {
                _ if Some(column) == title => *role = Role::Title,
                // A second column of names; where its header speaks of links, they are what it is for.
                Role::Title => {
                    *role = named[column].filter(|named| matches!(named, Role::Link(_))).unwrap_or(Role::Text);
                }
                _ => {}
            }
        }
        let is_other_name = |&column: &usize| named[column] == Some(Role::Title) && Some(column) != title;
        let other_names = (0..roles.len()).filter(is_other_name).collect();
        let has_dates = |&column: &usize| profiles[column].is_mostly_dates();
        let date_column = roles.iter().position(|&role| role == Role::Date);
        let date_column = date_column.or_else(|| roles.iter().position(|&role| role == Role::Venue).filter(has_dates));
        let lists_publications = title.is_some_and(|column| words::names_publications(&headers[column]));
        let mut typed = Self {
            table,
            current_year,
            options: declared.options,
            roles,
            date_column,
            other_names,
            lists_publications,
            requires_cells: bound.as_ref().is_some_and(Bound::requires_cells),
            has_plain_groups: false,
            bound,
            new_rows: Vec::new(),
            entries: Vec::new(),
            title_keys: OnceCell::new(),
            dates: OnceCell::new(),
            order: OnceCell::new(),
            references: Vec::new(),
            glances: Vec::new(),
            link_cells: OnceCell::new(),
            shares_own_link: OnceCell::new(),
        };
        if typed.requires_cells {
            typed.has_plain_groups = table.body().filter(|row| typed.is_plain_group(*row)).nth(1).is_some();
        }
        typed.find_entries(&mut learnt.hosts);
        typed
    }

    /// Whether a body row (its place from 0) is known to be new, or to have been moved.
    #[must_use]
    pub fn is_new(&self, row: usize) -> bool {
        self.new_rows.get(row).is_some_and(|&is_new| is_new)
    }

    /// The first column of a role, from 0.
    #[must_use]
    pub fn column(&self, role: Role) -> Option<usize> {
        self.roles.iter().position(|&other| other == role)
    }

    /// The column with the entries' names, from 0.
    #[must_use]
    pub fn title_column(&self) -> Option<usize> {
        self.column(Role::Title)
    }

    /// A header cell's visible text.
    #[must_use]
    pub fn header_text(&self, column: usize) -> Cow<'d, str> {
        identity::title::visible_cell(self.table.header(), column)
    }

    /// Where the header of a column stands: its text, or the empty cell; the whole header where it has no such cell.
    #[must_use]
    pub fn header_place(&self, column: usize) -> Span {
        let header = self.table.header();
        header.cell(column).map_or_else(|| header.span(), |cell| cell.place())
    }

    /// Whether the header of the date column promises years and nothing else.
    #[must_use]
    pub fn promises_years(&self, column: usize) -> bool {
        words::promises_years(&self.header_text(column).trim().to_lowercase())
    }

    /// The folded title of a body row (its place from 0); empty where it has none, or only a placeholder.
    #[must_use]
    pub fn title_key(&self, row: usize) -> &str {
        let fold =
            |column| identity::title::fold_visible(&identity::title::visible_cell(self.table.body_row(row), column));
        let Some(column) = self.title_column().filter(|_| self.title_digest(row) != 0) else { return "" };
        let keys = self.title_keys.get_or_init(|| vec![OnceCell::new(); self.entries.len()]);
        keys.get(row).map_or("", |key| key.get_or_init(|| fold(column).into_boxed_str()))
    }

    /// The [digest](identity::title::digest) of a body row's title (its place from 0): 0 where it has none, or only a placeholder.
    #[must_use]
    pub fn title_digest(&self, row: usize) -> u64 {
        self.entries.get(row).map_or(0, |entry| entry.title)
    }

    /// The links of a body row (its place from 0) that say what the entry is or refers to; badges are none.
    #[must_use]
    pub fn references(&self, row: usize) -> &[Reference<'d>] {
        let start =
            |row: usize| self.entries.get(row).map_or(self.references.len(), |entry| entry.first_reference as usize);
        &self.references[start(row)..start(row + 1)]
    }

    /// What the URL of each link of a body row tells at first sight, in the order of the row's links; that of a picture tells nothing.
    #[must_use]
    pub fn glances(&self, row: Row<'_>) -> &[Glance] {
        let first = row.first_link();
        self.glances.get(first..first + row.links().len()).unwrap_or_default()
    }

    /// The cells that hold links and nothing else.
    #[must_use]
    pub fn link_cells(&self) -> &LinkCells {
        self.link_cells.get_or_init(|| LinkCells::of(self.table))
    }

    /// Whether an own link of a body row (its place from 0) may lead to what an own link of another row leads to. Of nearly every row it does not.
    #[must_use]
    pub fn may_share_own_link(&self, row: usize) -> bool {
        let shares = self.shares_own_link.get_or_init(|| {
            let own = |row: usize| self.references(row).iter().filter_map(|reference| reference.own);
            let digest = |own: NonZeroU32| u64::from(own.get());
            repeats((0..self.table.body_len()).map(|row| own(row).map(digest)), self.table.body_len())
        });
        shares.get(row).is_some_and(|&shares| shares)
    }

    /// The date of a row, from its date column.
    #[must_use]
    pub fn date(&self, row: Row<'_>) -> Option<Dated> {
        let column = self.date_column?;
        let parse = |row: Row<'_>| date::parse(&identity::title::visible_cell(row, column));
        match row.body_index() {
            Some(index) => *self.dates.get_or_init(|| self.table.body().map(parse).collect()).get(index)?,
            None => parse(row),
        }
    }

    /// Whether a row is a sub-heading inside the table: one filled cell, no link, in a table of three columns or more.
    ///
    /// Where a schema requires more than one cell, a row that has but its first may be an entry that lacks the rest; it is a sub-heading
    /// where it is emphasised, or where there are others like it.
    #[must_use]
    pub fn is_group_row(&self, row: Row<'_>) -> bool {
        self.lone_cell(row).is_some_and(|cell| !self.requires_cells || is_emphasised(cell.text))
            || self.has_plain_groups && self.is_plain_group(row)
    }

    /// The only filled cell of a row without links, in a table of three columns or more.
    fn lone_cell<'r>(&self, row: Row<'r>) -> Option<Cell<'r>> {
        row.only_filled_cell().filter(|_| self.table.width() >= 3 && row.links().is_empty())
    }

    fn is_plain_group(&self, row: Row<'_>) -> bool {
        self.lone_cell(row).is_some() && row.cells().first().is_some_and(|cell| !cell.is_empty())
    }

    fn find_entries(&mut self, hosts: &mut Glancer) {
        let title = self.title_column();
        let own_column = self.own_link_column();
        let mut references = Vec::with_capacity(self.table.link_count());
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let mut glances = Vec::with_capacity(self.table.link_count());
        let entries = self.table.body().map(|row| {
            let first_reference = narrow(references.len());
            glances.resize(row.first_link(), Glance::default());
            let is_entry = !row.is_swallowed_text() && !self.is_group_row(row);
            let title = title.filter(|_| is_entry).map(|column| identity::title::visible_cell(row, column));
            let title = title.filter(|title| !identity::placeholder::is_placeholder(title));
            for (place, (column, link)) in (row.first_link()..).zip(row.placed_links()) {
                let refers = match self.roles.get(column) {
                    Some(Role::Title | Role::Link(_)) => true,
                    Some(Role::Text) => self.table.width() <= 3,
                    _ => false,
                };
                if link.is_image {
                    glances.push(Glance::default());
                    continue;
                }
                let Some(url) = links::url_of(row, link) else {
                    glances.push(Glance { may_be_roundabout: true, ..Glance::default() });
                    continue;
                };
                let is_own = own_column == Some(column);
                let (digest, glance) = if is_entry && refers && is_own {
                    hosts.glance_with_digest(&url, link.is_plain).unzip()
                } else {
                    (None, hosts.glance(&url, link.is_plain))
                };
                if is_entry && refers && glance.is_some() {
                    references.push(Reference {
                        table: self.table,
                        identity: OnceCell::new(),
                        link: narrow(place),
                        own: digest.map(|digest| NonZeroU32::MIN | digest),
                    });
                }
                glances.push(glance.unwrap_or_default());
            }
            let title = title.map_or(0, |title| identity::title::digest(&title));
            Entry { title, first_reference }
        });
        self.entries = entries.collect();
        references.shrink_to_fit();
        self.references = references;
        self.glances = glances;
    }

    /// The column of the entries' own links: a publication's paper, else the title where it is linked, else the first links.
    fn own_link_column(&self) -> Option<usize> {
        let title = self.title_column()?;
        let is_linked = |column: usize| {
            let rows = self.table.body_len();
            self.table.body().filter(|row| row.cell_links(column).iter().any(|link| !link.is_image)).count() * 2 > rows
        };
        let paper = self.column(Role::Link(LinkRole::Paper)).filter(|_| self.lists_publications);
        let links = || self.roles.iter().position(|role| matches!(role, Role::Link(_)));
        paper.or_else(|| Some(title).filter(|&title| is_linked(title))).or_else(links)
    }
}

/// For each group of hashes, whether another one has one of them too; `count` is how many groups there are.
#[must_use]
pub fn repeats(groups: impl Iterator<Item = impl Iterator<Item = u64>>, count: usize) -> Vec<bool> {
    let mut first: FxHashMap<u64, usize> = FxHashMap::with_capacity_and_hasher(count, FxBuildHasher);
    let mut are_repeated = vec![false; count];
    for (group, hashes) in groups.enumerate() {
        for hash in hashes {
            let earlier = *first.entry(hash).or_insert(group);
            if earlier != group {
                (are_repeated[earlier], are_repeated[group]) = (true, true);
            }
        }
    }
    are_repeated
}

/// Whether a cell is written in bold or italics, as a heading is.
fn is_emphasised(text: &str) -> bool {
    ["*", "_", "<b>", "<strong>", "<i>", "<em>"].iter().any(|mark| text.starts_with(mark))
}

/// The column with the entries' names: one whose header says so, a header that says "title" first; else the first that bears text.
fn title_column(
    headers: &[String],
    named: &[Option<Role>],
    roles: &[Role],
    profiles: &[Profile<'_>],
    told: &[Option<Role>],
) -> Option<usize> {
    let titles = || (0..roles.len()).filter(|&column| roles[column] == Role::Title);
    let says_title = |column: &usize| headers[*column].contains("title");
    let bears_names = |&column: &usize| {
        told[column].is_none()
            && matches!(roles[column], Role::Text | Role::Link(_))
            && !matches!(named[column], Some(Role::Text))
            && profiles[column].bears_names()
    };
    titles().find(says_title).or_else(|| titles().next()).or_else(|| (0..roles.len()).find(bears_names))
}
