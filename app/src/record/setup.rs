//! What is to be recorded: a scenario and its settings, as the parent passes them to the child.

use std::ffi::OsString;
use std::path::PathBuf;

use wirestage_captures::lab::link::Link;
use wirestage_generators::{SCENARIOS, Scenario, Stage};

use crate::document::PREFIX;
use crate::trouble::Trouble;

/// The hidden command by which the program calls itself.
pub(crate) const COMMAND: &str = "lab-child";

/// A scenario and its settings.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What is played.
    pub scenario: &'static Scenario,
    /// Knobs that are not left as they are: name and value. The last value of a knob holds.
    pub knobs: Vec<(String, String)>,
    /// What the link between client and servers is to be, as `rtt=100ms,loss=2%`, on top of what
    /// the scenario asks for; `None` if it is left as it is, which mostly means none.
    pub link: Option<String>,
    /// Leaves marks out, so that the file converts to classic pcap.
    pub without_marks: bool,
    /// The program to start as the child, where that is not the one that runs: a test is another
    /// program than the one it tests.
    pub program: Option<PathBuf>,
}

impl Setup {
    /// A scenario as it is when nothing is set.
    #[must_use]
    pub const fn of(scenario: &'static Scenario) -> Self {
        Self { scenario, knobs: Vec::new(), link: None, without_marks: false, program: None }
    }

    /// What a knob is set to.
    fn knob(&self, name: &str) -> &str {
        let set = self.knobs.iter().rfind(|(knob, _)| knob == name).map(|(_, value)| &**value);
        set.or_else(|| self.scenario.knob(name).map(|knob| knob.default)).unwrap_or_default()
    }

    /// What stands between the programs, where that takes networks of their own.
    pub(super) fn between(&self) -> &'static str {
        if self.scenario.router().is_some() { "a router between two networks" } else { "a link" }
    }

    /// The link between client and servers, where there is to be one.
    ///
    /// # Errors
    /// Names the first setting that does not exist or cannot be so.
    pub fn link(&self) -> Result<Option<Link>, Trouble> {
        if let (Some(router), Some(_)) = (self.scenario.router(), &self.link) {
            return Err(Trouble::new(
                format!(
                    "{} has networks of its own, with a {} between them: no link fits in",
                    self.scenario.name, router.name
                ),
                "leave --link out",
            ));
        }
        let own = self.scenario.link.as_ref().map(|link| link.of(|name| self.knob(name)));
        if own.is_none() && self.link.is_none() {
            return Ok(None);
        }
        let base = Link::parse(&own.unwrap_or_default())?;
        Ok(Some(base.with(self.link.as_deref().unwrap_or_default())?))
    }

    /// Checks the knobs against what the scenario declares, and the link's settings.
    ///
    /// # Errors
    /// Names the first that does not exist or cannot be set so.
    pub fn check(&self) -> Result<(), Trouble> {
        self.link()?;
        let stage = Stage::builder(self.scenario);
        let stage = self.knobs.iter().fold(stage, |stage, (name, value)| stage.knob(name, value));
        stage.build().map(drop).map_err(|failure| Trouble::from(&failure))
    }

    /// What the child is called with.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = vec![COMMAND.into(), self.scenario.name.into()];
        for (name, value) in &self.knobs {
            arguments.extend(["--set".into(), format!("{name}={value}").into()]);
        }
        if let Some(link) = &self.link {
            arguments.extend(["--link".into(), link.into()]);
        }
        if self.without_marks {
            arguments.push("--no-marks".into());
        }
        arguments
    }

    /// The comments at the start of the file, as [`About`](crate::document::About) reads them;
    /// all knobs are in them, also those that were left as they are.
    pub(super) fn comments(&self, way: &str) -> Vec<String> {
        let mut comments = vec![
            format!("{PREFIX}scenario={}", self.scenario.name),
            format!("{PREFIX}title={}", self.scenario.title),
            format!("{PREFIX}way={way}"),
        ];
        for knob in self.scenario.knobs {
            comments.push(format!("{PREFIX}knob.{}={}", knob.name, self.knob(knob.name)));
        }
        comments
    }
}

