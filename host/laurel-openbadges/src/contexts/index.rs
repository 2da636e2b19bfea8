//! Where a context has the term of a name.

use super::model::Term;
use super::name::Name;

/// The places of terms, sorted by the marks of their names, and cut into drawers, of which most hold one or none.
///
/// A document may bring its own terms. Whoever crowds them into one drawer gets a binary search there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Index {
    /// Marks and places.
    entries: Vec<(u32, u32)>,
    /// Where in the entries each drawer begins, and where the last ends. Empty if there are no terms.
    drawers: Vec<u32>,
    /// How far a mark is shifted to give its drawer.
    shift: u32,
}

impl Index {
    /// Of terms of one name the last counts.
    pub(super) fn new(terms: &[Term]) -> Self {
        let name = |at: u32| terms[at as usize].name.as_ref();
        let mut entries: Vec<(u32, u32)> =
            (0..).zip(terms).map(|(at, term)| (Name::new(&term.name).mark(), at)).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| name(a.1).cmp(name(b.1))).then(b.1.cmp(&a.1)));
        entries.dedup_by(|later, kept| later.0 == kept.0 && name(later.1) == name(kept.1));
        if entries.is_empty() {
            return Self::default();
        }
        let bits = (2 * entries.len()).next_power_of_two().trailing_zeros();
        let shift = u32::BITS - bits;
        let begin = |drawer: u32| entries.partition_point(|(mark, _)| mark >> shift < drawer);
        let drawers = (0..=1 << bits).map(|drawer| u32::try_from(begin(drawer)).unwrap_or(u32::MAX)).collect();
        Self { entries, drawers, shift }
    }

    /// The place of the term of a name.
    pub(super) fn find(&self, terms: &[Term], name: Name<'_>) -> Option<usize> {
        let drawer = (name.mark() >> self.shift) as usize;
        let (first, end) = (*self.drawers.get(drawer)?, *self.drawers.get(drawer + 1)?);
        let entries = &self.entries[first as usize..end as usize];
        let order =
            |(mark, at): &(u32, u32)| mark.cmp(&name.mark()).then_with(|| (*terms[*at as usize].name).cmp(name.text()));
        entries.binary_search_by(order).ok().map(|found| entries[found].1 as usize)
    }
}
