use laurel_core::idempotency::{IdempotencyStore, Remembered};

const DAY: i64 = 24 * 60 * 60 * 1000;

contract! {
    async fn begin_request(premises) {
        let organisation = Some(premises.organisation().await);
        let begin = |request, after| premises.store.begin_request(organisation, "k", request, premises.now().plus_millis(after));
        assert_eq!(begin([1; 32], 0).await.unwrap(), Remembered::Fresh);
        assert_eq!(begin([1; 32], 59_000).await.unwrap(), Remembered::InProgress);
        assert_eq!(begin([2; 32], 59_000).await.unwrap(), Remembered::OtherRequest);
        // Its worker died.
        assert_eq!(begin([2; 32], 61_000).await.unwrap(), Remembered::Fresh);
        // Another scope, another key.
        let platform = premises.store.begin_request(None, "k", [1; 32], premises.now()).await.unwrap();
        assert_eq!(platform, Remembered::Fresh);
    }

    async fn finish_request(premises) {
        let begin = |request, after| premises.store.begin_request(None, "k", request, premises.now().plus_millis(after));
        begin([1; 32], 0).await.unwrap();
        premises.store.finish_request(None, "k", 201, b"made").await.unwrap();
        let answered = Remembered::Answered { status: 201, body: b"made".to_vec() };
        assert_eq!(begin([1; 32], DAY - 1).await.unwrap(), answered);
        assert_eq!(begin([2; 32], DAY - 1).await.unwrap(), Remembered::OtherRequest);
        assert_eq!(begin([2; 32], 2 * DAY).await.unwrap(), Remembered::Fresh);
    }

    async fn release_request(premises) {
        let begin = || premises.store.begin_request(None, "k", [1; 32], premises.now());
        begin().await.unwrap();
        premises.store.release_request(None, "k").await.unwrap();
        assert_eq!(begin().await.unwrap(), Remembered::Fresh);
        premises.store.finish_request(None, "k", 201, b"made").await.unwrap();
        premises.store.release_request(None, "k").await.unwrap();
        assert_eq!(begin().await.unwrap(), Remembered::Answered { status: 201, body: b"made".to_vec() });
    }

    async fn one_of_many_is_fresh(premises) {
        let begin = || premises.store.begin_request(None, "k", [0; 32], premises.now());
        let (a, b, c, d) = tokio::join!(begin(), begin(), begin(), begin());
        let fresh = [a, b, c, d].into_iter().filter(|seen| *seen.as_ref().unwrap() == Remembered::Fresh).count();
        assert_eq!(fresh, 1);
    }
}
