//! What is set up before anything happens, all of it through the API.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::client::Client;
use super::vendors::{self, Canvas};

/// Ids of what was set up.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) organisation: String,
    pub(super) slug: &'static str,
    pub(super) did: String,
    pub(super) course: String,
    pub(super) helper: String,
    pub(super) seller: String,
    pub(super) ada: String,
    pub(super) ada_page: String,
    /// Paths of the hooks.
    pub(super) canvas: String,
    pub(super) hubspot: String,
    pub(super) discourse: String,
}

impl Program {
    /// Sets everything up.
    pub(super) fn set_up(client: &Client, plugins: &Path, canvas: &Canvas) -> Result<Self> {
        let slug = "acme-academy";
        let organisation = client.post(
            "/v1/organisations",
            &json!({
                "slug": slug, "name": "Acme Academy", "url": "https://academy.acme.example", "email": "academy@acme.example",
                "description": "Where the people who sell and support Acme's machines learn.",
            }),
        )?;
        let build = Builder { client, root: format!("/v1/organisations/{slug}"), plugins };
        let (course, helper, seller) = build.achievements()?;
        let canvas = build.canvas(&canvas.key_set)?;
        let hubspot = build.hubspot()?;
        let discourse = build.discourse()?;
        build.rules(&course, &helper, &seller)?;
        let ada = build.ada()?;
        Ok(Self {
            organisation: text(&organisation, "id")?,
            slug,
            did: text(&organisation, "did")?,
            course,
            helper,
            seller,
            ada: text(&ada, "id")?,
            ada_page: text(&ada, "page")?,
            canvas,
            hubspot,
            discourse,
        })
    }

    /// A path within the organisation.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/v1/organisations/{}/{rest}", self.slug)
    }
}

/// A member that must be a text.
pub(super) fn text(document: &Value, member: &str) -> Result<String> {
    document[member].as_str().map(str::to_owned).with_context(|| format!("the answer has no {member}: {document}"))
}

struct Builder<'a> {
    client: &'a Client,
    root: String,
    plugins: &'a Path,
}

impl Builder<'_> {
    fn post(&self, what: &str, document: &Value) -> Result<Value> {
        self.client.post(&format!("{}/{what}", self.root), document)
    }

    /// A credential for a course, an engagement badge for helping, a credential for selling.
    fn achievements(&self) -> Result<(String, String, String)> {
        let course = json!({ "kind": "credential", "text": {
            "name": "Selling with Care", "achievement_type": "Course", "tags": ["sales", "ethics"],
            "description": "Knows Acme's machines, and what customers may expect of those who sell them.",
            "criteria": "Complete the course *Selling with Care* in Acme's Canvas.",
            "face": { "shape": "circle", "level": "intermediate", "program": "Customer Education", "family": "Sales" },
        }});
        let helper = json!({ "kind": "engagement", "text": {
            "name": "Helping Hand", "description": "Gives answers that others value.",
            "criteria": "Have one answer in the forum liked by three people.",
            "face": { "shape": "star", "level": "foundation", "program": "Community" },
        }});
        let seller = json!({ "kind": "credential", "text": {
            "name": "Certified Seller", "achievement_type": "Certification", "valid_months": 24,
            "description": "Sells Acme's machines, and has shown it.",
            "criteria": "Hold *Selling with Care*, and win a deal.",
            "face": { "shape": "shield", "level": "advanced", "program": "Partner Program", "family": "Sales", "role": "Seller" },
        }});
        let make = |document: &Value| text(&self.post("achievements", document)?, "id");
        Ok((make(&course)?, make(&helper)?, make(&seller)?))
    }

    /// Uploads a plugin and installs it; returns the installation's id.
    fn install(&self, name: &str, rest: Value) -> Result<String> {
        let file = self.plugins.join(name).with_extension("wasm");
        let component = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let plugin = self.client.upload("/v1/plugins", "application/wasm", &component)?;
        let mut installation = rest;
        installation["plugin"] = plugin["digest"].clone();
        installation["name"] = name.into();
        text(&self.post("installations", &installation)?, "id")
    }

    fn hook(&self, name: &str, rest: Value) -> Result<String> {
        Ok(format!("/hooks/{}", self.install(name, rest)?))
    }

    fn canvas(&self, key_set: &str) -> Result<String> {
        let grant = json!({
            "capabilities": ["log", "settings", "keys"], "secrets": ["signing-keys"],
            "assertions": { "source": vendors::CANVAS, "namespaces": [vendors::CANVAS], "personal_identifiers": true, "kinds": ["course.completed"] },
        });
        let settings = json!({ "instance": vendors::CANVAS });
        self.hook("canvas", json!({ "settings": settings, "grant": grant, "secrets": { "signing-keys": [key_set] } }))
    }

    fn hubspot(&self) -> Result<String> {
        let home = vendors::deal_account(0).replace("#deal:0", "");
        let grant = json!({
            "capabilities": ["log", "settings", "keys"], "secrets": ["client-secret"],
            "assertions": { "source": home, "namespaces": [home], "kinds": ["deal.won", "deal.lost"] },
        });
        let settings = json!({ "portal": vendors::PORTAL });
        let secrets = json!({ "client-secret": [vendors::HUBSPOT_SECRET] });
        self.hook("hubspot", json!({ "settings": settings, "grant": grant, "secrets": secrets }))
    }

    fn discourse(&self) -> Result<String> {
        let grant = json!({
            "capabilities": ["log", "settings", "keys"], "secrets": ["webhook-secret"],
            "assertions": { "source": vendors::FORUM, "namespaces": [vendors::FORUM], "kinds": ["post.created", "post.liked", "post.unliked", "solution.accepted"] },
        });
        let settings = json!({ "instance": vendors::FORUM });
        let secrets = json!({ "webhook-secret": [vendors::FORUM_SECRET] });
        self.hook("discourse", json!({ "settings": settings, "grant": grant, "secrets": secrets }))
    }

    fn rules(&self, course: &str, helper: &str, seller: &str) -> Result<()> {
        let recipe = self.install("recipe", json!({}))?;
        let completed = json!({ "requirement": {
            "id": "course", "text": "Complete the course Selling with Care", "at-least": 1,
            "events": { "kinds": ["course.completed"], "object": { "name": "Selling with Care" }, "completion": true },
        }});
        let liked = json!({
            "requirement": {
                "id": "likes", "text": "Have one answer liked by three people", "events": "post.liked", "retract": "post.unliked",
                "identity": ["object.id", "attributes.liker"], "per": "object.id", "at-least": 3,
            },
            "points": [{ "per": "award", "amount": 50 }],
        });
        let sold = json!({ "requirement": { "all": [
            { "id": "course", "text": "Hold Selling with Care", "held": course },
            { "id": "deal", "text": "Win a deal", "measure": "distinct", "value": "object.id", "events": "deal.won", "at-least": 1 },
        ]}});
        for (achievement, settings) in [(course, completed), (helper, liked), (seller, sold)] {
            let rule =
                json!({ "achievement": achievement, "installation": recipe, "settings": settings, "mode": "active" });
            self.post("rules", &rule)?;
        }
        Ok(())
    }

    fn ada(&self) -> Result<Value> {
        let forum =
            json!({ "type": "account", "home_page": vendors::FORUM, "name": vendors::ADA_IN_FORUM.to_string() });
        let email = json!({ "type": "email", "address": vendors::ADA_EMAIL });
        self.post("subjects", &json!({ "kind": "person", "name": "Ada Lovelace", "identifiers": [email, forum] }))
    }
}
