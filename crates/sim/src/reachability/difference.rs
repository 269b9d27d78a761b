//! What an edit changed: where two matrices differ.

use std::collections::BTreeMap;

use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;

use super::{Cell, Matrix, Target};

/// A source and target of which something else became. `None` where a matrix has no such row or column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Who asks.
    pub source: Id,
    /// What is asked.
    pub target: Target,
    /// What became of it before.
    pub before: Option<Cell>,
    /// What becomes of it after.
    pub after: Option<Cell>,
}

type Key<'m> = (&'m Id, &'m SmolStr, u16);

const fn key<'m>(source: &'m Id, target: &'m Target) -> Key<'m> {
    (source, &target.to, target.port)
}

impl Matrix {
    /// What differs from this matrix to a later one: its own cells in order, then those only the later one has.
    #[must_use]
    pub fn changes(&self, later: &Self) -> Vec<Change> {
        let (own, others) = (self.by_key(), later.by_key());
        let kept = self.iter().map(|(source, target, cell)| {
            let after = others.get(&key(source, target)).copied();
            (source, target, Some(cell), after)
        });
        let new = later.iter().filter(|(source, target, _)| !own.contains_key(&key(source, target)));
        let new = new.map(|(source, target, cell)| (source, target, None, Some(cell)));
        let differing = kept.chain(new).filter(|(_, _, before, after)| before != after);
        differing
            .map(|(source, target, before, after)| Change {
                source: source.clone(),
                target: target.clone(),
                before,
                after,
            })
            .collect()
    }

    fn by_key(&self) -> BTreeMap<Key<'_>, Cell> {
        self.iter().map(|(source, target, cell)| (key(source, target), cell)).collect()
    }
}
