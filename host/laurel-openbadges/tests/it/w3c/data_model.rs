//! Verifiable Credentials Data Model 2.0: credentials (the suite `vc-data-model-2.0-test-suite`, sections 1.3 to 5.6).

use laurel_openbadges::verify::{Material, Verdict, Verifier};
use serde_json::json;

use super::{BASE, EXAMPLES, NOW, accepted, credential, refused, signed, verify, with};

/// 1.3: what is issued is secured and has every required member; what does not conform is an error.
#[test]
fn conforming_documents_only() {
    let issued = signed(&credential());
    for member in ["@context", "type", "issuer", "credentialSubject", "proof"] {
        assert!(issued.get(member).is_some(), "{member}");
    }
    assert_eq!(verify(&issued).verdict, Verdict::Valid);
    assert_eq!(verify(&json!({ "type": ["NonconformingDocument"] })).verdict, Verdict::Invalid);
}

/// 4.3
#[test]
fn contexts() {
    refused(&with(&json!({ "@context": null })), "must be a list that begins with");
    refused(&with(&json!({ "@context": [EXAMPLES] })), "must be a list that begins with");
    refused(&with(&json!({ "@context": [EXAMPLES, BASE] })), "must be a list that begins with");
    refused(&with(&json!({ "@context": BASE })), "must be a list that begins with");
    accepted(&with(&json!({ "@context": [BASE, EXAMPLES] })));
    accepted(&with(&json!({ "@context": [BASE, { "extra": "https://terms.example/extra" }] })));
    accepted(&with(&json!({ "@context": [BASE, { "@context": { "extra": "https://terms.example/extra" } }] })));
    refused(&with(&json!({ "@context": [BASE, "https ://not-a-url/contexts/example/v1"] })), "not known");
    refused(&with(&json!({ "@context": [BASE, "https://unknown.example/v1"] })), "not known");
    for item in [json!(192_875), json!(true), json!(["x"])] {
        refused(&with(&json!({ "@context": [BASE, item] })), "a context cannot be");
    }
}

/// 4.4
#[test]
fn identifiers() {
    for id in ["https://example.edu/credentials/1", "did:example:1", "urn:uuid:343cf54b-2c38-480e-b6e8-7b0b5f3c7c3a"] {
        accepted(&with(&json!({ "id": id })));
        accepted(&with(&json!({ "credentialSubject": { "id": id, "name": "x" } })));
    }
    let wrong = [
        json!("https ://not-a-url/1"),
        json!("relative"),
        json!(["https://a.example/1", "https://a.example/2"]),
        json!(7),
        json!({}),
    ];
    for id in wrong {
        refused(&with(&json!({ "id": id })), "/id");
        refused(&with(&json!({ "credentialSubject": { "id": id, "name": "x" } })), "/credentialSubject/id");
    }
    // Null is a value, and no identifier.
    let mut null = credential();
    null["id"] = json!(null);
    refused(&null, "/id");
}

/// 4.5
#[test]
fn types() {
    refused(&with(&json!({ "type": null })), "must include VerifiableCredential");
    refused(
        &with(&json!({ "@context": [BASE, EXAMPLES], "type": ["ExampleCredential"] })),
        "must include VerifiableCredential",
    );
    let own = json!([BASE, { "ExampleTestCredential": "https://terms.example/#ExampleTestCredential" }]);
    accepted(&with(&json!({ "@context": own, "type": ["VerifiableCredential", "ExampleTestCredential"] })));
    accepted(&with(&json!({ "@context": own, "type": ["ExampleTestCredential", "VerifiableCredential"] })));
    accepted(&with(&json!({ "type": ["VerifiableCredential", "https://terms.example/#ExampleTestCredential"] })));
    refused(
        &with(&json!({ "type": ["VerifiableCredential", "ExampleTestCredential"] })),
        "no context defines the type",
    );
    let nowhere = json!([BASE, { "ExampleTestCredential": "not-a-url" }]);
    refused(
        &with(&json!({ "@context": nowhere, "type": ["VerifiableCredential", "ExampleTestCredential"] })),
        "no context defines the type",
    );
    for wrong in [json!({}), json!(10), json!(true), json!("string"), json!([[]]), json!([{}]), json!([10])] {
        refused(&with(&json!({ "type": wrong })), "/type");
    }
}

