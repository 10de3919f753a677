//! What is chosen in the catalogue: a scenario, its knobs and its link.

use std::collections::BTreeMap;

use wirestage_generators::{Knob, SCENARIOS, Scenario};

use super::links::Links;

/// What is chosen in the catalogue.
#[derive(Clone, Debug)]
pub struct Choices {
    /// What stands in the search field.
    pub search: String,
    /// What stands in the path field.
    pub path: String,
    /// Whether the search field is to get the cursor.
    pub find: bool,
    chosen: &'static str,
    /// What knobs were set to, by scenario and knob.
    set: BTreeMap<(&'static str, &'static str), String>,
    pub(super) links: Links,
}

impl Default for Choices {
    fn default() -> Self {
        // The scenario to begin with: the one everything else is compared to.
        let first = wirestage_generators::find("tls13-full").or(SCENARIOS.first().copied());
        Self {
            search: String::new(),
            path: String::new(),
            find: false,
            chosen: first.map_or("", |scenario| scenario.name),
            set: BTreeMap::new(),
            links: Links::default(),
        }
    }
}

impl Choices {
    /// The chosen scenario.
    #[must_use]
    pub fn chosen(&self) -> Option<&'static Scenario> {
        wirestage_generators::find(self.chosen)
    }

    /// Chooses a scenario.
    pub fn choose(&mut self, name: &'static str) {
        self.chosen = name;
    }

    /// What the chosen scenario's knobs are set to, those at their default left out.
    #[must_use]
    pub fn knobs(&self) -> Vec<(String, String)> {
        let Some(scenario) = self.chosen() else { return Vec::new() };
        let set = scenario.knobs.iter().filter_map(|knob| {
            let value = self.set.get(&(scenario.name, knob.name))?;
            (value != knob.default).then(|| (knob.name.to_owned(), value.clone()))
        });
        set.collect()
    }

    /// What the link of the chosen scenario is set to; `None` if it is left as it is.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        self.chosen().and_then(|scenario| self.links.of(scenario))
    }

    /// The place where a knob's value is edited.
    pub(super) fn knob(&mut self, scenario: &'static Scenario, knob: &'static Knob) -> &mut String {
        let at = (scenario.name, knob.name);
        self.set.entry(at).or_insert_with(|| knob.default.to_owned())
    }

    /// Sets knobs and the link of a scenario as they were when it was recorded.
    pub(in crate::gui) fn set(
        &mut self,
        scenario: &'static Scenario,
        knobs: &[(String, String)],
        link: Option<&str>,
    ) {
        for knob in scenario.knobs {
            let known = knobs.iter().rfind(|(name, _)| name == knob.name);
            if let Some((_, value)) = known {
                self.knob(scenario, knob).clone_from(value);
            }
        }
        self.links.set(scenario, link);
    }

    /// The scenarios that the search finds: every word stands somewhere in name, title, group,
    /// teaching or knobs.
    #[must_use]
    pub fn found(&self) -> Vec<&'static Scenario> {
        let words: Vec<String> = self.search.split_whitespace().map(str::to_lowercase).collect();
        let matches = |scenario: &Scenario| {
            let group = scenario.group.title();
            let own = [scenario.name, scenario.title, group, scenario.teaches];
            let knobs = scenario.knobs.iter().flat_map(|knob| {
                [knob.name, knob.help].into_iter().chain(knob.choices.iter().copied())
            });
            let text = own.into_iter().chain(knobs).collect::<Vec<_>>().join(" ");
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        SCENARIOS.iter().copied().filter(|scenario| matches(scenario)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_finds_by_every_word_in_any_order() {
        let found = |search: &str| {
            let choices = Choices { search: search.into(), ..Choices::default() };
            choices.found().iter().map(|scenario| scenario.name).collect::<Vec<_>>()
        };
        assert_eq!(found("").len(), SCENARIOS.len());
        assert!(found("full 1.3 tls").contains(&"tls13-full"));
        assert!(found("backlog").contains(&"exec-accept-queue"), "by its knob");
        assert!(found("no such thing at all").is_empty());
    }

    #[test]
    fn a_scenario_is_set_as_it_was_recorded() {
        let scenario = wirestage_generators::find("tls13-full").unwrap();
        let mut choices = Choices::default();
        let knobs = [("suite".to_owned(), "chacha20".to_owned())];
        choices.set(scenario, &knobs, Some("rtt=5ms,mtu=1500,seed=1"));
        choices.choose(scenario.name);
        assert_eq!(choices.knobs(), knobs);
        assert_eq!(choices.link().as_deref(), Some("rtt=5ms,mtu=1500,seed=1"));
        choices.set(scenario, &[], None);
        assert_eq!(choices.link(), None);
    }

    #[test]
    fn knobs_at_their_default_are_left_out() {
        let scenario = SCENARIOS.iter().copied().find(|one| !one.knobs.is_empty()).unwrap();
        let mut choices = Choices::default();
        choices.choose(scenario.name);
        let knob = &scenario.knobs[0];
        assert_eq!(choices.knob(scenario, knob), knob.default);
        assert!(choices.knobs().is_empty());
        *choices.knob(scenario, knob) = "other".into();
        assert_eq!(choices.knobs(), [(knob.name.to_owned(), "other".to_owned())]);
    }
}
