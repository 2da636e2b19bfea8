//! Opening a database.

use crate::premises::Premises;
use laurel_core::organisations::OrganisationStore;
use laurel_storage::{Database, OpenError};

contract! {
    async fn migrate_again_changes_nothing(premises) {
        let (one, other) = (premises.store.clone(), premises.another().await);
        let (first, second) = tokio::join!(one.migrate(), other.migrate());
        first.unwrap();
        second.unwrap();
        premises.store.ping().await.unwrap();
    }
}

#[tokio::test]
async fn a_second_process_is_told() {
    let premises = Premises::sqlite().await;
    let file = premises.file().unwrap();
    let again = Database::open_sqlite(&file, premises.clock.clone(), premises.random.clone()).await;
    assert!(matches!(again, Err(OpenError::InUse(_))), "{again:?}");
}

#[tokio::test]
async fn what_was_written_is_there_after_reopening() {
    let premises = Premises::sqlite().await;
    let organisation = premises.organisation().await;
    let file = premises.file().unwrap();
    let Premises { store, clock, random, .. } = &premises;
    assert!(store.organisation(organisation).await.unwrap().is_some());
    let copy = tempfile::tempdir().unwrap();
    // As a crash leaves it: the file and its write-ahead log, nothing closed.
    for suffix in ["", "-wal"] {
        let from = format!("{}{suffix}", file.display());
        std::fs::copy(from, copy.path().join(format!("laurel.db{suffix}"))).unwrap();
    }
    let reopened = Database::open_sqlite(&copy.path().join("laurel.db"), clock.clone(), random.clone()).await.unwrap();
    assert!(reopened.organisation(organisation).await.unwrap().is_some());
}
