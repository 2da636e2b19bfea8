//! What must be fetched before a document can be verified.

use super::assertion::is_assertion;
use super::endorsements::{self, Form};
use super::keys::{document_url, listed};
use super::material::{Material, Need, NeedKind};
use super::party::Role;
use super::token::{Opened, enveloped};
use super::{hosted, resources, signed_badge, status};
use crate::Limits;
use crate::json::{self, Object, Value};
use crate::jwt::{Token, is_token};

/// What one look at a document found.
pub(super) struct Found {
    /// The documents that it wants and that are not in the material.
    pub(super) wanted: Vec<Need>,
    /// The credentials in it, endorsements among them.
    pub(super) credentials: usize,
}

/// Looks at `document` for what is not in `material`.
pub(super) fn of(document: &[u8], material: &Material, limits: &Limits, open_badges_2: bool) -> Found {
    let mut search = Search { limits, material, wanted: Vec::new(), credentials: 0, with_status: true, open_badges_2 };
    search.bytes(document);
    let credentials = search.credentials;
    (search.with_status, search.open_badges_2) = (false, false);
    for index in 0..search.wanted.len() {
        if search.wanted[index].kind == NeedKind::Status
            && let Some(Ok(list)) = material.get(&search.wanted[index].url)
        {
            search.bytes(list);
        }
    }
    let mut wanted = search.wanted;
    wanted.retain(|need| material.get(&need.url).is_none());
    wanted.sort();
    wanted.dedup();
    Found { wanted, credentials }
}

struct Search<'l> {
    limits: &'l Limits,
    material: &'l Material,
    wanted: Vec<Need>,
    credentials: usize,
    with_status: bool,
    /// Whether badges of Open Badges 2.0 are taken.
    open_badges_2: bool,
}

impl Search<'_> {
    fn bytes(&mut self, document: &[u8]) {
        if is_token(document) {
            return self.token(std::str::from_utf8(document).unwrap_or_default(), true);
        }
        if let Ok(Value::Object(object)) = json::parse(document, self.limits) {
            self.object(&object, true);
        }
    }

    /// A credential or, at the top, a presentation.
    fn object(&mut self, object: &Object<'_>, top: bool) {
        if top && self.open_badges_2 && is_assertion(object) {
            return hosted::needs(object, self.material, self.limits, &mut self.wanted);
        }
        let classes = ["EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"];
        if let Some(Ok(token)) = classes.iter().find_map(|class| enveloped(object, class)) {
            return self.token(token, top);
        }
        for proof in listed(object.get("proof")).iter().take(self.limits.proofs) {
            let method = proof.as_object().and_then(|proof| proof.str("verificationMethod"));
            if let Some(Ok(Some(url))) = method.map(document_url) {
                self.wanted.push(Need { url, kind: NeedKind::Keys });
            }
        }
        self.content(object, top);
    }

    fn token(&mut self, text: &str, top: bool) {
        let Ok(token) = Token::read(text, self.limits) else { return };
        if let Some(assertion) = signed_badge::assertion(&token, self.limits).filter(|_| top && self.open_badges_2) {
            return signed_badge::needs(&assertion, self.material, self.limits, &mut self.wanted);
        }
        let presented = Opened::read(&token, Role::Holder, self.limits).ok().filter(|it| is_presentation(&it.document));
        let Some(opened) = presented.or_else(|| Opened::read(&token, Role::Issuer, self.limits).ok()) else { return };
        opened.needs(&mut self.wanted);
        self.content(&opened.document, top);
    }

    fn content(&mut self, object: &Object<'_>, top: bool) {
        if top && is_presentation(object) {
            for item in listed(object.get("verifiableCredential")).iter().take(self.limits.credentials) {
                match item {
                    Value::Object(credential) => self.object(credential, false),
                    Value::String(token) => self.token(token, false),
                    _ => {}
                }
            }
            return;
        }
        self.credentials += 1;
        if self.with_status {
            status::needs(object, &mut self.wanted);
            resources::needs(object, &mut self.wanted);
            self.with_status = false;
            for endorsement in endorsements::all(object).iter().take(endorsements::MOST) {
                match endorsement.form {
                    Form::Document(Value::Object(document)) => self.object(document, false),
                    Form::Document(_) => {}
                    Form::Token(token) => self.token(token, false),
                }
            }
            self.with_status = true;
        }
    }
}

pub(super) fn is_presentation(object: &Object<'_>) -> bool {
    object.get("type").is_some_and(|types| types.names("VerifiablePresentation"))
}
