"""Both ends of three connections that say each header field and each frame twice, with values that
differ: what the referee's list of fields is seen in. Recorded with

    PYTHONPATH=… wirestage run -o requests.pcapng -- python3 record.py

It takes the package `hpack`; all else is written byte by byte, since no server says all of this.
"""

import gzip
import socket
import struct
import threading

from hpack import Encoder


def pair(port):
    """Both ends of a connection to this port."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.2", port))
    listener.listen()
    accepted = []
    waits = threading.Thread(target=lambda: accepted.append(listener.accept()[0]))
    waits.start()
    client = socket.socket()
    client.bind(("127.0.0.1", 0))
    client.connect(("127.0.0.2", port))
    waits.join()
    listener.close()
    for end in (client, accepted[0]):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client, accepted[0]


def say(sender, receiver, said):
    """Sends it, and waits until all of it has come, so that each is a packet of its own."""
    sender.sendall(said)
    left = len(said)
    while left:
        left -= len(receiver.recv(left))


def end(client, server):
    client.shutdown(socket.SHUT_WR)
    server.recv(1)
    server.close()
    client.close()


def lines(first, fields, body=b""):
    head = first + "".join(f"\r\n{name}: {value}" for name, value in fields)
    return head.encode() + b"\r\n\r\n" + body


def chunked(*pieces, trailers=()):
    said = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return said + b"0\r\n" + b"".join(b"%s: %s\r\n" % pair for pair in trailers) + b"\r\n"


def http1():
    client, server = pair(80)
    first = [
        ("Host", "one.wirestage.test"),
        ("User-Agent", "one/1.0"),
        ("Accept", "text/html"),
        ("Accept-Language", "en"),
        ("Accept-Encoding", "gzip"),
        ("Referer", "http://one.wirestage.test/"),
        ("Cookie", "a=1; b=2"),
        ("Authorization", "Basic YWRhOmxvdmVsYWNl"),
        ("Cache-Control", "no-cache"),
        ("X-Forwarded-For", "192.0.2.1"),
        ("X-One", "1"),
        ("Upgrade", "h2c"),
        ("Connection", "Upgrade, HTTP2-Settings"),
        ("HTTP2-Settings", "AAMAAABkAAQAAP__"),
    ]
    second = [
        ("Host", "two.wirestage.test"),
        ("User-Agent", "two/2.0"),
        ("Accept", "*/*"),
        ("Accept-Language", "de, en;q=0.5"),
        ("Accept-Encoding", "br"),
        ("Referer", "http://two.wirestage.test/a"),
        ("Cookie", "c=3"),
        ("Authorization", "Basic Z3JhY2U6aG9wcGVy"),
        ("Proxy-Authorization", "Basic YWRhOmxvdmVsYWNl"),
        ("Cache-Control", "max-age=0"),
        ("X-Forwarded-For", "192.0.2.2"),
        ("X-Two", "2"),
        ("Upgrade", "example/2"),
        ("HTTP2-Settings", "AAMAAAAB"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Length", "12"),
    ]
    third = [
        ("Host", "two.wirestage.test"),
        ("User-Agent", "two/2.0"),
        ("Proxy-Authorization", "Basic Z3JhY2U6aG9wcGVy"),
        ("Connection", "close"),
    ]
    packed = gzip.compress(b"Packed with gzip.\n", mtime=0)
    say(client, server, lines("GET /a?x=1&y=two HTTP/1.1", first))
    say(
        server,
        client,
        lines(
            "HTTP/1.1 200 OK",
            [
                ("Server", "one"),
                ("Date", "Mon, 30 Nov 2026 12:00:00 GMT"),
                ("Content-Type", "text/plain"),
                ("Content-Encoding", "gzip"),
                ("Cache-Control", "max-age=60"),
                ("Last-Modified", "Sun, 29 Nov 2026 12:00:00 GMT"),
                ("Set-Cookie", "a=3; Path=/"),
                ("Transfer-Encoding", "chunked"),
                ("Trailer", "X-Sum"),
            ],
            chunked(packed[:9], packed[9:], trailers=[(b"X-Sum", b"1")]),
        ),
    )
    say(client, server, lines("POST /b?z=3 HTTP/1.1", second, b"name=Ada&n=1"))
    say(
        server,
        client,
        lines(
            "HTTP/1.1 401 Unauthorized",
            [
                ("Server", "two"),
                ("Date", "Mon, 30 Nov 2026 12:00:01 GMT"),
                ("WWW-Authenticate", 'Basic realm="one"'),
                ("Proxy-Authenticate", 'Basic realm="near"'),
                ("Content-Type", "text/html"),
                ("Content-Encoding", "identity"),
                ("Cache-Control", "no-store"),
                ("Last-Modified", "Sat, 28 Nov 2026 12:00:00 GMT"),
                ("Set-Cookie", "b=4; Secure"),
                ("Location", "/login"),
                ("Transfer-Encoding", "chunked"),
            ],
            chunked(b"Who are you?\n", trailers=[(b"X-Sum", b"2")]),
        ),
    )
    say(client, server, lines("HEAD /c HTTP/1.1", third))
    say(
        server,
        client,
        lines(
            "HTTP/1.0 407 Proxy Authentication Required",
            [
                ("WWW-Authenticate", 'Basic realm="two"'),
                ("Proxy-Authenticate", 'Basic realm="far"'),
                ("Location", "/proxy"),
                ("Content-Length", "4"),
                ("Connection", "close"),
            ],
        ),
    )
    end(client, server)


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


END_STREAM, END_HEADERS, PADDED, PRIORITY, ACK = 0x1, 0x4, 0x8, 0x20, 0x1

# What a request may say beside its method, twice.
ASKS = [
    ("accept", "text/html", "*/*"),
    ("accept-charset", "utf-8", "iso-8859-1"),
    ("accept-encoding", "gzip", "br"),
    ("accept-language", "en", "de"),
    ("authorization", "Basic YTpi", "Bearer c"),
    ("cookie", "a=1", "b=2"),
    ("expect", "100-continue", "nothing"),
    ("from", "ada@wirestage.test", "grace@wirestage.test"),
    ("if-match", '"a"', '"b"'),
    ("if-modified-since", "Sun, 29 Nov 2026 12:00:00 GMT", "Sat, 28 Nov 2026 12:00:00 GMT"),
    ("if-none-match", '"c"', '"d"'),
    ("if-range", '"e"', '"f"'),
    ("if-unmodified-since", "Fri, 27 Nov 2026 12:00:00 GMT", "Thu, 26 Nov 2026 12:00:00 GMT"),
    ("max-forwards", "3", "4"),
    ("proxy-authorization", "Basic YTpi", "Basic YzpkZg=="),
    ("range", "bytes=0-9", "bytes=10-"),
    ("referer", "https://a.test/", "https://b.test/"),
    ("user-agent", "one/1.0", "two/2.0"),
    ("via", "2 a", "2 b"),
]

# What an answer may say, twice.
ANSWERS = [
    ("accept-ranges", "bytes", "none"),
    ("access-control-allow-origin", "*", "https://a.test"),
    ("age", "1", "2"),
    ("allow", "GET", "HEAD"),
    ("cache-control", "no-cache", "max-age=5"),
    ("content-disposition", "inline", "attachment"),
    ("content-encoding", "identity", "br"),
    ("content-language", "en", "de"),
    ("content-length", "0", "0"),
    ("content-location", "/a", "/b"),
    ("content-range", "bytes 0-9/20", "bytes 10-19/20"),
    ("content-type", "text/plain", "text/html"),
    ("date", "Mon, 30 Nov 2026 12:00:00 GMT", "Mon, 30 Nov 2026 12:00:01 GMT"),
    ("etag", '"a"', '"b"'),
    ("expires", "Tue, 01 Dec 2026 12:00:00 GMT", "Wed, 02 Dec 2026 12:00:00 GMT"),
    ("last-modified", "Sun, 29 Nov 2026 12:00:00 GMT", "Sat, 28 Nov 2026 12:00:00 GMT"),
    ("link", "</a>; rel=next", "</b>; rel=prev"),
    ("location", "/c", "/d"),
    ("proxy-authenticate", "Basic", "Digest"),
    ("refresh", "5", "6"),
    ("retry-after", "7", "8"),
    ("server", "one", "two"),
    ("set-cookie", "a=1", "b=2"),
    ("strict-transport-security", "max-age=1", "max-age=2"),
    ("vary", "accept", "cookie"),
    ("www-authenticate", "Basic", "Digest"),
]


def http2():
    client, server = pair(80)
    asks, answers = Encoder(), Encoder()

    def settings(table, streams, window, size, fields, bit, unknown):
        pairs = [(1, table), (2, bit), (3, streams), (4, window), (5, size), (6, fields)]
        pairs += [(8, bit), (9, bit), (0x10, bit), (0x4A4A, unknown)]
        return b"".join(struct.pack(">HI", *pair) for pair in pairs)

    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    say(client, server, preface + frame(4, 0, 0, settings(4096, 100, 65535, 16384, 8192, 0, 7)))
    say(server, client, frame(4, 0, 0, settings(8192, 50, 65536, 16385, 9000, 1, 9)))
    say(client, server, frame(4, ACK, 0, b""))
    say(server, client, frame(4, ACK, 0, b""))

    def request(at, stream, extra):
        own = [(":method", ["POST", "PUT"][at]), (":scheme", ["http", "https"][at])]
        own += [(":path", ["/a", "/b"][at]), (":authority", ["a.test", "b.test"][at])]
        own += [(field[0], field[1 + at]) for field in ASKS] + extra
        return asks.encode(own)

    for at, stream in enumerate((1, 3)):
        block = request(at, stream, [("x-own", str(at))])
        padding = bytes(at + 3)
        priority = struct.pack(">IB", [0, 0x80000001][at], [15, 200][at])
        held = bytes([len(padding)]) + priority + block + padding
        say(client, server, frame(1, PADDED | PRIORITY | END_HEADERS, stream, held))
        body = b"name=value%d" % at
        data = bytes([len(padding)]) + body + padding
        say(client, server, frame(0, PADDED | END_STREAM, stream, data))
    for at, stream in enumerate((5, 7)):
        own = [(":method", "CONNECT"), (":protocol", ["websocket", "connect-ip"][at])]
        own += [(":scheme", "https"), (":path", "/c"), (":authority", "a.test")]
        say(client, server, frame(1, END_HEADERS, stream, asks.encode(own)))
    for at, stream in enumerate((1, 3)):
        promised = answers.encode([(":method", "GET"), (":scheme", "http"), (":path", f"/p{at}"), (":authority", "a.test")])
        padding = bytes(at + 2)
        held = bytes([len(padding)]) + struct.pack(">I", 2 + 2 * at) + promised + padding
        say(server, client, frame(5, PADDED | END_HEADERS, stream, held))
        block = answers.encode([(":status", ["200", "404"][at])] + [(field[0], field[1 + at]) for field in ANSWERS])
        say(server, client, frame(1, END_HEADERS, stream, block))
        say(server, client, frame(0, END_STREAM, stream, b"body %d" % at))
    for at in range(2):
        origin = f"https://{'ab'[at]}{'b' * at}.test".encode()
        say(server, client, frame(12, 0, 0, struct.pack(">H", len(origin)) + origin))
        value = b'h3=":44%d"' % at + b"; ma=60" * at
        say(server, client, frame(10, 0, 0, struct.pack(">H", len(origin)) + origin + value))
        say(client, server, frame(16, 0, 0, struct.pack(">I", 1 + 2 * at) + b"u=%d" % (1 + at) + b", i" * at))
        say(client, server, frame(2, 0, 9 + 2 * at, struct.pack(">IB", [3, 0x80000005][at], 9 + at)))
        say(client, server, frame(3, 0, 5 + 2 * at, struct.pack(">I", [8, 5][at])))
        say(client, server, frame(8, 0, at, struct.pack(">I", 1000 + at)))
        say(client, server, frame(6, 0, 0, b"ping %d.." % at))
        say(server, client, frame(6, ACK, 0, b"ping %d.." % at))
        say(client, server, frame(0x40 + at, 0, 0, b"unknown%d" % at))
        say(server, client, frame(7, 0, 0, struct.pack(">II", 3 - 2 * at, [0, 11][at]) + b"so long %d" % at))
    end(client, server)


def masked(opcode, payload, fin=True, reserved=0, key=b"\x11\x22\x33\x44"):
    return framed(opcode, bytes(one ^ key[at % 4] for at, one in enumerate(payload)), fin, reserved, key)


def framed(opcode, payload, fin=True, reserved=0, key=b""):
    first = bytes([0x80 * fin | reserved << 4 | opcode])
    mask = 0x80 if key else 0
    size = len(payload)
    if size < 126:
        length = bytes([mask | size])
    elif size < 1 << 16:
        length = bytes([mask | 126]) + struct.pack(">H", size)
    else:
        length = bytes([mask | 127]) + struct.pack(">Q", size)
    return first + length + key + payload


def websocket(at):
    client, server = pair(80)
    keys = ["dGhlIHNhbXBsZSBub25jZQ==", "x3JJHMbDL1EzLkh9GBhXDw=="]
    accepts = ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "HSmrc0sMlYUkAGmm5OPpG2HaGWk="]
    names = ["chat", "superchat"]
    offers = ["permessage-deflate", "permessage-deflate; client_max_window_bits"]
    asked = [("Host", "ws.wirestage.test"), ("Upgrade", "websocket"), ("Connection", "Upgrade")]
    asked += [("Sec-WebSocket-Key", keys[at]), ("Sec-WebSocket-Version", ["13", "8"][at])]
    asked += [("Sec-WebSocket-Protocol", names[at])]
    asked += [("Sec-WebSocket-Extensions", offers[at])] if at else []
    agreed = [("Upgrade", "websocket"), ("Connection", "Upgrade")]
    agreed += [("Sec-WebSocket-Accept", accepts[at]), ("Sec-WebSocket-Protocol", names[at])]
    say(client, server, lines("GET /ws HTTP/1.1", asked))
    say(server, client, lines("HTTP/1.1 101 Switching Protocols", agreed))
    say(client, server, masked(1, b"hello %d" % at))
    say(server, client, framed(2, bytes([1, 2, 3 + at])))
    say(client, server, masked(9, b"ping %d" % at))
    say(server, client, framed(10, b"ping %d" % at))
    say(server, client, framed(1, b"m" * (126 + at)))
    say(server, client, framed(2, b"\1" * ((1 << 16) + at)))
    say(client, server, masked(1, b"first %d " % at, fin=False))
    say(client, server, masked(0, b"last %d" % at))
    say(client, server, masked(8, struct.pack(">H", [1000, 1001][at]) + [b"bye", b"away"][at]))
    say(server, client, framed(8, struct.pack(">H", [1000, 1001][at])))
    end(client, server)


http1()
http2()
for at in range(2):
    websocket(at)
