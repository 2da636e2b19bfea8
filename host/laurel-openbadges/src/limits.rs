//! Upper bounds on the work one document may cause.

/// What untrusted documents may cost at most: each of them, and all that one verification takes in.
///
/// Every bound is checked before the work it bounds is done, and exceeding one is an error that
/// names it; no bound is ever applied by truncating. The defaults accept everything the Open
/// Badges samples contain with a wide margin and keep the worst case in the range of
/// milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of the document in bytes. Default 4 MiB.
    pub bytes: usize,
    /// Nesting of objects and arrays. Default 64.
    pub depth: usize,
    /// Members and elements of all objects and arrays together. Default 200,000.
    pub nodes: usize,
    /// RDF statements a document may expand to. Default 50,000.
    pub quads: usize,
    /// Steps of "hash n-degree quads" (RDFC-1.0, section 4.8), each being one statement looked at.
    /// Honest documents need a few hundred; poison graphs need factorially many. Default 100,000.
    pub canonical_steps: usize,
    /// Steps of one verification as a whole, over all documents that it takes in: the credentials of a presentation, each of their
    /// proofs, endorsements, status lists, key documents. A badge costs about two hundred; what is beyond the limit is reported as not
    /// checked. Default 500,000.
    pub steps: usize,
    /// Contexts that are objects written into the document, summed over their terms. Default 2,000.
    pub inline_terms: usize,
    /// Size of an inflated status list in bytes. Default 16 MiB (134 million entries).
    pub status_list_bytes: usize,
    /// Proofs on one document. Default 32.
    pub proofs: usize,
    /// Credentials in one presentation. Default 500.
    pub credentials: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 4 << 20,
            depth: 64,
            nodes: 200_000,
            quads: 50_000,
            canonical_steps: 100_000,
            steps: 500_000,
            inline_terms: 2_000,
            status_list_bytes: 16 << 20,
            proofs: 32,
            credentials: 500,
        }
    }
}
