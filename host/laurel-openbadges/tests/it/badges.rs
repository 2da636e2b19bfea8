//! Credentials of every kind, for the tests that compare.

use laurel_openbadges::Timestamp;
use laurel_openbadges::documents::{
    Achievement, AchievementResult, AchievementSubject, AchievementType, Address, Alignment, Association,
    AssociationType, ClrCredential, CredentialSchema, Criteria, DataModel, EndorsementCredential, Evidence,
    GeoCoordinates, IdentifierEntry, IdentityObject, IdentityType, Image, OpenBadgeCredential, PersonName, Profile,
    RefreshService, Related, ResultDescription, ResultStatus, ResultType, RubricCriterionLevel,
};
use laurel_openbadges::keys::SigningKey;
use laurel_openbadges::proof::{Cryptosuite, ProofOptions, sign};

const TIME: i64 = 1_750_000_000;

/// The least a credential can say.
pub(crate) fn minimal(issuer: &str) -> OpenBadgeCredential {
    let criteria = Criteria::narrative("Ten solved questions.");
    let achievement = Achievement::new("https://badges.example/achievements/1", "Helper", "Helped others.", criteria);
    OpenBadgeCredential::new(
        "urn:uuid:1c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0",
        "Helper",
        Profile::named(issuer, "Acme"),
        Timestamp::from_unix_seconds(TIME),
        AchievementSubject::new("urn:uuid:5e0a7a4e-4b6e-4c0b-8d80-b3f5a3d6d0b1", achievement),
    )
}

/// Everything a credential can say.
pub(crate) fn complete(issuer: &str) -> OpenBadgeCredential {
    let mut badge = minimal(issuer);
    badge.description = Some("For \"helping\" – in many ways \\ and\nlines\t\u{1F600}.".into());
    badge.image = Some(Image { id: "https://badges.example/i.png".into(), caption: Some("An emblem".into()) });
    badge.valid_until = Some(Timestamp::from_unix_seconds(TIME + 400_000_000));
    badge.awarded_date = Some(Timestamp::from_unix_seconds(TIME - 10));
    badge.evidence = vec![
        Evidence {
            name: Some("Thread".into()),
            genre: Some("Forum".into()),
            ..Evidence::at("https://forum.example/t/1")
        },
        Evidence::narrative("Answered at night."),
        Evidence { audience: Some("Peers".into()), description: Some("x".into()), ..Evidence::default() },
    ];
    badge.schema = vec![CredentialSchema::open_badges()];
    badge.refresh_service = Some(RefreshService::one_ed_tech("https://badges.example/refresh/1"));
    badge.issuer = issuer_profile(issuer);
    complete_achievement(&mut badge.subject.achievement);
    complete_subject(&mut badge.subject);
    badge.endorsement = vec![endorsed(&badge.subject.achievement.id)];
    badge
}

/// An unsigned endorsement of something.
pub(crate) fn endorsement(issuer: &str, endorsed: &str) -> EndorsementCredential {
    let from = Timestamp::from_unix_seconds(TIME);
    let issuer = Profile::named(issuer, "Agency");
    let mut endorsement =
        EndorsementCredential::new("urn:uuid:0d9b4a0e-6a0b-4f5e-9c1e-0f5c8a5b8f11", "Helper", issuer, from, endorsed);
    endorsement.description = Some("Ten solved cases.".into());
    endorsement.valid_until = Some(Timestamp::from_unix_seconds(TIME + 400_000_000));
    endorsement.awarded_date = Some(from);
    endorsement.subject.endorsement_comment = Some("In *good* standing".into());
    endorsement.schema = vec![CredentialSchema::endorsement()];
    endorsement.refresh_service = Some(RefreshService::one_ed_tech("https://agency.example/refresh/1"));
    endorsement
}

/// A signed endorsement, by an agency with a key of its own.
pub(crate) fn endorsed(what: &str) -> serde_json::Value {
    let agency = SigningKey::from_seed(&[77; 32]);
    let mut endorsement = endorsement(&agency.did_key().to_string(), what);
    endorsement.id = format!("urn:endorsement:{what}");
    let unsigned = endorsement.to_bytes().unwrap();
    let from = Timestamp::from_unix_seconds(TIME);
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, agency.did_key().verification_method(), from);
    serde_json::from_slice(&sign(&unsigned, &agency, &options).unwrap()).unwrap()
}

