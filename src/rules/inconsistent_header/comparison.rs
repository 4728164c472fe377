//! How a header compares with others of its kind in the file, and what most of them do.

use rustc_hash::FxHashMap;

use super::name::{Likeness, Name, Names};
use crate::column::Role;

/// The tables of one header, to the letter.
pub(super) struct Shape {
    pub(super) names: Vec<Name>,
    /// The roles of the first table's columns.
    pub(super) roles: Vec<Role>,
    /// Places in the document.
    pub(super) tables: Vec<usize>,
}

/// How a shape compares with another that may be its model.
pub(super) struct Comparison {
    /// The place of the model among the shapes.
    pub(super) model: usize,
    /// The columns that are the same, in the order of the table.
    pub(super) pairs: Vec<Pair>,
    /// Neighbours among those that stand the other way round in the model, as places among the pairs; the first two.
    pub(super) displaced: Option<(usize, usize)>,
}

/// A column and the one that it is in the model.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    /// Its place in the table, from 0.
    pub(super) own: usize,
    /// Its place in the model, from 0.
    pub(super) model: usize,
    pub(super) likeness: Likeness,
}

impl Comparison {
    /// Compares two shapes; none where they are of different kinds.
    pub(super) fn new(shape: &Shape, shapes: &[Shape], model: usize, names: &Names) -> Option<Self> {
        let (place, model) = (model, &shapes[model]);
        let wider = shape.names.len().max(model.names.len());
        let pairs = translated(shape, model, names).or_else(|| pairs(shape, model, wider, names))?;
        let order: Vec<usize> = (0..pairs.len()).filter(|&at| pairs[at].likeness.is_strong()).collect();
        // Only where nearly all columns are the same does their order say something.
        let has_order = order.len() >= 3 && order.len() * 4 >= wider * 3;
        let neighbours = order.windows(2).map(|two| (two[0], two[1]));
        let displaced = neighbours.filter(|_| has_order).find(|&(a, b)| pairs[b].model < pairs[a].model);
        Some(Self { model: place, pairs, displaced })
    }

    /// How many columns are surely the same.
    pub(super) fn agreement(&self) -> usize {
        self.pairs.iter().filter(|pair| pair.likeness.is_strong()).count()
    }

    /// How much the model does otherwise.
    pub(super) fn differences(&self) -> usize {
        let names = self.pairs.iter().filter(|pair| pair.likeness != Likeness::Same).count();
        names + usize::from(self.displaced.is_some())
    }
}

/// The columns of two tables that are the same, if most of them are.
fn pairs(shape: &Shape, model: &Shape, wider: usize, names: &Names) -> Option<Vec<Pair>> {
    let mut pairs = Vec::new();
    let mut is_taken = vec![false; model.names.len()];
    let mut pair = |own: usize, model: usize, likeness, is_taken: &mut Vec<bool>| {
        is_taken[model] = true;
        pairs.push(Pair { own, model, likeness });
    };
    let mut rest = Vec::new();
    for (own, name) in shape.names.iter().enumerate() {
        match model.names.iter().position(|other| other == name) {
            Some(place) => pair(own, place, Likeness::Same, &mut is_taken),
            None => rest.push(own),
        }
    }
    let is_like = |own: usize, place: usize| names.have_one_key(shape.names[own], model.names[place]);
    rest.retain(|&own| {
        let place = (0..model.names.len()).find(|&place| !is_taken[place] && is_like(own, place));
        place.map(|place| pair(own, place, Likeness::Spelling, &mut is_taken)).is_none()
    });
    if pairs.len() * 3 < wider || !pairs.iter().any(|pair| pair.likeness == Likeness::Same) {
        return None;
    }
    let mut weak = Vec::new();
    for own in rest {
        let column = |shape: &Shape, place: usize| (shape.names[place], shape.roles[place]);
        let likeness = |place: usize| names.likeness(column(shape, own), column(model, place));
        let free = (0..model.names.len()).filter(|&place| !is_taken[place]);
        let found = free.filter_map(|place| Some((likeness(place)?, place)));
        // Of names that are equally alike, the one at the same place.
        let Some((likeness, place)) = found.min_by_key(|&(likeness, place)| (likeness, place.abs_diff(own))) else {
            continue;
        };
        if likeness.is_strong() {
            is_taken[place] = true;
            pairs.push(Pair { own, model: place, likeness });
        } else if place == own {
            weak.push(Pair { own, model: place, likeness });
        }
    }
    if pairs.len() * 2 <= wider {
        return None;
    }
    // Other words tell nothing unless all else is the same.
    let is_all = pairs.len() + weak.len() == wider && shape.names.len() == model.names.len();
    if is_all && pairs.len() >= 2 && weak.len() * 2 <= pairs.len() {
        pairs.extend(weak);
    }
    pairs.sort_by_key(|pair| pair.own);
    Some(pairs)
}

