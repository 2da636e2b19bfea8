//! What must hold whatever happens, over a real database, the real sandbox and the real recipe plugin: batching changes nothing,
//! refolding is a no-op, merging at any moment equals having been one subject from the start, and what an operator suspended stays
//! suspended.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod lab;

use laurel_core::awards::Standing;

use lab::{Happening, Lab, OUTSIDE, Stand};
use proptest::prelude::*;

/// Five weeks of somebody's life: what happened, and to which of two accounts. Of few objects, so that much of it is taken back.
fn story() -> impl Strategy<Value = Vec<Happening>> {
    let late = prop_oneof![3 => Just(0), 1 => 1..200_u32];
    let happening = (0..2_u8, 0..4_u8, 0..5_u8, 0..36_u32, late).prop_map(|(account, what, object, hours, late)| {
        Happening { account, kind: OUTSIDE[usize::from(what)], object, hours, late }
    });
    prop::collection::vec(happening, 1..30)
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

/// Everything that happened, folded in steps of so many events as they come; then the time after it.
async fn live(lab: &mut Lab, story: &[Happening], steps: &[usize]) -> Stand {
    for (index, happening) in story.iter().enumerate() {
        lab.happens(happening).await;
        let step = steps[index % steps.len()];
        if step > 0 {
            lab.fold(step).await;
        }
    }
    lab.weeks_pass(steps[0].max(1)).await;
    lab.stand().await
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn batching_changes_nothing(story in story(), steps in prop::collection::vec(0..9_usize, 1..6)) {
        let (one_by_one, batched) = run(async {
            let (mut first, mut second) = (Lab::new(true).await, Lab::new(true).await);
            (live(&mut first, &story, &[1]).await, live(&mut second, &story, &steps).await)
        });
        prop_assert_eq!(one_by_one, batched);
    }

    #[test]
    fn refolding_is_a_no_op(story in story()) {
        let (before, after) = run(async {
            let mut lab = Lab::new(true).await;
            let before = live(&mut lab, &story, &[3]).await;
            lab.refold_everything().await;
            (before, lab.stand().await)
        });
        prop_assert_eq!(before, after);
    }

    #[test]
    fn merging_at_any_moment_equals_having_been_one(story in story(), moment in 0..30_usize, step in 1..9_usize) {
        let (one, merged) = run(async {
            let mut lab = Lab::new(true).await;
            let one = live(&mut lab, &story, &[step]).await;
            let mut lab = Lab::new(false).await;
            let moment = moment.min(story.len());
            for happening in &story[..moment] {
                lab.happens(happening).await;
                lab.fold(step).await;
            }
            lab.merge().await;
            (one, live(&mut lab, &story[moment..], &[step]).await)
        });
        prop_assert_eq!(one.held, merged.held);
        prop_assert_eq!(one.points, merged.points);
    }

    #[test]
    fn what_an_operator_suspended_stays_suspended(story in story(), moments in (0..30_usize, 0..30_usize), step in 1..9_usize) {
        let standings = run(async {
            let mut lab = Lab::new(false).await;
            let suspend = moments.0.min(story.len());
            let merge = (suspend + moments.1).min(story.len());
            live(&mut lab, &story[..suspend], &[step]).await;
            let suspended = lab.operator_suspends().await;
            live(&mut lab, &story[suspend..merge], &[step]).await;
            lab.merge().await;
            live(&mut lab, &story[merge..], &[step]).await;
            lab.refold_everything().await;
            let mut standings = Vec::new();
            for award in suspended {
                standings.push(lab.standing(award).await);
            }
            standings
        });
        prop_assert!(!standings.contains(&Standing::Active), "{:?}", standings);
    }
}

/// Whether events or wake-ups come next: nothing goes on from such a state, and nothing of it shows once it is folded anew.
#[test]
fn what_another_plugin_kept_is_folded_anew() {
    let told = |kind, object| Happening { account: 0, kind, object, hours: 5, late: 0 };
    let before = [told("course.completed", 1), told("solution.accepted", 1), told("post.liked", 2)];
    let after = [told("post.liked", 1), told("solution.accepted", 2), told("solution.unaccepted", 1)];
    for wakes_first in [false, true] {
        let stand = |replaced| {
            run(async {
                let mut lab = Lab::new(true).await;
                for happening in &before {
                    lab.happens(happening).await;
                }
                lab.fold(100).await;
                if replaced {
                    lab.another_plugin_writes().await;
                }
                if wakes_first {
                    lab.weeks_pass(100).await;
                }
                for happening in &after {
                    lab.happens(happening).await;
                }
                lab.fold(100).await;
                assert_eq!(lab.resume().await > 0, replaced);
                lab.weeks_pass(100).await;
                lab.stand().await
            })
        };
        assert_eq!(stand(false), stand(true));
    }
}

/// A merge shows that an answer was not accepted for long: the badge that rested on it is withdrawn with its points, and comes back with
/// the next answer. Whichever of the two subjects had earned it.
#[test]
fn what_a_merge_withdrew_is_earned_again() {
    for earner in 0..2 {
        let happening = |account, kind, object| Happening { account, kind, object, hours: 1, late: 0 };
        let accepted = |object| happening(earner, "solution.accepted", object);
        let held = |stand: &Stand| stand.held.iter().map(|(name, ..)| name.clone()).collect::<Vec<_>>();
        run(async {
            let mut lab = Lab::new(false).await;
            for happening in [accepted(1), happening(1 - earner, "solution.unaccepted", 1), accepted(2)] {
                lab.happens(&happening).await;
            }
            lab.fold(100).await;
            lab.merge().await;
            lab.fold(100).await;
            let withdrawn = lab.stand().await;
            assert_eq!((held(&withdrawn), withdrawn.points), (Vec::new(), 0));
            lab.happens(&accepted(3)).await;
            lab.fold(100).await;
            let again = lab.stand().await;
            assert_eq!((held(&again), again.points), (vec!["Helper".to_owned()], 1000));
        });
    }
}