/// A record of two badges that another organisation awarded.
pub(crate) fn learner_record(issuer: &str) -> ClrCredential {
    let school = SigningKey::from_seed(&[78; 32]);
    let did = school.did_key();
    let from = Timestamp::from_unix_seconds(TIME);
    let options = ProofOptions::new(Cryptosuite::EddsaRdfc2022, did.verification_method(), from);
    let signed = |badge: &OpenBadgeCredential| {
        serde_json::from_slice(&sign(&badge.to_bytes().unwrap(), &school, &options).unwrap()).unwrap()
    };
    let mut second = minimal(&did.to_string());
    second.id = "urn:uuid:2c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0".into();
    second.subject.achievement.id = "https://badges.example/achievements/2".into();
    let badges = vec![signed(&minimal(&did.to_string())), signed(&second)];
    let mut record = ClrCredential::new(
        "urn:uuid:3c6ad7f2-93f8-4c43-9d0a-1a1f6f1c7ad0",
        "Helper",
        issuer_profile(issuer),
        from,
        "urn:uuid:5e0a7a4e-4b6e-4c0b-8d80-b3f5a3d6d0b1",
        badges,
    );
    record.partial = Some(true);
    record.schema = vec![CredentialSchema::learner_record()];
    record.subject.identifier = vec![IdentityObject::plain(IdentityType::EmailAddress, "ada@example.com")];
    let criteria = Criteria::narrative("Ten solved questions, twice.");
    record.subject.achievement =
        vec![Achievement::new("https://badges.example/achievements/3", "Both", "Both of them.", criteria)];
    record.subject.association = vec![Association {
        kind: AssociationType::IsPartOf,
        source: "https://badges.example/achievements/1".into(),
        target: "https://badges.example/achievements/3".into(),
    }];
    record
}

/// The complete credential in the words of the older data model, without what those cannot say.
pub(crate) fn older(issuer: &str) -> OpenBadgeCredential {
    let mut badge = complete(issuer);
    badge.data_model = DataModel::V1;
    badge.endorsement = Vec::new();
    badge.subject.achievement.endorsement = Vec::new();
    badge.issuer.endorsement = Vec::new();
    badge
}

fn issuer_profile(issuer: &str) -> Profile {
    Profile {
        url: Some("https://acme.example/".into()),
        phone: Some("+4930123456".into()),
        description: Some("A maker of anvils".into()),
        image: Some(Image::new("https://acme.example/logo.svg")),
        email: Some("badges@acme.example".into()),
        address: Some(Address {
            address_country: Some("Germany".into()),
            address_country_code: Some("DE".into()),
            address_locality: Some("Berlin".into()),
            postal_code: Some("10115".into()),
            post_office_box_number: Some("7".into()),
            geo: Some(GeoCoordinates { latitude: 52.52, longitude: 13.0 }),
            ..Address::default()
        }),
        other_identifier: vec![IdentifierEntry { identifier: "42".into(), identifier_type: "systemId".into() }],
        official: Some("Wile E.".into()),
        parent_org: Some(Box::new(Profile::named("https://parent.example/", "Parent"))),
        person: PersonName {
            family_name: Some("Coyote".into()),
            given_name: Some("Wile".into()),
            honorific_suffix: Some("Genius".into()),
            date_of_birth: Some("1949-09-17".into()),
            ..PersonName::default()
        },
        endorsement: vec![endorsed(issuer)],
        ..Profile::named(issuer, "Acme")
    }
}

