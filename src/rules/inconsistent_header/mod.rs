//! `inconsistent-header`: a table that names or orders its columns otherwise than the tables of its kind in the file.

mod comparison;
mod name;

use rustc_hash::FxHashMap;

use super::{Check, Rule, count, shorten};
use crate::column::{TypedDocument, TypedTable};
use crate::diagnostic::{Fault, Findings, RuleName, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::source::Span;
use comparison::{Comparison, Habits, Pair, Shape};
use name::{Likeness, Name, Names};

pub(super) const RULE: Rule = Rule {
    name: RuleName("inconsistent-header"),
    page: include_str!("../../../rules/inconsistent-header.md"),
    severity: Severity::Note,
    fix: Some(Applicability::Unsafe),
    check: Check::Document(check),
    is_default: true,
};

/// So many headers of the file, the most frequent ones, are models for others. Bounds the work in files of thousands of different headers.
const MAX_MODELS: usize = 12;

/// Wider tables hold measurements, a trial in each column.
const MAX_WIDTH: usize = 24;

fn check(document: &TypedDocument<'_>, findings: &mut Findings) {
    let mut names = Names::default();
    let shapes = shapes(document, &mut names);
    if shapes.len() < 2 {
        return;
    }
    let mut models: Vec<usize> = (0..shapes.len()).collect();
    models.sort_by_key(|&shape| std::cmp::Reverse(shapes[shape].tables.len()));
    models.truncate(MAX_MODELS);
    let compare = |shape: &Shape| -> Vec<Comparison> {
        models.iter().filter_map(|&model| Comparison::new(shape, &shapes, model, &names)).collect()
    };
    let comparisons: Vec<Vec<Comparison>> = shapes.iter().map(compare).collect();
    let habits = Habits::of(&shapes, &comparisons);
    let mut found = Vec::new();
    for (place, shape) in shapes.iter().enumerate() {
        let ranked = ranked(place, &comparisons[place], &shapes);
        found.extend(shape.tables.iter().filter(|_| !ranked.is_empty()).map(|&table| (table, shape, ranked.clone())));
    }
    found.sort_by_key(|&(table, ..)| table);
    let file = File { document, shapes: &shapes, names: &names, habits: &habits };
    for (table, shape, ranked) in found {
        file.report(table, shape, &ranked, findings);
    }
}

/// The headers of the tables that are of a kind with others; tables with a schema have columns and names of their own.
fn shapes(document: &TypedDocument<'_>, names: &mut Names) -> Vec<Shape> {
    let mut places: FxHashMap<Vec<Name>, usize> = FxHashMap::default();
    let mut shapes: Vec<Shape> = Vec::new();
    for (table, typed) in document.tables.iter().enumerate() {
        let width = typed.table.width();
        if !(2..=MAX_WIDTH).contains(&width) || typed.bound.is_some() {
            continue;
        }
        let header: Vec<Name> = (0..width).map(|column| names.number(&typed.header_text(column))).collect();
        if let Some(&place) = places.get(&header) {
            shapes[place].tables.push(table);
            continue;
        }
        let is_twice =
            |at: usize| header[..at].iter().any(|&other| other == header[at] || names.have_one_key(other, header[at]));
        // A name that two columns have tells neither from the other.
        if !(1..width).any(is_twice) {
            places.insert(header.clone(), shapes.len());
            shapes.push(Shape { names: header, roles: typed.roles.clone(), tables: vec![table] });
        }
    }
    shapes
}

/// The comparisons with the models that a shape is like, most like first; none where no model does anything otherwise.
fn ranked<'c>(place: usize, comparisons: &'c [Comparison], shapes: &[Shape]) -> Vec<&'c Comparison> {
    let mut others: Vec<&Comparison> = comparisons.iter().filter(|comparison| comparison.model != place).collect();
    if others.iter().all(|comparison| comparison.differences() == 0) {
        return Vec::new();
    }
    others.sort_by_key(|comparison| {
        let tables = shapes[comparison.model].tables.len();
        std::cmp::Reverse((comparison.agreement(), std::cmp::Reverse(comparison.differences()), tables))
    });
    others
}

/// What is known of all headers of a file.
struct File<'f> {
    document: &'f TypedDocument<'f>,
    shapes: &'f [Shape],
    names: &'f Names,
    habits: &'f Habits,
}

/// What is wrong with a header.
struct Verdict<'c> {
    faults: Vec<Fault>,
    help: String,
    /// How it should be.
    model: &'c Comparison,
}

