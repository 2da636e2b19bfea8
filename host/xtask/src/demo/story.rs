//! What happens, step by step, and what has to be so after each step.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::Narrator;
use super::host::Host;
use super::program::{Program, text};
use super::summary::{Check, CredentialOutcome, DeliveryOutcome, EngagementBadge, Summary};
use super::vendors::{self, Canvas, Delivery};
use super::verifiers::{Verifiers, tampered};

/// How long anything may take to happen.
const PATIENCE: Duration = Duration::from_secs(20);
/// The deal that Ada wins, and one that somebody makes up.
const DEAL: u64 = 18_846_117_201;
const FORGED: u64 = 18_846_117_202;

/// What the demo runs on.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) laurel: PathBuf,
    /// Folder of the official plugins' components.
    pub(crate) plugins: PathBuf,
    /// The browser's verifier.
    pub(crate) verifier: PathBuf,
    /// Folder of the verifiers of others, if they are installed.
    pub(crate) oracles: PathBuf,
    pub(crate) port: u16,
}

/// Plays the whole demo; the host goes on serving.
pub(crate) fn play(stage: &Stage, narrator: &mut Narrator) -> Result<(Host, Summary)> {
    narrator.chapter("Starting a host on fresh data (SQLite)");
    let host = Host::start(&stage.laurel, &stage.verifier, stage.port)?;
    narrator.say(format!("it listens on {}", host.url));
    narrator.chapter("Setting up an organisation through the API");
    let canvas = Canvas::new()?;
    let program = Program::set_up(&host.client, &stage.plugins, &canvas)?;
    narrator.say(format!("Acme Academy issues as {}", program.did));
    narrator.say("Selling with Care (credential), Helping Hand (engagement badge), Certified Seller (credential)");
    narrator.say("canvas, hubspot, discourse and recipe are installed and granted; three rules are active");
    let summary = Summary {
        base_url: host.url.clone(),
        organisation: program.organisation.clone(),
        issuer: program.did.clone(),
        ..Summary::default()
    };
    let verifiers = Verifiers::find(&stage.laurel, &stage.oracles);
    if !verifiers.missing.is_empty() {
        let missing = verifiers.missing.join(", ");
        narrator.say(format!(
            "verifiers of others that are not asked, until `cargo xtask test` has installed them: {missing}"
        ));
    }
    let mut story = Story { host: &host, program, verifiers, narrator, summary };
    if let Err(error) = story.tell(&canvas) {
        return Err(error.context(format!("the host's log:\n{}", host.log())));
    }
    let summary = story.finish();
    Ok((host, summary))
}

struct Story<'a> {
    host: &'a Host,
    program: Program,
    verifiers: Verifiers,
    narrator: &'a mut Narrator,
    summary: Summary,
}

