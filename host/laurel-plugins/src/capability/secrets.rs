//! Which of an installation's secrets a plugin may have used on its behalf.

use laurel_core::plugins::{CallContext, Manifest};
use zeroize::Zeroizing;

/// Why a secret cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Denied {
    /// The manifest does not name it, or the operator did not grant it.
    NotGranted(String),
    /// Granted, but without a value.
    NotSet(String),
}

/// The values of a secret that the manifest names *and* the operator granted, newest first. Never empty.
pub(crate) fn values<'a>(
    manifest: &Manifest,
    context: &'a CallContext,
    name: &str,
) -> Result<Vec<&'a Zeroizing<String>>, Denied> {
    if !manifest.secrets.iter().any(|secret| secret.name == name) {
        return Err(Denied::NotGranted(format!("the manifest names no secret {name:?}")));
    }
    if !context.grant.secrets.iter().any(|granted| granted == name) {
        return Err(Denied::NotGranted(format!("the secret {name:?} is not granted to this installation")));
    }
    // An empty value is none: as a key of an HMAC it would let anybody in.
    let values: Vec<_> =
        context.secrets.get(name).into_iter().flatten().filter(|value| !value.trim().is_empty()).collect();
    if values.is_empty() {
        return Err(Denied::NotSet(format!("the secret {name:?} has no value yet")));
    }
    Ok(values)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use laurel_core::plugins::{Grant, Interface, SecretNeed};

    /// A manifest that names the secrets `a` and `b`, and a context that grants `a` with these values.
    pub(crate) fn one_secret(values: &[&str]) -> (Manifest, CallContext) {
        let secrets = ["a", "b"].map(|name| SecretNeed { name: name.to_owned(), description: String::new() });
        let manifest = Manifest {
            name: "test".to_owned(),
            version: "0.1.0".to_owned(),
            publisher: "test".to_owned(),
            description: "test".to_owned(),
            interfaces: vec![Interface::Hook],
            capabilities: Vec::new(),
            kinds: Vec::new(),
            hosts: vec!["api.example.org".to_owned(), "other.example.org".to_owned()],
            settings_schema: None,
            fixtures: Vec::new(),
            secrets: secrets.to_vec(),
            limits: laurel_core::plugins::Limits::default(),
        };
        let values = values.iter().map(|value| Zeroizing::new((*value).to_owned())).collect();
        let grant = Grant {
            secrets: vec!["a".to_owned(), "unnamed".to_owned()],
            hosts: vec!["api.example.org".to_owned(), "elsewhere.example.org".to_owned()],
            ..Grant::default()
        };
        let context = CallContext { secrets: [("a".to_owned(), values)].into(), grant, ..CallContext::default() };
        (manifest, context)
    }

    #[test]
    fn both_must_say_yes() {
        let (manifest, context) = one_secret(&["x"]);
        assert!(values(&manifest, &context, "a").is_ok());
        for refused in ["b", "unnamed", "nowhere"] {
            assert!(matches!(values(&manifest, &context, refused), Err(Denied::NotGranted(_))), "{refused}");
        }
    }

    #[test]
    fn an_empty_value_is_none() {
        let (manifest, context) = one_secret(&["", " \n"]);
        assert!(matches!(values(&manifest, &context, "a"), Err(Denied::NotSet(_))));
    }
}
