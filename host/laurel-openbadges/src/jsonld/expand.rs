//! Node objects: contexts, types, identifiers (JSON-LD 1.1 API, sections 5.1.2 and 8.1).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::JsonLdError;
use super::iri::{blank_label, is_absolute};
use super::property::Rules;
use super::scope::{Meaning, Scope, Scopes};
use crate::contexts::{Context, Contexts, Keyword, Scoped, compile_inline};
use crate::json::{Object, Value};
use crate::rdf::{Dataset, Node, Quad, RDF_TYPE};
use crate::{Limits, pointer};

/// One step of the way to a value, for error messages.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'d> {
    Key(&'d str),
    Index(usize),
}

/// What a verifier reads from the JSON: these statements must be made under these names, on the document itself.
///
/// The signature covers statements, not their spelling. Without this rule a holder could rename `validUntil` to its IRI,
/// or to an alias of an added context, or say it elsewhere: the signature would still hold and the expiry be overlooked.
const READ_FROM_JSON: [(&str, &str); 8] = [
    ("https://www.w3.org/2018/credentials#validFrom", "validFrom"),
    ("https://www.w3.org/2018/credentials#validUntil", "validUntil"),
    ("https://www.w3.org/2018/credentials#issuanceDate", "issuanceDate"),
    ("https://www.w3.org/2018/credentials#expirationDate", "expirationDate"),
    ("https://www.w3.org/2018/credentials#credentialStatus", "credentialStatus"),
    ("https://www.w3.org/2018/credentials#credentialSubject", "credentialSubject"),
    ("https://www.w3.org/2018/credentials#issuer", "issuer"),
    ("https://w3id.org/security#proof", "proof"),
];

/// The walk over one document.
pub(super) struct Expander<'d, 'c> {
    contexts: &'c Contexts,
    limits: &'c Limits,
    pub(super) scopes: Scopes,
    pub(super) out: Dataset,
    pub(super) path: Vec<Step<'d>>,
    labels: HashMap<&'d str, Node>,
    /// The document's own node, once known.
    root: Option<Node>,
    /// A member of the document that is passed over.
    hidden: Option<&'d str>,
    inline_terms: usize,
    /// Inline contexts are kept alive: layers are remembered by address.
    inline: Vec<Arc<Context>>,
}

impl<'d, 'c> Expander<'d, 'c> {
    pub(super) fn new(contexts: &'c Contexts, limits: &'c Limits) -> Self {
        Self {
            contexts,
            limits,
            scopes: Scopes::new(),
            out: Dataset::for_a_badge(),
            path: Vec::new(),
            labels: HashMap::new(),
            root: None,
            hidden: None,
            inline_terms: limits.inline_terms,
            inline: Vec::new(),
        }
    }

    pub(super) fn document(
        mut self,
        document: &'d Object<'_>,
        hidden: Option<&'d str>,
    ) -> Result<Dataset, JsonLdError> {
        self.hidden = hidden;
        let scope = self.enter(document, Scopes::INITIAL, None)?;
        self.node(document, scope, None)?;
        Ok(self.out)
    }

