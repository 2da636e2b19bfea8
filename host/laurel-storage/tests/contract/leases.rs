use laurel_core::events::{EventLog, Lease};
use std::time::Duration;

const TTL: Duration = Duration::from_secs(60);

fn epochs(leases: &[Lease]) -> Vec<i64> {
    leases.iter().map(|lease| lease.epoch).collect()
}

contract! {
    async fn lease(premises) {
        let first = premises.store.lease("a", 1, TTL).await.unwrap();
        assert_eq!(first.len(), 64);
        assert!(first.iter().map(|lease| lease.partition.0).eq(0..64));
        // Renewed: the same epochs.
        assert_eq!(premises.store.lease("a", 1, TTL).await.unwrap(), first);
        // A newcomer finds nothing free; at the next round the old one gives back what is beyond its share.
        assert_eq!(premises.store.lease("b", 1, TTL).await.unwrap(), []);
        let a = premises.store.lease("a", 1, TTL).await.unwrap();
        let b = premises.store.lease("b", 1, TTL).await.unwrap();
        assert_eq!((a.len(), b.len()), (32, 32));
        assert!(b.iter().all(|lease| a.iter().all(|other| other.partition != lease.partition)));
        // Taken over: a later epoch.
        assert!(epochs(&b).into_iter().all(|epoch| epoch == 2));
    }

    async fn an_expired_lease_is_taken(premises) {
        premises.store.lease("a", 1, Duration::from_millis(1500)).await.unwrap();
        assert_eq!(premises.store.lease("b", 1, TTL).await.unwrap(), []);
        premises.pass(1600).await;
        let b = premises.store.lease("b", 1, TTL).await.unwrap();
        assert_eq!((b.len(), b[0].epoch), (64, 2));
    }

    async fn a_later_life_takes_at_once(premises) {
        premises.store.lease("a", 1, TTL).await.unwrap();
        let again = premises.store.lease("a", 2, TTL).await.unwrap();
        assert_eq!((again.len(), again[0].epoch), (64, 2));
        // The earlier life, should it still run, takes them back; each time the epoch tells.
        assert_eq!(premises.store.lease("a", 1, TTL).await.unwrap()[0].epoch, 3);
    }

    async fn release(premises) {
        premises.store.lease("a", 1, TTL).await.unwrap();
        premises.store.release("a", 2).await.unwrap();
        assert_eq!(premises.store.lease("b", 1, TTL).await.unwrap(), []);
        premises.store.release("a", 1).await.unwrap();
        assert_eq!(premises.store.lease("b", 1, TTL).await.unwrap().len(), 64);
    }

    async fn many_nodes_share_everything(premises) {
        let other = premises.another().await;
        let nodes = ["a", "b", "c", "d", "e"];
        let mut held = vec![Vec::new(); nodes.len()];
        for _ in 0..3 {
            for (index, node) in nodes.iter().enumerate() {
                let store = if index % 2 == 0 { &premises.store } else { &other };
                held[index] = store.lease(node, 1, TTL).await.unwrap();
            }
        }
        let mut partitions: Vec<_> = held.iter().flatten().map(|lease| lease.partition.0).collect();
        partitions.sort_unstable();
        assert_eq!(partitions, (0..64).collect::<Vec<_>>());
        assert!(held.iter().all(|leases| leases.len() >= 12 && leases.len() <= 13), "{:?}", held.iter().map(Vec::len));
    }
}
