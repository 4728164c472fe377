//! The one test binary: what the house promises, module by module.

mod case_page;
mod checks;
mod corpus;
mod deceptive;
mod diff;
mod directives;
mod fixes;
mod format_pages;
mod format_properties;
mod generate;
mod house;
mod init;
mod links;
mod mojibake;
mod planted;
mod reports;
mod rule_pages;
mod tables;
mod transcripts;
