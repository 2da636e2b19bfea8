//! RDF Dataset Canonicalization (RDFC-1.0), sections 4.4 and 4.6.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::Sha256;

use super::dataset::{Dataset, Node, Quad};
use super::hash::HashFunction;
use super::issuer::{CanonicalIssuer, Issuer};
use crate::work::{Exhausted, Work};

/// Why a dataset was not canonicalised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// More work than [`Limits::canonical_steps`]: nobody writes such a graph by accident.
    #[error("the document's blank nodes are entangled beyond the limit of {limit} steps; give its objects identifiers")]
    TooMuchWork {
        /// The limit in force.
        limit: usize,
    },
    /// Blank nodes that can only be told apart by walks longer than the limit.
    #[error("the document's blank nodes form chains longer than {limit}; give its objects identifiers")]
    TooDeep {
        /// The limit in force.
        limit: usize,
    },
    /// More work than the whole job may cost, of which this was a part.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
}

/// The canonical N-Quads of a dataset, with SHA-256.
pub(crate) fn canonicalize(dataset: &Dataset, work: &Work<'_>) -> Result<String, CanonicalError> {
    canonicalize_with::<Sha256>(dataset, work)
}

/// The canonical N-Quads of a dataset, with any hash function.
pub(super) fn canonicalize_with<H: HashFunction>(dataset: &Dataset, work: &Work<'_>) -> Result<String, CanonicalError> {
    work.spend(dataset.quads.len())?;
    let mut state = State::<H>::new(dataset, work);
    state.issue_labels()?;
    Ok(state.serialize())
}

/// The state of one canonicalisation (section 4.3).
pub(super) struct State<'d, H: HashFunction> {
    pub(super) dataset: &'d Dataset,
    /// Distinct statements that mention each blank node.
    pub(super) quads_of: Vec<Vec<usize>>,
    pub(super) first_degree: Vec<H::Hex>,
    pub(super) canonical: CanonicalIssuer,
    pub(super) steps_left: usize,
    pub(super) work: &'d Work<'d>,
}

impl<'d, H: HashFunction> State<'d, H> {
    fn new(dataset: &'d Dataset, work: &'d Work<'d>) -> Self {
        let mut state = Self {
            dataset,
            quads_of: vec![Vec::new(); dataset.blanks()],
            first_degree: Vec::new(),
            canonical: CanonicalIssuer::new(dataset.blanks()),
            steps_left: work.limits.canonical_steps,
            work,
        };
        state.find_quads();
        state
    }

    /// Fills the map from blank nodes to statements. A dataset is a set: a statement made twice counts once.
    fn find_quads(&mut self) {
        let quads = &self.dataset.quads;
        let has_blank = |quad: &Quad| quad.places().iter().any(|(_, node)| matches!(node, Some(Node::Blank(_))));
        let mut with_blanks: Vec<usize> = (0..quads.len()).filter(|at| has_blank(&quads[*at])).collect();
        with_blanks.sort_by(|a, b| self.key(*a).cmp(&self.key(*b)));
        with_blanks.dedup_by(|a, b| self.key(*a) == self.key(*b));
        with_blanks.sort_unstable();
        for at in with_blanks {
            for (_, node) in quads[at].places() {
                if let Some(Node::Blank(blank)) = node
                    && self.quads_of[blank as usize].last() != Some(&at)
                {
                    self.quads_of[blank as usize].push(at);
                }
            }
        }
    }

    /// What makes two statements equal.
    fn key(&self, at: usize) -> [(u32, &'d str); 4] {
        let quad = &self.dataset.quads[at];
        let part = |node: Option<Node>| match node {
            None => (0, ""),
            Some(Node::Blank(blank)) => (blank + 1, "_"),
            Some(node) => (0, self.dataset.text(node)),
        };
        [part(Some(quad.subject)), part(Some(quad.predicate)), part(Some(quad.object)), part(quad.graph)]
    }

    /// Issues canonical labels to all blank nodes (section 4.4.3, steps 3 to 5).
    fn issue_labels(&mut self) -> Result<(), CanonicalError> {
        let mut by_hash: BTreeMap<H::Hex, Vec<u32>> = BTreeMap::new();
        for blank in 0..u32::try_from(self.dataset.blanks()).unwrap_or(u32::MAX) {
            let hash = self.hash_first_degree(blank);
            self.first_degree.push(hash);
            by_hash.entry(hash).or_default().push(blank);
        }
        for blanks in by_hash.values().filter(|blanks| blanks.len() == 1) {
            self.canonical.issue(blanks[0]);
        }
        for blanks in by_hash.values().filter(|blanks| blanks.len() > 1) {
            let mut paths: Vec<(H::Hex, Issuer)> = Vec::new();
            for blank in blanks {
                if self.canonical.number(*blank).is_some() {
                    continue;
                }
                let mut temporary = Issuer::new("b");
                temporary.issue(*blank);
                paths.push(self.hash_n_degree(*blank, temporary, 0)?);
            }
            paths.sort_by_key(|(hash, _)| *hash);
            for (_, issuer) in paths {
                for blank in issuer.order() {
                    self.canonical.issue(*blank);
                }
            }
        }
        Ok(())
    }

    /// Hash First Degree Quads (section 4.6).
    fn hash_first_degree(&self, blank: u32) -> H::Hex {
        let mut lines: Vec<String> = Vec::with_capacity(self.quads_of[blank as usize].len());
        for at in &self.quads_of[blank as usize] {
            let mut line = String::with_capacity(256);
            self.push_line(&mut line, &self.dataset.quads[*at], |out, other| {
                out.push_str(if other == blank { "_:a" } else { "_:z" });
            });
            lines.push(line);
        }
        lines.sort_unstable();
        let mut hasher = H::new();
        for line in &lines {
            hasher.update(line.as_bytes());
        }
        hasher.hex()
    }

    fn push_line(&self, out: &mut String, quad: &Quad, label: impl Fn(&mut String, u32)) {
        for node in [Some(quad.subject), Some(quad.predicate), Some(quad.object), quad.graph].into_iter().flatten() {
            match node {
                Node::Blank(blank) => label(out, blank),
                Node::Text { .. } => out.push_str(self.dataset.text(node)),
            }
            out.push(' ');
        }
        out.push_str(".\n");
    }

    /// All statements with canonical labels, sorted, each once.
    ///
    /// Sorted by code points, as RDFC-1.0 says. JavaScript sorts by UTF-16 units instead, which differs only where two
    /// statements first part at a character beyond U+FFFF and one from U+E000 to U+FFFF.
    fn serialize(&self) -> String {
        let mut text = String::with_capacity(self.dataset.quads.len() * 200);
        let mut ends = Vec::with_capacity(self.dataset.quads.len());
        for quad in &self.dataset.quads {
            let start = text.len();
            self.push_line(&mut text, quad, |out, blank| {
                // Writing to a String cannot fail.
                let _ = write!(out, "_:c14n{}", self.canonical.number(blank).unwrap_or_default());
            });
            ends.push(start..text.len());
        }
        let mut lines: Vec<&str> = ends.into_iter().map(|range| &text[range]).collect();
        lines.sort_unstable();
        lines.dedup();
        lines.concat()
    }
}
