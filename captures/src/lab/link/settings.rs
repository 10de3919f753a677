//! What a link is asked to be: `rtt=100ms,loss=2%,drop=server:3,seed=7`.
//!
//! ```text
//!   text ── Link::parse ──> Link ── Display ──> text      the same settings, and no others
//! ```
//!
//! Settings are put in words once, here: the command line, the window's fields, the recording's
//! comment and the errors all take them from [`KEYS`].

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use super::side::Side;
use super::units::{self, Chance, Rate};
use super::wrong::Wrong;
use crate::limits::{
    LINK_KBITS, LINK_MTU, MAX_LINK_DROPS, MAX_LINK_HOPS, MAX_LINK_MEMORY, MAX_LINK_PERCENT,
    MAX_LINK_RTT,
};

/// A link between two networks, as it is asked for. The default is a cable without a delay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// How long a packet and the answer to it take together; each way takes half of it.
    pub rtt: Duration,
    /// How much longer a packet takes at most, by chance. Packets keep their order all the same.
    pub jitter: Duration,
    /// How many packets get lost by chance, each way.
    pub loss: Chance,
    /// Packets that get lost for certain.
    pub drops: Drops,
    /// Segments and datagrams with data that get lost for certain.
    pub data_drops: Drops,
    /// A packet with data that takes longer, and those behind it with it.
    pub stall: Option<Stall>,
    /// How many packets are held back so long that those behind them come first.
    pub reorder: Chance,
    /// How many packets come twice.
    pub duplicate: Chance,
    /// How many bits a second go each way; nothing where that is not limited.
    pub rate: Option<Rate>,
    /// The longest packet, in bytes.
    pub mtu: u16,
    /// How many routers are on the way.
    pub hops: u8,
    /// The longest packet that passes between routers, where that is shorter.
    pub path_mtu: Option<u16>,
    /// Whether routers say nothing of what they drop.
    pub is_silent: bool,
    /// After how long without a segment a middlebox on the way forgets a connection of TCP; nothing
    /// where there is none that remembers any.
    pub forget: Option<Duration>,
    /// Whether it answers segments of connections that it does not know with a reset; else it drops
    /// them.
    pub resets_strays: bool,
    /// Where chance begins: the same seed meets the same packets of each direction.
    pub seed: u64,
}

/// A packet with data that the way holds up, and so those behind it, which keep their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stall {
    /// Who sent it.
    pub side: Side,
    /// The how manieth with data it is of that side, from one.
    pub number: u64,
    /// How much longer it takes.
    pub time: Duration,
}

/// Which packets get lost for certain: the sender's side, and their numbers from one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drops(BTreeSet<(Side, u64)>);

impl Drops {
    /// Whether packet `number` of this side is one.
    #[must_use]
    pub fn has(&self, side: Side, number: u64) -> bool {
        self.0.contains(&(side, number))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (Side, u64)> {
        self.0.iter().copied()
    }
}

/// A setting: how it is called, and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// What stands before the equals sign.
    pub name: &'static str,
    /// What it is called in a form.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// A value that it takes.
    pub example: &'static str,
}

/// Every setting, in the order in which they are written.
pub const KEYS: &[Key] = &[
    Key {
        name: "rtt",
        title: "Round trip",
        help: "How long a packet and its answer take together; each way takes half of it.",
        example: "100ms",
    },
    Key {
        name: "jitter",
        title: "Jitter",
        help: "How much longer a packet takes at most, by chance; packets keep their order.",
        example: "5ms",
    },
    Key {
        name: "loss",
        title: "Loss",
        help: "How many packets get lost by chance, each way.",
        example: "2%",
    },
    Key {
        name: "drop",
        title: "Drop packets",
        help: "Which packets get lost for certain: the sender's side and their numbers.",
        example: "server:3+4",
    },
    Key {
        name: "drop-data",
        title: "Drop data",
        help: "The same, counting only those that carry data; what is sent again counts again.",
        example: "server:3",
    },
    Key {
        name: "stall-data",
        title: "Hold up data",
        help: "Which packet with data takes how much longer, and those behind it with it.",
        example: "server:1@300ms",
    },
    Key {
        name: "reorder",
        title: "Reordering",
        help: "How many packets are held back until those behind them have come.",
        example: "5%",
    },
    Key {
        name: "duplicate",
        title: "Duplication",
        help: "How many packets come twice.",
        example: "1%",
    },
    Key {
        name: "rate",
        title: "Rate",
        help: "How many bits a second go each way.",
        example: "10mbit",
    },
    Key { name: "mtu", title: "MTU", help: "The longest packet, in bytes.", example: "1500" },
    Key {
        name: "hops",
        title: "Routers",
        help: "How many routers are on the way; each takes one from the time to live.",
        example: "3",
    },
    Key {
        name: "path-mtu",
        title: "Path MTU",
        help: "The longest packet that passes between the routers, where that is shorter.",
        example: "1280",
    },
    Key {
        name: "icmp",
        title: "ICMP",
        help: "Whether routers say what they drop (errors), or nothing (none).",
        example: "none",
    },
    Key {
        name: "forget",
        title: "Middlebox forgets",
        help: "After how long without a segment a middlebox on the way forgets a connection.",
        example: "300ms",
    },
    Key {
        name: "stray",
        title: "Forgotten",
        help: "What it does with segments of connections that it does not know: drop or reset.",
        example: "reset",
    },
    Key {
        name: "seed",
        title: "Seed",
        help: "Where chance begins: the same seed meets the same packets of each direction.",
        example: "7",
    },
];

