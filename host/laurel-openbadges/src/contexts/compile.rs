//! From a context written in JSON to its table (JSON-LD 1.1 API, section 4.2).

use std::sync::Arc;

use super::model::{Coercion, Container, Context, Iri, Keyword, Scoped, Setting, Term};
use crate::Limits;
use crate::json::{self, JsonError, Object, Value};

/// Why a context cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContextError {
    /// The file is not acceptable JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The file has no object `@context` at its top.
    #[error("the file must be an object with a member \"@context\" that is an object")]
    NoContext,
    /// The context uses a feature of JSON-LD that no credential context uses.
    #[error("the context uses {feature} at {term:?}, which is not supported")]
    Unsupported {
        /// The feature, in words or as a keyword.
        feature: String,
        /// The term or keyword at fault.
        term: String,
    },
    /// A definition that the specification does not allow.
    #[error("the term {term:?} is defined wrongly: {problem}")]
    Invalid {
        /// The term or keyword at fault.
        term: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// More terms than [`Limits::inline_terms`].
    #[error("the contexts written into the document define more than {limit} terms")]
    TooManyTerms {
        /// The limit in force.
        limit: usize,
    },
}

/// Compiles a context file: `{"@context": {…}}`.
pub(crate) fn compile(file: &[u8]) -> Result<Context, ContextError> {
    let limits = Limits::default();
    let value = json::parse(file, &limits)?;
    let context = value.as_object().and_then(|file| file.get("@context")).and_then(Value::as_object);
    let mut budget = usize::MAX;
    Compiler { budget: &mut budget, limit: usize::MAX }.context(context.ok_or(ContextError::NoContext)?)
}

/// Compiles a context that stands in a document; `budget` is the number of terms still allowed.
pub(crate) fn compile_inline(context: &Object<'_>, budget: &mut usize, limit: usize) -> Result<Context, ContextError> {
    // Some write a whole context file into the document (JSON-LD 1.1 API, section 4.1.2, reads it as its inside).
    let inside = context.get("@context").and_then(Value::as_object).filter(|_| context.members.len() == 1);
    Compiler { budget, limit }.context(inside.unwrap_or(context))
}

struct Compiler<'b> {
    budget: &'b mut usize,
    limit: usize,
}

impl Compiler<'_> {
    fn context(&mut self, json: &Object<'_>) -> Result<Context, ContextError> {
        let mut context = Context::default();
        let mut protected = false;
        for (key, value) in json.iter().filter(|(key, _)| key.starts_with('@')) {
            match (key, value) {
                ("@version", Value::Number(version)) if (*version - 1.1).abs() < f64::EPSILON => {}
                ("@protected", Value::Bool(flag)) => protected = *flag,
                ("@propagate", Value::Bool(flag)) => context.propagate = Some(*flag),
                ("@vocab", Value::Null) => context.vocab = Setting::Null,
                ("@vocab", Value::String(iri)) if is_absolute(iri) => context.vocab = Setting::Is(iri.as_ref().into()),
                ("@language", Value::Null) => context.language = Setting::Null,
                ("@language", Value::String(tag)) => context.language = Setting::Is(tag.to_lowercase().into()),
                ("@base", Value::Null) => {}
                _ => return Err(unsupported(key, key)),
            }
        }
        for (name, definition) in json.iter().filter(|(key, _)| !key.starts_with('@')) {
            *self.budget = self.budget.checked_sub(1).ok_or(ContextError::TooManyTerms { limit: self.limit })?;
            let term = self.term(json, name, definition, protected)?;
            context.push(term);
        }
        Ok(context.sealed())
    }

    fn term(
        &mut self,
        json: &Object<'_>,
        name: &str,
        definition: &Value<'_>,
        protected: bool,
    ) -> Result<Term, ContextError> {
        if name.is_empty() {
            return Err(ContextError::Invalid { term: String::new(), problem: "a term must not be empty" });
        }
        let iri = resolve(json, name, definition, 0)?;
        let mut term = Term {
            name: name.into(),
            prefix: matches!(definition, Value::String(_)) && may_be_prefix(&iri),
            iri,
            coercion: Coercion::None,
            container: Container::default(),
            language: Setting::Unsaid,
            protected,
            scoped: None,
        };
        if let Value::Object(entries) = definition {
            for (key, value) in entries.iter() {
                self.entry(json, &mut term, key, value)?;
            }
        }
        same_as_its_name(json, &term)?;
        Ok(term)
    }

    fn entry(&mut self, json: &Object<'_>, term: &mut Term, key: &str, value: &Value<'_>) -> Result<(), ContextError> {
        match (key, value) {
            ("@id", _) => {}
            ("@type", Value::String(text)) => term.coercion = coercion(json, &term.name, text)?,
            ("@container", _) => term.container = container(&term.name, value)?,
            ("@protected", Value::Bool(flag)) => term.protected = *flag,
            ("@prefix", Value::Bool(flag)) => term.prefix = *flag,
            ("@language", Value::Null) => term.language = Setting::Null,
            ("@language", Value::String(tag)) => term.language = Setting::Is(tag.to_lowercase().into()),
            ("@context", Value::Null) => term.scoped = Some(Scoped::Null),
            ("@context", Value::Object(scoped)) => {
                term.scoped = Some(Scoped::Context(Arc::new(self.context(scoped)?)));
            }
            _ => return Err(unsupported(key, &term.name)),
        }
        Ok(())
    }
}

