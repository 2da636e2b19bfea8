//! A status list: a signed credential of its own, verified and inflated once for all the credentials that name it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::keys::listed;
use super::report::Outcome;
use super::verification::Verification;
use crate::json::{self, Value};
use crate::jwt;
use crate::status::Bitstring;

/// Bytes of inflated lists that are kept for credentials yet to come.
const MOST_KEPT: usize = 32 << 20;

/// A list that holds.
pub(super) struct List {
    purposes: Vec<String>,
    bits: Bitstring,
}

impl List {
    /// The value at a place (Bitstring Status List 1.0, section 3.2), or why there is none.
    pub(super) fn value(&self, purpose: &str, index: u64, size: u64) -> Result<u64, String> {
        if !self.purposes.iter().any(|own| own == purpose) {
            return Err("The status list is for another purpose.".to_owned());
        }
        self.bits.value(index, size).map_err(|error| format!("Its status cannot be read: {error}."))
    }
}

/// A list, or the answer for whatever is in it.
type Found = Result<List, (Outcome, String)>;

/// The lists of one verification, by their address.
#[derive(Default)]
pub(super) struct Lists(RefCell<BTreeMap<String, Rc<Found>>>);

impl Lists {
    fn get(&self, url: &str) -> Option<Rc<Found>> {
        self.0.borrow().get(url).cloned()
    }

    fn keep(&self, url: &str, found: &Rc<Found>) {
        let size = |found: &Found| found.as_ref().map_or(0, |list| list.bits.as_bytes().len());
        let mut kept = self.0.borrow_mut();
        if kept.values().map(|found| size(found)).sum::<usize>() + size(found) > MOST_KEPT {
            kept.clear();
        }
        kept.insert(url.to_owned(), Rc::clone(found));
    }
}

impl Verification<'_> {
    /// The list at an address, which served these bytes.
    pub(super) fn list(&self, url: &str, bytes: &[u8]) -> Rc<Found> {
        if let Some(known) = self.lists.get(url) {
            return known;
        }
        let found = Rc::new(self.read_list(bytes));
        self.lists.keep(url, &found);
        found
    }

    fn read_list(&self, bytes: &[u8]) -> Found {
        let inner = self.document(bytes, false);
        if let Some(check) = inner.checks.iter().find(|check| check.outcome != Outcome::Pass) {
            return Err((check.outcome, format!("The status list itself does not hold: {}", check.message)));
        }
        let list = self.content(bytes).map_err(|problem| (Outcome::Fail, problem))?;
        let paid = self.work.spend_on_bytes(list.bits.as_bytes().len());
        paid.map(|()| list).map_err(|why| (Outcome::NotChecked, format!("Its status was not looked up: {why}.")))
    }

    /// A document or a token: what secures it was verified before.
    fn content(&self, bytes: &[u8]) -> Result<List, String> {
        let unreadable = |error: &dyn std::fmt::Display| format!("The status list is not readable: {error}.");
        let content = jwt::unverified(bytes, self.limits()).map_err(|error| unreadable(&error))?;
        let value = json::parse(&content, self.limits()).map_err(|error| unreadable(&error))?;
        let document = value.as_object().ok_or("The status list is not a BitstringStatusListCredential.")?;
        if !document.get("type").is_some_and(|types| types.names("BitstringStatusListCredential")) {
            return Err("The status list is not a BitstringStatusListCredential.".to_owned());
        }
        let subject = document.get("credentialSubject").and_then(Value::as_object);
        let subject = subject.ok_or("The status list has no credentialSubject.")?;
        if !subject.get("type").is_some_and(|types| types.names("BitstringStatusList")) {
            return Err("The status list's subject is not a BitstringStatusList.".to_owned());
        }
        let purposes = listed(subject.get("statusPurpose")).iter().filter_map(Value::as_str).map(str::to_owned);
        let encoded = subject.str("encodedList").ok_or("The status list has no encodedList.")?;
        let bits = Bitstring::decode(encoded, self.limits());
        let bits = bits.map_err(|error| format!("The status list cannot be read: {error}."))?;
        Ok(List { purposes: purposes.collect(), bits })
    }
}
