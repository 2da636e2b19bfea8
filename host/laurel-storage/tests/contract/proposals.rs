use laurel_core::id::OrganisationId;
use laurel_core::page::PageRequest;
use laurel_core::proposals::{Proposal, ProposalStore};
use laurel_core::subjects::{Identifier, Linked, Merge, SubjectStore};

use crate::premises::Premises;
use crate::samples::{account, email, event, person};

/// An event with these identifiers arrives.
async fn say(premises: &Premises, organisation: OrganisationId, id: &str, identifiers: &[Identifier]) {
    premises.append(vec![event(organisation, id, person(identifiers))]).await;
}

async fn open(premises: &Premises, organisation: OrganisationId) -> Vec<Proposal> {
    premises.store.proposals(organisation, PageRequest { after: None, limit: 200 }).await.unwrap().items
}

contract! {
    async fn proposals(premises) {
        let organisation = premises.organisation().await;
        let ada = premises.subject(organisation, &[account("ada")]).await;
        let grace = premises.subject(organisation, &[account("grace")]).await;
        say(premises, organisation, "1", &[account("ada"), account("claimed")]).await;
        assert_eq!(open(premises, organisation).await, [], "a claim is no proposal");
        say(premises, organisation, "2", &[account("ada"), email("ada@example.org")]).await;
        premises.pass(1).await;
        say(premises, organisation, "3", &[account("ada"), account("grace")]).await;
        // Again, alone and in a batch.
        say(premises, organisation, "4", &[account("ada"), email("ada@example.org")]).await;
        let again = |id| event(organisation, id, person(&[account("ada"), email("ada@example.org"), account("grace")]));
        premises.append(vec![again("5"), again("6")]).await;
        let found = open(premises, organisation).await;
        let said: Vec<_> = found.iter().map(|p| (p.subject, p.identifier.clone(), p.leads_to, p.event.as_str())).collect();
        let expected = [
            (ada.id, email("ada@example.org"), None, "2"),
            (ada.id, account("grace"), Some(grace.id), "3"),
        ];
        assert_eq!(said, expected);
        assert_eq!((found[0].organisation, found[0].source.as_str()), (organisation, "https://learn.example.org"));
        let page = premises.store.proposals(organisation, PageRequest { after: None, limit: 1 }).await.unwrap();
        assert_eq!(page.items, found[..1]);
        let page = premises.store.proposals(organisation, PageRequest { after: page.next, limit: 1 }).await.unwrap();
        assert_eq!((page.items, page.next), (vec![found[1].clone()], None));
        assert_eq!(open(premises, premises.organisation().await).await, []);
    }

    async fn proposal(premises) {
        let organisation = premises.organisation().await;
        premises.subject(organisation, &[account("ada")]).await;
        say(premises, organisation, "1", &[account("ada"), email("ada@example.org")]).await;
        let proposal = open(premises, organisation).await.remove(0);
        assert_eq!(premises.store.proposal(proposal.id).await.unwrap(), Some(proposal.clone()));
        premises.store.link_identifier(proposal.subject, &proposal.identifier, premises.now()).await.unwrap();
        assert_eq!(premises.store.proposal(proposal.id).await.unwrap(), None, "what is linked is proposed no longer");
    }

    async fn dismiss_proposal(premises) {
        let organisation = premises.organisation().await;
        premises.subject(organisation, &[account("ada")]).await;
        let address = [account("ada"), email("ada@example.org")];
        say(premises, organisation, "1", &address).await;
        let proposal = open(premises, organisation).await.remove(0);
        assert!(premises.store.dismiss_proposal(proposal.id).await.unwrap());
        assert!(!premises.store.dismiss_proposal(proposal.id).await.unwrap());
        assert_eq!(premises.store.proposal(proposal.id).await.unwrap(), None);
        say(premises, organisation, "2", &address).await;
        assert_eq!(open(premises, organisation).await, []);
    }

    async fn nobody_fills_a_table_with_proposals(premises) {
        let organisation = premises.organisation().await;
        premises.subject(organisation, &[account("ada")]).await;
        let naming = |n: u32| {
            let address = email(&format!("{n}@example.org"));
            event(organisation, &n.to_string(), person(&[account("ada"), address]))
        };
        premises.append((0..10).map(naming).collect()).await;
        premises.append((10..90).map(naming).collect()).await;
        assert_eq!(open(premises, organisation).await.len(), 16);
    }

    async fn proposals_follow_merges(premises) {
        let organisation = premises.organisation().await;
        let ada = premises.subject(organisation, &[account("ada")]).await;
        let grace = premises.subject(organisation, &[account("grace")]).await;
        for (id, named) in [("1", email("both")), ("2", email("grace's")), ("3", account("ada"))] {
            say(premises, organisation, id, &[account("grace"), named]).await;
        }
        say(premises, organisation, "4", &[account("ada"), email("both")]).await;
        assert_eq!(open(premises, organisation).await.len(), 4);
        assert_eq!(premises.store.merge_subjects(ada.id, grace.id).await.unwrap(), Merge::Done);
        let mut left: Vec<_> =
            open(premises, organisation).await.into_iter().map(|p| (p.subject, p.identifier)).collect();
        left.sort_unstable();
        assert_eq!(left, [(ada.id, email("both")), (ada.id, email("grace's"))]);
        assert_eq!(premises.store.link_identifier(grace.id, &email("both"), premises.now()).await.unwrap(), Linked::Now);
        assert_eq!(open(premises, organisation).await.len(), 1);
    }
}
