//! A badge program on a host: an organisation, what can be earned in it, the plugins, the rules; and what came of it.

use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::{Client, Host, discourse, host, hubspot};

/// Ids of what was set up.
#[derive(Clone, Debug)]
pub struct Program {
    /// The organisation's id.
    pub organisation: String,
    /// Plugin digests by name.
    pub plugins: BTreeMap<String, String>,
    /// Installation ids by plugin name.
    pub installations: BTreeMap<String, String>,
    /// Achievement ids by name.
    pub achievements: BTreeMap<String, String>,
    /// Rule ids by achievement name.
    pub rules: BTreeMap<String, String>,
}

impl Program {
    /// An organisation with nothing in it.
    pub async fn found(client: &mut Client, suite: &str) -> Self {
        let body = json!({ "slug": "acme", "name": "Acme Academy", "suite": suite });
        let organisation = client.post("/v1/organisations", &body).await.expect(201);
        Self::in_organisation(&id(&organisation))
    }

    /// An organisation that is there, as if nothing were in it.
    pub fn in_organisation(organisation: &str) -> Self {
        Self {
            organisation: organisation.to_owned(),
            plugins: BTreeMap::new(),
            installations: BTreeMap::new(),
            achievements: BTreeMap::new(),
            rules: BTreeMap::new(),
        }
    }

    /// The forum program: three accepted answers make a helper, a helper with five an expert, the first one a badge for taking part.
    pub async fn forum(client: &mut Client) -> Self {
        let mut program = Self::found(client, "eddsa-jcs-2022").await;
        program.install_recipe(client).await;
        program.install_discourse(client).await;
        program.achievement(client, "Helper", "credential").await;
        program.achievement(client, "Expert", "credential").await;
        program.achievement(client, "First answer", "engagement").await;
        let solutions = |count: u32| json!({ "measure": "count", "events": "solution.accepted", "at-least": count });
        let helper = program.achievements["Helper"].clone();
        program.rule(client, "Helper", &json!({ "requirement": solutions(3) })).await;
        let expert = json!({ "requirement": { "all": [{ "held": helper }, solutions(5)] } });
        program.rule(client, "Expert", &expert).await;
        program.rule(client, "First answer", &json!({ "requirement": solutions(1) })).await;
        program
    }

