//! What a context says, term by term (JSON-LD 1.1 API, section 4.1.1).

use std::sync::Arc;

use super::index::Index;
use super::name::Name;

/// One context definition.
#[derive(Debug, Clone, Eq, Default)]
pub(crate) struct Context {
    terms: Vec<Term>,
    index: Index,
    sieve: Sieve,
    /// Whether terms may be aliases of keywords other than the usual `id` and `type`.
    odd_aliases: bool,
    /// `@vocab`.
    pub(crate) vocab: Setting,
    /// `@language`.
    pub(crate) language: Setting,
    /// `@propagate`, where given.
    pub(crate) propagate: Option<bool>,
}

/// A coarse sieve over names: most lookups ask a layer for a term it does not have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Sieve([u64; 16]);

impl Sieve {
    fn place(name: Name<'_>) -> (usize, u64) {
        let bit = name.mark() >> 22;
        ((bit >> 6) as usize, 1 << (bit & 63))
    }

    fn add(&mut self, name: Name<'_>) {
        let (word, bit) = Self::place(name);
        self.0[word] |= bit;
    }

    fn may_hold(&self, name: Name<'_>) -> bool {
        let (word, bit) = Self::place(name);
        self.0[word] & bit != 0
    }
}

/// One term definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) name: Box<str>,
    pub(crate) iri: Iri,
    pub(crate) coercion: Coercion,
    pub(crate) container: Container,
    /// `@language` of the term.
    pub(crate) language: Setting,
    pub(crate) protected: bool,
    /// Whether the term may stand before the colon of a compact IRI.
    pub(crate) prefix: bool,
    pub(crate) scoped: Option<Scoped>,
}

/// A setting that a context may leave alone, remove or give.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Setting {
    #[default]
    Unsaid,
    Null,
    Is(Box<str>),
}

/// What a term stands for. References to terms of the same context are resolved when it is compiled;
/// what may depend on contexts that came earlier is resolved where it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Iri {
    /// The term is explicitly undefined.
    Null,
    Keyword(Keyword),
    Absolute(Box<str>),
    /// `prefix:suffix`, the prefix not being a term of this context: an earlier context's, or a scheme.
    Compact(Box<str>),
    /// A word that only an earlier context's term or `@vocab` can give a meaning.
    Word(Box<str>),
}

/// The keywords a term may be an alias of, and which documents may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyword {
    Id,
    Type,
    Value,
    Language,
    Direction,
    List,
    Set,
    Context,
    /// `@graph`, `@index`, `@included`, `@nest`, `@reverse`, `@none`, `@json`: known, and not used by credentials.
    Other,
}

/// `@type` of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Coercion {
    None,
    Id,
    Vocab,
    Json,
    Datatype(Iri),
}

/// `@container` of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "these are independent flags of the specification")]
pub(crate) struct Container {
    pub(crate) set: bool,
    pub(crate) list: bool,
    pub(crate) graph: bool,
    pub(crate) language: bool,
}

/// A context within a term's definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scoped {
    /// `null`: start from nothing.
    Null,
    Context(Arc<Context>),
}

impl Keyword {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "@id" => Self::Id,
            "@type" => Self::Type,
            "@value" => Self::Value,
            "@language" => Self::Language,
            "@list" => Self::List,
            "@set" => Self::Set,
            "@context" => Self::Context,
            "@direction" => Self::Direction,
            "@graph" | "@index" | "@included" | "@nest" | "@reverse" | "@none" | "@json" => Self::Other,
            _ => return None,
        })
    }
}

/// Two contexts are equal if they say the same, in whatever order.
impl PartialEq for Context {
    fn eq(&self, other: &Self) -> bool {
        self.terms.len() == other.terms.len()
            && (&self.vocab, &self.language, self.propagate) == (&other.vocab, &other.language, other.propagate)
            && self.terms.iter().all(|term| other.get(Name::new(&term.name)) == Some(term))
    }
}

impl Context {
    pub(crate) fn push(&mut self, term: Term) {
        let name = Name::new(&term.name);
        self.sieve.add(name);
        self.odd_aliases |= match &term.iri {
            Iri::Keyword(Keyword::Id) => *term.name != *"id",
            Iri::Keyword(Keyword::Type) => *term.name != *"type",
            Iri::Keyword(_) | Iri::Word(_) => true,
            Iri::Null | Iri::Absolute(_) | Iri::Compact(_) => false,
        };
        self.terms.push(term);
    }

    /// Makes the terms known by their names, once all are there.
    pub(crate) fn sealed(mut self) -> Self {
        self.index = Index::new(&self.terms);
        self
    }

    pub(crate) fn get(&self, name: Name<'_>) -> Option<&Term> {
        if !self.sieve.may_hold(name) {
            return None;
        }
        self.index.find(&self.terms, name).map(|at| &self.terms[at])
    }

    pub(crate) fn has_odd_aliases(&self) -> bool {
        self.odd_aliases
    }

    pub(crate) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether any term resists redefinition.
    pub(crate) fn has_protected(&self) -> bool {
        self.terms.iter().any(|term| term.protected)
    }
}

impl Term {
    /// Whether two definitions say the same, protection apart (JSON-LD 1.1 API, section 4.2.2, step 27).
    pub(crate) fn same_meaning(&self, other: &Term) -> bool {
        self.iri == other.iri
            && self.coercion == other.coercion
            && self.container == other.container
            && self.language == other.language
            && self.prefix == other.prefix
            && self.scoped == other.scoped
    }
}
