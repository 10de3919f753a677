//! Contents in answers of HTTP, field by field, and what breaks their rules.

use crate::protocols::stage::{Played, ask, play, say};

/// An answer with content of a type.
fn answer(kind: &str, content: &[u8]) -> Played {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        content.len()
    );
    play(&[ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), say([head.as_bytes(), content].concat())])
}

/// Holds what is told of content against a table: each field with its value, then notes.
#[track_caller]
fn check(kind: &str, content: &[u8], expected: &[&str]) {
    let stage = answer(kind, content);
    let told = stage.describe(&stage.messages()[1]);
    let from = told.fields.iter().position(|(name, _)| *name == "http.file_data").unwrap() + 1;
    let own = told.fields[from..].iter().filter(|(name, _)| name.contains('.'));
    let found = own.map(|(name, text)| format!("{name}={text}"));
    let found: Vec<String> =
        found.chain(told.notes.iter().map(|note| format!("! {note}"))).collect();
    assert_eq!(found, expected, "{found:#?}");
}

#[test]
fn json_is_laid_out() {
    check(
        "application/json; charset=utf-8",
        br#"{"a": 1, "b": [true, null, "x\u00e9", {"c": false}], "d": {}}"#,
        &[
            "json.object=",
            "json.member=a",
            "json.path_with_value=/a:1",
            "json.member_with_value=a:1",
            "json.value.number=1",
            "json.key=a",
            "json.path=/a",
            "json.member=b",
            "json.array=",
            "json.path_with_value=/b/[]:true",
            "json.member_with_value=[]:true",
            "json.value.true=",
            "json.path_with_value=/b/[]:null",
            "json.member_with_value=[]:null",
            "json.value.null=",
            "json.path_with_value=/b/[]:xé",
            "json.member_with_value=[]:xé",
            "json.value.string=xé",
            "json.object=",
            "json.member=c",
            "json.path_with_value=/b/[]/c:false",
            "json.member_with_value=c:false",
            "json.value.false=",
            "json.key=c",
            "json.path=/b/[]/c",
            "json.key=b",
            "json.path=/b",
            "json.member=d",
            "json.object=",
            "json.key=d",
            "json.path=/d",
        ],
    );
    let broken = "! No JSON goes on like this (RFC 8259)";
    check(
        "application/problem+json",
        b"[1, ",
        &[
            "json.array=",
            "json.path_with_value=/[]:1",
            "json.member_with_value=[]:1",
            "json.value.number=1",
            broken,
        ],
    );
    check("text/json", b"\"top\" x", &["json.value.string=top", broken]);
    check("application/json", b"tru", &["json.value.true=", broken]);
}

#[test]
fn what_is_too_deep_or_too_long_is_cut() {
    let too_much = "! No more is told than 8192 values, 32 in each other";
    for content in ["[".repeat(100_000), format!("[{}0]", "0,".repeat(10_000))] {
        let stage = answer("application/json", content.as_bytes());
        let told = stage.describe(&stage.messages()[1]);
        assert!(told.fields.len() <= 3 * 8192 + 20, "{}", told.fields.len());
        assert_eq!(format!("! {}", told.notes[0]), too_much);
    }
    let deep = answer("text/xml", "<a>".repeat(100_000).as_bytes());
    let told = deep.describe(&deep.messages()[1]);
    assert_eq!(told.notes, ["Not all is told of content that is so long, or so deep"]);
    let lines = answer("text/plain", "a\n".repeat(10_000).as_bytes());
    assert_eq!(lines.describe(&lines.messages()[1]).notes, ["No more lines are told than 8192"]);
    // A long key does not make paths of its length.
    let long = format!("{{\"{}\": {{\"a\": [0, 0]}}}}", "k".repeat(100_000));
    let stage = answer("application/json", long.as_bytes());
    assert_eq!(stage.values("json.path"), "/a ");
}

#[test]
fn forms_are_told_by_their_items() {
    check(
        "application/x-www-form-urlencoded",
        b"a=1&b=two+words&&c=%C3%A9&d&e=%zz",
        &[
            "urlencoded-form.item=a = 1",
            "urlencoded-form.key=a",
            "urlencoded-form.value=1",
            "urlencoded-form.item=b = two words",
            "urlencoded-form.key=b",
            "urlencoded-form.value=two words",
            "urlencoded-form.item=c = é",
            "urlencoded-form.key=c",
            "urlencoded-form.value=é",
            "urlencoded-form.item=d = ",
            "urlencoded-form.key=d",
            "urlencoded-form.value=",
            "urlencoded-form.item=e = %zz",
            "urlencoded-form.key=e",
            "urlencoded-form.value=%zz",
        ],
    );
}

