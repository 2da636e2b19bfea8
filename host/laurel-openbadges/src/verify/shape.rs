//! Is it a credential with everything one must have?
//!
//! The rules of the VC data models and of the Open Badges 3.0 schema that matter for meaning: classes,
//! required members, well-formed identifiers and dates. Members are checked by class, from a table.

use super::classes::{Class, Kind};
use super::resources;
use crate::Timestamp;
use crate::contexts::{CREDENTIALS_V1, CREDENTIALS_V2};
use crate::json::{Object, Value};
use crate::jsonld::is_absolute;
use crate::pointer;

/// What is wrong with a credential's shape; nothing if all is well.
pub(super) fn problems(credential: &Object<'_>) -> Vec<String> {
    let data_model_1 = first_context(credential) == Some(CREDENTIALS_V1);
    let mut found = Problems { data_model_1, ..Problems::default() };
    found.context(credential);
    found.types(credential);
    found.identifiers(credential);
    found.services(credential);
    found.subjects(credential);
    if let Some(class) = subject_class(credential) {
        found.learning(credential, class);
    }
    found.list
}

/// The class of the subject, for credentials of 1EdTech's standards.
fn subject_class(credential: &Object<'_>) -> Option<&'static str> {
    let named = |name| credential.get("type").is_some_and(|types| types.names(name));
    if named("OpenBadgeCredential") || named("AchievementCredential") {
        Some("AchievementSubject")
    } else if named("EndorsementCredential") {
        Some("EndorsementSubject")
    } else {
        named("ClrCredential").then_some("ClrSubject")
    }
}

#[derive(Default)]
struct Problems {
    list: Vec<String>,
    /// Where the walk over the classes is: a JSON pointer, grown and cut back, because nearly nobody reads it.
    place: String,
    /// Whether the credential is of the data model 1.1, whose schemas knew other words and demanded less of endorsements.
    data_model_1: bool,
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
        if subject_class(credential).is_some() {
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

    fn learning(&mut self, credential: &Object<'_>, class: &'static str) {
        for (member, kind) in [
            ("name", Kind::Text),
            ("description", Kind::Text),
            ("image", Kind::One("Image")),
            ("awardedDate", Kind::Date),
            ("partial", Kind::Flag),
            ("credentialSubject", Kind::One(class)),
            ("endorsement", Kind::Many("EndorsementCredential")),
            ("issuer", Kind::One("Profile")),
            ("evidence", Kind::Many("Evidence")),
        ] {
            if let Some(value) = credential.get(member) {
                self.under(member, |this| this.member(value, kind));
            }
        }
        let named = |subject: &Object<'_>| subject.get("id").is_some() || subject.get("identifier").is_some();
        if credential.get("credentialSubject").and_then(Value::as_object).is_some_and(|subject| !named(subject)) {
            self.add("/credentialSubject", "needs an id or an identifier");
        }
        if class != "AchievementSubject" && credential.get("name").is_none() {
            self.add("", "needs a name");
        }
        let dated = credential.get("validFrom").is_some() || credential.get("issuanceDate").is_some();
        if !dated {
            self.add("", "needs a validFrom date");
        }
    }

    /// Runs `work` one step further down. The names of our tables need no escapes.
    fn under(&mut self, segment: &str, work: impl FnOnce(&mut Self)) {
        let outer = self.place.len();
        self.place.push('/');
        self.place.push_str(segment);
        work(self);
        self.place.truncate(outer);
    }

    fn add_here(&mut self, problem: impl AsRef<str>) {
        let place = std::mem::take(&mut self.place);
        self.add(&place, problem);
        self.place = place;
    }

    /// Checks what a member holds.
    fn member(&mut self, value: &Value<'_>, kind: Kind) {
        let problem = match kind {
            Kind::One(_) if matches!(value, Value::Array(items) if items.len() != 1) => "must be one object",
            Kind::One(class) | Kind::Many(class) => return self.instances(value, class),
            Kind::Text if is_text(value) && !value.as_slice().is_empty() => return,
            Kind::Texts if is_text(value) => return,
            Kind::Text | Kind::Texts => "must be a text",
            Kind::Date if value.as_str().is_some_and(|text| text.parse::<Timestamp>().is_ok()) => return,
            Kind::Date => "must be a date and time with an offset",
            Kind::Number if matches!(value, Value::Number(_)) => return,
            Kind::Number => "must be a number",
            Kind::Flag if matches!(value, Value::Bool(_)) => return,
            Kind::Flag => "must be true or false",
            Kind::Word(words) | Kind::OpenWord(words) if value.as_str().is_some_and(|word| words.contains(&word)) => {
                return;
            }
            Kind::OpenWord(_) if value.as_str().is_some_and(|word| self.data_model_1 || word.contains("ext:")) => {
                return;
            }
            Kind::OpenWord(_) => "must be one of the words the specification lists, or begin with ext:",
            Kind::Word(_) => "must be one of the words the specification lists",
        };
        self.add_here(problem);
    }

    /// Checks a value, or each of an array, against a class.
    fn instances(&mut self, value: &Value<'_>, class: &str) {
        let Some(class) = Class::named(class) else { return };
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.under(&index.to_string(), |this| this.item(item, class));
                }
            }
            item => self.item(item, class),
        }
    }

    fn item(&mut self, item: &Value<'_>, class: &Class) {
        match item {
            Value::Object(object) => self.instance(object, class),
            // The issuer may be given by its identifier alone, and so are images by some.
            Value::String(_) if class.name == "Image" || self.place.ends_with("/issuer") => {}
            other => self.add_here(format!("must be an object of type {}, this is {}", class.name, other.kind())),
        }
    }

    fn instance(&mut self, object: &Object<'_>, class: &Class) {
        // Criteria alone have no type.
        if class.name != "Criteria" && !object.get("type").is_some_and(|types| types.names(class.name)) {
            self.under("type", |this| this.add_here(format!("must include {}", class.name)));
        }
        let lenient = self.data_model_1 && class.name == "EndorsementCredential";
        for member in class.required.iter().filter(|_| !lenient) {
            if object.get(member).is_none() {
                self.add_here(format!("{} needs {member}", class.name));
            }
        }
        for (member, kind) in class.members {
            if let Some(value) = object.get(member) {
                self.under(member, |this| this.member(value, *kind));
            }
        }
    }
}

/// A text, one with its language, or several of these.
fn is_text(value: &Value<'_>) -> bool {
    match value {
        Value::String(_) | Value::Object(_) => true,
        Value::Array(items) => items.iter().all(|item| matches!(item, Value::String(_) | Value::Object(_))),
        _ => false,
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
    let mut found = Problems::default();
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