/// The scenario called `name`.
///
/// # Errors
/// Where there is none; names the one that was probably meant.
pub fn find(name: &str) -> Result<&'static Scenario, Trouble> {
    wirestage_generators::find(name).ok_or_else(|| {
        let alike = |scenario: &Scenario| {
            scenario.name.chars().zip(name.chars()).take_while(|(a, b)| a == b).count()
        };
        // Of equals the first one, which is the plainest of its kind.
        let all = SCENARIOS.iter().rev().map(|one| (alike(one), one.name));
        let nearest = all.max_by_key(|one| one.0);
        let list = "wirestage list shows all there are";
        Trouble::new(
            format!("there is no scenario called {name:?}"),
            match nearest {
                // Two letters can be alike by chance.
                Some((3.., nearest)) => format!("did you mean {nearest}? {list}"),
                _ => list.to_owned(),
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nearly_right_is_recognised() {
        assert_eq!(find("tls13-full").unwrap().name, "tls13-full");
        assert!(find("tls13").unwrap_err().mend.contains("did you mean tls13-full?"));
        assert!(find("nonsense").unwrap_err().mend.starts_with("wirestage list"));
    }

    #[test]
    fn a_link_is_what_the_scenario_needs_with_what_was_asked_for_on_top() {
        let check = |name: &str, knobs: &[(&str, &str)], link: Option<&str>, expected: &str| {
            let knobs = knobs.iter().map(|(name, value)| ((*name).into(), (*value).into()));
            let scenario = find(name).unwrap();
            let link = link.map(str::to_owned);
            let setup = Setup { knobs: knobs.collect(), link, ..Setup::of(scenario) };
            let found = setup.link().unwrap().map(|link| link.to_string());
            assert_eq!(found.unwrap_or_default(), expected, "{name} {:?}", setup.link);
        };
        check("tls13-full", &[], None, "");
        check("tls13-full", &[], Some("rtt=5ms"), "rtt=5ms,mtu=1500,seed=1");
        let own = "rtt=40ms,drop-data=server:3,mtu=1500,seed=1";
        check("tcp-loss-recovery", &[], None, own);
        check("tcp-loss-recovery", &[], Some(""), own);
        let tail = "rtt=9ms,drop-data=server:10,mtu=1500,seed=1";
        check("tcp-loss-recovery", &[("lost", "tail")], Some("rtt=9ms"), tail);

        for scenario in SCENARIOS {
            for (knob, choice, _) in scenario.link.iter().flat_map(|link| link.by_choice) {
                let knobs = vec![((*knob).into(), (*choice).into())];
                let setup = Setup { knobs, ..Setup::of(scenario) };
                setup.check().unwrap_or_else(|trouble| panic!("{}: {trouble}", scenario.name));
            }
        }
        let link = Some("rtt=5".to_owned());
        let wrong = Setup { link, ..Setup::of(find("tls13-full").unwrap()) }.check().unwrap_err();
        assert!(wrong.mend.contains("rtt=100ms"), "{wrong}: {}", wrong.mend);
    }

    #[test]
    fn knobs_are_checked_and_all_of_them_are_noted_down() {
        let mut setup = Setup::of(find("tls13-full").unwrap());
        setup.knobs.push(("suite".into(), "chacha20".into()));
        setup.check().unwrap();
        let comments = setup.comments("namespace");
        assert_eq!(comments[0], "wirestage.scenario=tls13-full");
        assert!(comments.contains(&"wirestage.knob.suite=chacha20".to_owned()), "{comments:?}");
        assert!(comments.contains(&"wirestage.knob.group=x25519".to_owned()), "{comments:?}");

        setup.knobs.push(("colour".into(), "red".into()));
        let trouble = setup.check().unwrap_err();
        assert!(trouble.cause.contains("no knob called \"colour\""), "{trouble}");
        assert!(trouble.mend.contains("suite"), "{}", trouble.mend);
    }
}