impl Default for Link {
    fn default() -> Self {
        Self {
            rtt: Duration::ZERO,
            jitter: Duration::ZERO,
            loss: Chance::NEVER,
            drops: Drops::default(),
            data_drops: Drops::default(),
            stall: None,
            reorder: Chance::NEVER,
            duplicate: Chance::NEVER,
            rate: None,
            mtu: 1500,
            hops: 0,
            path_mtu: None,
            is_silent: false,
            forget: None,
            resets_strays: false,
            seed: 1,
        }
    }
}

impl Link {
    /// Reads settings: `key=value` with commas between. What they do not name is as in `self`, so
    /// that settings can be put on top of others; a key that stands twice adds where it lists
    /// packets, and is refused otherwise.
    ///
    /// # Errors
    /// Says which setting is wrong, why, and what it takes.
    pub fn with(&self, text: &str) -> Result<Self, Wrong> {
        let mut link = self.clone();
        let mut named: Vec<&str> = Vec::new();
        for setting in text.split(',').map(str::trim).filter(|setting| !setting.is_empty()) {
            let (name, value) = setting.split_once('=').ok_or_else(|| Wrong::form(setting))?;
            let (name, value) = (name.trim(), value.trim());
            let again = named.contains(&name);
            if again && !name.starts_with("drop") {
                return Err(Wrong::twice(name));
            }
            link.set(name, value, again)?;
            named.push(name);
        }
        Ok(link)
    }

