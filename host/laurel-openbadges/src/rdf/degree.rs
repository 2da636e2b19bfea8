//! Hash N-Degree Quads (RDFC-1.0, sections 4.7 and 4.8).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::canonical::{CanonicalError, State};
use super::dataset::{Node, Quad};
use super::hash::HashFunction;
use super::issuer::Issuer;

/// How far apart blank nodes may be told apart. Each level is a stack frame.
const MAX_DEPTH: usize = 256;

/// The best path found so far through one group of related nodes.
struct Chosen {
    path: String,
    issuer: Issuer,
}

impl<H: HashFunction> State<'_, H> {
    /// The hash of a blank node by its surroundings, and the labels given on the way.
    pub(super) fn hash_n_degree(
        &mut self,
        blank: u32,
        issuer: Issuer,
        depth: usize,
    ) -> Result<(H::Hex, Issuer), CanonicalError> {
        if depth > MAX_DEPTH {
            return Err(CanonicalError::TooDeep { limit: MAX_DEPTH });
        }
        let mut issuer = issuer;
        let mut hasher = H::new();
        for (hash, related) in self.related(blank, &issuer)? {
            hasher.update(hash);
            let chosen = self.best_path(related, &issuer, depth)?;
            hasher.update(chosen.path.as_bytes());
            issuer = chosen.issuer;
        }
        Ok((hasher.hex(), issuer))
    }

    /// The blank nodes next to this one, grouped by "hash related blank node" (step 3).
    ///
    /// A neighbour met in several statements is kept as often as it is met. The specification's text
    /// can be read both ways; this is what the JavaScript implementation does, and the reading under
    /// which the published Open Badges signatures verify.
    fn related(&mut self, blank: u32, issuer: &Issuer) -> Result<BTreeMap<H::Hex, Vec<u32>>, CanonicalError> {
        let mut groups: BTreeMap<H::Hex, Vec<u32>> = BTreeMap::new();
        for index in 0..self.quads_of[blank as usize].len() {
            self.spend(1)?;
            let quad = self.dataset.quads[self.quads_of[blank as usize][index]];
            for (place, node) in quad.places() {
                if let Some(Node::Blank(other)) = node
                    && other != blank
                {
                    groups.entry(self.hash_related(other, &quad, issuer, place)).or_default().push(other);
                }
            }
        }
        Ok(groups)
    }

    fn hash_related(&self, related: u32, quad: &Quad, issuer: &Issuer, place: u8) -> H::Hex {
        let mut hasher = H::new();
        hasher.update([place]);
        if place != b'g' {
            hasher.update(self.dataset.text(quad.predicate).as_bytes());
        }
        match self.label(related, issuer) {
            Some(label) => hasher.update(label.as_bytes()),
            None => hasher.update(self.first_degree[related as usize]),
        }
        hasher.hex()
    }

    /// The label a blank node has by now, canonical or temporary.
    fn label(&self, blank: u32, issuer: &Issuer) -> Option<String> {
        match self.canonical.number(blank) {
            Some(number) => Some(format!("_:c14n{number}")),
            None => issuer.number(blank).map(|number| format!("_:{}{number}", issuer.prefix())),
        }
    }

    /// The least path over all orders of a group (steps 5.1 to 5.6).
    fn best_path(&mut self, related: Vec<u32>, issuer: &Issuer, depth: usize) -> Result<Chosen, CanonicalError> {
        let mut order = related;
        order.sort_unstable();
        let mut chosen: Option<Chosen> = None;
        loop {
            if let Some(better) = self.path(&order, issuer, chosen.as_ref(), depth)? {
                chosen = Some(better);
            }
            if !next_permutation(&mut order) {
                break;
            }
        }
        Ok(chosen.unwrap_or_else(|| Chosen { path: String::new(), issuer: issuer.clone() }))
    }

    /// The path of one order, or `None` as soon as it cannot beat `best`.
    fn path(
        &mut self,
        order: &[u32],
        issuer: &Issuer,
        best: Option<&Chosen>,
        depth: usize,
    ) -> Result<Option<Chosen>, CanonicalError> {
        // The labels given so far are copied for every order that is tried.
        self.spend(order.len() + issuer.order().len() / 16)?;
        let mut issuer = issuer.clone();
        let mut path = String::new();
        let mut unvisited = Vec::new();
        for blank in order {
            if self.canonical.number(*blank).is_none() && issuer.number(*blank).is_none() {
                unvisited.push(*blank);
            }
            self.push_label(&mut path, *blank, &mut issuer);
            if is_worse(&path, best) {
                return Ok(None);
            }
        }
        for blank in unvisited {
            let (hash, after) = self.hash_n_degree(blank, issuer.clone(), depth + 1)?;
            self.push_label(&mut path, blank, &mut issuer);
            path.push('<');
            path.extend(hash.as_ref().iter().map(|byte| char::from(*byte)));
            path.push('>');
            issuer = after;
            if is_worse(&path, best) {
                return Ok(None);
            }
        }
        let wins = best.is_none_or(|best| path < best.path);
        Ok(wins.then_some(Chosen { path, issuer }))
    }

    fn push_label(&self, path: &mut String, blank: u32, issuer: &mut Issuer) {
        // Writing to a String cannot fail.
        let _ = match self.canonical.number(blank) {
            Some(number) => write!(path, "_:c14n{number}"),
            None => write!(path, "_:{}{}", issuer.prefix(), issuer.issue(blank)),
        };
    }

    fn spend(&mut self, steps: usize) -> Result<(), CanonicalError> {
        let limit = self.work.limits.canonical_steps;
        self.steps_left = self.steps_left.checked_sub(steps).ok_or(CanonicalError::TooMuchWork { limit })?;
        Ok(self.work.spend(steps)?)
    }
}

fn is_worse(path: &str, best: Option<&Chosen>) -> bool {
    best.is_some_and(|best| path.len() >= best.path.len() && *path > *best.path)
}

/// Rearranges to the next order, in which equal elements are not told apart: swapping two mentions of
/// one node gives the same path, so that duplicates cost nothing.
fn next_permutation(order: &mut [u32]) -> bool {
    let Some(pivot) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else { return false };
    let Some(swap) = order.iter().rposition(|item| *item > order[pivot]) else { return false };
    order.swap(pivot, swap);
    order[pivot + 1..].reverse();
    true
}
