//! What the user asks of single rules beyond their weight.

/// What the user asks of single rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuleOptions {
    /// The earliest year that `implausible-year` lets pass.
    pub earliest_year: u16,
    /// The latest year that `implausible-year` lets pass; without it, the next one.
    pub latest_year: Option<u16>,
    /// Whether `duplicate-entry` compares the rows of different tables, where no schema says what is unique.
    pub compares_tables: bool,
}

impl Default for RuleOptions {
    fn default() -> Self {
        Self { earliest_year: 1900, latest_year: None, compares_tables: true }
    }
}