/// The columns of two tables of which one is the other in another language.
fn translated(shape: &Shape, model: &Shape, names: &Names) -> Option<Vec<Pair>> {
    let width = shape.names.len();
    if width < 3 || width != model.names.len() {
        return None;
    }
    let are_translated = |place: usize| names.are_in_two_scripts(shape.names[place], model.names[place]);
    let alike = (0..width).filter(|&place| shape.roles[place] == model.roles[place]);
    let telling = alike.clone().filter(|&place| shape.roles[place] != Role::Text).count();
    let is_one_kind = telling >= 2 && alike.count() + 1 >= width && (0..width).all(are_translated);
    let pair = |place| Pair { own: place, model: place, likeness: Likeness::Language };
    is_one_kind.then(|| (0..width).map(pair).collect())
}

/// What the tables of each model's kind do: how many do so, and how many do otherwise.
#[derive(Default)]
pub(super) struct Habits {
    /// By model, its column, and the name there.
    names: FxHashMap<(usize, usize, Name), usize>,
    /// By model and two of its columns, of which the first stands before the second.
    orders: FxHashMap<(usize, usize, usize), usize>,
}

impl Habits {
    pub(super) fn of(shapes: &[Shape], comparisons: &[Vec<Comparison>]) -> Self {
        let mut habits = Self::default();
        for (shape, comparisons) in shapes.iter().zip(comparisons) {
            let tables = shape.tables.len();
            for comparison in comparisons {
                let model = comparison.model;
                for pair in &comparison.pairs {
                    *habits.names.entry((model, pair.model, shape.names[pair.own])).or_default() += tables;
                }
                let columns =
                    || comparison.pairs.iter().filter(|pair| pair.likeness.is_strong()).map(|pair| pair.model);
                for (at, before) in columns().enumerate() {
                    for behind in columns().skip(at + 1) {
                        *habits.orders.entry((model, before, behind)).or_default() += tables;
                    }
                }
            }
        }
        habits
    }

    /// How many tables call a model's column as the model does, if a name that is alike is a departure from that.
    pub(super) fn usual_name(&self, shapes: &[Shape], model: usize, pair: Pair, name: Name) -> Option<usize> {
        let count = |name| self.names.get(&(model, pair.model, name)).copied().unwrap_or(0);
        let (usual, departing) = (count(shapes[model].names[pair.model]), count(name));
        // The same word in another spelling is no other thing, as another word may be.
        let most_to_one = if pair.likeness == Likeness::Spelling { 3 } else { 5 };
        is_habit(usual, departing, most_to_one).then_some(usual)
    }

    /// How many tables have two columns in the model's order, if another order is a departure from that.
    pub(super) fn usual_order(&self, model: usize, before: usize, behind: usize) -> Option<usize> {
        let count = |a, b| self.orders.get(&(model, a, b)).copied().unwrap_or(0);
        let (usual, departing) = (count(before, behind), count(behind, before));
        is_habit(usual, departing, 5).then_some(usual)
    }
}

/// Whether so many tables against so many others make a habit.
fn is_habit(usual: usize, departing: usize, most_to_one: usize) -> bool {
    const ENOUGH_TABLES: usize = 3;
    usual >= ENOUGH_TABLES && (departing == 1 || departing * most_to_one <= usual)
}