fn complete_achievement(achievement: &mut Achievement) {
    achievement.achievement_type = Some(AchievementType::Other("Micro.Skill".into()));
    achievement.criteria.id = Some("https://badges.example/achievements/1/criteria".into());
    achievement.alignment = vec![
        Alignment {
            target_framework: Some("ESCO".into()),
            target_code: Some("S1.2".into()),
            target_description: Some("Teaching others".into()),
            target_type: Some("ceasn:Competency".into()),
            ..Alignment::new("teach", "http://data.europa.eu/esco/skill/1")
        },
        Alignment::new("guide", "http://data.europa.eu/esco/skill/2"),
    ];
    achievement.creator = Some(Profile::named("https://creator.example/", "Creator"));
    achievement.credits_available = Some(3.5);
    achievement.field_of_study = Some("Helping".into());
    achievement.human_code = Some("H101".into());
    achievement.image = Some(Image::new("https://badges.example/a.png"));
    achievement.in_language = Some("en".into());
    achievement.other_identifier =
        vec![IdentifierEntry { identifier: "h1".into(), identifier_type: "identifier".into() }];
    achievement.related =
        vec![Related { in_language: Some("de".into()), version: Some("2".into()), ..Related::new("urn:related:1") }];
    achievement.result_description = vec![ResultDescription {
        allowed_value: vec!["low".into(), "middle".into(), "high".into()],
        value_min: Some("0".into()),
        value_max: Some("100".into()),
        required_value: Some("50".into()),
        required_level: Some("urn:level:2".into()),
        rubric_criterion_level: vec![
            RubricCriterionLevel::new("urn:level:1", "Fair"),
            RubricCriterionLevel {
                description: Some("Very good".into()),
                level: Some("Mastered".into()),
                points: Some("4".into()),
                alignment: vec![Alignment::new("teach well", "http://data.europa.eu/esco/skill/3")],
                ..RubricCriterionLevel::new("urn:level:2", "Good")
            },
        ],
        alignment: vec![Alignment::new("teach", "http://data.europa.eu/esco/skill/1")],
        ..ResultDescription::new("urn:result:1", "Score", ResultType::Percent)
    }];
    achievement.specialization = Some("Nights".into());
    achievement.tag = vec!["help".into(), "forum".into(), "help".into()];
    achievement.version = Some("1.2".into());
    achievement.endorsement = vec![endorsed("https://badges.example/achievements/1")];
}

fn complete_subject(subject: &mut AchievementSubject) {
    subject.identifier = vec![
        IdentityObject::plain(IdentityType::EmailAddress, "ada@example.com"),
        IdentityObject::hashed(IdentityType::EmailAddress, "ada@example.com", "salt"),
    ];
    subject.activity_start_date = Some(Timestamp::from_unix_seconds(TIME - 1000));
    subject.activity_end_date = Some(Timestamp::from_unix_seconds(TIME - 500));
    subject.credits_earned = Some(2.0);
    subject.image = Some(Image::new("https://badges.example/s.png"));
    subject.license_number = Some("L-1".into());
    subject.narrative = Some("Did *well*.".into());
    subject.result = vec![AchievementResult {
        result_description: Some("urn:result:1".into()),
        value: Some("87".into()),
        achieved_level: Some("urn:level:2".into()),
        status: Some(ResultStatus::Completed),
        ..AchievementResult::default()
    }];
    subject.role = Some("Moderator".into());
    subject.source = Some(Profile::named("https://assessor.example/", "Assessor"));
    subject.term = Some("Autumn".into());
}

