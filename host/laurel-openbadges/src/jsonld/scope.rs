//! Active contexts as a tree of layers: one layer a context, lookups from the newest to the oldest.
//!
//! Merging term tables per document would cost more than the signature; a lookup through three or
//! four layers costs some ten nanoseconds. Layers are remembered, so that the hundredth badge of a
//! presentation adds none.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::iri::split_scheme;
use crate::contexts::{Context, Iri, Keyword, Name, Setting, Term};

/// An active context: the layer on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Scope(usize);

#[derive(Debug)]
struct Layer {
    context: Option<Arc<Context>>,
    parent: Option<Scope>,
    previous: Option<Scope>,
    /// Whether this layer or one below gives keywords unusual names.
    odd_aliases: bool,
    /// What the usual aliases `id` and `type` stand for: every object is asked for them several times.
    id: Option<Keyword>,
    r#type: Option<Keyword>,
}

/// The layer of no context.
const NO_CONTEXT: Layer =
    Layer { context: None, parent: None, previous: None, odd_aliases: false, id: None, r#type: None };

/// What a term or a keyword-like key stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning<'s> {
    Keyword(Keyword),
    Iri(Cow<'s, str>),
    Nothing,
}

/// All layers of one document.
#[derive(Debug)]
pub(crate) struct Scopes {
    layers: Vec<Layer>,
    known: BTreeMap<(Scope, usize, bool, bool), Scope>,
}

impl Scopes {
    pub(crate) const INITIAL: Scope = Scope(0);

    pub(crate) fn new() -> Self {
        Self { layers: vec![NO_CONTEXT], known: BTreeMap::new() }
    }

    /// The context to return to when a node object is left (set by a context that does not propagate).
    pub(crate) fn previous(&self, scope: Scope) -> Option<Scope> {
        self.layers[scope.0].previous
    }

    /// A new scope with `context` on top of `scope` (JSON-LD 1.1 API, section 4.1.2); the name of the protected term
    /// it would redefine is the error.
    pub(crate) fn push(
        &mut self,
        scope: Scope,
        context: &Arc<Context>,
        override_protected: bool,
        propagate: bool,
    ) -> Result<Scope, String> {
        let propagate = context.propagate.unwrap_or(propagate);
        let key = (scope, Arc::as_ptr(context).addr(), override_protected, propagate);
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        if !override_protected {
            self.respects_protected(scope, context)?;
        }
        let previous = self.previous(scope).or_else(|| (!propagate).then_some(scope));
        let odd_aliases = self.layers[scope.0].odd_aliases || context.has_odd_aliases();
        let context = Some(Arc::clone(context));
        self.layers.push(Layer { context, parent: Some(scope), previous, odd_aliases, ..NO_CONTEXT });
        let pushed = Scope(self.layers.len() - 1);
        let (id, r#type) = (self.defined_keyword(pushed, "id"), self.defined_keyword(pushed, "type"));
        let layer = &mut self.layers[pushed.0];
        (layer.id, layer.r#type) = (id, r#type);
        self.known.insert(key, pushed);
        Ok(pushed)
    }

    /// Whether a `null` context may be applied: not over protected terms.
    pub(crate) fn may_be_nullified(&self, scope: Scope) -> bool {
        self.chain(scope).all(|(_, context)| !context.has_protected())
    }

    /// The first term of `context` that means something else by now, protected or not.
    pub(crate) fn redefined(&self, scope: Scope, context: &Context) -> Option<String> {
        let differs =
            |term: &&Term| self.term(scope, &term.name).is_some_and(|(earlier, _)| !earlier.same_meaning(term));
        context.terms().iter().find(differs).map(|term| term.name.to_string())
    }

    fn respects_protected(&self, scope: Scope, context: &Context) -> Result<(), String> {
        for term in context.terms() {
            if let Some((earlier, _)) = self.term(scope, &term.name)
                && earlier.protected
                && !earlier.same_meaning(term)
            {
                return Err(term.name.to_string());
            }
        }
        Ok(())
    }

    fn chain(&self, scope: Scope) -> impl Iterator<Item = (Scope, &Context)> {
        let mut next = Some(scope);
        std::iter::from_fn(move || {
            let at = next?;
            next = self.layers[at.0].parent;
            Some((at, self.layers[at.0].context.as_deref()))
        })
        .filter_map(|(at, context)| context.map(|context| (at, context)))
    }

    /// The definition of a term and the layer that gives it.
    pub(crate) fn term(&self, scope: Scope, name: &str) -> Option<(&Term, Scope)> {
        let name = Name::new(name);
        self.chain(scope).find_map(|(at, context)| context.get(name).map(|term| (term, at)))
    }

    pub(crate) fn language(&self, scope: Scope) -> Option<&str> {
        self.setting(scope, |context| &context.language)
    }

    fn vocab(&self, scope: Scope) -> Option<&str> {
        self.setting(scope, |context| &context.vocab)
    }

    /// The newest word on a setting.
    fn setting(&self, scope: Scope, which: fn(&Context) -> &Setting) -> Option<&str> {
        match self.chain(scope).map(|(_, context)| which(context)).find(|setting| **setting != Setting::Unsaid) {
            Some(Setting::Is(value)) => Some(value),
            _ => None,
        }
    }

    /// What a definition found in layer `at` stands for.
    pub(crate) fn meaning<'s>(&'s self, iri: &'s Iri, at: Scope) -> Meaning<'s> {
        match iri {
            Iri::Null => Meaning::Nothing,
            Iri::Keyword(keyword) => Meaning::Keyword(*keyword),
            Iri::Absolute(iri) => Meaning::Iri(Cow::Borrowed(iri)),
            Iri::Compact(text) => match self.layers[at.0].parent {
                Some(parent) => Meaning::Iri(self.compact(parent, text)),
                None => Meaning::Iri(Cow::Borrowed(text)),
            },
            Iri::Word(word) => {
                let earlier = self.layers[at.0].parent.and_then(|parent| self.term(parent, word));
                match (earlier, self.vocab(at)) {
                    (Some((term, found)), _) => self.meaning(&term.iri, found),
                    (None, Some(vocab)) => Meaning::Iri(Cow::Owned(format!("{vocab}{word}"))),
                    (None, None) => Meaning::Nothing,
                }
            }
        }
    }

    /// What the name of a member, a type or a vocabulary-relative value stands for (section 5.2 with
    /// `vocab` true).
    pub(crate) fn name<'s>(&'s self, scope: Scope, name: &'s str) -> Meaning<'s> {
        self.meaning_of(self.term(scope, name), scope, name)
    }

    /// What a name stands for, given its definition, if it has one.
    pub(crate) fn meaning_of<'s>(
        &'s self,
        definition: Option<(&'s Term, Scope)>,
        scope: Scope,
        name: &'s str,
    ) -> Meaning<'s> {
        if let Some((term, at)) = definition {
            return self.meaning(&term.iri, at);
        }
        if name.starts_with('@') {
            // What only looks like a keyword is never a term, not even of a vocabulary.
            return Keyword::parse(name).map_or(Meaning::Nothing, Meaning::Keyword);
        }
        if name.contains(':') {
            return Meaning::Iri(self.compact(scope, name));
        }
        match self.vocab(scope) {
            Some(vocab) => Meaning::Iri(Cow::Owned(format!("{vocab}{name}"))),
            None => Meaning::Nothing,
        }
    }

    /// The keyword a member's name stands for, if it stands for one. Cheap for the names that do not.
    pub(crate) fn keyword(&self, scope: Scope, name: &str) -> Option<Keyword> {
        match name {
            "id" => self.layers[scope.0].id,
            "type" => self.layers[scope.0].r#type,
            _ if !name.starts_with('@') && !self.layers[scope.0].odd_aliases => None,
            _ => match self.name(scope, name) {
                Meaning::Keyword(keyword) => Some(keyword),
                Meaning::Iri(_) | Meaning::Nothing => None,
            },
        }
    }

    /// The keyword a term is defined to be.
    fn defined_keyword(&self, scope: Scope, name: &str) -> Option<Keyword> {
        let (term, at) = self.term(scope, name)?;
        if let Meaning::Keyword(keyword) = self.meaning(&term.iri, at) { Some(keyword) } else { None }
    }

    /// A compact IRI written out, if its prefix is one; otherwise the text itself.
    pub(crate) fn compact<'s>(&'s self, scope: Scope, text: &'s str) -> Cow<'s, str> {
        let Some((prefix, suffix)) = split_scheme(text) else { return Cow::Borrowed(text) };
        if suffix.starts_with("//") || prefix == "_" {
            return Cow::Borrowed(text);
        }
        match self.term(scope, prefix) {
            Some((term, at)) if term.prefix => match self.meaning(&term.iri, at) {
                Meaning::Iri(base) => Cow::Owned(format!("{base}{suffix}")),
                Meaning::Keyword(_) | Meaning::Nothing => Cow::Borrowed(text),
            },
            _ => Cow::Borrowed(text),
        }
    }
}
