//! A client finds the host, registers, is let in, reads, and leaves: the way as Open Badges 3.0 has it.

use laurel_core::clients::ClientScope;
use serde_json::{Value, json};

use crate::app::App;
use crate::wallet::{BASE, Browser, Wallet, call, hidden, parameter, person, refusal, register, status_info};

const READ: [ClientScope; 1] = [ClientScope::CredentialReadonly];
const OFFLINE: [ClientScope; 2] = [ClientScope::CredentialReadonly, ClientScope::OfflineAccess];

async fn ada(app: &App) -> Browser {
    app.organisation("acme").await;
    let ada = person(app, "Ada").await;
    Browser::signed_in(app, ada["id"].as_str().unwrap()).await
}

#[tokio::test]
async fn the_host_describes_itself() {
    let app = App::start().await;
    let document = app.call("", "GET", "/ims/ob/v3p0/discovery", &Value::Null).await.expect(200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.0"));
    for member in ["title", "version", "termsOfService", "x-imssf-image", "x-imssf-privacyPolicyUrl"] {
        assert!(document["info"][member].is_string(), "{member}");
    }
    let scheme = &document["components"]["securitySchemes"]["OAuth2ACG"];
    assert_eq!(scheme["type"], "oauth2");
    assert_eq!(scheme["x-imssf-registrationUrl"], format!("{BASE}/ims/ob/v3p0/register"));
    assert_eq!(scheme["x-imssf-revocationUrl"], format!("{BASE}/ims/ob/v3p0/revoke"));
    let flow = &scheme["flows"]["authorizationCode"];
    assert_eq!(flow["authorizationUrl"], format!("{BASE}/ims/ob/v3p0/authorize"));
    for scope in ClientScope::ALL {
        assert!(flow["scopes"][scope.as_str()].is_string(), "{scope:?}");
    }
    // Every own address that it names answers.
    for (address, status) in [
        (&document["info"]["termsOfService"], 200),
        (&document["info"]["x-imssf-privacyPolicyUrl"], 200),
        (&document["info"]["x-imssf-image"], 200),
        (&flow["authorizationUrl"], 400),
        (&flow["tokenUrl"], 405),
        (&scheme["x-imssf-registrationUrl"], 405),
    ] {
        let path = address.as_str().unwrap().strip_prefix(BASE).unwrap().split('#').next().unwrap().to_owned();
        assert_eq!(app.call("", "GET", &path, &Value::Null).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_client_is_registered_as_it_says_and_as_we_complete() {
    let app = App::start().await;
    let metadata = json!({
        "client_name": "Wallet", "client_uri": "https://wallet.example/", "policy_uri": "https://wallet.example/privacy",
        "redirect_uris": ["https://wallet.example/cb"], "scope": "offline_access", "contacts": ["ada@wallet.example"],
    });
    let answer = register(&app, &metadata).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let registered = answer.expect(201);
    for (member, value) in metadata.as_object().unwrap() {
        assert_eq!(&registered[member], value);
    }
    assert_eq!(registered["grant_types"], json!(["authorization_code", "refresh_token"]));
    assert_eq!(registered["client_secret_expires_at"], 0);
    let native =
        json!({ "client_name": "CLI", "application_type": "native", "redirect_uris": ["http://127.0.0.1:7123/cb"] });
    register(&app, &native).await.expect(201);
}

#[tokio::test]
async fn the_earner_is_asked_in_plain_words_and_says_yes() {
    let app = App::start().await;
    let mut browser = ada(&app).await;
    let wallet = Wallet::register(&app, "wallet.example").await;
    let page = browser.get(&app, &wallet.question(&OFFLINE)).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("form-action 'self' https://wallet.example;") && policy.contains("frame-ancestors 'none'"));
    assert_eq!(page.headers["cache-control"], "no-store");
    let html = page.text();
    for words in [
        "Wallet of wallet.example",
        "<strong><bdi>wallet.example</bdi>",
        "see your badges",
        "while you are away",
        "Ada",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(!html.contains("<script") && !html.contains("add badges"));

    let answer = browser.consent(&app, &wallet.question(&OFFLINE), "allow").await;
    let location = answer.headers["location"].to_str().unwrap();
    assert!(location.starts_with("https://wallet.example/cb?from=laurel&code="), "{location}");
    assert_eq!(parameter(&answer, "state").as_deref(), Some("s t&a=te"));
    assert_eq!(parameter(&answer, "scope").unwrap(), ClientScope::write_list(&OFFLINE));
    let tokens = wallet.redeem(&app, &parameter(&answer, "code").unwrap(), &[]).await;
    assert_eq!(tokens.headers["cache-control"], "no-store");
    let tokens = tokens.expect(200);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let list = call(&app, &tokens, "GET", "credentials", "", b"").await;
    assert_eq!(list.headers["x-total-count"], "0");
    assert_eq!(list.expect(200), json!({ "credential": [], "compactJwsString": [] }));
}

#[tokio::test]
async fn no_is_an_answer_too() {
    let app = App::start().await;
    let mut browser = ada(&app).await;
    let wallet = Wallet::register(&app, "wallet.example").await;
    let answer = browser.consent(&app, &wallet.question(&READ), "refuse").await;
    assert_eq!(parameter(&answer, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&answer, "state").as_deref(), Some("s t&a=te"));
    assert_eq!(parameter(&answer, "code"), None);
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_how_and_goes_on_afterwards() {
    let app = App::start().await;
    app.organisation("acme").await;
    let ada = person(&app, "Ada").await;
    let wallet = Wallet::register(&app, "wallet.example").await;
    let mut browser = Browser::default();
    let question = wallet.question(&READ);
    let page = browser.get(&app, &question).await;
    assert!(page.status == 200 && page.text().contains("open the sign-in link from your program"), "{}", page.text());
    let link = crate::wallet::sign_in_link(&app, ada["id"].as_str().unwrap()).await;
    let on = browser.submit(&app, &link, &[]).await;
    assert_eq!(on.headers["location"].to_str().unwrap(), question);
    assert_eq!(browser.cookies.len(), 1, "the way is forgotten: {:?}", browser.cookies);
    assert!(browser.get(&app, &question).await.text().contains("Wallet of wallet.example"));
}

#[tokio::test]
async fn nobody_is_sent_elsewhere_by_a_cookie() {
    let app = App::start().await;
    app.organisation("acme").await;
    let ada = person(&app, "Ada").await;
    let link = crate::wallet::sign_in_link(&app, ada["id"].as_str().unwrap()).await;
    let mut browser = Browser::default();
    browser.cookies.insert("__Host-laurel-way".to_owned(), "https://evil.example/?".to_owned());
    assert_eq!(browser.submit(&app, &link, &[]).await.headers["location"], "/account");
}

#[tokio::test]
async fn a_refresh_token_is_followed_by_the_next() {
    let app = App::start().await;
    let mut browser = ada(&app).await;
    let wallet = Wallet::register(&app, "wallet.example").await;
    assert!(wallet.connect(&app, &mut browser, &READ).await["refresh_token"].is_null());
    let first = wallet.connect(&app, &mut browser, &OFFLINE).await;
    app.clock.forward(3600 * 1000);
    status_info(call(&app, &first, "GET", "credentials", "", b"").await, 401, "unauthorizedrequest");
    let second = wallet.refresh(&app, first["refresh_token"].as_str().unwrap()).await.expect(200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    call(&app, &second, "GET", "credentials", "", b"").await.expect(200);
    let third = wallet.refresh(&app, second["refresh_token"].as_str().unwrap()).await.expect(200);
    call(&app, &third, "GET", "credentials", "", b"").await.expect(200);
    app.clock.forward(90 * 24 * 3600 * 1000);
    refusal(wallet.refresh(&app, third["refresh_token"].as_str().unwrap()).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_client_gives_its_tokens_back() {
    let app = App::start().await;
    let mut browser = ada(&app).await;
    let wallet = Wallet::register(&app, "wallet.example").await;
    let tokens = wallet.connect(&app, &mut browser, &OFFLINE).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    assert_eq!(wallet.post(&app, "revoke", &[("token", &text("access_token"))]).await.status, 200);
    status_info(call(&app, &tokens, "GET", "credentials", "", b"").await, 401, "unauthorizedrequest");
    let next = wallet.refresh(&app, &text("refresh_token")).await.expect(200);
    let token = next["refresh_token"].as_str().unwrap();
    assert_eq!(
        wallet.post(&app, "revoke", &[("token", token), ("token_type_hint", "refresh_token")]).await.status,
        200
    );
    status_info(call(&app, &next, "GET", "credentials", "", b"").await, 401, "unauthorizedrequest");
    assert_eq!(wallet.post(&app, "revoke", &[("token", "nonsense")]).await.status, 200);
}

#[tokio::test]
async fn the_earner_disconnects_a_client() {
    let app = App::start().await;
    let mut browser = ada(&app).await;
    let (wallet, other) = (Wallet::register(&app, "wallet.example").await, Wallet::register(&app, "b.example").await);
    let tokens = wallet.connect(&app, &mut browser, &OFFLINE).await;
    let again = wallet.connect(&app, &mut browser, &READ).await;
    let others = other.connect(&app, &mut browser, &READ).await;
    let account = browser.get(&app, "/account").await.text();
    assert_eq!(account.matches("Disconnect <bdi>Wallet of wallet.example").count(), 1, "{account}");
    let fields = hidden(&account);
    let token = &fields.iter().find(|(name, _)| name == "form_token").unwrap().1;
    let foreign = [("form_token", "0"), ("client", wallet.id.as_str())];
    assert_eq!(browser.submit(&app, "/account/disconnect", &foreign).await.status, 403);
    let own = [("form_token", token.as_str()), ("client", wallet.id.as_str())];
    assert_eq!(browser.submit(&app, "/account/disconnect", &own).await.status, 303);
    for ended in [&tokens, &again] {
        status_info(call(&app, ended, "GET", "credentials", "", b"").await, 401, "unauthorizedrequest");
    }
    refusal(wallet.refresh(&app, tokens["refresh_token"].as_str().unwrap()).await, 400, "invalid_grant");
    call(&app, &others, "GET", "credentials", "", b"").await.expect(200);
    let account = browser.get(&app, "/account").await.text();
    assert!(!account.contains("wallet.example") && account.contains("b.example"));
}
