//! How far the subject is, requirement by requirement.

use laurel_plugin::criteria::Progress;

use crate::measure::read;
use crate::settings::{Node, Plan, RenewalRule};
use crate::state::{Standing, State};

/// One entry for each requirement that `check` names, in the same order.
pub(crate) fn progress(plan: &Plan<'_>, state: &State) -> Vec<Progress> {
    let mut out = Vec::with_capacity(plan.leaves.len());
    let walk = Walk { plan, state, done: plan.is_once() && state.standing == Standing::Held };
    walk.node(&plan.main, true, &mut out);
    if let Some(RenewalRule::Tree(tree)) = plan.renewal.as_ref().map(|renewal| &renewal.rule) {
        walk.node(tree, true, &mut out);
    }
    out
}

struct Walk<'a> {
    plan: &'a Plan<'a>,
    state: &'a State,
    done: bool,
}

impl Walk<'_> {
    fn node(&self, node: &Node<'_>, root: bool, out: &mut Vec<Progress>) {
        match node {
            Node::Leaf(index) => {
                let leaf = &self.plan.leaves[*index];
                #[expect(clippy::cast_precision_loss, reason = "at most a million groups")]
                let target = if leaf.groups > 1 { leaf.groups as f64 } else { leaf.target };
                let current = self.current(*index);
                out.push(Progress { requirement: leaf.id.to_string(), current, target });
            }
            Node::Not(inner) => {
                if let Node::Leaf(index) = **inner {
                    let requirement = self.plan.leaves[index].id.to_string();
                    let current = if self.holds(node) { 1.0 } else { 0.0 };
                    out.push(Progress { requirement, current, target: 1.0 });
                }
            }
            Node::Group { id, need, children, .. } => {
                if !(root && *need == children.len()) {
                    #[expect(clippy::cast_precision_loss, reason = "at most 64 children")]
                    let (current, target) = (node.fulfilled(&|index| self.met(index)) as f64, *need as f64);
                    out.push(Progress { requirement: id.to_string(), current, target });
                }
                for child in children {
                    self.node(child, false, out);
                }
            }
        }
    }

    fn current(&self, index: usize) -> f64 {
        let memory = &self.state.leaves[index];
        if self.done { memory.last } else { read(&self.plan.leaves[index], memory, self.state.as_of).current }
    }

    fn met(&self, index: usize) -> bool {
        let leaf = &self.plan.leaves[index];
        if self.done {
            #[expect(clippy::cast_precision_loss, reason = "at most a million groups")]
            let target = if leaf.groups > 1 { leaf.groups as f64 } else { leaf.target };
            return self.state.leaves[index].last >= target;
        }
        read(leaf, &self.state.leaves[index], self.state.as_of).met
    }

    fn holds(&self, node: &Node<'_>) -> bool {
        node.holds(&|index| self.met(index))
    }
}
