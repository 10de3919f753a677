//! What a recording says of itself: the scenario that made it, its settings, its transcript.
//!
//! It stands in comments of the pcapng file, one fact a comment, as `wirestage.NAME=VALUE`:
//!
//! ```text
//!   wirestage.scenario=tls13-full      wirestage.title=TLS 1.3: full handshake
//!   wirestage.way=namespace            wirestage.knob.suite=aes256gcm
//!   wirestage.link=rtt=40ms,mtu=1500,seed=1    where a link lay between client and servers
//!   wirestage.link.devices=tun
//!   wirestage.router=gateway                   who stands between two local networks, where it had such
//!   wirestage.transcript={"entries":[…]}
//!   wirestage.failure={"cause":…,"mend":…}     instead of a transcript
//! ```
//!
//! The last two stand at the end of the file, so a recording of a scenario that has neither was
//! ended before its time.

use wirestage_captures::Recording;

/// What stands before every name.
pub const PREFIX: &str = "wirestage.";

/// The facts that comments hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The scenario's name.
    pub scenario: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Where it was recorded: `namespace` or `host`.
    pub way: Option<String>,
    /// The settings of its knobs.
    pub knobs: Vec<(String, String)>,
    /// What the link between client and servers was; `None` if they shared a loopback.
    pub link: Option<String>,
    /// Who stood between two local networks; `None` if there were no such.
    pub router: Option<String>,
    /// What client and server say they did, as JSON.
    pub transcript: Option<String>,
    /// Why the scenario did not reach its end, as JSON.
    pub failure: Option<String>,
}

impl About {
    /// Reads the comments of a recording.
    #[must_use]
    pub fn of(recording: &Recording) -> Self {
        let mut about = Self::default();
        for comment in recording.comments() {
            let fact = comment.text.strip_prefix(PREFIX).and_then(|fact| fact.split_once('='));
            let Some((name, value)) = fact else { continue };
            let value = value.to_owned();
            match name {
                "scenario" => about.scenario = Some(value),
                "title" => about.title = Some(value),
                "way" => about.way = Some(value),
                "link" => about.link = Some(value),
                "router" => about.router = Some(value),
                "transcript" => about.transcript = Some(value),
                "failure" => about.failure = Some(value),
                name => {
                    let knob = name.strip_prefix("knob.").map(|knob| (knob.to_owned(), value));
                    // Each of several files may say it.
                    about.knobs.extend(knob.filter(|knob| !about.knobs.contains(knob)));
                }
            }
        }
        about
    }

    /// Whether a scenario was being recorded that never got to its end.
    #[must_use]
    pub const fn ended_early(&self) -> bool {
        self.scenario.is_some() && self.transcript.is_none()
    }

    /// One line on where and how it was recorded.
    #[must_use]
    pub fn subtitle(&self) -> String {
        if let Some(link) = &self.link {
            let settings = link.replace(',', ", ");
            return format!("recorded live at both ends of a link ({settings})");
        }
        if let Some(router) = &self.router {
            return format!("recorded live in two local networks with a {router} between them");
        }
        match self.way.as_deref() {
            Some("namespace") => "recorded live on the loopback of a private network".into(),
            Some(_) => "recorded live on this machine's loopback".into(),
            None => String::new(),
        }
    }
}