/// 4.5: which objects need a type.
#[test]
fn objects_that_need_a_type() {
    for member in ["credentialStatus", "termsOfUse", "evidence", "refreshService", "credentialSchema"] {
        let object = json!({ "id": "https://example.com/1", "type": "ExampleThing" });
        let untyped = json!({ "id": "https://example.com/1" });
        let contexts = json!([BASE, EXAMPLES]);
        accepted(&with(&json!({ "@context": contexts, member: object })));
        accepted(&with(
            &json!({ "@context": contexts, member: [object, { "id": "https://example.com/2", "type": "ExampleThing" }] }),
        ));
        refused(&with(&json!({ "@context": contexts, member: untyped })), "must be an object with a type");
        refused(&with(&json!({ "@context": contexts, member: [object, untyped] })), "must be an object with a type");
        refused(
            &with(&json!({ "@context": contexts, member: "https://example.com/1" })),
            "must be an object with a type",
        );
    }
}

/// 4.7
#[test]
fn issuers() {
    refused(&with(&json!({ "issuer": null })), "the issuer must be");
    accepted(&credential());
    let did = credential()["issuer"].clone();
    accepted(&with(&json!({ "issuer": { "id": did, "name": "Example" } })));
    for wrong in [
        json!("fake-issuer"),
        json!({ "id": "fake-issuer" }),
        json!({ "id": null }),
        json!({}),
        json!([]),
        json!(10),
        json!(true),
    ] {
        refused(&with(&json!({ "issuer": wrong })), "/issuer");
    }
    let mut null = credential();
    null["issuer"] = json!(null);
    refused(&null, "/issuer");
}

/// 4.8
#[test]
fn subjects() {
    refused(&with(&json!({ "credentialSubject": null })), "/credentialSubject");
    accepted(&with(&json!({ "credentialSubject": [{ "id": "did:example:a" }, { "name": "b" }] })));
    refused(&with(&json!({ "credentialSubject": {} })), "must not be empty");
    refused(&with(&json!({ "credentialSubject": [{ "id": "did:example:a" }, {}] })), "must not be empty");
    for wrong in [json!("did:example:a"), json!([]), json!(10), json!(true), json!(["did:example:a"])] {
        refused(&with(&json!({ "credentialSubject": wrong })), "/credentialSubject");
    }
}

/// 4.9
#[test]
fn validity() {
    for date in
        ["2023-01-01T00:00:00Z", "2023-01-01T00:00:00.123Z", "2023-01-01T01:00:00+05:00", "2023-01-01T01:00:00.5-14:00"]
    {
        accepted(&with(&json!({ "validFrom": date })));
    }
    for date in ["2053-01-01T00:00:00Z", "2053-01-01T00:00:00.123Z", "2053-01-01T01:00:00+05:00"] {
        accepted(&with(&json!({ "validUntil": date })));
    }
    // The far future is well-formed; it is only not yet valid.
    let future = with(&json!({ "validFrom": "2199-01-01T00:00:00Z" }));
    assert!(Verifier::new(NOW).lint(future.to_string().as_bytes(), &Material::new()).is_valid());
    for (member, wrong) in [
        ("validFrom", json!("2023-01-01")),
        ("validFrom", json!("yesterday")),
        ("validUntil", json!("2023-01-01T00:00:00")),
        ("validUntil", json!(7)),
    ] {
        refused(&with(&json!({ member: wrong })), &format!("Its {member} is not a date"));
    }
    accepted(&with(&json!({ "validFrom": "2024-01-01T00:00:00Z", "validUntil": "2034-01-01T00:00:00Z" })));
    refused(
        &with(&json!({ "validFrom": "2034-01-01T00:00:00Z", "validUntil": "2024-01-01T00:00:00Z" })),
        "before it begins",
    );
    assert_eq!(verify(&signed(&with(&json!({ "validUntil": "2024-01-01T00:00:00Z" })))).verdict, Verdict::Invalid);
}