impl Story<'_> {
    fn tell(&mut self, canvas: &Canvas) -> Result<()> {
        self.course(canvas)?;
        self.forum()?;
        self.deal()?;
        for index in 0..self.summary.credentials.len() {
            self.verify(index)?;
        }
        // The last one first: what it rests on is revoked after it.
        for index in (0..self.summary.credentials.len()).rev() {
            self.revoke(index)?;
        }
        self.award_again()
    }

    /// Canvas tells that the course is done; then it tells it again.
    fn course(&mut self, canvas: &Canvas) -> Result<()> {
        self.narrator.chapter("Canvas: Ada completes a course");
        let hook = self.program.canvas.clone();
        self.deliver(&hook, canvas.course_completed.clone(), "accepted")?;
        let again = Delivery { about: "Canvas sends the same event again", ..canvas.course_completed.clone() };
        self.deliver(&hook, again, "duplicate")?;
        self.credential("Selling with Care", &self.program.course.clone())
    }

    /// Ada answers in the forum, and three people like it.
    fn forum(&mut self) -> Result<()> {
        self.narrator.chapter("Discourse: Ada helps in the forum");
        let hook = self.program.discourse.clone();
        let post = vendors::discourse(501, "post", "post_created", "Ada answers a question", &vendors::answer());
        self.deliver(&hook, post, "accepted")?;
        for (number, name) in [(7, "grace"), (8, "hedy"), (9, "katherine")] {
            let payload = vendors::liked_by(number, name);
            let like = vendors::discourse(501 + number, "like", "post_liked", "somebody likes Ada's answer", &payload);
            self.deliver(&hook, like, "accepted")?;
        }
        let solved =
            vendors::discourse(520, "solved", "accepted_solution", "Ada's answer is the solution", &vendors::answer());
        self.deliver(&hook, solved, "accepted")?;
        let helper = self.program.helper.clone();
        let shelf = self.wait_for("the engagement badge", |story| {
            let shelf = story.get(&format!("engagement?subject={}", story.program.ada))?;
            Ok(item(&shelf["badges"], "achievement", &helper).map(|_| shelf.clone()))
        })?;
        let points = shelf["points_total"].as_i64().unwrap_or_default();
        self.narrator.say(format!("awarded: Helping Hand, an engagement badge with {points} points; not signed, not on the shelf of credentials"));
        self.summary.engagement.push(EngagementBadge { achievement: "Helping Hand".to_owned(), points });
        self.check(
            "the engagement badge is not among the credentials",
            item(&self.shelf()?, "achievement", &helper).is_none(),
            "",
        );
        Ok(())
    }

    /// A forged notification, a real one for a deal that nobody knows, and the operator who says whose it is.
    fn deal(&mut self) -> Result<()> {
        self.narrator.chapter("HubSpot: a deal is won");
        let hook = self.program.hubspot.clone();
        let url = format!("{}{hook}", self.host.url);
        let forged = vendors::deal_won(&url, FORGED, "a guess", "somebody makes up a deal, without knowing the secret");
        self.deliver(&hook, forged, "refused")?;
        let won = vendors::deal_won(&url, DEAL, vendors::HUBSPOT_SECRET, "a deal is won; HubSpot does not say by whom");
        self.deliver(&hook, won, "accepted")?;
        let account = vendors::deal_account(DEAL).replace('#', "%23");
        let subject = self.get(&format!("subject?identifier={account}"))?;
        self.check("the deal rests on a provisional subject", subject["provisional"] == true, "");
        let ada = self.program.ada.clone();
        self.host
            .client
            .post(&self.program.path(&format!("subjects/{ada}/merge")), &json!({ "from": text(&subject, "id")? }))?;
        self.narrator.say("linked: the operator says that the deal is Ada's; the rules fold both histories anew");
        self.credential("Certified Seller", &self.program.seller.clone())
    }

    /// Sends one delivery, and checks what came of it.
    fn deliver(&mut self, hook: &str, delivery: Delivery, expected: &str) -> Result<()> {
        let before = self.events_by_status()?;
        let headers: Vec<(&str, &str)> = delivery.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = self.host.client.send("POST", hook, &headers, &delivery.body)?;
        let after = self.events_by_status()?;
        let outcome = match answer.status {
            200..300 if after.0 > before.0 => "accepted",
            200..300 if after.1 > before.1 => "duplicate",
            200..300 => "ignored",
            _ => "refused",
        };
        let why = answer.json()["detail"].as_str().map(|detail| format!(": {detail}")).unwrap_or_default();
        let Delivery { vendor, id, about, .. } = delivery;
        self.narrator.say(format!("{vendor:<9} {about} -> {} {outcome}{why}", answer.status));
        self.check(
            &format!("{vendor} {id} is {expected}"),
            outcome == expected,
            &format!("{} {outcome}{why}", answer.status),
        );
        let outcome = outcome.to_owned();
        self.summary.deliveries.push(DeliveryOutcome { vendor, id, status: answer.status, outcome, about });
        Ok(())
    }

    /// Events accepted and told again so far.
    fn events_by_status(&self) -> Result<(u64, u64)> {
        let answer = self.host.client.send("GET", "/metrics", &[], b"")?;
        let metrics = String::from_utf8(answer.body)?;
        let count = |status: &str| {
            let line = format!("laurel_events_total{{status=\"{status}\"}} ");
            metrics.lines().find_map(|each| each.strip_prefix(&line)).and_then(|number| number.parse().ok())
        };
        count("accepted").zip(count("duplicate")).context("/metrics does not count events")
    }

    /// Waits for Ada's credential of an achievement, signed.
    fn credential(&mut self, name: &'static str, achievement: &str) -> Result<()> {
        let award = self.wait_for(name, |story| {
            let shelf = story.shelf()?;
            Ok(item(&shelf, "achievement", achievement).filter(|award| award["signed"] == true).cloned())
        })?;
        let (url, id) = (text(&award, "credential")?, text(&award, "public_id")?);
        let path = format!("/credentials/{id}/credential.json");
        let document = self.host.client.send("GET", &path, &[("accept", "application/vc")], b"")?;
        let document: Box<RawValue> = serde_json::from_slice(&document.body).context("the credential is no JSON")?;
        let parsed: Value = serde_json::from_str(document.get())?;
        let suite = parsed["proof"]["cryptosuite"].as_str().unwrap_or_default().to_owned();
        self.narrator.say(format!("decided: {}", award["explanation"]));
        self.narrator.say(format!("awarded and signed ({suite}): {name} {url}"));
        self.summary.credentials.push(CredentialOutcome { url, achievement: name, suite, revoked: false, document });
        Ok(())
    }

    /// A credential, as it is and with one character changed.
    fn verify(&mut self, index: usize) -> Result<()> {
        let CredentialOutcome { url, achievement, document, .. } = &self.summary.credentials[index];
        let (name, whole) = (*achievement, document.get());
        let good = self.verifiers.ask(&self.host.client, url, whole)?;
        let bad = self.verifiers.ask_about(&self.host.client, &tampered(whole))?;
        self.narrator.chapter(format!("Verifying {name}, by {}", self.verifiers.names().join(", ")));
        for answer in good {
            let ok = answer.proof == Some(true) && !answer.revoked;
            self.check(&format!("{} accepts {name}", answer.verifier), ok, &answer.detail);
        }
        for answer in bad {
            let detail = if answer.proof == Some(true) { "it was accepted" } else { &answer.detail };
            let check = format!("{} refuses {name} with one letter changed", answer.verifier);
            self.check(&check, answer.proof == Some(false), detail);
        }
        Ok(())
    }

    /// A credential is revoked; every verifier sees it, and that those awarded before it are untouched.
    fn revoke(&mut self, index: usize) -> Result<()> {
        let CredentialOutcome { url, achievement: name, document, .. } = &self.summary.credentials[index];
        let (url, name, document) = (url.clone(), *name, document.get().to_owned());
        self.narrator.chapter(format!("Revoking {name}"));
        let award = item(&self.shelf()?, "credential", &url).cloned().context("the award is gone")?;
        let path = self.program.path(&format!("awards/{}/revoke", text(&award, "id")?));
        self.host.client.post(&path, &json!({ "reason": "It was booked on the wrong machine." }))?;
        self.wait_for("the revocation", |story| {
            let answers = story.verifiers.ask(&story.host.client, &url, &document)?;
            Ok(answers.iter().find(|answer| answer.verifier == "laurel").filter(|answer| answer.revoked).map(|_| ()))
        })?;
        self.summary.credentials[index].revoked = true;
        for answer in self.verifiers.ask(&self.host.client, &url, &document)? {
            self.check(&format!("{} sees that {name} is revoked", answer.verifier), answer.revoked, &answer.detail);
        }
        for other in 0..index {
            let CredentialOutcome { url, achievement, document, .. } = &self.summary.credentials[other];
            let (name, answers) = (*achievement, self.verifiers.ask(&self.host.client, url, document.get())?);
            let untouched = answers.iter().all(|answer| !answer.revoked);
            self.check(&format!("{name} is untouched"), untouched, "");
        }
        Ok(())
    }

    /// What was revoked by mistake is awarded again, by the operator: a credential of its own.
    fn award_again(&mut self) -> Result<()> {
        self.narrator.chapter("Awarding Selling with Care again, without a rule");
        let course = self.program.course.clone();
        let award = json!({ "subject": self.program.ada, "achievement": course });
        self.host.client.post_once(&self.program.path("awards"), "selling-with-care-again", &award)?;
        self.credential("Selling with Care", &course)?;
        self.verify(self.summary.credentials.len() - 1)
    }

    fn finish(mut self) -> Summary {
        self.summary.ok = self.summary.failed() == 0;
        let host = self.host.url.as_str();
        self.summary.pages = self.summary.credentials.iter().map(|credential| credential.url.clone()).collect();
        self.summary.pages.extend([
            self.program.ada_page.clone(),
            format!("{host}/verify"),
            format!("{host}/openapi.json"),
        ]);
        self.narrator.chapter("To look at");
        for page in &self.summary.pages {
            self.narrator.say(page);
        }
        let (failed, all) = (self.summary.failed(), self.summary.checks.len());
        self.narrator.say(format!("{} of {all} checks passed", all - failed));
        self.summary
    }

    fn check(&mut self, name: &str, ok: bool, detail: &str) {
        let (name, detail) = (name.to_owned(), if ok { String::new() } else { detail.to_owned() });
        self.narrator.say(format!(
            "[{}] {name}{}",
            if ok { "ok" } else { "FAILED" },
            if ok { "" } else { " " }.to_owned() + &detail
        ));
        self.summary.checks.push(Check { name, ok, detail });
    }

    fn get(&self, what: &str) -> Result<Value> {
        self.host.client.get(&self.program.path(what))
    }

    /// Ada's credentials.
    fn shelf(&self) -> Result<Value> {
        Ok(self.get(&format!("shelf?subject={}", self.program.ada))?["items"].clone())
    }

    fn wait_for<T>(&self, what: &str, look: impl Fn(&Self) -> Result<Option<T>>) -> Result<T> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(found) = look(self)? {
                return Ok(found);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("{what} did not come within {PATIENCE:?}")
    }
}

/// The active item of a list whose member has this value.
fn item<'v>(list: &'v Value, member: &str, value: &str) -> Option<&'v Value> {
    let items = list.as_array().map_or(&[] as &[Value], Vec::as_slice);
    items.iter().find(|each| each[member] == value && each["standing"] != "superseded")
}
