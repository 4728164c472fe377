//! Finds and mends what is wrong with the Markdown tables of curated lists.
//!
//! One way through the house: text → tables → roles → findings → fixes → report.

pub mod address;
pub mod broken_link;
pub mod column;
pub mod diagnostic;
pub mod fix;
pub mod lint;
pub mod rules;
pub mod source;
pub mod table;
