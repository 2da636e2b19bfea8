//! Values: scalars and value objects to RDF literals and references (JSON-LD 1.1 API, sections 5.3 and 8.2).

use std::borrow::Cow;

use super::JsonLdError;
use super::expand::{Expander, Step};
use super::iri::is_absolute;
use super::scope::{Meaning, Scope};
use crate::contexts::{Coercion, Keyword, Setting};
use crate::jcs;
use crate::json::{Object, Value, push_xsd_double};
use crate::rdf::{Dataset, I18N, Node, RDF_JSON, XSD_BOOLEAN, XSD_DOUBLE, XSD_INTEGER, XSD_STRING};

impl<'d> Expander<'d, '_> {
    /// A string, number or boolean under the property `name`.
    pub(super) fn scalar(&mut self, value: &'d Value<'_>, scope: Scope, name: &str) -> Result<Node, JsonLdError> {
        if matches!(value, Value::Null) {
            return Err(self.dropped("null says nothing in a credential; leave the member out"));
        }
        let (coercion, language, at) = match self.scopes.term(scope, name) {
            Some((term, at)) => (&term.coercion, &term.language, at),
            None => (&Coercion::None, &Setting::Unsaid, scope),
        };
        match (coercion, value) {
            (Coercion::Id, Value::String(text)) => self.reference(text, scope),
            (Coercion::Vocab, Value::String(text)) => self.vocabulary_value(text, scope),
            (Coercion::Datatype(datatype), _) => {
                let Meaning::Iri(datatype) = self.scopes.meaning(datatype, at) else { return Err(self.no_datatype()) };
                if !is_absolute(&datatype) {
                    return Err(self.no_datatype());
                }
                let literal = literal(&mut self.out, value, Some(&datatype));
                literal.ok_or_else(|| self.no_literal(value))
            }
            (_, Value::String(text)) => {
                let tag = match language {
                    Setting::Is(tag) => Some(&**tag),
                    Setting::Null => None,
                    Setting::Unsaid => self.scopes.language(scope),
                };
                match tag.map(Box::<str>::from) {
                    Some(tag) => self.language_literal(text, &tag),
                    None => Ok(self.out.literal(text, XSD_STRING)),
                }
            }
            _ => literal(&mut self.out, value, None).ok_or_else(|| self.no_literal(value)),
        }
    }

    fn no_datatype(&self) -> JsonLdError {
        self.malformed("the context gives this term a type that is no absolute identifier")
    }

    fn no_literal(&self, value: &Value<'_>) -> JsonLdError {
        self.dropped(format!("{} cannot be a literal", value.kind()))
    }

    fn vocabulary_value(&mut self, text: &'d str, scope: Scope) -> Result<Node, JsonLdError> {
        match self.scopes.name(scope, text) {
            Meaning::Iri(iri) if is_absolute(&iri) => Ok(self.out.iri(&iri)),
            _ => Err(self.not_absolute(text)),
        }
    }

    /// A literal of type `rdf:JSON`: the canonical JSON of any value (section 8.2.1, step 2).
    pub(super) fn json_literal(&mut self, value: &Value<'_>) -> Node {
        self.out.literal(&jcs::to_string(value), RDF_JSON)
    }

    pub(super) fn language_literal(&mut self, text: &str, tag: &str) -> Result<Node, JsonLdError> {
        self.check_language(tag)?;
        Ok(self.out.language_literal(text, &tag.to_lowercase()))
    }

    fn check_language(&self, tag: &str) -> Result<(), JsonLdError> {
        let parts_ok = tag.split('-').enumerate().all(|(index, part)| {
            let letters = if index == 0 { part.bytes().all(|b| b.is_ascii_alphabetic()) } else { true };
            letters && (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        });
        if !parts_ok {
            return Err(self.malformed(format!("{tag:?} is not a language tag")));
        }
        Ok(())
    }

    /// An object with `@value` (section 5.1.2, step 14).
    pub(super) fn value_object(&mut self, object: &'d Object<'_>, scope: Scope) -> Result<Node, JsonLdError> {
        let (mut value, mut datatype, mut language, mut direction) = (None, None, None, None);
        for (key, member) in object.iter().filter(|(key, _)| *key != "@context") {
            self.path.push(Step::Key(key));
            match (self.scopes.name(scope, key), member) {
                (Meaning::Keyword(Keyword::Value), _) => value = Some(member),
                (Meaning::Keyword(Keyword::Type), Value::String(text)) => datatype = Some(text.as_ref()),
                (Meaning::Keyword(Keyword::Language), Value::String(text)) => language = Some(text.as_ref()),
                (Meaning::Keyword(Keyword::Direction), Value::String(text)) => direction = Some(text.as_ref()),
                _ => {
                    let problem =
                        "a value object holds @value with @type, or with @language and @direction, nothing else";
                    return Err(self.malformed(problem));
                }
            }
            self.path.pop();
        }
        if let Some(direction) = direction {
            return self.directed(value, datatype, language, direction);
        }
        match (value, datatype, language) {
            (Some(value), Some("@json"), None) => Ok(self.json_literal(value)),
            (Some(Value::Null) | None, ..) => Err(self.dropped("a value object without a value says nothing")),
            (Some(Value::String(text)), None, Some(tag)) => self.language_literal(text, tag),
            (Some(value), datatype, None) => {
                let iri: Option<Cow<'_, str>> = match datatype.map(|name| (name, self.scopes.name(scope, name))) {
                    None => None,
                    Some((_, Meaning::Iri(iri))) if is_absolute(&iri) => Some(iri),
                    Some((name, _)) => return Err(self.not_absolute(name)),
                };
                literal(&mut self.out, value, iri.as_deref()).ok_or_else(|| self.no_literal(value))
            }
            _ => Err(self.malformed("a value object has either a type or, for a string, a language")),
        }
    }
    /// A string with a base direction, as the datatype `i18n` says it (JSON-LD 1.1 API, section 8.2.1, step 13.2).
    fn directed(
        &mut self,
        value: Option<&Value<'_>>,
        datatype: Option<&str>,
        language: Option<&str>,
        direction: &str,
    ) -> Result<Node, JsonLdError> {
        let (Some(Value::String(text)), None, "ltr" | "rtl") = (value, datatype, direction) else {
            return Err(self.malformed("@direction is ltr or rtl, of a string without a type"));
        };
        let tag = language.unwrap_or_default();
        if !tag.is_empty() {
            self.check_language(tag)?;
        }
        let datatype = format!("{I18N}{}_{direction}", tag.to_lowercase());
        Ok(self.out.literal(text, &datatype))
    }
}

/// A literal of a declared datatype, or of the native one (section 8.2.1, steps 4 to 12); `None` for what is no scalar.
///
/// The declared datatype is kept as it is, also where it only resembles an XSD type, as the
/// `https://www.w3.org/2001/XMLSchema#…` types of Open Badges do.
fn literal(out: &mut Dataset, value: &Value<'_>, datatype: Option<&str>) -> Option<Node> {
    Some(match value {
        Value::String(text) => out.literal(text, datatype.unwrap_or(XSD_STRING)),
        Value::Bool(flag) => out.literal(if *flag { "true" } else { "false" }, datatype.unwrap_or(XSD_BOOLEAN)),
        Value::Number(number) => {
            let is_double = number.fract() != 0.0 || number.abs() >= 1e21 || datatype == Some(XSD_DOUBLE);
            let mut text = String::new();
            if is_double {
                push_xsd_double(&mut text, *number);
            } else {
                // Adding zero turns -0 into 0. All digits of the double, not the fewest that tell it from its neighbours.
                text = format!("{:.0}", *number + 0.0);
            }
            out.literal(&text, datatype.unwrap_or(if is_double { XSD_DOUBLE } else { XSD_INTEGER }))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    })
}
