//! The one test binary: what the house promises, module by module.

mod corpus;
mod links;
mod tables;
