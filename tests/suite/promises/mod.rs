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