#[test]
fn parts_have_heads_and_types_of_their_own() {
    let content = b"before\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--B \r\n\
        Content-Type: application/json\r\nContent-Id: <1>\r\n\r\n[7]\r\n--Bx\r\n\r\n--B--\r\nbehind";
    check(
        "multipart/form-data; boundary=\"B\"",
        content,
        &[
            "mime_multipart.type=multipart/form-data",
            "mime_multipart.preamble=6265666f7265",
            "mime_multipart.first_boundary=\r\n--B\r\n",
            "mime_multipart.part=",
            "mime_multipart.header.content-disposition=form-data; name=\"a\"",
            "data.data=6f6e65",
            "mime_multipart.boundary=\r\n--B \r\n",
            "mime_multipart.part=",
            "mime_multipart.header.content-type=application/json",
            "mime_multipart.header.content-id=<1>",
            "json.array=",
            "json.path_with_value=/[]:7",
            "json.member_with_value=[]:7",
            "json.value.number=7",
            "mime_multipart.last_boundary=\r\n--B--\r\n",
            "mime_multipart.trailer=626568696e64",
            // The line that only begins like one belongs to the part before.
            "! No JSON goes on like this (RFC 8259)",
        ],
    );
    let nothing = "! Nothing says what stands between the parts (RFC 2046, section 5.1.1)";
    check("multipart/mixed", b"--B\r\n", &["mime_multipart.type=multipart/mixed", nothing]);
    let missing = "! The line that stands between the parts is not there (RFC 2046, section 5.1.1)";
    check(
        "multipart/mixed; boundary=C",
        b"--B\r\n",
        &["mime_multipart.type=multipart/mixed", missing],
    );
    check(
        "multipart/mixed; boundary=B",
        b"--B\r\n\r\nx",
        &[
            "mime_multipart.type=multipart/mixed",
            "mime_multipart.first_boundary=--B\r\n",
            "mime_multipart.part=",
            "data.data=78",
            "! The content ends within a part",
        ],
    );
    // Parts in parts in parts end somewhere.
    let inside = b"--B\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n".repeat(1000);
    let stage = answer("multipart/mixed; boundary=B", &inside);
    assert!(stage.describe(&stage.messages()[1]).fields.len() < 5000);
}

#[test]
fn pictures_say_how_large_they_are() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0\x12\x16\xf1\x4d\
        \0\0\0\x08tEXtTitle\0hi\x6a\x8b\x83\xdf";
    check(
        "image/png",
        png,
        &[
            "png.signature=89504e470d0a1a0a",
            "png.chunk.len=13",
            "png.chunk.type=IHDR",
            "png.chunk.flag.ancillary=0",
            "png.chunk.flag.private=0",
            "png.chunk.flag.stc=0",
            "png.ihdr.width=3",
            "png.ihdr.height=2",
            "png.ihdr.bitdepth=8",
            "png.ihdr.colour_type=2",
            "png.ihdr.compression_method=0",
            "png.ihdr.filter_method=0",
            "png.ihdr.interlace_method=0",
            "png.chunk.crc=303493453",
            "png.chunk.len=8",
            "png.chunk.type=tEXt",
            "png.chunk.flag.ancillary=1",
            "png.chunk.flag.private=0",
            "png.chunk.flag.stc=1",
            "png.text.keyword=Title",
            "png.text.string=hi",
            "png.chunk.crc=1787528159",
        ],
    );
    check(
        "image/gif",
        b"GIF89a\x03\0\x02\x01\x80\0\0\0\0\0\xff\xff\xff;",
        &[
            "image-gif.version=GIF89a",
            "image-gif.screen.width=3",
            "image-gif.screen.height=258",
            "image-gif.global.color_map.present=1",
            "image-gif.global.color_bpp=0",
            "image-gif.global.color_map.ordered=0",
            "image-gif.global.bpp=0",
            "image-gif.image_background_index=0",
            "image-gif.global.color_map=000000ffffff",
        ],
    );
    let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x02\x01\0\x48\0\x48\0\0\xff\xfe\0\x04hi\
        \xff\xc0\0\x0b\x08\0\x02\0\x03\x01\x01\x11\0\xff\xda\0\x02\xaa";
    check(
        "image/jpeg",
        jpeg,
        &[
            "image-jfif.marker=65496",
            "image-jfif.marker_segment=",
            "image-jfif.marker=65504",
            "image-jfif.length=16",
            "image-jfif.identifier=JFIF",
            "image-jfif.version.major=1",
            "image-jfif.version.minor=2",
            "image-jfif.units=1",
            "image-jfif.Xdensity=72",
            "image-jfif.Ydensity=72",
            "image-jfif.marker_segment=",
            "image-jfif.marker=65534",
            "image-jfif.length=4",
            "image-jfif.comment=hi",
            "image-jfif.sof=",
            "image-jfif.marker=65472",
            "image-jfif.length=11",
            "image-jfif.sof.precision=8",
            "image-jfif.sof.lines=2",
            "image-jfif.sof.samples_per_line=3",
            "image-jfif.sof.nf=1",
            "image-jfif.marker_segment=",
            "image-jfif.marker=65498",
            "image-jfif.length=2",
        ],
    );
    let webp = |chunk: &[u8]| [b"RIFF\0\0\0\0WEBP", chunk].concat();
    let size = |chunk: &str| {
        [&format!("webp.chunk.type={chunk}"), "webp.width=3", "webp.height=2"].map(str::to_owned)
    };
    for (name, chunk) in [
        ("VP8 ", &b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x03\0\x02\0"[..]),
        ("VP8L", b"VP8L\0\0\0\0\x2f\x02\x40\0\0"),
        ("VP8X", b"VP8X\0\0\0\0\0\0\0\0\x02\0\0\x01\0\0"),
    ] {
        let size = size(name);
        check("image/webp", &webp(chunk), &size.each_ref().map(String::as_str));
    }
    check("image/webp", b"GIF89a", &["! This does not begin as WebP does (RFC 9649, section 2.4)"]);
}

