//! Finds and mends what is wrong with the Markdown tables of curated lists.
//!
//! One way through the house: text → tables → roles → findings → fixes → report.

pub mod address;
pub mod baseline;
pub mod broken_link;
pub mod changes;
pub mod cli;
pub mod column;
pub mod config;
pub mod diagnostic;
pub mod diff;
pub mod directive;
pub mod files;
pub mod fix;
pub mod format;
pub mod identity;
pub mod lint;
pub mod report;
pub mod rules;
pub mod run;
pub mod schema;
pub mod source;
pub mod suppress;
pub mod table;
