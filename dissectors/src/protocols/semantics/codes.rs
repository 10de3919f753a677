//! What status codes are called, and what they say in one sentence.

/// The name Wireshark gives a status code, where it knows one.
pub(in crate::protocols) fn name(code: u16) -> Option<&'static str> {
    Some(match code {
        100 => "Continue",
        101 => "Switching Protocols",
        102 => "Processing",
        103 => "Early Hints",
        199 => "Informational - Others",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        207 => "Multi-Status",
        208 => "Already Reported",
        226 => "IM Used",
        299 => "Success - Others",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        305 => "Use Proxy",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        399 => "Redirection - Others",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Time-out",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Requested Range Not Satisfiable",
        417 => "Expectation Failed",
        418 => "I'm a teapot",
        421 => "Misdirected Request",
        422 => "Unprocessable Entity",
        423 => "Locked",
        424 => "Failed Dependency",
        425 => "Too Early",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        499 => "Client Error - Others",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Time-out",
        505 => "HTTP Version not supported",
        506 => "Variant Also Negotiates",
        507 => "Insufficient Storage",
        508 => "Loop Detected",
        510 => "Not Extended",
        511 => "Network Authentication Required",
        599 => "Server Error - Others",
        _ => return None,
    })
}

/// What the standard calls a status code today (RFC 9110, section 15), where Wireshark keeps an
/// older name.
pub(in crate::protocols) fn today(code: u16) -> Option<&'static str> {
    match code {
        203 => Some("Non-Authoritative Information"),
        408 => Some("Request Timeout"),
        413 => Some("Content Too Large"),
        414 => Some("URI Too Long"),
        416 => Some("Range Not Satisfiable"),
        422 => Some("Unprocessable Content"),
        504 => Some("Gateway Timeout"),
        505 => Some("HTTP Version Not Supported"),
        code => name(code),
    }
}

/// What a response of that code means, and the section of RFC 9110 that says so.
pub(in crate::protocols) fn meaning(code: u16) -> (&'static str, &'static str) {
    match code {
        100 => ("The server has not refused so far: the client may send the body", "15.2.1"),
        101 => ("From here on the two sides speak another protocol", "15.2.2"),
        200 => ("The request succeeded, and this is its result", "15.3.1"),
        201 => ("The request succeeded and made a new resource", "15.3.2"),
        202 => ("The request was accepted; the work is not done yet", "15.3.3"),
        204 => ("The request succeeded, and there is nothing to send back", "15.3.5"),
        206 => ("Here is the part of the resource that was asked for", "15.3.7"),
        301 => ("The resource has moved for good: ask at the new address", "15.4.2"),
        302 => ("The resource is elsewhere for now: ask there", "15.4.3"),
        303 => ("The answer is elsewhere: fetch it with GET", "15.4.4"),
        304 => ("What the client keeps in its cache is still valid", "15.4.5"),
        307 => ("The resource is elsewhere for now: repeat the request there", "15.4.8"),
        308 => ("The resource has moved for good: repeat the request there", "15.4.9"),
        400 => ("The server finds fault with the request and does not process it", "15.5.1"),
        401 => ("The server wants to know who asks", "15.5.2"),
        403 => ("The server understood, and refuses", "15.5.4"),
        404 => ("The server has nothing to show at this address", "15.5.5"),
        405 => ("The resource does not take this method", "15.5.6"),
        406 => ("The server has it in no form that the client takes", "15.5.7"),
        407 => ("The proxy wants to know who asks", "15.5.8"),
        408 => ("The request did not come in the time that the server waits", "15.5.9"),
        409 => ("The request does not fit the state that the resource is in", "15.5.10"),
        410 => ("What was at this address is gone, and most likely for good", "15.5.11"),
        411 => ("The server takes no content whose length is not said before", "15.5.12"),
        412 => ("A condition that the request sets does not hold", "15.5.13"),
        413 => ("The content is larger than the server will take", "15.5.14"),
        414 => ("The address is longer than the server will read", "15.5.15"),
        415 => ("The server does not take content of this type", "15.5.16"),
        416 => ("The resource has no such part as was asked for", "15.5.17"),
        417 => ("The server cannot do what the request expects of it", "15.5.18"),
        421 => ("This server does not answer for that site: ask on another connection", "15.5.20"),
        422 => ("The content can be read, and its orders cannot be followed", "15.5.21"),
        426 => ("The server wants another protocol to be spoken first", "15.5.22"),
        // RFC 6585 says what its class does not.
        429 => ("The client asks too often: it may come again later", "15.5"),
        500 => ("The server failed on a request that may be right", "15.6.1"),
        501 => ("The server does not know how to do what is asked", "15.6.2"),
        502 => ("The server behind this one gave no usable answer", "15.6.3"),
        503 => ("The server cannot answer now, but may later", "15.6.4"),
        504 => ("The server behind this one did not answer in time", "15.6.5"),
        505 => ("The server does not speak this version of HTTP", "15.6.6"),
        code => of_class(code / 100),
    }
}

