//! Properties: containers, lists, graphs (JSON-LD 1.1 API, section 5.1.2, step 13).

use super::JsonLdError;
use super::expand::{Expander, Step};
use super::scope::Scope;
use crate::contexts::{Coercion, Container, Keyword, Scoped, Term};
use crate::json::{Object, Value};
use crate::rdf::{Node, Quad, RDF_FIRST, RDF_NIL, RDF_REST};

/// Where a property's values hang: subject, predicate, graph.
pub(super) type Place = (Node, Node, Option<Node>);

/// What a property's definition says about its values, copied out of the table.
#[derive(Debug, Clone)]
pub(super) struct Rules<'d> {
    /// The property as written.
    pub(super) name: &'d str,
    pub(super) scoped: Option<Scoped>,
    /// Whether the value is JSON to be kept as it is.
    json: bool,
    container: Container,
}

impl<'d> Rules<'d> {
    /// The rules of a property by its definition, if it has one.
    pub(super) fn new(name: &'d str, term: Option<&Term>) -> Self {
        Self {
            name,
            scoped: term.and_then(|term| term.scoped.clone()),
            json: term.is_some_and(|term| term.coercion == Coercion::Json),
            container: term.map_or_else(Container::default, |term| term.container),
        }
    }
}

impl<'d> Expander<'d, '_> {
    /// Emits all values of one property.
    pub(super) fn property(
        &mut self,
        value: &'d Value<'_>,
        scope: Scope,
        rules: &Rules<'d>,
        place: Place,
    ) -> Result<(), JsonLdError> {
        let container = rules.container;
        if rules.json {
            let object = self.json_literal(value);
            return self.statement(place, object);
        }
        if container.list {
            let list = self.list(value.as_slice(), scope, rules, place.2)?;
            return self.statement(place, list);
        }
        match value {
            Value::Object(map) if container.language => self.language_map(map, place),
            _ if container.graph => self.graphs(value, scope, rules, place),
            _ => self.values(value, scope, rules, place),
        }
    }

    fn statement(&mut self, (subject, predicate, graph): Place, object: Node) -> Result<(), JsonLdError> {
        self.emit(Quad { subject, predicate, object, graph })
    }

    /// Emits one value, or each of an array of them, however nested: sets are flat.
    fn values(
        &mut self,
        value: &'d Value<'_>,
        scope: Scope,
        rules: &Rules<'d>,
        place: Place,
    ) -> Result<(), JsonLdError> {
        let Value::Array(items) = value else {
            if let Some((key, members)) = self.set_members(value, scope) {
                return self.at(Step::Key(key), |this| this.values(members, scope, rules, place));
            }
            let object = self.item(value, scope, rules, place.2)?;
            return self.statement(place, object);
        };
        for (index, item) in items.iter().enumerate() {
            self.at(Step::Index(index), |this| this.values(item, scope, rules, place))?;
        }
        Ok(())
    }

    /// The members of `{"@set": […]}`.
    fn set_members<'v>(&self, value: &'d Value<'v>, scope: Scope) -> Option<(&'d str, &'d Value<'v>)> {
        let object = value.as_object().filter(|object| object.members.len() == 1)?;
        let (key, members) = object.members.first()?;
        (self.scopes.keyword(scope, key) == Some(Keyword::Set)).then_some((key.as_ref(), members))
    }

    /// The RDF term of one value that is no array.
    fn item(
        &mut self,
        value: &'d Value<'_>,
        scope: Scope,
        rules: &Rules<'d>,
        graph: Option<Node>,
    ) -> Result<Node, JsonLdError> {
        let Value::Object(object) = value else {
            let scope = match &rules.scoped {
                Some(scoped) => self.apply_scoped(scope, scoped, true, true)?,
                None => scope,
            };
            return self.scalar(value, scope, rules.name);
        };
        let inner = self.enter(object, scope, rules.scoped.as_ref())?;
        for (key, member) in object.iter() {
            match self.scopes.keyword(inner, key) {
                Some(Keyword::Value) => return self.value_object(object, inner),
                Some(Keyword::List) => {
                    let alone = object.iter().filter(|(other, _)| *other != "@context").count() == 1;
                    if !alone {
                        return Err(self.malformed("a list object must hold @list alone"));
                    }
                    return self.at(Step::Key(key), |this| this.list(member.as_slice(), inner, rules, graph));
                }
                _ => {}
            }
        }
        self.node(object, inner, graph)
    }

    /// A list as a chain of `rdf:first` and `rdf:rest` (section 8.4).
    fn list(
        &mut self,
        items: &'d [Value<'_>],
        scope: Scope,
        rules: &Rules<'d>,
        graph: Option<Node>,
    ) -> Result<Node, JsonLdError> {
        // `{"@list": […]}` inside a list container is the same list, not a list of lists.
        if let [Value::Object(object)] = items
            && object.members.len() == 1
            && let Some((key, members)) = object.members.first()
            && self.scopes.keyword(scope, key) == Some(Keyword::List)
        {
            return self.list(members.as_slice(), scope, rules, graph);
        }
        let nil = self.out.iri(RDF_NIL);
        let (first, rest) = (self.out.iri(RDF_FIRST), self.out.iri(RDF_REST));
        let mut head = nil;
        let mut last: Option<Node> = None;
        for (index, item) in items.iter().enumerate() {
            let object = self.at(Step::Index(index), |this| match item {
                Value::Array(inner) => this.list(inner, scope, rules, graph),
                _ => this.item(item, scope, rules, graph),
            })?;
            let cell = self.out.blank();
            match last {
                None => head = cell,
                Some(before) => self.emit(Quad { subject: before, predicate: rest, object: cell, graph })?,
            }
            self.emit(Quad { subject: cell, predicate: first, object, graph })?;
            last = Some(cell);
        }
        if let Some(before) = last {
            self.emit(Quad { subject: before, predicate: rest, object: nil, graph })?;
        }
        Ok(head)
    }

    /// Each value in a graph of its own, named by a fresh blank node (section 5.1.2, step 13.13).
    fn graphs(
        &mut self,
        value: &'d Value<'_>,
        scope: Scope,
        rules: &Rules<'d>,
        place: Place,
    ) -> Result<(), JsonLdError> {
        if let Value::Array(items) = value {
            for (index, item) in items.iter().enumerate() {
                self.at(Step::Index(index), |this| this.graphs(item, scope, rules, place))?;
            }
            return Ok(());
        }
        let name = self.out.blank();
        let node = self.item(value, scope, rules, Some(name))?;
        if self.out.is_literal(node) {
            return Err(self.dropped("a plain value cannot be the content of a graph"));
        }
        self.statement(place, name)
    }

    fn language_map(&mut self, map: &'d Object<'_>, place: Place) -> Result<(), JsonLdError> {
        for (tag, value) in map.iter() {
            self.path.push(Step::Key(tag));
            for item in value.as_slice() {
                let Value::String(text) = item else {
                    return Err(self.malformed("a language map holds strings only"));
                };
                let object = self.language_literal(text, tag)?;
                self.statement(place, object)?;
            }
            self.path.pop();
        }
        Ok(())
    }
}
