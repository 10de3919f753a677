//! What is taken out of an archive, and what stays.

use super::entry::Writer;
use super::secrets::Secrets;

/// A header's value with secrets taken out, and what was found.
#[track_caller]
fn check(name: &str, value: &str, expected: &str, found: Option<&str>) {
    let mut secrets = Secrets::default();
    secrets.begin();
    assert_eq!(secrets.in_header(name, value, false), value, "nothing changes unless asked");
    assert_eq!(secrets.in_header(name, value, true), expected);
    let found = found.map(|found| format!("{found} in 1 request"));
    assert_eq!(secrets.told(true), found);
}

#[test]
fn values_are_taken_out_and_names_stay() {
    let (cookies, credentials) = (Some("cookies"), Some("authorisation"));
    let (tokens, queries) = (Some("tokens or passwords"), Some("values in queries and forms"));
    check("Cookie", "a=1; b=2", "a=REDACTED; b=REDACTED", cookies);
    check("set-cookie", "id=7; Path=/; Secure", "id=REDACTED; Path=/; Secure", cookies);
    check("Authorization", "Bearer abc.def", "Bearer REDACTED", credentials);
    check("proxy-authorization", "abc", "REDACTED", credentials);
    check("X-Auth-Token", "abc", "REDACTED", tokens);
    check("X-Api-Key", "abc", "REDACTED", tokens);
    check(":path", "/a?b=c&d", "/a?b=REDACTED&d", queries);
    check("Referer", "https://h/a?q=1", "https://h/a?q=REDACTED", queries);
    check("location", "https://u:p@h/a@b", "https://REDACTED@h/a@b", credentials);
    check("location", "/a?access_token=1", "/a?access_token=REDACTED", tokens);
    check(":authority", "h:80", "h:80", None);
    check("From", "somebody@example.org", "somebody@example.org", None);
    check("Accept", "*/*", "*/*", None);
}

/// A content with secrets taken out.
#[track_caller]
fn check_content(kind: &str, text: &str, expected: &str) {
    let mut secrets = Secrets::default();
    assert_eq!(secrets.in_content(kind, text, false), text);
    assert_eq!(secrets.in_content(kind, text, true), expected);
    assert_eq!(secrets.told(true).is_some(), text != expected);
}

#[test]
fn contents_lose_forms_values_and_what_json_calls_secret() {
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    check_content(form, "user=me&password=x", "user=REDACTED&password=REDACTED");
    let token = r#"{"access_token":"x","expires":3,"list":[{"pwd":"y"},{"pwd":1}]}"#;
    let taken_out =
        r#"{"access_token":"REDACTED","expires":3,"list":[{"pwd":"REDACTED"},{"pwd":"REDACTED"}]}"#;
    check_content("application/problem+json", token, taken_out);
    check_content("application/json", "{\"a\": 1 }", "{\"a\": 1 }");
    check_content("application/json", "{\"token\":", "{\"token\":");
    check_content("text/html", "token=1", "token=1");
}

#[test]
fn a_request_counts_once_however_many_secrets_it_holds() {
    let mut secrets = Secrets::default();
    for _ in 0..2 {
        secrets.begin();
        for _ in 0..3 {
            secrets.in_header("cookie", "a=1", false);
        }
    }
    assert_eq!(secrets.told(true).as_deref(), Some("cookies in 2 requests"));
    let writer = Writer { redact: true, secrets: &mut secrets };
    assert_eq!([writer.cookie("a"), writer.cookie("")], ["REDACTED", ""]);
}
