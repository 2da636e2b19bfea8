//! Where a verification happens: at which moment, in whose house, with what way out; and how it gathers there what it needs, from our
//! own store where it is ours, through the way out where it is not.

use std::sync::Arc;
use std::time::Duration;

use laurel_openbadges::contexts::Contexts;
use laurel_openbadges::verify::{Material, Need, NeedKind, Verifier, hosted_address};

use super::fetched::{Answer, FAILURE, Fetched, NotFetched, good_for};
use super::lost_keys::lost_keys;
use super::own;
use super::read::{MAX_DOCUMENT, MAX_IMAGE, Unreadable, document};
use super::together::together;
use crate::error::Error;
use crate::house::House;
use crate::plugins::{Header, Outbound, OutboundError, OutboundRequest, OutboundResponse};
use crate::time::{Clock, Timestamp};

/// Documents fetched for one credential (or endorsement), and for everything presented together.
const FETCHES_EACH: usize = 6;
const MOST_FETCHES: usize = 64;

/// Requests on their way at once, for one verification.
const AT_ONCE: usize = 8;

/// Time for each of them, and for all together, in milliseconds.
const TIMEOUT: i64 = 5_000;
const DEADLINE: i64 = 15_000;

/// Forms in which a credential may be served.
const ACCEPT: &str = "application/vc+ld+json, application/vc, application/vc+jwt, application/ld+json, application/json, image/png, \
                      image/svg+xml, text/plain";

/// For when and about whom an answer is wanted, and where it may come from.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The moment for which the answer is wanted.
    pub now: Timestamp,
    /// Tells how long the way out takes.
    pub clock: &'a dyn Clock,
    /// Our own store, answered from without a network call.
    pub house: Option<&'a House>,
    /// The JSON-LD contexts that credentials may name.
    pub contexts: &'static Contexts,
    /// The way out; none means that nothing is fetched.
    pub outbound: Option<&'a dyn Outbound>,
    /// What was fetched for verifications before this one.
    pub fetched: &'a Fetched,
    /// Whether addresses without TLS are asked too: for a host that somebody tries out on their own machine.
    pub plain_http: bool,
    /// Who is asked about: is it this recipient's? An e-mail address (`email:` may stand before it), a DID, a URL or URN.
    pub recipient: Option<&'a str>,
    /// Whether badges of Open Badges 2.0 are taken too.
    pub open_badges_2: bool,
}

