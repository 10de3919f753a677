//! A request as a command line of curl, for a shell: the same method, address, head and content.

use wirestage_dissectors::requests::{Content, Detail, Half, Request};

/// Fields that curl writes by itself, or that belong to the connection and not to the request
/// (RFC 9110, section 7.6.1).
const OWN: [&str; 7] = [
    "host",
    "content-length",
    "connection",
    "keep-alive",
    "proxy-connection",
    "transfer-encoding",
    "upgrade",
];

/// The command line of a request.
#[must_use]
pub fn curl(request: &Request, detail: &Detail) -> String {
    command((&request.method, &request.url(), &request.version), &detail.question)
}

fn command((method, url, version): (&str, &str, &str), question: &Half) -> String {
    let mut words = vec!["curl".to_owned()];
    match version {
        "HTTP/1.0" => words.push("--http1.0".to_owned()),
        "HTTP/2" => words.push("--http2".to_owned()),
        "HTTP/3" => words.push("--http3".to_owned()),
        _ => {}
    }
    let content = question.content.as_ref().filter(|content| !content.bytes.is_empty());
    match (method, content) {
        ("GET", None) | ("POST", Some(_)) | ("", _) => {}
        ("HEAD", None) => words.push("--head".to_owned()),
        (method, _) => words.extend(["-X".to_owned(), quoted(method)]),
    }
    words.push(quoted(url));
    let mut note = "";
    for (name, value) in &question.fields {
        let name = String::from_utf8_lossy(name);
        let is_own = name.starts_with(':') || OWN.iter().any(|own| name.eq_ignore_ascii_case(own));
        if is_own {
            continue;
        }
        if name.eq_ignore_ascii_case("accept-encoding") {
            words.push("--compressed".to_owned());
        }
        words.extend([
            "-H".to_owned(),
            quoted(&format!("{name}: {}", String::from_utf8_lossy(value))),
        ]);
    }
    if let Some(Content { bytes, unkept, .. }) = content {
        match std::str::from_utf8(bytes) {
            Ok(text) if *unkept == 0 && !text.contains('\0') => {
                words.extend(["--data-raw".to_owned(), quoted(text)]);
            }
            _ => {
                words.extend(["--data-binary".to_owned(), "@content.bin".to_owned()]);
                note = "  # save the content as content.bin first";
            }
        }
    }
    words.join(" ") + note
}

/// A word for a shell, as it stands (POSIX.1-2024, shell command language, 2.2.2).
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: &str, version: &str, fields: &[(&str, &str)], content: &[u8], expected: &str) {
        let own =
            |(name, value): &(&str, &str)| (name.as_bytes().to_vec(), value.as_bytes().to_vec());
        let content = (!content.is_empty())
            .then(|| Content { bytes: content.to_vec(), ..Content::default() });
        let half = Half { fields: fields.iter().map(own).collect(), content, ..Half::default() };
        assert_eq!(command((method, "http://a.test/b?c=1&d", version), &half), expected);
    }

    #[test]
    fn a_request_is_written_for_a_shell() {
        let url = "'http://a.test/b?c=1&d'";
        check("GET", "HTTP/1.1", &[("Host", "a.test")], b"", &format!("curl {url}"));
        check(
            "POST",
            "HTTP/2",
            &[(":method", "POST"), ("content-type", "text/plain"), ("content-length", "4")],
            b"it's",
            &format!("curl --http2 {url} -H 'content-type: text/plain' --data-raw 'it'\\''s'"),
        );
        check(
            "PUT",
            "HTTP/1.1",
            &[("Accept-Encoding", "gzip"), ("X", "$(rm -rf /)")],
            b"\xff",
            &format!(
                "curl -X PUT {url} --compressed -H 'Accept-Encoding: gzip' -H 'X: $(rm -rf /)' \
                 --data-binary @content.bin  # save the content as content.bin first"
            ),
        );
        check("HEAD", "HTTP/1.0", &[], b"", &format!("curl --http1.0 --head {url}"));
    }
}