/// What a class of codes means: a client that does not know a code takes it for the first of its
/// class (RFC 9110, section 15).
fn of_class(class: u16) -> (&'static str, &'static str) {
    match class {
        1 => ("An interim word; the final response is still to come", "15.2"),
        2 => ("The request succeeded", "15.3"),
        3 => ("The client has to go somewhere else", "15.4"),
        4 => ("The server finds fault with the request", "15.5"),
        5 => ("The server failed on a request that may be right", "15.6"),
        _ => ("A code that no class of status codes knows", "15"),
    }
}

#[cfg(test)]
mod tests {
    use super::{meaning, today};

    #[test]
    fn each_code_is_told_by_its_own_section() {
        let table = [
            (406, "Not Acceptable", "The server has it in no form that the client takes", "15.5.7"),
            (407, "Proxy Authentication Required", "The proxy wants to know who asks", "15.5.8"),
            (
                408,
                "Request Timeout",
                "The request did not come in the time that the server waits",
                "15.5.9",
            ),
            (
                409,
                "Conflict",
                "The request does not fit the state that the resource is in",
                "15.5.10",
            ),
            (410, "Gone", "What was at this address is gone, and most likely for good", "15.5.11"),
            (
                411,
                "Length Required",
                "The server takes no content whose length is not said before",
                "15.5.12",
            ),
            (
                412,
                "Precondition Failed",
                "A condition that the request sets does not hold",
                "15.5.13",
            ),
            (
                413,
                "Content Too Large",
                "The content is larger than the server will take",
                "15.5.14",
            ),
            (414, "URI Too Long", "The address is longer than the server will read", "15.5.15"),
            (
                415,
                "Unsupported Media Type",
                "The server does not take content of this type",
                "15.5.16",
            ),
            (
                416,
                "Range Not Satisfiable",
                "The resource has no such part as was asked for",
                "15.5.17",
            ),
            (
                417,
                "Expectation Failed",
                "The server cannot do what the request expects of it",
                "15.5.18",
            ),
            (
                421,
                "Misdirected Request",
                "This server does not answer for that site: ask on another connection",
                "15.5.20",
            ),
            (
                422,
                "Unprocessable Content",
                "The content can be read, and its orders cannot be followed",
                "15.5.21",
            ),
            (
                426,
                "Upgrade Required",
                "The server wants another protocol to be spoken first",
                "15.5.22",
            ),
            (
                429,
                "Too Many Requests",
                "The client asks too often: it may come again later",
                "15.5",
            ),
            (501, "Not Implemented", "The server does not know how to do what is asked", "15.6.2"),
            (
                505,
                "HTTP Version Not Supported",
                "The server does not speak this version of HTTP",
                "15.6.6",
            ),
        ];
        for (code, name, sentence, section) in table {
            assert_eq!((today(code), meaning(code)), (Some(name), (sentence, section)), "{code}");
        }
        assert_eq!(
            (today(203), today(504)),
            (Some("Non-Authoritative Information"), Some("Gateway Timeout"))
        );
        assert_eq!(meaning(418), ("The server finds fault with the request", "15.5"));
    }
}