impl File<'_> {
    fn report(&self, table: usize, shape: &Shape, ranked: &[&Comparison], findings: &mut Findings) {
        let typed = &self.document.tables[table];
        let is_translated = ranked[0].pairs.iter().any(|pair| pair.likeness == Likeness::Language);
        let verdict = if is_translated {
            self.language(typed, shape, ranked[0])
        } else {
            Some(self.columns(typed, shape, ranked))
        };
        let Some(Verdict { faults, help, model }) = verdict else { return };
        if let Some(finding) = findings.report_together(faults) {
            finding.message = finding.message.replace(" more in this row)", " more in this header)");
            finding.help(help).label(self.model_span(model), "a header as most tables of this kind have it");
        }
    }

    /// The columns that are called or placed otherwise.
    fn columns<'c>(&self, typed: &TypedTable<'_>, shape: &Shape, ranked: &[&'c Comparison]) -> Verdict<'c> {
        let nearest = ranked[0];
        let mut verdict = Verdict { faults: Vec::new(), help: String::new(), model: nearest };
        let mut is_decided = vec![false; shape.names.len()];
        for &comparison in ranked {
            for &pair in &comparison.pairs {
                // What the nearest model lacks, others may have; only its spelling says then that it is the same.
                let speaks = std::ptr::eq(comparison, nearest) || pair.likeness <= Likeness::Spelling;
                if !speaks || std::mem::replace(&mut is_decided[pair.own], true) {
                    continue;
                }
                let Some(fault) = self.name_fault(typed, shape, comparison, pair) else { continue };
                if verdict.faults.is_empty() {
                    verdict.model = comparison;
                    let right = shorten(self.model_name(comparison, pair));
                    verdict.help = format!("write \"{right}\", as on line {}", self.line(comparison));
                } else {
                    verdict.help = format!("write the names as on line {}", self.line(verdict.model));
                }
                verdict.faults.push(fault);
            }
        }
        if let Some(fault) = self.order_fault(typed, shape, nearest) {
            let what = if verdict.faults.is_empty() { "order" } else { "name and order" };
            verdict.help = format!("{what} the columns as on line {}", self.line(nearest));
            verdict.model = nearest;
            verdict.faults.push(fault);
        }
        verdict.faults.sort_by_key(|fault| fault.span);
        verdict
    }

    fn name_fault(&self, typed: &TypedTable<'_>, shape: &Shape, comparison: &Comparison, pair: Pair) -> Option<Fault> {
        let name = shape.names[pair.own];
        let (own, right) = (self.names.text(name), self.model_name(comparison, pair));
        if pair.likeness == Likeness::Same || right.is_empty() {
            return None;
        }
        let usual = self.habits.usual_name(self.shapes, comparison.model, pair, name)?;
        let (tables, shown) = (count(usual, "other table"), shorten(right));
        let message = if own.is_empty() {
            format!("this column has no name, and is called \"{shown}\" in {tables} of this file")
        } else {
            format!("the column \"{}\" is called \"{shown}\" in {tables} of this file", shorten(own))
        };
        Some(Fault { span: typed.header_place(pair.own), message, fix: rename(typed, pair.own, own, right) })
    }

    /// The first two columns that stand the other way round in the model.
    fn order_fault(&self, typed: &TypedTable<'_>, shape: &Shape, comparison: &Comparison) -> Option<Fault> {
        let (first, second) = comparison.displaced?;
        let (first, second) = (comparison.pairs[first], comparison.pairs[second]);
        let usual = self.habits.usual_order(comparison.model, second.model, first.model)?;
        let text = |pair: Pair| shorten(self.names.text(shape.names[pair.own]));
        let (before, behind, tables) = (text(first), text(second), count(usual, "other table"));
        let message =
            format!("the column \"{before}\" stands before \"{behind}\", but behind it in {tables} of this file");
        Some(Fault { span: typed.header_place(first.own), message, fix: None })
    }

    /// The header as a whole, where it is in another language than the model.
    fn language<'c>(&self, typed: &TypedTable<'_>, shape: &Shape, comparison: &'c Comparison) -> Option<Verdict<'c>> {
        let pairs = &comparison.pairs;
        let usual = |pair: &Pair| self.habits.usual_name(self.shapes, comparison.model, *pair, shape.names[pair.own]);
        let tables = count(pairs.iter().map(usual).min()??, "other table");
        let names: Vec<&str> = pairs.iter().map(|&pair| self.model_name(comparison, pair)).collect();
        let shown = shorten(&names.join(", ")).into_owned();
        let message = format!("the header is in another language than in {tables} of this file: \"{shown}\"");
        let rename = |(pair, name): (&Pair, &str)| {
            let fix = rename(typed, pair.own, self.names.text(shape.names[pair.own]), name)?;
            fix.edits().first().cloned()
        };
        let edits: Option<Vec<Edit>> = pairs.iter().zip(names).map(rename).collect();
        let fix = edits.map(|edits| Fix::uncertain(RENAME, edits));
        let help = format!("write the header as on line {}", self.line(comparison));
        let faults = vec![Fault { span: typed.table.header().span(), message, fix }];
        Some(Verdict { faults, help, model: comparison })
    }

    /// The header of the first table that is as the model.
    fn model_span(&self, comparison: &Comparison) -> Span {
        self.document.tables[self.shapes[comparison.model].tables[0]].table.header().span()
    }

    fn line(&self, comparison: &Comparison) -> usize {
        self.document.document.source.line_number(self.model_span(comparison).start())
    }

    fn model_name(&self, comparison: &Comparison, pair: Pair) -> &str {
        self.names.text(self.shapes[comparison.model].names[pair.model])
    }
}

const RENAME: &str = "name the columns as the other tables do";

/// Writes another name in a header's cell, where markup stands in the way of neither.
fn rename(typed: &TypedTable<'_>, column: usize, from: &str, to: &str) -> Option<Fix> {
    let text = typed.table.header().cell_text(column);
    let is_plain =
        !text.contains(['\\', '&', '<', '[', '`']) && !to.contains(['\\', '&', '<', '[', '`', '|', '*', '_', '~']);
    let at = text.find(from).filter(|_| is_plain && !from.is_empty())?;
    let start = typed.table.source.span_of(text).start() + at;
    Some(Fix::uncertain(RENAME, [Edit::replace(Span::new(start, start + from.len()), to)]))
}
