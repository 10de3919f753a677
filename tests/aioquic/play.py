"""QUIC and HTTP/3 as aioquic speaks them, played on a loopback that somebody records.

    play.py FOLDER PLAY      plays both roles, and says in FOLDER/said.json what they did
    play.py FOLDER serve     answers until its standard input ends
    play.py FOLDER ask       asks somebody else's server, and says in FOLDER/said.json what came

FOLDER holds cert.pem and key.pem; keys.log and the logs of both endpoints are written there.
"""

import asyncio
import hashlib
import json
import os
import pathlib
import ssl
import sys

from aioquic.asyncio import QuicConnectionProtocol, connect, serve
from aioquic.h3.connection import H3Connection
from aioquic.h3.events import DataReceived, DatagramReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import HandshakeCompleted
from aioquic.quic.logger import QuicFileLogger
from aioquic.quic.packet import QuicProtocolVersion
from aioquic.tls import CipherSuite

SERVER = ("127.0.0.2", 4433)
# A header that is long enough to be worth a place in a table.
NAME, VALUE = b"x-purpose", b"to be said once and pointed at from then on"


def content(path):
    """What a page holds: as many bytes as its name says."""
    length = int(path.rsplit("/", 1)[-1])
    return (path.encode() * (length // len(path) + 1))[:length]


def digest(body):
    return hashlib.sha256(body).hexdigest()


class Http(QuicConnectionProtocol):
    """What both roles have in common."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.spoken, self.handshake = None, None

    @property
    def http(self):
        """HTTP/3, begun where it is needed first: limits of an earlier visit are known by then."""
        if self.spoken is None:
            has_datagrams = self._quic.configuration.max_datagram_frame_size is not None
            self.spoken = H3Connection(self._quic, enable_webtransport=has_datagrams)
        return self.spoken

    def quic_event_received(self, event):
        if isinstance(event, HandshakeCompleted):
            self.handshake = event
        for one in self.http.handle_event(event):
            self.heard(one)


class Client(Http):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.answers, self.datagrams = {}, asyncio.Queue()

    def heard(self, event):
        if isinstance(event, DatagramReceived):
            self.datagrams.put_nowait(event.data)
            return
        head, body, done = self.answers[event.stream_id]
        if isinstance(event, HeadersReceived):
            head.extend(event.headers)
        elif isinstance(event, DataReceived):
            body.extend(event.data)
        if event.stream_ended and not done.done():
            done.set_result(None)

    def ask(self, path, body=None):
        """Asks for a page; gives what waits for the answer."""
        stream = self._quic.get_next_available_stream_id()
        done = asyncio.get_running_loop().create_future()
        self.answers[stream] = ([], bytearray(), done)
        method = b"GET" if body is None else b"POST"
        head = [
            (b":method", method),
            (b":scheme", b"https"),
            (b":authority", b"localhost"),
            (b":path", path.encode()),
            (NAME, VALUE),
        ]
        self.http.send_headers(stream, head, end_stream=body is None)
        if body is not None:
            self.http.send_data(stream, body, end_stream=True)
        self.transmit()
        return self.hear(stream, path, body)

    async def hear(self, stream, path, body):
        head, answer, done = self.answers[stream]
        await asyncio.wait_for(done, 20)
        head = dict(head)
        return {
            "stream": stream,
            "path": path,
            "method": "GET" if body is None else "POST",
            "status": int(head[b":status"]),
            "asked": None if body is None else digest(body),
            "answered": digest(answer),
            "length": len(answer),
            "server": head.get(b"server", b"").decode(),
        }


class Server(Http):
    all = []

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.questions = {}
        Server.all.append(self)

    def heard(self, event):
        if isinstance(event, DatagramReceived):
            self.http.send_datagram(event.stream_id, event.data[::-1])
            self.transmit()
            return
        head, body = self.questions.setdefault(event.stream_id, ({}, bytearray()))
        if isinstance(event, HeadersReceived):
            head.update(event.headers)
        elif isinstance(event, DataReceived):
            body.extend(event.data)
        if event.stream_ended:
            answer = bytes(body) or content(head[b":path"].decode())
            said = [
                (b":status", b"200"),
                (b"server", b"aioquic"),
                (b"content-length", str(len(answer)).encode()),
                (NAME, VALUE),
            ]
            self.http.send_headers(event.stream_id, said)
            self.http.send_data(event.stream_id, answer, end_stream=True)
            self.transmit()


class Play:
    """A stage: both ends' settings, and what is to be said of them."""

    def __init__(self, folder):
        self.folder = folder
        self.keys = open(os.environ.get("SSLKEYLOGFILE", folder / "keys.log"), "a")
        self.tickets, self.given = {}, []
        self.requests, self.facts = [], {}

    def settings(self, is_client, **more):
        logs = self.folder / ("client" if is_client else "server")
        logs.mkdir(exist_ok=True)
        settings = QuicConfiguration(
            is_client=is_client,
            alpn_protocols=["h3"],
            secrets_log_file=self.keys,
            quic_logger=QuicFileLogger(str(logs)),
            **more,
        )
        if is_client:
            settings.verify_mode, settings.server_name = ssl.CERT_NONE, "localhost"
        else:
            settings.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        return settings

    async def listen(self, retry=False, **more):
        return await serve(
            *SERVER,
            configuration=self.settings(False, **more),
            create_protocol=Server,
            retry=retry,
            session_ticket_fetcher=self.tickets.get,
            session_ticket_handler=lambda ticket: self.tickets.update({ticket.ticket: ticket}),
        )

    def connect(self, wait=True, **more):
        return connect(
            *SERVER,
            configuration=self.settings(True, **more),
            create_protocol=Client,
            session_ticket_handler=self.given.append,
            wait_connected=wait,
        )

    async def get(self, client, *paths):
        for path in paths:
            self.requests.append(await client.ask(path))

    async def visit(self, *paths, **more):
        async with self.connect(**more) as client:
            await self.get(client, *paths)

    # The plays.

    async def plain(self):
        """Requests one after the other and at once, with bodies, and tables of headers that grow."""
        await self.listen()
        async with self.connect() as client:
            await self.get(client, "/10", "/0", "/3000")
            at_once = [client.ask(f"/at-once/{length}") for length in (1, 5000, 40000)]
            self.requests.extend(await asyncio.gather(*at_once))
            self.requests.append(await client.ask("/echo", content("/upload/30000")))
            await self.get(client, "/100000")
        self.facts["cipher"] = client._quic.tls.key_schedule.cipher_suite.name

    async def retried(self):
        """The server sends the client away once, to prove its address."""
        await self.listen(retry=True)
        await self.visit("/2000", "/1")

    async def early(self):
        """A second visit, whose question leaves with the first packet."""
        await self.listen()
        await self.visit("/1000")
        async with self.connect(wait=False, session_ticket=self.given[-1]) as client:
            self.requests.append(await client.ask("/early/2000"))
            await self.get(client, "/later/10")
            self.facts["early"] = client.handshake.early_data_accepted
            self.facts["resumed"] = client.handshake.session_resumed

    async def updated(self):
        """Keys change again and again, on the word of either side."""
        await self.listen()
        async with self.connect() as client:
            await self.get(client, "/first/10")
            for turn in range(4):
                side = client if turn % 2 == 0 else Server.all[-1]
                side.request_key_update()
                await client.ping()
                await self.get(client, f"/turn-{turn}/{2000 * turn}")
        self.facts["updates"] = 4

    async def moved(self):
        """The client's port changes twice: once behind its back, once with another id."""
        await self.listen()
        loop = asyncio.get_running_loop()
        ports = []
        async with self.connect() as client:
            await self.get(client, "/here/100")
            for path in ("/rebound/3000", "/migrated/3000"):
                ports.append(client._transport.get_extra_info("sockname")[1])
                client._transport.close()
                if path.startswith("/migrated"):
                    client.change_connection_id()
                await loop.create_datagram_endpoint(lambda: client, local_addr=("::", 0))
                await self.get(client, path)
            ports.append(client._transport.get_extra_info("sockname")[1])
        self.facts["ports"] = ports

    async def datagrams(self):
        """Datagrams beside streams, which come back the other way round."""
        await self.listen(max_datagram_frame_size=65536)
        async with self.connect(max_datagram_frame_size=65536) as client:
            await self.get(client, "/10")
            for number in range(3):
                client.http.send_datagram(0, b"datagram %d" % number)
                client.transmit()
                await asyncio.wait_for(client.datagrams.get(), 20)
        self.facts["datagrams"] = 6

    async def second(self):
        """Version 2, agreed on without a round trip more, with ChaCha20-Poly1305."""
        one, two = QuicProtocolVersion.VERSION_1, QuicProtocolVersion.VERSION_2
        suites = [CipherSuite.CHACHA20_POLY1305_SHA256]
        await self.listen(supported_versions=[two, one], cipher_suites=suites)
        async with self.connect(
            supported_versions=[two, one], original_version=one, cipher_suites=suites
        ) as client:
            await self.get(client, "/5000")
            self.facts["version"] = client._quic._version

    async def serve(self):
        await self.listen()
        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

    async def ask(self):
        await self.visit("/7", "/20000")


async def main():
    folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
    play = Play(folder)
    await getattr(play, name)()
    # Each end writes its log when it has forgotten the connection.
    for server in Server.all:
        await asyncio.wait_for(server.wait_closed(), 20)
    said = {"requests": play.requests, "facts": play.facts}
    (folder / "said.json").write_text(json.dumps(said))


asyncio.run(main())