    /// A path within the organisation.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/organisations/{}/{rest}", self.organisation)
    }

    /// Adds an official plugin.
    pub async fn plugin(&mut self, client: &mut Client, name: &str) -> String {
        self.upload(client, name, Bytes::from(host::plugin(name))).await
    }

    /// Adds a plugin that a test made.
    pub async fn upload(&mut self, client: &mut Client, name: &str, component: Bytes) -> String {
        let headers = [("content-type", "application/wasm")];
        let answer = client.try_send("POST", "/v1/plugins", &headers, component).await.unwrap();
        let digest = answer.expect(201)["digest"].as_str().unwrap().to_owned();
        self.plugins.insert(name.to_owned(), digest.clone());
        digest
    }

    /// Installs a plugin; `rest` are further members of the request.
    pub async fn install(&mut self, client: &mut Client, name: &str, rest: Value) -> String {
        let digest = self.plugin(client, name).await;
        let mut body = json!({ "plugin": digest, "name": name });
        body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        let installation = client.post(&self.path("installations"), &body).await.expect(201);
        self.installations.insert(name.to_owned(), id(&installation));
        id(&installation)
    }

    /// Installs a criteria plugin that a test made.
    pub async fn install_component(&mut self, client: &mut Client, name: &str, component: Bytes) {
        let digest = self.upload(client, name, component).await;
        let body = json!({ "plugin": digest, "name": name });
        let installation = client.post(&self.path("installations"), &body).await.expect(201);
        self.installations.insert(name.to_owned(), id(&installation));
    }

    /// Installs the recipe plugin.
    pub async fn install_recipe(&mut self, client: &mut Client) {
        self.install(client, "recipe", json!({})).await;
    }

    /// Installs the connector for the forum of [`discourse`].
    pub async fn install_discourse(&mut self, client: &mut Client) {
        let rest = json!({
            "settings": { "instance": discourse::INSTANCE },
            "grant": {
                "capabilities": ["log", "settings", "keys"],
                "secrets": ["webhook-secret"],
                "assertions": {
                    "source": discourse::INSTANCE,
                    "namespaces": [discourse::INSTANCE],
                    "kinds": ["*"],
                },
            },
            "secrets": { "webhook-secret": [discourse::SECRET] },
        });
        self.install(client, "discourse", rest).await;
    }

    /// Installs the connector for the portal of [`hubspot`].
    pub async fn install_hubspot(&mut self, client: &mut Client) {
        let rest = json!({
            "settings": { "portal": hubspot::PORTAL },
            "grant": {
                "capabilities": ["log", "settings", "keys"],
                "secrets": ["client-secret"],
                "assertions": { "source": hubspot::HOME, "namespaces": [hubspot::HOME], "kinds": ["deal.won"] },
            },
            "secrets": { "client-secret": [hubspot::SECRET] },
        });
        self.install(client, "hubspot", rest).await;
    }

    /// Adds an achievement.
    pub async fn achievement(&mut self, client: &mut Client, name: &str, kind: &str) -> String {
        let text = json!({ "name": name, "description": format!("{name}, as our forum knows it."), "criteria": "Help others." });
        let body = json!({ "kind": kind, "text": text });
        let achievement = client.post(&self.path("achievements"), &body).await.expect(201);
        self.achievements.insert(name.to_owned(), id(&achievement));
        id(&achievement)
    }

    /// Adds an active recipe rule for an achievement.
    pub async fn rule(&mut self, client: &mut Client, achievement: &str, settings: &Value) -> String {
        let body = json!({
            "achievement": self.achievements[achievement],
            "installation": self.installations["recipe"],
            "settings": settings,
            "mode": "active",
        });
        let rule = client.post(&self.path("rules"), &body).await.expect(201);
        self.rules.insert(achievement.to_owned(), id(&rule));
        id(&rule)
    }

    /// Where the forum delivers to.
    pub fn discourse_hook(&self) -> String {
        self.hook("discourse")
    }

    /// Where what this connector understands is delivered to.
    pub fn hook(&self, connector: &str) -> String {
        format!("/hooks/{}", self.installations[connector])
    }

    /// Every item of a list, page by page.
    pub async fn list(&self, client: &mut Client, what: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut after = String::new();
        loop {
            let page = client.get(&self.path(&format!("{what}?limit=200{after}"))).await.expect(200);
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return items,
            }
        }
    }

    /// Waits until everything received has become what it will become: nothing to fold, to sign, to relay or to publish.
    pub async fn settled(&self, host: &Host) {
        let mut client = host.client();
        let patience = Instant::now() + Duration::from_mins(2);
        let mut calm = 0;
        while calm < 3 {
            let status = client.get("/v1/status").await.expect(200);
            let waiting = ["lag", "unsigned", "unrelayed", "unpublished"]
                .map(|what| status[what].as_u64().unwrap_or_else(|| panic!("{status}")));
            calm = if waiting == [0; 4] { calm + 1 } else { 0 };
            assert!(Instant::now() < patience, "not settled: {status}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What everybody holds: `account name / achievement / key / standing`, credentials and engagement badges.
    pub async fn holdings(&self, host: &Host) -> BTreeSet<String> {
        let mut client = host.client();
        let mut names = BTreeMap::new();
        for subject in self.list(&mut client, "subjects").await {
            let details = client.get(&self.path(&format!("subjects/{}", id(&subject)))).await.expect(200);
            names.insert(id(&subject), account(&details));
        }
        let achievements: BTreeMap<&String, &String> = self.achievements.iter().map(|(name, id)| (id, name)).collect();
        let mut held = self.list(&mut client, "awards").await;
        for subject in names.keys() {
            let shelf = client.get(&self.path(&format!("engagement?subject={subject}"))).await.expect(200);
            held.extend(shelf["badges"].as_array().unwrap().iter().cloned());
        }
        let mut holdings = BTreeSet::new();
        for award in held {
            let text = |name: &str| award[name].as_str().unwrap_or_default().to_owned();
            let achievement = achievements[&text("achievement")];
            let line = format!("{}/{achievement}/{}/{}", names[&text("subject")], text("key"), text("standing"));
            assert!(holdings.insert(line.clone()), "twice: {line}");
        }
        holdings
    }
}

/// The `id` of what an answer shows.
pub fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}")).to_owned()
}

fn account(details: &Value) -> String {
    let identifiers = details["identifiers"].as_array().unwrap();
    let name = identifiers.iter().find_map(|known| known["identifier"]["name"].as_str());
    name.unwrap_or("somebody").to_owned()
}
