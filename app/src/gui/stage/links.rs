//! What was set of the links that scenarios are played over.

use std::collections::{BTreeMap, BTreeSet};

use wirestage_captures::lab::link::KEYS;
use wirestage_generators::Scenario;

/// What a link begins with when somebody asks for one: far enough for arrows to slant.
const FIRST: (&str, &str) = ("rtt", "40ms");

/// What was set of links, by scenario.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// The scenarios that are to be played over a link although they need none.
    over: BTreeSet<&'static str>,
    /// What settings were set to, by scenario and setting.
    set: BTreeMap<(&'static str, &'static str), String>,
}

impl Links {
    /// Whether the scenario is played over a link.
    pub(super) fn is_over(&self, scenario: &Scenario) -> bool {
        scenario.link.is_some() || self.over.contains(scenario.name)
    }

    /// The settings, as `rtt=40ms,loss=2%`; `None` if they are left as they are.
    pub(super) fn of(&self, scenario: &'static Scenario) -> Option<String> {
        let settings = KEYS.iter().filter_map(|key| {
            let value = self.set.get(&(scenario.name, key.name))?.trim();
            (!value.is_empty()).then(|| format!("{}={value}", key.name))
        });
        let settings = settings.collect::<Vec<_>>().join(",");
        let is_asked = self.over.contains(scenario.name) || !settings.is_empty();
        (self.is_over(scenario) && is_asked).then_some(settings)
    }

    /// The place where a setting's value is edited.
    pub(super) fn value(&mut self, scenario: &'static Scenario, name: &'static str) -> &mut String {
        self.set.entry((scenario.name, name)).or_default()
    }

    /// Sets the link to these settings; nothing for none but the scenario's own.
    pub(super) fn set(&mut self, scenario: &'static Scenario, settings: Option<&str>) {
        for key in KEYS {
            self.value(scenario, key.name).clear();
        }
        let parts = settings.into_iter().flat_map(|settings| settings.split(','));
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            if let Some(key) = KEYS.iter().find(|key| key.name == name) {
                value.clone_into(self.value(scenario, key.name));
            }
        }
        if settings.is_some() && scenario.link.is_none() {
            self.over.insert(scenario.name);
        } else {
            self.over.remove(scenario.name);
        }
    }

    /// Puts the scenario on a link, or on the loopback again.
    pub(super) fn lay(&mut self, scenario: &'static Scenario, over: bool) {
        if !over {
            self.over.remove(scenario.name);
            return;
        }
        self.over.insert(scenario.name);
        let (name, value) = FIRST;
        self.set.entry((scenario.name, name)).or_insert_with(|| value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_what_was_typed_and_nothing_where_nobody_asked() {
        let plain = wirestage_generators::find("tls13-full").unwrap();
        let mut links = Links::default();
        assert_eq!(links.of(plain), None);
        links.lay(plain, true);
        assert_eq!(links.of(plain).as_deref(), Some("rtt=40ms"));
        *links.value(plain, "loss") = " 2% ".into();
        links.value(plain, "rtt").clear();
        assert_eq!(links.of(plain).as_deref(), Some("loss=2%"));
        links.value(plain, "loss").clear();
        assert_eq!(links.of(plain).as_deref(), Some(""), "a link without a delay");
        links.lay(plain, false);
        *links.value(plain, "loss") = "2%".into();
        assert_eq!(links.of(plain), None, "the loopback loses nothing");

        let apart = wirestage_generators::find("tcp-loss-recovery").unwrap();
        assert_eq!(links.of(apart), None, "its own link as it is");
        *links.value(apart, "rtt") = "1s".into();
        assert_eq!(links.of(apart).as_deref(), Some("rtt=1s"));
    }
}
