//! What is wrong with the settings of a link: what, why, and what to do.

use super::settings::{KEYS, Key};

/// Settings that a link cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct Wrong {
    /// What is wrong, and why, in a line.
    pub cause: String,
    /// What to write instead.
    pub mend: String,
}

impl Wrong {
    /// Something that is no setting at all.
    pub(super) fn form(text: &str) -> Self {
        Self {
            cause: format!("{text:?} is no setting of a link"),
            mend: "write key=value, with commas between: rtt=100ms,loss=2%,seed=7".into(),
        }
    }

    /// A name that nobody knows.
    pub(super) fn unknown(name: &str) -> Self {
        let names: Vec<_> = KEYS.iter().map(|key| key.name).collect();
        Self {
            cause: format!("a link has no setting called {name:?}"),
            mend: format!("it has: {}", names.join(", ")),
        }
    }

    /// A setting that was given before.
    pub(super) fn twice(name: &str) -> Self {
        Self {
            cause: format!("{name} stands twice in the settings of the link"),
            mend: "give it once".into(),
        }
    }

    /// A value that a setting does not take.
    pub(super) fn value(key: &Key, value: &str, why: String) -> Self {
        Self {
            cause: format!("{} cannot be {value:?}: {why}", key.name),
            mend: format!("write {}={}, for example", key.name, key.example),
        }
    }
}