impl Surroundings<'_> {
    /// The document at an address.
    pub(super) async fn credential(&self, url: &str) -> Result<Vec<u8>, Unreadable> {
        if url.is_empty() {
            return Err(Unreadable::Empty);
        }
        let url = url.split('#').next().unwrap_or(url);
        if let (Some(house), Some(id)) = (self.house, self.own_credential(url)) {
            let stored = house.store.credential(id).await.map_err(Error::from)?;
            return stored.ok_or_else(|| Unreadable::NotThere(url.to_owned()));
        }
        if self.host(url).is_none() {
            return Err(Unreadable::NotAnAddress(url.chars().take(120).collect()));
        }
        match self.fetch(url, None, MAX_IMAGE, TIMEOUT).await {
            Ok(bytes) => Ok(bytes.to_vec()),
            Err(NotFetched { gone: Some(said), .. }) if self.open_badges_2 && said.starts_with(b"{") => Ok(said),
            Err(NotFetched { why, .. }) => Err(Unreadable::NotFetched { url: url.to_owned(), why }),
        }
    }

    /// The document itself, if this is only the address of a hosted one.
    pub(super) async fn hosted(&self, presented: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
        match hosted_address(&presented).filter(|_| self.open_badges_2) {
            Some(url) => document(&self.credential(url).await?),
            None => Ok(presented),
        }
    }

    /// A verifier for this moment, that believes none of the lost keys of the house.
    pub(super) async fn verifier(&self) -> Result<Verifier<'static>, Error> {
        let verifier = Verifier::new(laurel_openbadges::Timestamp::from_unix_millis(self.now.0));
        let verifier = verifier.with_contexts(self.contexts);
        let verifier = match self.house {
            Some(house) => verifier.distrusting(lost_keys(house).await?),
            None => verifier,
        };
        let verifier = if self.open_badges_2 { verifier.with_open_badges_2() } else { verifier };
        Ok(match self.recipient {
            Some(recipient) => verifier.for_recipient(recipient),
            None => verifier,
        })
    }

    /// Gathers round by round what the verifier still wants, several documents at once.
    pub(super) async fn material(&self, verifier: &Verifier<'_>, document: &[u8]) -> Result<Material, Error> {
        let mut material = Material::new();
        let allowed = (FETCHES_EACH * verifier.credentials(document)).min(MOST_FETCHES);
        let mut left = allowed;
        let deadline = self.clock.now().plus_millis(DEADLINE);
        loop {
            let needs = verifier.needs(document, &material);
            if needs.is_empty() {
                return Ok(material);
            }
            let mut elsewhere = self.held_here(needs, &mut material).await?;
            for need in elsewhere.split_off(left.min(elsewhere.len())) {
                let why = format!("more than {allowed} documents would have to be fetched");
                add(&mut material, need, Err(NotFetched::because(why)));
            }
            left -= elsewhere.len();
            while !elsewhere.is_empty() {
                let later = elsewhere.split_off(AT_ONCE.min(elsewhere.len()));
                let asked = elsewhere.iter().map(|need| self.fetch_by(need, deadline)).collect();
                let answers = together(asked).await;
                elsewhere.into_iter().zip(answers).for_each(|(need, answer)| add(&mut material, need, answer));
                elsewhere = later;
            }
        }
    }

    /// Takes what our own store has; what is left is elsewhere.
    async fn held_here(&self, needs: Vec<Need>, material: &mut Material) -> Result<Vec<Need>, Error> {
        let Some(house) = self.house else { return Ok(needs) };
        let mut elsewhere = Vec::new();
        for need in needs {
            match own::held_here(house, &need.url).await? {
                Some(found) => add(material, need, found.map(Arc::from).map_err(NotFetched::because)),
                None => elsewhere.push(need),
            }
        }
        Ok(elsewhere)
    }

    async fn fetch_by(&self, need: &Need, deadline: Timestamp) -> Answer {
        let left = deadline.0 - self.clock.now().0;
        if left <= 0 {
            let why =
                format!("there was no time left for it: all documents together may take {} seconds", DEADLINE / 1000);
            return Err(NotFetched::because(why));
        }
        self.fetch(&need.url, Some(need.kind), MAX_DOCUMENT, left.min(TIMEOUT)).await
    }

    /// What is at an address, or was a while ago.
    async fn fetch(&self, url: &str, kind: Option<NeedKind>, max_body: usize, millis: i64) -> Answer {
        // What is presented by its address alone may be a hosted badge, which is wanted once more as such.
        let asked_as = kind.unwrap_or(NeedKind::Hosted);
        let fits = |known: &Answer| known.as_ref().ok().is_none_or(|document| document.len() <= max_body);
        if let Some(known) = self.fetched.get(asked_as, url, self.clock.now()).filter(fits) {
            return known;
        }
        let (answer, good_for) = self.ask(url, kind, max_body, millis).await;
        self.fetched.keep(asked_as, url, &answer, self.clock.now(), good_for);
        answer
    }

    /// What an address answers, and for how many milliseconds that is good.
    async fn ask(&self, url: &str, kind: Option<NeedKind>, max_body: usize, millis: i64) -> (Answer, i64) {
        let failed = |why: String, good_for| (Err(NotFetched::because(why)), good_for);
        let Some(outbound) = self.outbound else { return failed("this host does not fetch".to_owned(), 0) };
        let Some(host) = self.host(url) else { return failed("it is not an https address".to_owned(), 0) };
        let request = OutboundRequest {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: vec![Header { name: "Accept".to_owned(), value: ACCEPT.to_owned() }],
            body: Vec::new(),
            allowed_hosts: vec![host],
            max_body,
            timeout: Duration::from_millis(millis.unsigned_abs()),
        };
        match outbound.fetch(request).await {
            Ok(response) if response.status == 200 => {
                let good_for = good_for(kind, &response);
                (Ok(response.body.into()), good_for)
            }
            Ok(OutboundResponse { status, body, .. }) => {
                let why = format!("it answered with HTTP status {status}");
                (Err(NotFetched { why, gone: (status == 410).then_some(body) }), FAILURE)
            }
            // Another time it may be allowed more.
            Err(error @ (OutboundError::TooLarge(_) | OutboundError::Timeout)) => failed(error.to_string(), 0),
            Err(error) => failed(error.to_string(), FAILURE),
        }
    }

    fn host(&self, url: &str) -> Option<String> {
        host(url, "https://").or_else(|| host(url, "http://").filter(|_| self.plain_http))
    }
}

fn add(material: &mut Material, need: Need, answer: Answer) {
    match answer {
        Ok(document) => material.add(need.url, &*document),
        Err(NotFetched { gone: Some(said), .. }) if need.kind == NeedKind::Hosted && said.starts_with(b"{") => {
            material.add(need.url, said);
        }
        Err(NotFetched { gone: Some(_), .. }) if need.kind == NeedKind::Hosted => material.add_gone(need.url),
        Err(NotFetched { why, .. }) => material.add_failure(need.url, why),
    }
}

/// Host of an address of this scheme. The way out parses the address again, strictly, and refuses it if it finds another host.
fn host(url: &str, scheme: &str) -> Option<String> {
    let authority = url.strip_prefix(scheme)?.split(['/', '?', '#', '\\']).next()?;
    let plain = !authority.is_empty() && !authority.contains(['@', ' ']) && !url.contains(char::is_control);
    plain.then(|| authority.split(':').next().unwrap_or(authority).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_has_a_host() {
        assert_eq!(host("https://A.example:8443/x?y", "https://").as_deref(), Some("a.example"));
        for bad in ["http://a.example/", "https://", "https://a@b/", "file:///etc/passwd", "https://a b/", "x"] {
            assert_eq!(host(bad, "https://"), None, "{bad}");
        }
    }
}
