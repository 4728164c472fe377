//! The one test binary: what the house promises, module by module.

mod case_page;
mod changes;
mod checks;
mod conventions;
mod corpus;
mod deceptive;
mod diff;
mod directives;
mod documented;
mod fixes;
mod format_pages;
mod format_properties;
mod generate;
mod house;
mod init;
mod limits;
mod links;
mod mojibake;
mod planted;
mod planted_links;
mod reports;
mod repositories;
mod rule_pages;
mod tables;
mod transcripts;
mod validators;
