"""One side of calls of the service wirestage.Weather, by grpcio.

Usage: grpc_peer.py client|server|packed HOST:PORT

client asks for two places, of which one is not known; server answers so; packed is both at once, with
a stream of messages each way, all of them packed by gzip. Messages are bytes here: what they mean is
written down by hand, as Protocol Buffers encode it.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc

SERVICE = "wirestage.Weather"
PLACES = ["Reykjavik", "Kyoto", "Nairobi"]
UNKNOWN = "nobody measures there"
refused = threading.Event()


def place(name):
    return bytes([0x0A, len(name)]) + name.encode()


def reading(name):
    # The hour, and degrees as sint32: three below zero.
    return place(name) + bytes([0x10, 12, 0x18, 5])


def now(request, context):
    if request != place("Reykjavik"):
        refused.set()
        context.abort(grpc.StatusCode.NOT_FOUND, UNKNOWN)
    return reading("Reykjavik")


def watch(requests, _context):
    for request in requests:
        yield reading(request[2:].decode())


def serve(address, compression=None):
    methods = {
        "Now": grpc.unary_unary_rpc_method_handler(now),
        "Watch": grpc.stream_stream_rpc_method_handler(watch),
    }
    server = grpc.server(ThreadPoolExecutor(2), compression=compression)
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, methods)])
    if server.add_insecure_port(address) == 0:
        sys.exit(f"{address} is taken")
    server.start()
    return server


def call(address):
    with grpc.insecure_channel(address) as channel:
        method = channel.unary_unary(f"/{SERVICE}/Now")
        assert method(place("Reykjavik")) == reading("Reykjavik")
        try:
            method(place("Atlantis"))
        except grpc.RpcError as error:
            assert error.code() is grpc.StatusCode.NOT_FOUND, error
            assert error.details() == UNKNOWN, error
        else:
            sys.exit("Atlantis was found")


def packed(address):
    server = serve(address, grpc.Compression.Gzip)
    with grpc.insecure_channel(address, compression=grpc.Compression.Gzip) as channel:
        method = channel.stream_stream(f"/{SERVICE}/Watch")
        # Long enough that packing pays, and short enough for a length of one byte.
        names = [name * 10 for name in PLACES]
        assert list(method(place(name) for name in names)) == [reading(name) for name in names]
    server.stop(None).wait()


def main():
    role, address = sys.argv[1:]
    if role == "server":
        server = serve(address)
        # Two calls, of which the second asks for what nobody knows: then it takes leave, as a client
        # may wait for.
        refused.wait()
        server.stop(1).wait()
    elif role == "client":
        call(address)
    else:
        packed(address)


main()
