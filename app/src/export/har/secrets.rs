//! Secrets: what in a request lets whoever reads it act as who sent it; found, counted, and taken
//! out where that is asked for.
//!
//! What is taken out: the values of cookies; credentials; values of fields, parameters and JSON
//! members whose names say that they are secret; all values of queries and of forms; and what
//! stands before the host of a URL. Names stay, and so do contents that are neither.

use serde_json::Value;

use super::entry::{Writer, is_form};

/// What stands where something was taken out.
pub(super) const TAKEN_OUT: &str = "REDACTED";

/// Parts of names that say that the value is nobody else's business.
const SECRET_NAMES: [&str; 15] = [
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "api-key",
    "api_key",
    "authori",
    "credential",
    "session",
    "signature",
    "csrf",
    "xsrf",
    "jwt",
];

/// Members and parameters that are secret under exactly this name.
const SECRET_WORDS: [&str; 6] = ["pwd", "pass", "sid", "auth", "sig", "assertion"];

/// How many requests hold which secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    cookies: Count,
    credentials: Count,
    tokens: Count,
    queries: Count,
}

/// A number of requests; the one at hand counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    requests: u64,
    is_in_this: bool,
}

impl Count {
    fn add(&mut self) {
        self.requests += u64::from(!std::mem::replace(&mut self.is_in_this, true));
    }
}

impl Secrets {
    /// Another request begins.
    pub(super) fn begin(&mut self) {
        for count in [&mut self.cookies, &mut self.credentials, &mut self.tokens, &mut self.queries]
        {
            count.is_in_this = false;
        }
    }

    /// Whether there are any that let somebody act as who sent them: what stands in queries may be
    /// a secret, and mostly is none.
    pub(super) const fn are_any(&self) -> bool {
        self.cookies.requests + self.credentials.requests + self.tokens.requests > 0
    }

    /// What there is, in words; nothing where there is none. What stands in queries and forms is
    /// told where it was taken out: it may be a secret, and mostly is none.
    #[must_use]
    pub fn told(&self, taken_out: bool) -> Option<String> {
        let counts = [
            ("cookies", self.cookies, true),
            ("authorisation", self.credentials, true),
            ("tokens or passwords", self.tokens, true),
            ("values in queries and forms", self.queries, taken_out),
        ];
        let found = counts.iter().filter(|(_, count, is_told)| *is_told && count.requests > 0);
        let words: Vec<String> = found
            .map(|(what, Count { requests, .. }, _)| match requests {
                1 => format!("{what} in 1 request"),
                more => format!("{what} in {more} requests"),
            })
            .collect();
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// A value of a header.
    pub(super) fn in_header(&mut self, name: &str, value: &str, redact: bool) -> String {
        let known = name.to_ascii_lowercase();
        let taken_out = match known.as_str() {
            "cookie" => {
                self.cookies.add();
                let pairs = value.split(';').map(without_value);
                pairs.collect::<Vec<_>>().join(";")
            }
            "set-cookie" => {
                self.cookies.add();
                let (pair, rest) = value.split_at(value.find(';').unwrap_or(value.len()));
                without_value(pair) + rest
            }
            "authorization" | "proxy-authorization" => {
                self.credentials.add();
                let (scheme, rest) = value.split_once(' ').unwrap_or(("", value));
                let gap = if scheme.is_empty() || rest.is_empty() { "" } else { " " };
                format!("{scheme}{gap}{TAKEN_OUT}")
            }
            // It names the server, and no secret.
            ":authority" => return value.to_owned(),
            other if is_secret(other) => {
                self.tokens.add();
                TAKEN_OUT.to_owned()
            }
            _ if value.contains('?') || value.contains('@') => return self.in_url(value, redact),
            _ => return value.to_owned(),
        };
        if redact { taken_out } else { value.to_owned() }
    }

    /// A URL, or a path with a query: its values are taken out, and so is who asks.
    pub(super) fn in_url(&mut self, url: &str, redact: bool) -> String {
        let (before, query) = match url.split_once('?') {
            Some((before, query)) => (before, Some(query)),
            None => (url, None),
        };
        let host = before.find("://").map_or(0, |at| at + 3);
        let end = before.get(host..).and_then(|rest| rest.find('/'));
        let end = end.map_or(before.len(), |len| host + len);
        let user = before.get(host..end).and_then(|host| host.rfind('@')).filter(|_| host > 0);
        if user.is_some() {
            self.credentials.add();
        }
        let query = query.map(|query| self.in_pairs(query, redact));
        let mut out = match user.filter(|_| redact) {
            Some(user) => {
                let (scheme, rest) = before.split_at(host);
                format!("{scheme}{TAKEN_OUT}{}", rest.get(user..).unwrap_or_default())
            }
            None => before.to_owned(),
        };
        if let Some(query) = query {
            out += "?";
            out += &query;
        }
        out
    }

    /// Parameters of a query or of a form.
    fn in_pairs(&mut self, pairs: &str, redact: bool) -> String {
        let each = pairs.split('&').map(|pair| {
            let Some((name, value)) = pair.split_once('=') else { return pair.to_owned() };
            if value.is_empty() {
                return pair.to_owned();
            }
            let found = if is_secret(&name.to_ascii_lowercase()) {
                &mut self.tokens
            } else {
                &mut self.queries
            };
            found.add();
            if redact { format!("{name}={TAKEN_OUT}") } else { pair.to_owned() }
        });
        each.collect::<Vec<_>>().join("&")
    }

    /// A content that is text: the values of a form, and members of JSON whose names are secret.
    pub(super) fn in_content(&mut self, kind: &str, text: &str, redact: bool) -> String {
        if is_form(kind) {
            return self.in_pairs(text, redact);
        }
        let is_json = kind.to_ascii_lowercase().contains("json");
        let Ok(mut value) = serde_json::from_str(if is_json { text } else { "" }) else {
            return text.to_owned();
        };
        if !take_out(&mut value) {
            return text.to_owned();
        }
        self.tokens.add();
        if redact { value.to_string() } else { text.to_owned() }
    }
}

impl Writer<'_> {
    /// The value of a cookie.
    pub(super) fn cookie(&self, value: &str) -> String {
        let taken_out = self.redact && !value.is_empty();
        if taken_out { TAKEN_OUT.to_owned() } else { value.to_owned() }
    }
}

/// A pair without its value.
fn without_value(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) => format!("{name}={TAKEN_OUT}"),
        None if pair.trim().is_empty() => pair.to_owned(),
        None => TAKEN_OUT.to_owned(),
    }
}

/// Whether what bears this name, in lower case, is nobody else's business.
fn is_secret(name: &str) -> bool {
    SECRET_WORDS.contains(&name) || SECRET_NAMES.iter().any(|part| name.contains(part))
}

/// Takes secrets out of JSON; says whether there were any.
fn take_out(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut any = false;
            for (name, value) in members.iter_mut() {
                let is_word = value.is_string() || value.is_number();
                if is_word && is_secret(&name.to_ascii_lowercase()) {
                    *value = TAKEN_OUT.into();
                    any = true;
                } else {
                    any |= take_out(value);
                }
            }
            any
        }
        // All of them: whether one has any must not end the walk.
        Value::Array(items) => items.iter_mut().fold(false, |any, item| take_out(item) | any),
        _ => false,
    }
}
