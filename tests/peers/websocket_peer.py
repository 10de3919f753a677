"""One side of a conversation over WebSocket, by websockets, with permessage-deflate (RFC 7692).

Usage: websocket_peer.py client|server HOST:PORT

client sends three readings and expects each of them back; server sends back what comes.
"""

import sys

from websockets.sync.client import connect
from websockets.sync.server import serve


def reading(hour):
    return (
        f'{{"station":"Reykjavik","hour":{hour},'
        f'"temperature":{{"value":{hour // 3},"unit":"celsius"}},'
        f'"wind":{{"value":{hour // 2},"unit":"metres per second","direction":"north-east"}}}}'
    )


def echo(socket):
    for message in socket:
        socket.send(message)


def main():
    role, address = sys.argv[1:]
    host, port = address.rsplit(":", 1)
    if role == "server":
        with serve(echo, host, int(port), compression="deflate") as server:
            server.serve_forever()
    with connect(f"ws://{address}/readings", compression="deflate") as socket:
        assert any(one.name == "permessage-deflate" for one in socket.protocol.extensions)
        for hour in (6, 12, 18):
            socket.send(reading(hour))
            assert socket.recv() == reading(hour)
        socket.close(1000, "enough")


main()
