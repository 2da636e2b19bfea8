//! Identifier issuers (RDFC-1.0, section 4.5).

/// Labels given to blank nodes, in the order they were given.
#[derive(Debug, Clone)]
pub(super) struct Issuer {
    prefix: &'static str,
    /// Blank nodes in the order of issue; the position is the number in the label.
    order: Vec<u32>,
}

impl Issuer {
    pub(super) fn new(prefix: &'static str) -> Self {
        Self { prefix, order: Vec::new() }
    }

    pub(super) fn number(&self, blank: u32) -> Option<usize> {
        self.order.iter().position(|known| *known == blank)
    }

    /// The number of a blank node's label, issuing one if there is none yet.
    pub(super) fn issue(&mut self, blank: u32) -> usize {
        self.number(blank).unwrap_or_else(|| {
            self.order.push(blank);
            self.order.len() - 1
        })
    }

    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }

    pub(super) fn prefix(&self) -> &'static str {
        self.prefix
    }
}

/// Canonical labels: a direct table, because every statement asks for them.
#[derive(Debug)]
pub(super) struct CanonicalIssuer {
    labels: Vec<Option<u32>>,
    next: u32,
}

impl CanonicalIssuer {
    pub(super) fn new(blanks: usize) -> Self {
        Self { labels: vec![None; blanks], next: 0 }
    }

    pub(super) fn number(&self, blank: u32) -> Option<u32> {
        self.labels[blank as usize]
    }

    pub(super) fn issue(&mut self, blank: u32) {
        let slot = &mut self.labels[blank as usize];
        if slot.is_none() {
            *slot = Some(self.next);
            self.next += 1;
        }
    }
}