    /// The members of a node object. Of the document, which is where the path is empty, one may be hidden.
    fn members<'v>(&self, object: &'d Object<'v>) -> impl Iterator<Item = (&'d str, &'d Value<'v>)> + use<'d, 'v> {
        let hidden = self.hidden.filter(|_| self.path.is_empty());
        object.iter().filter(move |(key, _)| hidden != Some(*key))
    }

    // Errors, each naming the place.

    pub(super) fn pointer(&self) -> String {
        self.path.iter().fold(String::new(), |at, step| match step {
            Step::Key(key) => pointer::join(&at, key),
            Step::Index(index) => format!("{at}/{index}"),
        })
    }

    pub(super) fn malformed(&self, problem: impl Into<String>) -> JsonLdError {
        JsonLdError::Malformed { pointer: self.pointer(), problem: problem.into() }
    }

    pub(super) fn dropped(&self, problem: impl Into<String>) -> JsonLdError {
        JsonLdError::Dropped { pointer: self.pointer(), problem: problem.into() }
    }

    pub(super) fn not_absolute(&self, iri: &str) -> JsonLdError {
        JsonLdError::NotAbsolute { pointer: self.pointer(), iri: iri.chars().take(200).collect() }
    }

    /// Runs `work` with one more step on the path. An error leaves the path as it is: the walk ends.
    pub(super) fn at<T>(
        &mut self,
        step: Step<'d>,
        work: impl FnOnce(&mut Self) -> Result<T, JsonLdError>,
    ) -> Result<T, JsonLdError> {
        self.path.push(step);
        let result = work(self)?;
        self.path.pop();
        Ok(result)
    }

    // Contexts.

    /// The scope inside `object`: what does not propagate is left behind, then the property's and
    /// the object's own contexts apply (section 5.1.2, steps 7 to 9).
    pub(super) fn enter(
        &mut self,
        object: &'d Object<'_>,
        scope: Scope,
        scoped: Option<&Scoped>,
    ) -> Result<Scope, JsonLdError> {
        let mut scope = match self.scopes.previous(scope) {
            Some(previous) if !self.is_value_or_reference(object, scope) => previous,
            _ => scope,
        };
        if let Some(scoped) = scoped {
            scope = self.apply_scoped(scope, scoped, true, true)?;
        }
        if let Some(context) = object.get("@context") {
            scope = self.at(Step::Key("@context"), |this| this.apply(scope, context))?;
        }
        Ok(scope)
    }

    fn is_value_or_reference(&self, object: &Object<'_>, scope: Scope) -> bool {
        object.iter().any(|(key, _)| match self.scopes.keyword(scope, key) {
            Some(Keyword::Value) => true,
            Some(Keyword::Id) => object.members.len() == 1,
            _ => false,
        })
    }

    fn apply(&mut self, scope: Scope, context: &'d Value<'_>) -> Result<Scope, JsonLdError> {
        let mut scope = scope;
        for (index, item) in context.as_slice().iter().enumerate() {
            scope = match item {
                Value::Null if self.scopes.may_be_nullified(scope) => Scopes::INITIAL,
                Value::Null => return Err(self.malformed("a null context cannot remove protected terms")),
                Value::String(url) => {
                    let known = self.contexts.get(url).cloned().ok_or_else(|| JsonLdError::UnknownContext {
                        pointer: self.pointer(),
                        url: url.chars().take(200).collect(),
                    })?;
                    self.push(scope, &known, false, true)?
                }
                Value::Object(inline) => self.at(Step::Index(index), |this| this.apply_inline(scope, inline))?,
                other => return Err(self.malformed(format!("a context cannot be {}", other.kind()))),
            };
        }
        Ok(scope)
    }

    fn apply_inline(&mut self, scope: Scope, inline: &Object<'_>) -> Result<Scope, JsonLdError> {
        // A whole context file written into the document is what is in it, as other processors read it.
        let inline = match inline.members.as_slice() {
            [(key, Value::Object(wrapped))] if key == "@context" => wrapped,
            _ => inline,
        };
        let compiled = compile_inline(inline, &mut self.inline_terms, self.limits.inline_terms)
            .map_err(|error| JsonLdError::Context { pointer: self.pointer(), error })?;
        let compiled = Arc::new(compiled);
        self.inline.push(Arc::clone(&compiled));
        // A context in the document may add terms. Were it to redefine one, protected or not, a holder could swap
        // the names of two texts without touching what was signed.
        if let Some(term) = self.scopes.redefined(scope, &compiled) {
            return Err(JsonLdError::ProtectedTerm { pointer: self.pointer(), term });
        }
        self.push(scope, &compiled, false, true)
    }

    pub(super) fn apply_scoped(
        &mut self,
        scope: Scope,
        scoped: &Scoped,
        override_protected: bool,
        propagate: bool,
    ) -> Result<Scope, JsonLdError> {
        match scoped {
            Scoped::Null => Ok(Scopes::INITIAL),
            Scoped::Context(context) => self.push(scope, context, override_protected, propagate),
        }
    }

    fn push(
        &mut self,
        scope: Scope,
        context: &Arc<Context>,
        override_protected: bool,
        propagate: bool,
    ) -> Result<Scope, JsonLdError> {
        let pushed = self.scopes.push(scope, context, override_protected, propagate);
        pushed.map_err(|term| JsonLdError::ProtectedTerm { pointer: self.pointer(), term })
    }

    // Nodes.

    /// Emits a node object whose contexts have been applied, and returns the node.
    pub(super) fn node(
        &mut self,
        object: &'d Object<'_>,
        outer: Scope,
        graph: Option<Node>,
    ) -> Result<Node, JsonLdError> {
        let scope = self.type_scope(object, outer)?;
        let subject = self.subject(object, scope)?;
        let elsewhere = self.is_elsewhere(subject);
        for (key, value) in self.members(object).filter(|(key, _)| *key != "@context") {
            self.path.push(Step::Key(key));
            let definition = self.scopes.term(scope, key);
            match self.scopes.meaning_of(definition, scope, key) {
                Meaning::Keyword(Keyword::Id) => {}
                Meaning::Keyword(Keyword::Type) => self.types(value, outer, subject, graph)?,
                Meaning::Keyword(_) => return Err(self.malformed("credentials have no use for this keyword here")),
                Meaning::Nothing => return Err(JsonLdError::UndefinedTerm { pointer: self.pointer() }),
                Meaning::Iri(iri) if !is_absolute(&iri) => {
                    return Err(JsonLdError::UndefinedTerm { pointer: self.pointer() });
                }
                Meaning::Iri(iri) => {
                    if let Some((_, name)) = READ_FROM_JSON.iter().find(|(known, _)| *known == iri) {
                        self.check_spelling(key, name, elsewhere)?;
                    }
                    let predicate = self.out.iri(&iri);
                    let rules = Rules::new(key, definition.map(|(term, _)| term));
                    self.property(value, scope, &rules, (subject, predicate, graph))?;
                }
            }
            self.path.pop();
        }
        Ok(subject)
    }

    /// Whether a node is the document's own, described in a second place. The first node met is the document's.
    fn is_elsewhere(&mut self, subject: Node) -> bool {
        let root = *self.root.get_or_insert(subject);
        let same = match (root, subject) {
            (Node::Blank(a), Node::Blank(b)) => a == b,
            _ => !self.out.text(root).is_empty() && self.out.text(root) == self.out.text(subject),
        };
        same && !self.path.is_empty()
    }

    fn check_spelling(&self, key: &str, name: &str, elsewhere: bool) -> Result<(), JsonLdError> {
        if key != name {
            return Err(self.malformed(format!("this must be written as {name:?}, or verifiers would overlook it")));
        }
        if elsewhere {
            return Err(self.malformed("this must be said in the document itself, or verifiers would overlook it"));
        }
        Ok(())
    }

    /// The scope after the contexts of the object's types, which do not propagate (section 5.1.2, step 11).
    fn type_scope(&mut self, object: &'d Object<'_>, outer: Scope) -> Result<Scope, JsonLdError> {
        let mut names: Vec<&str> = Vec::new();
        for (_, value) in self.members(object).filter(|(key, _)| self.scopes.keyword(outer, key) == Some(Keyword::Type))
        {
            names.extend(value.as_slice().iter().filter_map(Value::as_str));
        }
        names.sort_unstable();
        let mut scope = outer;
        for name in names {
            let scoped = self.scopes.term(outer, name).and_then(|(term, _)| term.scoped.clone());
            if let Some(scoped) = scoped {
                scope = self.apply_scoped(scope, &scoped, false, false)?;
            }
        }
        Ok(scope)
    }

    fn subject(&mut self, object: &'d Object<'_>, scope: Scope) -> Result<Node, JsonLdError> {
        let mut subject = None;
        for (key, value) in self.members(object) {
            if self.scopes.keyword(scope, key) != Some(Keyword::Id) {
                continue;
            }
            if subject.is_some() {
                return Err(self.malformed("a node has two identifiers"));
            }
            subject = Some(self.at(Step::Key(key), |this| match value {
                Value::String(text) => this.reference(text, scope),
                other => Err(this.malformed(format!("an identifier must be a string, this is {}", other.kind()))),
            })?);
        }
        Ok(subject.unwrap_or_else(|| self.out.blank()))
    }

    fn types(
        &mut self,
        value: &'d Value<'_>,
        scope: Scope,
        subject: Node,
        graph: Option<Node>,
    ) -> Result<(), JsonLdError> {
        for item in value.as_slice() {
            let Value::String(name) = item else {
                return Err(self.malformed(format!("a type must be a string, this is {}", item.kind())));
            };
            let object = match self.scopes.name(scope, name) {
                Meaning::Iri(iri) if is_absolute(&iri) => self.out.iri(&iri),
                _ => return Err(JsonLdError::UndefinedType { pointer: self.pointer(), name: name.to_string() }),
            };
            let predicate = self.out.iri(RDF_TYPE);
            self.emit(Quad { subject, predicate, object, graph })?;
        }
        Ok(())
    }

    /// The node an identifier names.
    pub(super) fn reference(&mut self, text: &'d str, scope: Scope) -> Result<Node, JsonLdError> {
        if let Some(label) = blank_label(text) {
            if let Some(node) = self.labels.get(label) {
                return Ok(*node);
            }
            let node = self.out.blank();
            self.labels.insert(label, node);
            return Ok(node);
        }
        let iri: Cow<'_, str> = self.scopes.compact(scope, text);
        if !is_absolute(&iri) {
            return Err(self.not_absolute(text));
        }
        Ok(self.out.iri(&iri))
    }

    pub(super) fn emit(&mut self, quad: Quad) -> Result<(), JsonLdError> {
        if self.out.quads.len() >= self.limits.quads {
            return Err(JsonLdError::TooManyQuads { limit: self.limits.quads });
        }
        self.out.quads.push(quad);
        Ok(())
    }
}
