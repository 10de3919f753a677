//! Contents laid out for reading: JSON indented, forms field by field, text as it stands.

use super::text;

/// The lines of a content of this media type.
pub(super) fn lines(kind: &str, bytes: &[u8]) -> Box<dyn Iterator<Item = String>> {
    let is_json = kind == "application/json" || kind.ends_with("+json");
    if is_json && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok() {
        return Box::new(text(&json(bytes)));
    }
    if kind == "application/x-www-form-urlencoded" {
        return Box::new(form(bytes).into_iter());
    }
    let is_text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    if is_text {
        return Box::new(text(bytes));
    }
    let kind = if kind.is_empty() { "of no kind" } else { kind };
    Box::new(std::iter::once(format!("({} bytes, {kind})", bytes.len())))
}

/// JSON with a line for each value, in the order in which it came.
fn json(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut depth, mut in_string, mut is_escaped) = (Vec::new(), 0usize, false, false);
    let newline = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.extend(std::iter::repeat_n(b' ', 2 * depth.min(64)));
    };
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if in_string {
            out.push(byte);
            in_string = is_escaped || byte != b'"';
            is_escaped = byte == b'\\' && !is_escaped;
            continue;
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'{' | b'[' => {
                out.push(byte);
                while rest.next_if(u8::is_ascii_whitespace).is_some() {}
                if let Some(end) = rest.next_if(|next| matches!(next, b'}' | b']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    newline(&mut out, depth);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                newline(&mut out, depth);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                newline(&mut out, depth);
            }
            b':' => out.extend(b": "),
            _ => {
                in_string = byte == b'"';
                out.push(byte);
            }
        }
    }
    out
}

/// The fields of a form, decoded (URL Standard, application/x-www-form-urlencoded parsing).
fn form(bytes: &[u8]) -> Vec<String> {
    let decoded = |part: &[u8]| {
        let mut out = Vec::new();
        let mut rest = part.iter().copied();
        while let Some(byte) = rest.next() {
            let mut ahead = rest.clone();
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            match (byte, digit(ahead.next()), digit(ahead.next())) {
                (b'%', Some(high), Some(low)) => {
                    out.push((high * 16 + low) as u8);
                    rest = ahead;
                }
                (b'+', ..) => out.push(b' '),
                _ => out.push(byte),
            }
        }
        String::from_utf8_lossy(&out).replace(|c: char| c.is_control(), ".")
    };
    let fields = bytes.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
    let told = fields.map(|field| {
        let mut parts = field.splitn(2, |byte| *byte == b'=').map(decoded);
        let name = parts.next().unwrap_or_default();
        parts.next().map_or(name.clone(), |value| format!("{name} = {value}"))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: &str, bytes: &[u8], expected: &[&str]) {
        assert_eq!(lines(kind, bytes).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn contents_are_laid_out_by_their_kind() {
        let json = br#"{"z":[1,{ }],"a":"x,\"{y","b" :null}"#;
        let told = [
            "{",
            "  \"z\": [",
            "    1,",
            "    {}",
            "  ],",
            "  \"a\": \"x,\\\"{y\",",
            "  \"b\": null",
            "}",
        ];
        check("application/json", json, &told);
        check("application/problem+json", b"[]", &["[]"]);
        check("application/json", b"{broken", &["{broken"]);
        let form = b"name=J%C3%BCrgen+M&text=a%26b%0a&flag&x=%zz";
        let told = ["name = Jürgen M", "text = a&b.", "flag", "x = %zz"];
        check("application/x-www-form-urlencoded", form, &told);
        check("text/plain", b"a\r\nb\n", &["a", "b"]);
        check("image/png", b"\x89PNG\0", &["(5 bytes, image/png)"]);
        check("", b"\xff\xfe", &["(2 bytes, of no kind)"]);
    }
}
