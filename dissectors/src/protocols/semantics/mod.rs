//! What all versions of HTTP have in common (RFC 9110): status codes, content codings, lists, what
//! a stream is for, by what a request is known where it is handed on, which one turned a connection
//! to another protocol, and with which settings. A shared room: no protocol itself.

mod asked;
mod call;
pub(super) mod codes;
mod codings;
mod escapes;
mod known;
mod lessons;
mod lists;
mod methods;
mod settings;
mod upgraded;
mod words;

pub(super) use asked::Asked;
pub(super) use call::{Call, HttpVersion};
pub(super) use codings::Codings;
pub(super) use escapes::unescaped;
pub(super) use known::{absolute, known};
pub(super) use lessons::lesson;
pub(super) use lists::{list, number};
pub(super) use methods::meaning;
pub(super) use settings::{SETTING_LEN, SETTINGS, SettingFields, setting};
pub(super) use upgraded::Upgraded;
pub(super) use words::{count, short};