fn unsupported(feature: &str, term: &str) -> ContextError {
    ContextError::Unsupported { feature: feature.to_owned(), term: term.to_owned() }
}

/// The IRI of a definition, following references within the same context.
fn resolve(json: &Object<'_>, name: &str, definition: &Value<'_>, depth: usize) -> Result<Iri, ContextError> {
    let invalid = |problem| Err(ContextError::Invalid { term: name.to_owned(), problem });
    if depth > 8 {
        return invalid("its definition leads back to itself");
    }
    let id = match definition {
        Value::Null => return Ok(Iri::Null),
        Value::String(text) => text.as_ref(),
        Value::Object(entries) => match entries.get("@id") {
            None => name,
            Some(Value::Null) => return Ok(Iri::Null),
            Some(Value::String(text)) => text.as_ref(),
            Some(_) => return invalid("@id must be a string or null"),
        },
        _ => return invalid("a definition must be a string, an object or null"),
    };
    reference(json, name, id, depth)
}

fn reference(json: &Object<'_>, name: &str, id: &str, depth: usize) -> Result<Iri, ContextError> {
    if id.starts_with('@') {
        let invalid = ContextError::Invalid { term: name.to_owned(), problem: "it is an alias of no keyword" };
        return Keyword::parse(id).map(Iri::Keyword).ok_or(invalid);
    }
    if id != name
        && let Some(definition) = json.get(id)
    {
        return resolve(json, id, definition, depth + 1);
    }
    let Some((prefix, suffix)) = id.split_once(':') else {
        return Ok(Iri::Word(id.into()));
    };
    if suffix.starts_with("//") || prefix == "_" {
        return Ok(Iri::Absolute(id.into()));
    }
    let Some(definition) = json.get(prefix).filter(|_| prefix != name) else {
        return Ok(Iri::Compact(id.into()));
    };
    let base = resolve(json, prefix, definition, depth + 1)?;
    let declared = definition.as_object().and_then(|entries| entries.get("@prefix")) == Some(&Value::Bool(true));
    match base {
        Iri::Absolute(base) if declared || (definition.as_str().is_some() && ends_in_delimiter(&base)) => {
            Ok(Iri::Absolute(format!("{base}{suffix}").into()))
        }
        _ => Ok(Iri::Absolute(id.into())),
    }
}

