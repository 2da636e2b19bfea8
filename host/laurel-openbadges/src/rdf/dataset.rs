//! A dataset whose terms are kept as they are written in canonical N-Quads.
//!
//! Every term is a slice of one text buffer, already in the form that is hashed; only blank nodes are
//! numbers, because their labels change during canonicalisation.

use std::fmt::Write as _;

use super::XSD_STRING;
use crate::text::plain_run;

/// A term: a blank node by number, or a slice of the dataset's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Node {
    Blank(u32),
    Text { start: usize, end: usize },
}

/// A statement; `graph` is `None` in the default graph.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quad {
    pub(crate) subject: Node,
    pub(crate) predicate: Node,
    pub(crate) object: Node,
    pub(crate) graph: Option<Node>,
}

impl Quad {
    /// The three places a blank node may stand in, with the letters RDFC-1.0 gives them.
    pub(crate) fn places(&self) -> [(u8, Option<Node>); 3] {
        [(b's', Some(self.subject)), (b'o', Some(self.object)), (b'g', self.graph)]
    }
}

/// Statements and the text of their terms.
#[derive(Debug, Default)]
pub(crate) struct Dataset {
    text: String,
    pub(crate) quads: Vec<Quad>,
    blanks: u32,
}

impl Dataset {
    /// Nothing yet, with room for what a badge says.
    pub(crate) fn for_a_badge() -> Self {
        Self { text: String::with_capacity(8 << 10), quads: Vec::with_capacity(64), blanks: 0 }
    }

    /// A new blank node.
    pub(crate) fn blank(&mut self) -> Node {
        self.blanks += 1;
        Node::Blank(self.blanks - 1)
    }

    /// How many blank nodes there are.
    pub(crate) fn blanks(&self) -> usize {
        self.blanks as usize
    }

    /// An IRI. It must hold no character that N-Quads would escape.
    pub(crate) fn iri(&mut self, iri: &str) -> Node {
        let start = self.text.len();
        self.text.reserve(iri.len() + 2);
        self.text.push('<');
        self.text.push_str(iri);
        self.text.push('>');
        Node::Text { start, end: self.text.len() }
    }

    /// A literal with a datatype; `xsd:string` is not written out.
    pub(crate) fn literal(&mut self, value: &str, datatype: &str) -> Node {
        let start = self.text.len();
        self.quoted(value);
        if datatype != XSD_STRING {
            self.text.push_str("^^<");
            self.text.push_str(datatype);
            self.text.push('>');
        }
        Node::Text { start, end: self.text.len() }
    }

    /// A literal with a language tag.
    pub(crate) fn language_literal(&mut self, value: &str, tag: &str) -> Node {
        let start = self.text.len();
        self.quoted(value);
        self.text.push('@');
        self.text.push_str(tag);
        Node::Text { start, end: self.text.len() }
    }

    /// The text of a term that is no blank node.
    pub(crate) fn text(&self, node: Node) -> &str {
        match node {
            Node::Text { start, end } => &self.text[start..end],
            Node::Blank(_) => "",
        }
    }

    pub(crate) fn is_literal(&self, node: Node) -> bool {
        self.text(node).starts_with('"')
    }

    /// Appends a string in quotes, escaped as canonical N-Quads demand (RDFC-1.0, section 5).
    fn quoted(&mut self, value: &str) {
        self.text.reserve(value.len() + 2);
        self.text.push('"');
        let mut rest = value;
        loop {
            let at = plain_run(rest.as_bytes(), 0x20..=0xff, *b"\"\\\x7f");
            self.text.push_str(&rest[..at]);
            let Some(special) = rest.as_bytes().get(at) else { break };
            match *special {
                8 => self.text.push_str("\\b"),
                9 => self.text.push_str("\\t"),
                10 => self.text.push_str("\\n"),
                12 => self.text.push_str("\\f"),
                13 => self.text.push_str("\\r"),
                b'"' => self.text.push_str("\\\""),
                b'\\' => self.text.push_str("\\\\"),
                control => {
                    // Writing to a String cannot fail.
                    let _ = write!(self.text, "\\u{control:04X}");
                }
            }
            rest = &rest[at + 1..];
        }
        self.text.push('"');
    }
}
