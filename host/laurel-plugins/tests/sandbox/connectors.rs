//! Connectors: their capabilities through the whole way, and what each may not do.

use std::sync::Arc;
use std::time::Duration;

use laurel_core::plugins::{
    CallContext, CallError, Capability, Grant, Header, HookRequest, Interface, OutboundResponse, Sandbox,
};
use laurel_core::subjects::SubjectKind;
use laurel_core::time::Timestamp;
use laurel_plugins::{Account, Notice, Pull, Receipt, Runtime, Settings};
use zeroize::Zeroizing;

use crate::support::{Guest, Partner, connector, runtime};

const RECEIVE: &str = r#"receive")
    (param i32 i32) (param $url i32) (param $url-length i32) (param $path i32) (param $path-length i32)
    (param $headers i32) (param $headers-length i32) (param $body i32) (param $body-length i32) (param i64)"#;

/// Answers 200 when the body is the secret `token`, 401 when not, 403 when it may not ask.
fn doorkeeper() -> Guest {
    let body = r"(call $ask (i32.const 0) (i32.const 5) (local.get $body) (local.get $body-length) (i32.const 512))
        (i32.store16 (i32.const 1028) (select (i32.const 403)
            (select (i32.const 200) (i32.const 401) (i32.load8_u (i32.const 516)))
            (i32.load8_u (i32.const 512))))";
    let import = r#""matches" (func $ask (param i32 i32 i32 i32 i32))"#;
    connector(("hook", "keys"), import, RECEIVE, (r#"(data (i32.const 0) "token")"#, body))
}

fn context(capabilities: &[Capability]) -> CallContext {
    let grant = Grant {
        capabilities: capabilities.to_vec(),
        secrets: vec!["token".to_owned()],
        hosts: vec!["api.example.org".to_owned()],
        ..Grant::default()
    };
    let secrets =
        [("token".to_owned(), vec![Zeroizing::new("old-one".to_owned()), Zeroizing::new("s3cr3t".to_owned())])];
    CallContext { settings: r#"{"a":1}"#.to_owned(), secrets: secrets.into(), grant, ..CallContext::default() }
}

fn request(body: &str) -> HookRequest {
    HookRequest {
        method: "POST".to_owned(),
        url: "https://laurel.example/hooks/1/x".to_owned(),
        path: "/x".to_owned(),
        headers: vec![Header { name: "a".to_owned(), value: "b".to_owned() }],
        body: body.into(),
        received: Timestamp(1),
    }
}

#[tokio::test]
async fn a_hook_learns_yes_or_no_about_a_secret() {
    let runtime = runtime();
    let plugin = doorkeeper().load(&runtime).await;
    let mut context = context(&[Capability::Keys]);
    for (body, status) in [("s3cr3t", 200), ("old-one", 200), ("s3cr3", 401), ("", 401)] {
        let received = plugin.receive(&context, &request(body)).await.answer.unwrap();
        assert_eq!(received.unwrap().response.status, status, "{body}");
    }
    context.grant.secrets.clear();
    let received = Sandbox::receive(&runtime, plugin.digest(), &context, &request("s3cr3t")).await.unwrap();
    assert_eq!(received.unwrap().response.status, 403);
}

#[tokio::test]
async fn what_is_not_granted_is_not_called() {
    let runtime = runtime();
    let plugin = doorkeeper().load(&runtime).await;
    let called = plugin.receive(&context(&[Capability::Settings]), &request("")).await;
    assert!(matches!(called.answer, Err(CallError::NotGranted(Capability::Keys))), "{called:?}");
    let called = plugin.pull(&context(&[Capability::Keys]), None).await;
    assert!(matches!(called.answer, Err(CallError::NoInterface(Interface::Sync))), "{called:?}");
    assert!(matches!(plugin.evaluate("{}", None, &[]).answer, Err(CallError::NoInterface(Interface::Criteria))));
}

#[tokio::test]
async fn settings_reach_the_plugin() {
    // Answers with the settings as body, and status 200.
    let body = "(call $ask (i32.const 512)) (i32.store16 (i32.const 1028) (i32.const 200))
        (i32.store (i32.const 1040) (i32.load (i32.const 512))) (i32.store (i32.const 1044) (i32.load (i32.const 516)))";
    let guest = connector(("hook", "settings"), r#""get" (func $ask (param i32))"#, RECEIVE, ("", body));
    let runtime = runtime();
    let plugin = guest.load(&runtime).await;
    let received = plugin.receive(&context(&[Capability::Settings]), &request("")).await.answer.unwrap().unwrap();
    assert_eq!(received.response.body, br#"{"a":1}"#);
}

#[tokio::test]
async fn a_hook_that_spins_lets_others_run_and_is_stopped() {
    let mut guest =
        connector(("hook", "settings"), r#""get" (func $ask (param i32))"#, RECEIVE, ("", "(loop $again (br $again))"));
    guest.manifest.push_str("[limits]\nfuel = 5000000000\ndeadline-ms = 100\n");
    let runtime = runtime();
    let plugin = guest.load(&runtime).await;
    let context = context(&[Capability::Settings]);
    let nothing = request("");
    let (spun, ()) = tokio::join!(plugin.receive(&context, &nothing), tokio::time::sleep(Duration::from_millis(1)));
    assert!(matches!(spun.answer, Err(CallError::Deadline { .. })), "{spun:?}");
}

/// Sends what `url` says with the secret in the body, and gives back the answer's body as the reference.
fn courier(url: &str) -> Guest {
    let data = format!(
        r#"(data (i32.const 0) "{url}") (data (i32.const 256) "POST") (data (i32.const 264) "t={{{{token}}}}")"#
    );
    let length = url.len();
    let body = format!(
        "(call $ask (i32.const 256) (i32.const 4) (i32.const 0) (i32.const {length}) (i32.const 0) (i32.const 0)
            (i32.const 264) (i32.const 11) (i32.const 512))
        (if (i32.load8_u (i32.const 512))
          (then (i32.store8 (i32.const 1024) (i32.const 1)) (i32.store8 (i32.const 1028) (i32.const 1))
            (i32.store (i32.const 1032) (i32.load (i32.const 520))) (i32.store (i32.const 1036) (i32.load (i32.const 524))))
          (else (i32.store8 (i32.const 1028) (i32.const 1))
            (i32.store (i32.const 1032) (i32.load (i32.const 528))) (i32.store (i32.const 1036) (i32.load (i32.const 532)))))"
    );
    let deliver = r#"deliver") (param i32 i32 i32 i32 i64 i32 i32 i32 i32 i32 i32)"#;
    let import = r#""send" (func $ask (param i32 i32 i32 i32 i32 i32 i32 i32 i32))"#;
    connector(("delivery", "http"), import, deliver, (&data, &body))
}

#[tokio::test]
async fn a_delivery_goes_out_with_the_secret_and_comes_back_without() {
    let answer = OutboundResponse { status: 200, headers: Vec::new(), body: b"id 7, thanks for old-one".to_vec() };
    let partner = Arc::new(Partner { answer: Some(answer), ..Partner::default() });
    let runtime = Runtime::new(Settings::default(), Arc::clone(&partner) as _).unwrap();
    let notice = Notice {
        id: "n1".to_owned(),
        kind: "award.created".to_owned(),
        time: Timestamp(1),
        subject_kind: SubjectKind::Person,
        identifiers: vec![laurel_core::subjects::Identifier::Email { address: "ada@example.org".to_owned() }],
        data: "{}".to_owned(),
    };
    let plugin = courier("https://api.example.org/x").load(&runtime).await;
    let context = context(&[Capability::Http]);
    let delivered = plugin.deliver(&context, &notice).await.answer.unwrap();
    assert_eq!(delivered, Ok(Receipt { reference: Some("id 7, thanks for {{token}}".to_owned()) }));
    assert_eq!(partner.requests.lock().unwrap()[0].body, b"t=old-one");

    let plugin = courier("https://evil.example.org/x").load(&runtime).await;
    let refused = format!("{:?}", plugin.deliver(&context, &notice).await.answer.unwrap());
    assert!(refused.contains("the manifest does not name the host"), "{refused}");
    assert_eq!(partner.requests.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn sync_and_identity_answer() {
    let runtime = runtime();
    let context = context(&[Capability::Settings]);
    let import = r#""get" (func $ask (param i32))"#;
    let ask = "(call $ask (i32.const 512))";
    let sync = connector(("sync", "settings"), import, r#"pull") (param i32 i32 i32)"#, ("", ask)).load(&runtime).await;
    let pulled = sync.pull(&context, Some("next")).await.answer.unwrap();
    assert_eq!(pulled, Ok(Pull { events: Vec::new(), cursor: None, more: false }));
    let identity = connector(("identity", "settings"), import, r#"identify") (param i32 i32 i32 i32)"#, ("", ask));
    let identity = identity.load(&runtime).await;
    let account = Account { home_page: "https://crm.example.org".to_owned(), name: "1".to_owned() };
    assert_eq!(identity.identify(&context, &account).await.answer.unwrap(), Ok(Vec::new()));
}
