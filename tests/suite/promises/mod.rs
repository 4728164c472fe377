//! What is promised of any text: functions that panic where it does not hold. The tests call them, and so do the fuzz targets (`fuzz/`), so that
//! nothing here knows where a text comes from.

pub(crate) mod changes;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod directives;
pub(crate) mod fix;
pub(crate) mod format;
pub(crate) mod report;
pub(crate) mod table;

/// The year in which lists are read.
pub(crate) const CURRENT_YEAR: u16 = 2026;

/// How GitHub reads a file, as far as links and tables go.
pub(crate) fn options() -> comrak::Options<'static> {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.front_matter_delimiter = Some("---".to_owned());
    options
}