#[test]
fn xml_is_told_tag_by_tag() {
    check(
        "application/atom+xml",
        b"<?xml version=\"1.0\"?>\n<!-- c --><r a=\"1>\" b><x>text</x><y/><![CDATA[<>]]></r>",
        &[
            "xml.xmlpi=<?xml version=\"1.0\"?>",
            "xml.comment=<!-- c -->",
            "xml.tag=<r a=\"1>\" b>",
            "xml.attribute=a=\"1>\"",
            "xml.attribute=b",
            "xml.tag=<x>",
            "xml.cdata=text",
            "xml.tag=<y/>",
            "xml.cdatasection=<![CDATA[<>]]>",
        ],
    );
    check(
        "text/xml",
        b"<!DOCTYPE r></z><r",
        &["xml.doctype=<!DOCTYPE r>", "! It ends within a tag"],
    );
}

#[test]
fn text_is_told_by_lines_in_its_charset() {
    let lines = |lines: &[&str]| {
        lines.iter().map(|it| format!("data-text-lines.line={it}")).collect::<Vec<_>>()
    };
    let check = |kind: &str, content: &[u8], expected: &[&str]| {
        let expected = lines(expected);
        check(kind, content, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    };
    check("text/html; charset=ISO-8859-1", b"<p>\r\n\xe9\x80", &["<p>", "é€"]);
    check("text/plain", "é\nb\n".as_bytes(), &["é", "b"]);
    check("text/plain; charset=utf-16le", b"a\0\n\0\xe9\0", &["a", "é"]);
    check("text/plain; charset=utf-16be", b"\0a\0\r\0\n\x01\x00", &["a", "Ā"]);
}

#[test]
fn what_has_no_reader_or_no_end_is_left_as_it_is() {
    check("application/octet-stream", b"\0\x01", &[]);
    check("nonsense", b"{}", &[]);
    let coded = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: own\r\nContent-Length: 2\r\n\r\nhi";
    let stage = play(&[ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), say(coded)]);
    assert_eq!(stage.values("data-text-lines.line"), "");
}

#[test]
fn whatever_is_cut_off_or_changed_is_told_without_harm() {
    let contents: [(&str, &[u8]); 8] = [
        ("application/json", br#"{"a": [1, "\ud83d\ude00", {"b": null}]}"#),
        ("text/xml", b"<?xml?><r a='1'><!-- --><x>t</x><![CDATA[]]></r>"),
        ("multipart/a; boundary=B", b"--B\r\nContent-Type: text/xml\r\n\r\n<a>\r\n--B--"),
        ("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\x01tEXtA\0\0\0\0"),
        ("image/gif", b"GIF89a\x03\0\x02\0\x87\0\0\0\0\0"),
        ("image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\xff\xc0\0\x05"),
        ("image/webp", b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x02\0"),
        ("application/x-www-form-urlencoded", b"a=%41&=&%"),
    ];
    for (kind, content) in contents {
        for at in 0..content.len() {
            for byte in [0, b'<', b'"', b'\\', 0xff] {
                let mut changed = content.to_vec();
                changed[at] = byte;
                for content in [&changed[..], &content[..at]] {
                    let stage = answer(kind, content);
                    drop(stage.describe(&stage.messages()[1]));
                }
            }
        }
    }
}