    /// Reads settings; what they do not name is as it is by default.
    ///
    /// # Errors
    /// Says which setting is wrong, why, and what it takes.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        Self::default().with(text)
    }

    /// Sets one thing; `again` where it was set before in the same text.
    fn set(&mut self, name: &str, value: &str, again: bool) -> Result<(), Wrong> {
        let key = KEYS.iter().find(|key| key.name == name).ok_or_else(|| Wrong::unknown(name))?;
        let wrong = |why: String| Wrong::value(key, value, why);
        let most = Chance::percent(MAX_LINK_PERCENT);
        let rates = Rate::kbit(*LINK_KBITS.start())..=Rate::kbit(*LINK_KBITS.end());
        match name {
            "rtt" => self.rtt = units::time(value, MAX_LINK_RTT).map_err(wrong)?,
            "jitter" => self.jitter = units::time(value, MAX_LINK_RTT).map_err(wrong)?,
            "loss" => self.loss = units::chance(value, most).map_err(wrong)?,
            "reorder" => self.reorder = units::chance(value, most).map_err(wrong)?,
            "duplicate" => self.duplicate = units::chance(value, most).map_err(wrong)?,
            "rate" => self.rate = units::rate(value, rates).map_err(wrong)?,
            "mtu" => self.mtu = units::number(value, LINK_MTU).map_err(wrong)?,
            "hops" => self.hops = units::number(value, 0..=MAX_LINK_HOPS).map_err(wrong)?,
            "path-mtu" if value == "none" => self.path_mtu = None,
            "path-mtu" => self.path_mtu = Some(units::number(value, LINK_MTU).map_err(wrong)?),
            "icmp" => {
                self.is_silent = match value {
                    "none" => true,
                    "errors" => false,
                    _ => return Err(wrong("it is errors or none".into())),
                };
            }
            "forget" if value == "none" => self.forget = None,
            "forget" => self.forget = Some(units::time(value, MAX_LINK_MEMORY).map_err(wrong)?),
            "stray" => {
                self.resets_strays = match value {
                    "reset" => true,
                    "drop" => false,
                    _ => return Err(wrong("it is drop or reset".into())),
                };
            }
            "seed" => self.seed = units::number(value, 0..=u64::MAX).map_err(wrong)?,
            "drop" => self.drops.read(value, again).map_err(wrong)?,
            "stall-data" if value == "none" => self.stall = None,
            "stall-data" => self.stall = Some(Stall::read(value).map_err(wrong)?),
            "drop-data" => self.data_drops.read(value, again).map_err(wrong)?,
            // The table has it, and nothing here reads it.
            _ => return Err(Wrong::unknown(name)),
        }
        Ok(())
    }

    /// How long one way takes before chance, rate and waiting.
    #[must_use]
    pub fn one_way(&self) -> Duration {
        self.rtt / 2
    }

    /// Whether a packet may fail to come.
    #[must_use]
    pub fn loses(&self) -> bool {
        self.loss != Chance::NEVER
            || !self.drops.0.is_empty()
            || !self.data_drops.0.is_empty()
            || self.rate.is_some()
    }

    /// The value of the setting called `name` as text; empty for one that there is not, or that is
    /// at rest.
    #[must_use]
    pub fn value(&self, name: &str) -> String {
        let chance = |chance: Chance| {
            if chance == Chance::NEVER { String::new() } else { chance.to_string() }
        };
        let time =
            |time: Duration| if time.is_zero() { String::new() } else { units::written(time) };
        match name {
            "rtt" => units::written(self.rtt),
            "jitter" => time(self.jitter),
            "loss" => chance(self.loss),
            "drop" => self.drops.to_string(),
            "drop-data" => self.data_drops.to_string(),
            "stall-data" => self.stall.map_or_else(String::new, |stall| stall.to_string()),
            "reorder" => chance(self.reorder),
            "duplicate" => chance(self.duplicate),
            "rate" => self.rate.map_or_else(String::new, |rate| rate.to_string()),
            "mtu" => self.mtu.to_string(),
            "hops" if self.hops > 0 => self.hops.to_string(),
            "path-mtu" => self.path_mtu.map_or_else(String::new, |mtu| mtu.to_string()),
            "icmp" if self.is_silent => "none".into(),
            "forget" => self.forget.map_or_else(String::new, units::written),
            "stray" if self.resets_strays => "reset".into(),
            "seed" => self.seed.to_string(),
            _ => String::new(),
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut comma = "";
        for key in KEYS {
            let value = self.value(key.name);
            if !value.is_empty() {
                write!(f, "{comma}{}={value}", key.name)?;
                comma = ",";
            }
        }
        Ok(())
    }
}

impl Stall {
    /// Reads `server:1@300ms`.
    fn read(value: &str) -> Result<Self, String> {
        let parts = value.split_once('@').and_then(|(packet, time)| {
            let (side, number) = packet.split_once(':')?;
            Some((Side::named(side)?, number, time))
        });
        let (side, number, time) = parts.ok_or("it names a side, a number and a time")?;
        let number = units::number(number, 1..=u64::MAX)?;
        Ok(Self { side, number, time: units::time(time, MAX_LINK_RTT)? })
    }
}

impl fmt::Display for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}@{}", self.side.name(), self.number, units::written(self.time))
    }
}

impl Drops {
    /// Reads `server:3+4/client:1`, which takes the place of what was there, or adds to it; `none`
    /// is none.
    fn read(&mut self, value: &str, add: bool) -> Result<(), String> {
        if !add {
            self.0.clear();
        }
        if value == "none" {
            return Ok(());
        }
        for part in value.split('/') {
            let of_side = part
                .split_once(':')
                .and_then(|(side, numbers)| Some((Side::named(side)?, numbers)));
            let (side, numbers) = of_side.ok_or("it names a side and numbers")?;
            for number in numbers.split('+') {
                let number = units::number(number, 1..=u64::MAX)?;
                self.0.insert((side, number));
            }
        }
        if self.0.len() > MAX_LINK_DROPS {
            return Err(format!("at most {MAX_LINK_DROPS} packets can be named"));
        }
        Ok(())
    }
}

