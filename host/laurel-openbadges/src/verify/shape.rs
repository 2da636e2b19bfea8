//! Is it a credential with everything one must have?
//!
//! The rules of the VC data models and of the Open Badges 3.0 schema that matter for meaning: classes,
//! required members, well-formed identifiers and dates. Members are checked by class, from a table.

use super::resources;
use crate::contexts::{CREDENTIALS_V1, CREDENTIALS_V2};
use crate::json::{Object, Value};
use crate::jsonld::is_absolute;
use crate::pointer;

/// A class of the Open Badges model: its name, the members it must have, and the classes of its members.
struct Class {
    name: &'static str,
    required: &'static [&'static str],
    members: &'static [(&'static str, &'static str)],
}

const CLASSES: &[Class] = &[
    Class {
        name: "AchievementSubject",
        required: &["achievement"],
        members: &[
            ("achievement", "Achievement"),
            ("identifier", "IdentityObject"),
            ("image", "Image"),
            ("result", "Result"),
            ("source", "Profile"),
        ],
    },
    Class {
        name: "Achievement",
        required: &["id", "criteria", "description", "name"],
        members: &[
            ("alignment", "Alignment"),
            ("creator", "Profile"),
            ("image", "Image"),
            ("otherIdentifier", "IdentifierEntry"),
            ("related", "Related"),
            ("resultDescription", "ResultDescription"),
        ],
    },
    Class {
        name: "Profile",
        required: &["id"],
        members: &[
            ("image", "Image"),
            ("address", "Address"),
            ("otherIdentifier", "IdentifierEntry"),
            ("parentOrg", "Profile"),
        ],
    },
    Class { name: "EndorsementSubject", required: &["id"], members: &[] },
    Class { name: "Alignment", required: &["targetName", "targetUrl"], members: &[] },
    Class { name: "Address", required: &[], members: &[("geo", "GeoCoordinates")] },
    Class { name: "GeoCoordinates", required: &["latitude", "longitude"], members: &[] },
    Class { name: "Evidence", required: &[], members: &[] },
    Class { name: "IdentifierEntry", required: &["identifier", "identifierType"], members: &[] },
    Class { name: "IdentityObject", required: &["hashed", "identityHash", "identityType"], members: &[] },
    Class { name: "Image", required: &["id"], members: &[] },
    Class { name: "Related", required: &["id"], members: &[] },
    Class { name: "Result", required: &[], members: &[("alignment", "Alignment")] },
    Class {
        name: "ResultDescription",
        required: &["id", "name", "resultType"],
        members: &[("alignment", "Alignment"), ("rubricCriterionLevel", "RubricCriterionLevel")],
    },
    Class { name: "RubricCriterionLevel", required: &["id", "name"], members: &[("alignment", "Alignment")] },
];

/// What is wrong with a credential's shape; nothing if all is well.
pub(super) fn problems(credential: &Object<'_>) -> Vec<String> {
    let mut found = Problems { list: Vec::new() };
    found.context(credential);
    found.types(credential);
    found.identifiers(credential);
    found.services(credential);
    found.subjects(credential);
    if is_open_badge(credential) {
        found.open_badge(credential);
    }
    found.list
}

fn is_open_badge(credential: &Object<'_>) -> bool {
    let named = |name| credential.get("type").is_some_and(|types| types.names(name));
    named("OpenBadgeCredential") || named("AchievementCredential")
}

struct Problems {
    list: Vec<String>,
}

impl Problems {
    fn add(&mut self, at: &str, problem: impl AsRef<str>) {
        // A hostile document could have many; nobody reads more than a page.
        if self.list.len() < 20 {
            self.list.push(format!("at {}: {}", if at.is_empty() { "/" } else { at }, problem.as_ref()));
        }
    }