/// 4.10 and 4.11
#[test]
fn status_and_schemas() {
    let contexts = json!([BASE, EXAMPLES]);
    accepted(&with(&json!({ "@context": contexts, "credentialStatus": { "type": "ExampleStatus" } })));
    for wrong in [json!(["https://a.example/1", "https://a.example/2"]), json!("https ://not-a-url/1")] {
        refused(
            &with(&json!({ "@context": contexts, "credentialStatus": { "id": wrong, "type": "ExampleStatus" } })),
            "/credentialStatus/id",
        );
    }
    refused(&with(&json!({ "@context": contexts, "credentialStatus": { "type": 7 } })), "a type must be a string");
    accepted(&with(&json!({ "credentialSchema": { "id": "https://a.example/schema.json", "type": "JsonSchema" } })));
    for wrong in [
        json!({ "type": "JsonSchema" }),
        json!({ "id": "https ://not-a-url", "type": "JsonSchema" }),
        json!({ "id": 7, "type": "JsonSchema" }),
    ] {
        refused(&with(&json!({ "credentialSchema": wrong })), "/credentialSchema");
    }
}

/// 5.2.1
#[test]
fn protected_terms_stay_what_they_are() {
    let redefined = json!([BASE, { "VerifiableCredential": "https://terms.example/#VerifiableCredential" }]);
    refused(&with(&json!({ "@context": redefined })), "redefines the protected term");
    let twice = json!([BASE, { "@protected": true, "ExampleCredential": "https://a.example/#A" }, { "ExampleCredential": "https://a.example/#B" }]);
    refused(
        &with(&json!({ "@context": twice, "type": ["VerifiableCredential", "ExampleCredential"] })),
        "redefines the protected term",
    );
}

/// 5.3
#[test]
fn related_resources() {
    let sri = "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU";
    let multibase = "uEiBZlVztZpfWHgPysle_vlMIqxaEKEb1tYbX8fet7JJzQ";
    let plain = "uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ";
    let resource = |members: serde_json::Value| with(&json!({ "relatedResource": members }));
    accepted(&resource(json!({ "id": BASE, "digestSRI": sri })));
    accepted(&resource(json!({ "id": BASE, "digestMultibase": plain })));
    accepted(&resource(json!([{ "id": BASE, "mediaType": "application/ld+json", "digestSRI": sri }])));
    // The edition of the context that many pinned before the Recommendation.
    accepted(&resource(json!({ "id": BASE, "digestMultibase": "uJKGMkOmFbVJhEfKTduMC2XCyvRAYLjOVmZWwIH1wQ7k" })));
    refused(&resource(json!({ "id": BASE, "digestMultibase": multibase.replace("uEi", "zEi") })), "digestMultibase");
    refused(&resource(json!([BASE])), "must be an object with an id and a digest");
    refused(&resource(json!([{ "digestMultibase": plain }])), "needs an absolute id");
    refused(
        &resource(json!([{ "id": BASE, "digestSRI": sri }, { "id": BASE, "digestMultibase": plain }])),
        "names one resource twice",
    );
    refused(&resource(json!([{ "id": BASE }])), "neither digestSRI nor digestMultibase");
    refused(
        &resource(json!([{ "id": BASE, "digestMultibase": "uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0" }])),
        "is not what it was",
    );
    let other = "sha384-_rCVIV7fSXXTNIvpiq26jRDyj8JG8TDjij-tD0ewLk4JpnXEz6a5AeeY_1qQ0d0P";
    refused(&resource(json!([{ "id": BASE, "digestSRI": other }])), "is not what it was");
}