/// Documents written by hand to reach corners of JSON-LD that the builders do not.
pub(crate) fn written() -> Vec<(&'static str, String)> {
    let v2 = "https://www.w3.org/ns/credentials/v2";
    let ob = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    let credential = |rest: &str| {
        format!(
            r#"{{"@context":["{v2}","{ob}"],"type":["VerifiableCredential","OpenBadgeCredential"],"issuer":"did:example:i",
            "credentialSubject":{{"id":"did:example:s","type":"AchievementSubject"}}{rest}}}"#
        )
    };
    let embedded = |id: &str| {
        format!(
            r#"{{"@context":["{v2}","{ob}"],"id":"urn:c:{id}","type":["VerifiableCredential","OpenBadgeCredential"],
            "issuer":{{"id":"did:example:i","type":"Profile"}},"credentialSubject":{{"id":"did:example:{id}","type":"AchievementSubject",
            "achievement":{{"id":"urn:a:1","type":"Achievement","name":"A","description":"B","criteria":{{"narrative":"C"}},
            "alignment":[{{"type":"Alignment","targetName":"t"}},{{"type":"Alignment","targetName":"t"}}]}}}},
            "proof":{{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","proofPurpose":"assertionMethod",
            "verificationMethod":"did:example:i#k","created":"2024-01-01T00:00:00Z","proofValue":"zX"}}}}"#
        )
    };
    vec![
        ("language values", credential(r#","name":{"@value":"Hilfe","@language":"de-DE"},"description":[{"@value":"x","@language":"EN"},"y"]"#)),
        ("base directions", credential(r#","name":{"@value":"HTML و CSS","@language":"ar-EG","@direction":"rtl"},"description":[{"@value":"x","@direction":"ltr"},{"@value":"y","@language":"en"},"z"]"#)),
        ("typed values", credential(r#","awardedDate":{"@value":"2020","@type":"https://a.example/year"},"description":{"@value":3.5}"#)),
        ("numbers", credential(r#","description":[1,-1,0,-0,1.5,100,1e2,1e20,1e21,1e22,123456789.125,0.1,1.25e-7,1.7976931348623157e308,true,false]"#)),
        ("floats by type", credential(r#","evidence":{"type":["Evidence","Achievement"],"creditsAvailable":[3,3.5,1e30,true,"4"]}"#)),
        ("nested arrays and sets", credential(r#","description":["a",["b",["c"]]],"name":{"@set":["d","e"]}"#)),
        ("lists", credential(r#","evidence":[{"type":["Evidence","ResultDescription"],"allowedValue":["a","b","a"]},{"type":["Evidence","ResultDescription"],"allowedValue":[]},{"type":["Evidence","ResultDescription"],"allowedValue":{"@list":["x",1]}},{"type":["Evidence","ResultDescription"],"allowedValue":"alone"}]"#)),
        ("empty node", credential(r#","evidence":[{},{}]"#)),
        ("same twice", credential(r#","evidence":[{"id":"urn:e","type":"Evidence","name":"n"},{"id":"urn:e","type":"Evidence","name":"n"}]"#)),
        ("blank identifiers", credential(r#","evidence":[{"id":"_:x","type":"Evidence","endorsement":{"id":"_:y"}},{"id":"_:y","endorsement":{"id":"_:x"}}]"#)),
        ("inline context", format!(r#"{{"@context":["{v2}",{{"acme":"https://acme.example/#","level":{{"@id":"acme:level","@type":"acme:t"}},"tags":{{"@id":"acme:tag","@container":"@list"}},"labels":{{"@id":"acme:l","@container":"@language"}},"ref":{{"@id":"acme:ref","@type":"@vocab"}}}}],
            "type":["VerifiableCredential","acme:Kind"],"issuer":"did:example:i","credentialSubject":{{"level":"5","acme:x":1,"tags":[["a"],"b"],"labels":{{"de":"Eins","en":["One","Uno"]}},"ref":["level","acme:y"]}}}}"#)),
        ("vocabulary", format!(r#"{{"@context":["{v2}","https://www.w3.org/ns/credentials/examples/v2"],"type":["VerifiableCredential","AlumniCredential"],"issuer":"did:example:i","credentialSubject":{{"alumniOf":{{"id":"urn:x","degree":{{"type":"Degree","name":"N"}}}}}}}}"#)),
        ("presentation of one achievement twice", format!(r#"{{"@context":["{v2}"],"type":"VerifiablePresentation","verifiableCredential":[{},{}]}}"#, embedded("1"), embedded("2"))),
        ("presentation of thirty badges", format!(r#"{{"@context":["{v2}"],"type":"VerifiablePresentation","holder":"did:example:h","verifiableCredential":[{}]}}"#, (0..30).map(|n| embedded(&n.to_string())).collect::<Vec<_>>().join(","))),
        ("several proofs", embedded("1").replace(r#""proof":{"#, r#""proof":[{"type":"DataIntegrityProof","proofValue":"zY"},{"#).replace("\"zX\"}}", "\"zX\"}]}")),
        ("jwt members", credential(r#","evidence":{"type":"Evidence","cnf":{"jwk":{"b":1,"a":[1.0,null,"\u20ac"]}}}"#)),
        ("undefined term", credential(r#","unheard":1"#)),
        ("undefined type", credential(r#","evidence":{"type":"Unheard"}"#)),
        ("relative id", credential(r#","evidence":{"id":"a/b","type":"Evidence"}"#)),
        ("redefined term", format!(r#"{{"@context":["{v2}",{{"name":"https://x.example/n"}}],"type":"VerifiableCredential"}}"#)),
        ("version 1.1", r#"{"@context":["https://www.w3.org/2018/credentials/v1","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json","https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],"id":"urn:c","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":"did:example:i","type":["Profile"],"name":"I"},"issuanceDate":"2020-01-01T00:00:00Z","name":"N","credentialSubject":{"id":"did:example:s","type":["AchievementSubject"],"achievement":{"id":"urn:a","type":["Achievement"],"name":"A","description":"D","criteria":{"narrative":"C"},"creditsAvailable":1.5,"tag":["x"]},"identifier":[{"type":"IdentityObject","hashed":true,"identityHash":"h"}]},"credentialSchema":[{"id":"urn:s","type":"1EdTechJsonSchemaValidator2019"}]}"#.to_owned()),
    ]
}