    fn context(&mut self, credential: &Object<'_>) {
        let first = first_context(credential);
        match first {
            Some(CREDENTIALS_V2) => {}
            Some(CREDENTIALS_V1) if credential.get("issuanceDate").is_some() => {}
            Some(CREDENTIALS_V1) => self.add("", "a VC 1.1 credential needs an issuanceDate"),
            _ => self
                .add("/@context", "must be a list that begins with the context of Verifiable Credentials 2.0 or 1.1"),
        }
        if is_open_badge(credential) {
            let known = |item: &Value<'_>| {
                item.as_str().is_some_and(|url| url.starts_with("https://purl.imsglobal.org/spec/ob/v3p0/"))
            };
            if !credential.get("@context").is_some_and(|context| context.as_slice().iter().any(known)) {
                self.add("/@context", "an Open Badge needs the Open Badges 3.0 context");
            }
        }
    }

    fn types(&mut self, credential: &Object<'_>) {
        if !credential.get("type").is_some_and(|types| types.names("VerifiableCredential")) {
            self.add("/type", "the types must include VerifiableCredential");
        }
    }

    fn identifiers(&mut self, credential: &Object<'_>) {
        match credential.get("id") {
            None => {}
            Some(Value::String(id)) if is_absolute(id) => {}
            Some(_) => self.add("/id", "the identifier must be an absolute URL or URN"),
        }
        match issuer_id(credential) {
            Some(id) if is_absolute(id) => {}
            Some(_) => self.add("/issuer", "the issuer's identifier must be an absolute URL or DID"),
            None => self.add("/issuer", "the issuer must be an identifier or an object with an id"),
        }
    }

    fn services(&mut self, credential: &Object<'_>) {
        for member in ["credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence"] {
            let Some(value) = credential.get(member) else { continue };
            for item in value.as_slice() {
                let has_type = item.as_object().is_some_and(|object| object.get("type").is_some());
                if !has_type {
                    self.add(&pointer::join("", member), "must be an object with a type");
                }
            }
        }
        self.related(credential);
        for item in credential.get("credentialSchema").map_or(&[] as &[Value<'_>], Value::as_slice) {
            if item.as_object().is_some_and(|schema| !schema.str("id").is_some_and(is_absolute)) {
                self.add("/credentialSchema", "a schema needs an absolute id");
            }
        }
    }

    /// Related resources: objects, each with an id of its own and a digest (VC Data Model 2.0, section 5.3).
    fn related(&mut self, credential: &Object<'_>) {
        let Some(value) = credential.get("relatedResource") else { return };
        let mut seen: Vec<&str> = Vec::new();
        for item in value.as_slice() {
            let Some(resource) = item.as_object() else {
                self.add("/relatedResource", "must be an object with an id and a digest");
                continue;
            };
            match resource.str("id").filter(|id| is_absolute(id)) {
                None => self.add("/relatedResource", "needs an absolute id"),
                Some(id) if seen.contains(&id) => self.add("/relatedResource", "names one resource twice"),
                Some(id) => seen.push(id),
            }
            if let Err(problem) = resources::digests(resource) {
                self.add("/relatedResource", problem);
            }
        }
        if value.as_slice().len() > resources::MOST {
            self.add("/relatedResource", format!("must not be more than {}", resources::MOST));
        }
    }

    fn subjects(&mut self, credential: &Object<'_>) {
        let subjects = credential.get("credentialSubject").map_or(&[] as &[Value<'_>], Value::as_slice);
        if subjects.is_empty() {
            self.add("/credentialSubject", "a credential must say something about someone");
        }
        for subject in subjects {
            match subject.as_object() {
                None => self.add("/credentialSubject", "must be an object"),
                Some(object) if object.members.is_empty() => self.add("/credentialSubject", "must not be empty"),
                Some(object) => {
                    if object.get("id").is_some_and(|id| !id.as_str().is_some_and(is_absolute)) {
                        self.add("/credentialSubject/id", "must be an absolute URL or DID");
                    }
                }
            }
        }
    }

    fn open_badge(&mut self, credential: &Object<'_>) {
        if let Some(subject) = credential.get("credentialSubject") {
            self.instances("/credentialSubject", subject, "AchievementSubject");
            let named = |subject: &Object<'_>| subject.get("id").is_some() || subject.get("identifier").is_some();
            if subject.as_object().is_some_and(|subject| !named(subject)) {
                self.add("/credentialSubject", "needs an id or an identifier");
            }
        }
        if let Some(issuer @ Value::Object(_)) = credential.get("issuer") {
            self.instances("/issuer", issuer, "Profile");
        }
        for (member, class) in [("evidence", "Evidence"), ("image", "Image")] {
            if let Some(value) = credential.get(member) {
                self.instances(&pointer::join("", member), value, class);
            }
        }
        let dated = credential.get("validFrom").is_some() || credential.get("issuanceDate").is_some();
        if !dated {
            self.add("", "an Open Badge needs a validFrom date");
        }
    }

    /// Checks a value, or each of an array, against a class.
    fn instances(&mut self, at: &str, value: &Value<'_>, class: &str) {
        let Some(class) = CLASSES.iter().find(|known| known.name == class) else { return };
        for (index, item) in value.as_slice().iter().enumerate() {
            let place = if matches!(value, Value::Array(_)) { format!("{at}/{index}") } else { at.to_owned() };
            match item {
                Value::Object(object) => self.instance(&place, object, class),
                // Images and profiles may be given by their identifiers alone.
                Value::String(_) if matches!(class.name, "Image" | "Profile") => {}
                other => {
                    self.add(&place, format!("must be an object of type {}, this is {}", class.name, other.kind()));
                }
            }
        }
    }

    fn instance(&mut self, at: &str, object: &Object<'_>, class: &Class) {
        if !object.get("type").is_some_and(|types| types.names(class.name)) {
            self.add(&pointer::join(at, "type"), format!("must include {}", class.name));
        }
        for member in class.required {
            if object.get(member).is_none() {
                self.add(at, format!("{} needs {member}", class.name));
            }
        }
        for (member, inner) in class.members {
            if let Some(value) = object.get(member) {
                self.instances(&pointer::join(at, member), value, inner);
            }
        }
    }
}

/// The first of a list of contexts; nothing if it is no list.
fn first_context<'v>(document: &'v Object<'_>) -> Option<&'v str> {
    match document.get("@context")? {
        Value::Array(items) => items.first()?.as_str(),
        _ => None,
    }
}

/// The issuer's identifier, given alone or in an object.
pub(super) fn issuer_id<'v>(credential: &'v Object<'_>) -> Option<&'v str> {
    match credential.get("issuer")? {
        Value::String(id) => Some(id),
        Value::Object(profile) => profile.str("id"),
        _ => None,
    }
}

/// The holder's identifier, given alone or in an object.
pub(super) fn holder_id<'v>(presentation: &'v Object<'_>) -> Option<&'v str> {
    let value = presentation.get("holder")?;
    value.as_str().or_else(|| value.as_object().and_then(|holder| holder.str("id")))
}

/// What is wrong with a presentation's shape; nothing if all is well.
pub(super) fn presentation_problems(presentation: &Object<'_>) -> Vec<String> {
    let mut found = Problems { list: Vec::new() };
    if !matches!(first_context(presentation), Some(CREDENTIALS_V2 | CREDENTIALS_V1)) {
        found.add("/@context", "must be a list that begins with the context of Verifiable Credentials 2.0 or 1.1");
    }
    if presentation.get("id").is_some_and(|id| !id.as_str().is_some_and(is_absolute)) {
        found.add("/id", "the identifier must be an absolute URL or URN");
    }
    let named = holder_id(presentation).is_some_and(is_absolute);
    if presentation.get("holder").is_some() && !named {
        found.add("/holder", "the holder must be an identifier or an object with an id");
    }
    found.list
}
