//! The suite covers every method of every port.

use std::path::Path;

#[test]
fn every_method_has_its_test() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = String::new();
    for entry in std::fs::read_dir(here.join("tests/contract")).unwrap() {
        tests += &std::fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    let core = here.join("../laurel-core/src");
    let mut ports = vec![core.join("events/log.rs"), core.join("idempotency.rs")];
    let nouns = std::fs::read_dir(&core).unwrap().map(|entry| entry.unwrap().path().join("store.rs"));
    ports.extend(nouns.filter(|port| port.exists()));
    assert!(ports.len() > 10, "{ports:?}");
    for port in ports {
        for line in std::fs::read_to_string(&port).unwrap().lines() {
            let Some(method) = line.trim_start().strip_prefix("async fn ") else { continue };
            let name = method.split('(').next().unwrap();
            assert!(tests.contains(&format!("async fn {name}(premises)")), "{name} of {} has no test", port.display());
        }
    }
}
