//! What a rule keeps for a subject between events: the plugin's state, marked with the plugin that made it.
//!
//! Replacing a plugin parks every pair that has a state. A step that is under way meanwhile may still write one of the plugin before: the
//! mark tells.

use crate::plugins::PluginDigest;

/// So many bytes of the plugin's digest stand before a state.
const MARK: usize = 8;

/// As it is stored.
pub(super) fn mark(plugin: PluginDigest, state: &[u8]) -> Vec<u8> {
    [&plugin.0[..MARK], state].concat()
}

/// The state; none if another plugin made it.
pub(super) fn unmark(plugin: PluginDigest, stored: &[u8]) -> Option<Vec<u8>> {
    stored.strip_prefix(&plugin.0[..MARK]).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_belongs_to_the_plugin_that_made_it() {
        let (old, new) = (PluginDigest([1; 32]), PluginDigest([2; 32]));
        for state in [&b""[..], b"{}"] {
            assert_eq!(unmark(old, &mark(old, state)).as_deref(), Some(state));
            assert_eq!(unmark(new, &mark(old, state)), None);
        }
    }
}