/// A term that looks like an IRI must mean that IRI (JSON-LD 1.1 API, section 4.2.2, step 14.2.5).
fn same_as_its_name(json: &Object<'_>, term: &Term) -> Result<(), ContextError> {
    let looks_like_iri = term.name.contains(':') || term.name.contains('/');
    if !looks_like_iri || term.iri == Iri::Null || reference(json, "", &term.name, 0)? == term.iri {
        return Ok(());
    }
    // Looking the name up finds the term itself; only a prefix's expansion may differ.
    let own = json.get(&term.name).map(|definition| resolve(json, &term.name, definition, 0)).transpose()?;
    let by_prefix = reference(&json.without(&[&term.name]), "", &term.name, 0)?;
    if own.is_some_and(|own| own == by_prefix) {
        return Ok(());
    }
    Err(ContextError::Invalid { term: term.name.to_string(), problem: "it looks like an IRI and means another one" })
}

fn coercion(json: &Object<'_>, name: &str, text: &str) -> Result<Coercion, ContextError> {
    Ok(match text {
        "@id" => Coercion::Id,
        "@vocab" => Coercion::Vocab,
        "@json" => Coercion::Json,
        "@none" => Coercion::None,
        _ => Coercion::Datatype(reference(json, name, text, 0)?),
    })
}

fn container(name: &str, value: &Value<'_>) -> Result<Container, ContextError> {
    let mut container = Container::default();
    for item in value.as_slice() {
        match item.as_str() {
            Some("@set") => container.set = true,
            Some("@list") => container.list = true,
            Some("@graph") => container.graph = true,
            Some("@language") => container.language = true,
            other => return Err(unsupported(&format!("@container {}", other.unwrap_or("of another kind")), name)),
        }
    }
    if container.list && (container.set || container.graph || container.language) {
        return Err(ContextError::Invalid { term: name.to_owned(), problem: "@list combines with no other container" });
    }
    Ok(container)
}

fn may_be_prefix(iri: &Iri) -> bool {
    matches!(iri, Iri::Absolute(iri) if ends_in_delimiter(iri))
}

fn ends_in_delimiter(iri: &str) -> bool {
    iri.ends_with([':', '/', '?', '#', '[', ']', '@'])
}

fn is_absolute(iri: &str) -> bool {
    iri.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contexts::Name;

    fn compiled(json: &str) -> Result<Context, ContextError> {
        compile(format!("{{\"@context\":{json}}}").as_bytes())
    }

    #[test]
    fn prefixes_and_references_are_resolved() {
        let context =
            compiled(r#"{"x":"https://x.test/#","a":"x:a","b":{"@id":"a","@type":"x:t"},"c":"y:c"}"#).unwrap();
        assert_eq!(context.get(Name::new("b")).unwrap().iri, Iri::Absolute("https://x.test/#a".into()));
        assert_eq!(
            context.get(Name::new("b")).unwrap().coercion,
            Coercion::Datatype(Iri::Absolute("https://x.test/#t".into()))
        );
        assert_eq!(context.get(Name::new("c")).unwrap().iri, Iri::Compact("y:c".into()));
    }

    #[test]
    fn what_is_not_supported_is_named() {
        for json in [
            r#"{"@import":"https://x.test/"}"#,
            r#"{"a":{"@reverse":"https://x.test/"}}"#,
            r#"{"a":{"@id":"x:a","@container":"@index"}}"#,
            r#"{"@base":"https://x.test/"}"#,
        ] {
            assert!(matches!(compiled(json), Err(ContextError::Unsupported { .. })), "{json}");
        }
        assert!(matches!(compiled(r#"{"a":"b:","b":"a:"}"#), Ok(_) | Err(ContextError::Invalid { .. })));
        assert!(matches!(compiled(r#"{"a":"b","b":"a"}"#), Err(ContextError::Invalid { .. })));
    }
}
