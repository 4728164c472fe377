//! `tablewright.toml`: what a list's maintainer declares, and how it is learnt from lists.

pub mod learn;