impl fmt::Display for Drops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = None;
        for (side, number) in self.iter() {
            match last.replace(side) {
                Some(before) if before == side => write!(f, "+{number}")?,
                Some(_) => write!(f, "/{}:{number}", side.name())?,
                None => write!(f, "{}:{number}", side.name())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_written_alike() {
        let check = |text: &str, expected: &str| {
            let link = Link::parse(text).unwrap();
            assert_eq!(link.to_string(), expected, "{text}");
            assert_eq!(Link::parse(expected).unwrap(), link, "{expected}");
        };
        check("", "rtt=0ms,mtu=1500,seed=1");
        check("rtt=100ms,loss=2%,seed=7", "rtt=100ms,loss=2%,mtu=1500,seed=7");
        check(" rtt = 0.1s , jitter=500us", "rtt=100ms,jitter=500us,mtu=1500,seed=1");
        check("drop=server:3,mtu=576", "rtt=0ms,drop=server:3,mtu=576,seed=1");
        check(
            "drop=server:4+3,drop=client:1,drop-data=server:9",
            "rtt=0ms,drop=client:1/server:3+4,drop-data=server:9,mtu=1500,seed=1",
        );
        check("stall-data=server:1@0.3s", "rtt=0ms,stall-data=server:1@300ms,mtu=1500,seed=1");
        check("stall-data=none", "rtt=0ms,mtu=1500,seed=1");
        check("rate=1.5mbit,reorder=0.25%", "rtt=0ms,reorder=0.25%,rate=1500kbit,mtu=1500,seed=1");
        check("drop=none,loss=0%,rate=none", "rtt=0ms,mtu=1500,seed=1");
        check("hops=3", "rtt=0ms,mtu=1500,hops=3,seed=1");
        check("path-mtu=1280,icmp=none", "rtt=0ms,mtu=1500,path-mtu=1280,icmp=none,seed=1");
        check("hops=0,path-mtu=none,icmp=errors", "rtt=0ms,mtu=1500,seed=1");
        check("forget=0.3s,stray=reset", "rtt=0ms,mtu=1500,forget=300ms,stray=reset,seed=1");
        check("forget=none,stray=drop", "rtt=0ms,mtu=1500,seed=1");
    }

    #[test]
    fn each_setting_of_the_table_is_read_and_written_as_itself() {
        for key in KEYS {
            let link = Link::parse(&format!("{}={}", key.name, key.example)).unwrap();
            assert_eq!(link.value(key.name), key.example, "{}", key.name);
        }
    }

    #[test]
    fn settings_go_on_top_of_others() {
        let base = Link::parse("rtt=40ms,drop=server:3").unwrap();
        let check = |text: &str, expected: &str| {
            assert_eq!(base.with(text).unwrap().to_string(), expected, "{text}");
        };
        check("", "rtt=40ms,drop=server:3,mtu=1500,seed=1");
        check("drop=server:5", "rtt=40ms,drop=server:5,mtu=1500,seed=1");
        check("drop=none,rtt=1s", "rtt=1s,mtu=1500,seed=1");
    }

    #[test]
    fn what_is_wrong_says_what_why_and_what_to_do() {
        let check = |text: &str, cause: &str, mend: &str| {
            let wrong = Link::parse(text).unwrap_err();
            assert!(wrong.cause.contains(cause), "{text}: {wrong}");
            assert!(wrong.mend.contains(mend), "{text}: {}", wrong.mend);
        };
        check("rtt", "\"rtt\" is no setting of a link", "key=value");
        check("delay=5ms", "no setting called \"delay\"", "rtt, jitter, loss");
        check("rtt=5", "rtt cannot be \"5\": a time has a unit", "rtt=100ms");
        check("rtt=1h", "a time has a unit", "ms");
        check("rtt=11s", "it is at most 10s", "rtt=100ms");
        check("rtt=-1ms", "\"-1\" is not a number", "rtt=100ms");
        check("rtt=NaNms", "is not a number", "rtt=100ms");
        check("loss=2", "percent", "loss=2%");
        check("loss=60%", "at most 50%", "loss=2%");
        check("rate=10", "a rate has a unit", "rate=10mbit");
        check("rate=2gbit", "between 8kbit and 1gbit", "rate=10mbit");
        check("rate=1kbit", "between 8kbit and 1gbit", "rate=10mbit");
        check("mtu=500", "between 576 and 9000", "mtu=1500");
        check("mtu=99999999", "between 576 and 9000", "mtu=1500");
        check("drop=3", "a side and numbers", "drop=server:3");
        check("drop=proxy:3", "a side and numbers", "drop=server:3");
        check("drop=server:0", "1 or more", "drop=server:3");
        check("drop=server:x", "\"x\" is not a number", "drop=server:3");
        check("stall-data=server:1", "a side, a number and a time", "stall-data=server:1@300ms");
        check("stall-data=server:0@1ms", "1 or more", "stall-data=server:1@300ms");
        check("stall-data=server:1@11s", "at most 10s", "stall-data=server:1@300ms");
        check("hops=31", "between 0 and 30", "hops=3");
        check("path-mtu=100", "between 576 and 9000", "path-mtu=1280");
        check("icmp=some", "it is errors or none", "icmp=none");
        check("forget=5h", "a time has a unit", "forget=300ms");
        check("forget=2000s", "it is at most", "forget=300ms");
        check("stray=bounce", "it is drop or reset", "stray=reset");
        check("seed=7,seed=8", "seed stands twice", "once");
    }
}
