//! What an issuer says of a credential beside its standing: status messages.
//!
//! An organisation names the messages that its credentials may carry; each credential keeps those that were named when it was awarded, and
//! a status list for each tells whether it is said.

use laurel_openbadges::status::StatusEntry;
use laurel_openbadges::{Limits, jwt};
use serde_json::Value;

use super::places::Place;
use super::{Award, find};
use crate::bell::Work;
use crate::error::{Error, Problem};
use crate::house::House;
use crate::id::{AwardId, OrganisationId, PublicId};
use crate::status::{self, MESSAGES, Topic};
use crate::text::one_line;

/// What a message's entry means where nothing is said.
const NOTHING: &str = "Nothing to report.";

/// The messages of one award.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// What its credential may say.
    pub may_say: Vec<String>,
    /// What it says, in the same order.
    pub says: Vec<String>,
}

/// What is wrong with the messages that an organisation names.
pub(crate) fn check(messages: &[String]) -> Vec<Problem> {
    let pointer = |index: usize| format!("/status_messages/{index}");
    if messages.len() > usize::from(MESSAGES) {
        let most = format!("{MESSAGES} messages are the most");
        return vec![Problem::at("/status_messages", most)];
    }
    let mut problems = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        if let Err(why) = one_line(message, 200) {
            problems.push(Problem::at(pointer(index), why));
        }
        if messages[..index].contains(message) {
            problems.push(Problem::at(pointer(index), "each message is named once"));
        }
    }
    problems
}

/// The entries of a new credential, one for each message.
pub(super) fn entries(place: Place, base_url: &str, messages: &[String]) -> Vec<StatusEntry> {
    let entry = |(topic, message): (Topic, &String)| {
        let mut entry = place.entry(base_url, topic);
        entry.messages = vec![NOTHING.to_owned(), message.clone()];
        entry
    };
    (0..MESSAGES).map(Topic::Message).zip(messages).map(entry).collect()
}

/// What an award's credential says and may say.
///
/// # Errors
/// [`Error::Conflict`] while the credential waits for its signature.
pub async fn messages(house: &House, organisation: OrganisationId, id: AwardId) -> Result<Messages, Error> {
    let award = find(house, organisation, id).await?;
    heard(house, &lines(house, &award).await?).await
}

/// Lets an award's credential say just these of its messages. Verifiers hear it at the next publication of the lists.
///
/// # Errors
/// [`Error::Invalid`] for what the credential may not say.
pub async fn say(house: &House, organisation: OrganisationId, id: AwardId, says: &[String]) -> Result<Messages, Error> {
    let award = find(house, organisation, id).await?;
    let lines = lines(house, &award).await?;
    let unknown = |(index, wanted): (usize, &String)| {
        let known = lines.iter().any(|line| line.text == *wanted);
        (!known).then(|| Problem::at(format!("/messages/{index}"), may_only(&lines)))
    };
    let problems: Vec<Problem> = says.iter().enumerate().filter_map(unknown).collect();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if let Some(Line { list, index, .. }) = lines.first() {
        let numbers: Vec<u8> = lines.iter().filter(|line| says.contains(&line.text)).map(|line| line.number).collect();
        house.store.set_status_messages(*list, *index, &numbers).await?;
        house.bell.ring(Work::Statuses);
    }
    heard(house, &lines).await
}

fn may_only(lines: &[Line]) -> String {
    if lines.is_empty() {
        return "its organisation named no messages when this was awarded".to_owned();
    }
    let known: Vec<String> = lines.iter().map(|line| format!("{:?}", line.text)).collect();
    format!("this credential may only say {}", known.join(", "))
}

/// What a signed credential says just now; nothing when it may say nothing.
pub(crate) async fn says(house: &House, document: &[u8]) -> Result<Vec<String>, Error> {
    Ok(heard(house, &read(house, document)?).await?.says)
}

async fn heard(house: &House, lines: &[Line]) -> Result<Messages, Error> {
    let Some(Line { list, index, .. }) = lines.first() else { return Ok(Messages::default()) };
    let set = house.store.status_messages(*list, *index).await?;
    let texts = |wanted: &dyn Fn(&Line) -> bool| {
        lines.iter().filter(|line| wanted(line)).map(|line| line.text.clone()).collect::<Vec<_>>()
    };
    Ok(Messages { may_say: texts(&|_| true), says: texts(&|line| set.contains(&line.number)) })
}

/// A message that a credential may say.
struct Line {
    list: PublicId,
    index: u32,
    number: u8,
    text: String,
}

async fn lines(house: &House, award: &Award) -> Result<Vec<Line>, Error> {
    let Some(document) = house.store.credential(award.public_id).await? else {
        return Err(Error::Conflict("the credential is not signed yet: try again in a moment".into()));
    };
    read(house, &document)
}

fn read(house: &House, document: &[u8]) -> Result<Vec<Line>, Error> {
    let unreadable = |why: String| Error::Internal(format!("a credential of ours cannot be read: {why}"));
    let document = jwt::unverified(document, &Limits::default()).map_err(|why| unreadable(why.to_string()))?;
    let document: Value = serde_json::from_slice(&document).map_err(|why| unreadable(why.to_string()))?;
    let entries = document["credentialStatus"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(entries.iter().filter_map(|entry| line(house, entry)).collect())
}

/// The message of an entry, if it is one of a message list of ours.
fn line(house: &House, entry: &Value) -> Option<Line> {
    let (list, topic) = status::own(&house.base_url, entry["statusListCredential"].as_str()?)?;
    let Topic::Message(number) = topic else { return None };
    let index = entry["statusListIndex"].as_str()?.parse().ok()?;
    let text = entry["statusMessage"].as_array()?.get(1)?["message"].as_str()?.to_owned();
    Some(Line { list, index, number, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_organisation_may_name() {
        let check = |messages: &[&str]| {
            let messages: Vec<String> = messages.iter().map(|&message| message.to_owned()).collect();
            check(&messages).into_iter().map(|problem| problem.pointer).collect::<Vec<_>>()
        };
        assert!(check(&[]).is_empty() && check(&["A renewal is due.", "Under review."]).is_empty());
        assert_eq!(check(&["a", "", "a"]), ["/status_messages/1", "/status_messages/2"]);
        assert_eq!(check(&["a", "b", "c", "d"]), ["/status_messages"]);
    }
}
