"""Has tlslite-ng talk to itself in versions and suites that nobody else speaks any more.

    play.py CERTIFICATE KEY

Prints each session as it went: its name in brackets, a line of a key log, what either side sent in
hexadecimal, and what the applications said.
"""

import socket
import sys
import threading

from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey

VERSIONS = {"SSL 3.0": (3, 0), "TLS 1.0": (3, 1), "TLS 1.1": (3, 2), "TLS 1.2": (3, 3)}
OLD = [("rc4", "md5"), ("rc4", "sha"), ("3des", "sha"), ("aes128", "sha"), ("null", "md5")]
NEW = [("3des", "sha"), ("aes256", "sha256"), ("aes128gcm", "sha"), ("aes128ccm", "sha"),
       ("aes256ccm_8", "sha")]
SESSIONS = [(version, *suite) for version in VERSIONS
            for suite in (NEW if version == "TLS 1.2" else OLD)]


class Heard:
    """A socket, and a list of all that is sent through it."""

    def __init__(self, sock, who, sent):
        self.sock, self.who, self.sent = sock, who, sent

    def send(self, data):
        self.sent.append((self.who, bytes(data).hex()))
        self.sock.sendall(data)
        return len(data)

    def sendall(self, data):
        self.send(data)

    def __getattr__(self, name):
        return getattr(self.sock, name)


def settings(version, cipher, mac):
    found = HandshakeSettings()
    found.minVersion = found.maxVersion = VERSIONS[version]
    found.versions = [found.maxVersion]
    found.cipherNames, found.macNames = [cipher], [mac, "aead"]
    found.keyExchangeNames = ["rsa"]
    found.minKeySize = 1024
    return found


def play(version, cipher, mac, chain, key):
    sent, ends = [], socket.socketpair()
    client, server = (TLSConnection(Heard(end, who, sent))
                      for end, who in zip(ends, ("client", "server")))
    # Nothing that looks like another protocol, also where its first byte has a record of its own.
    asked, answered = b"~asked" * 5, b"~answered" * 40

    def serve():
        server.handshakeServer(certChain=chain, privateKey=key,
                               settings=settings(version, cipher, mac))
        server.read(min=len(asked), max=len(asked))
        server.write(answered)
        server.write(answered)
        server.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    client.handshakeClientCert(settings=settings(version, cipher, mac))
    client.write(asked)
    client.read(min=2 * len(answered), max=2 * len(answered))
    client.close()
    thread.join(20)
    print(f"[{version} {cipher} {mac}]")
    random, secret = bytes(client._clientRandom), bytes(client.session.masterSecret)
    print(f"secret CLIENT_RANDOM {random.hex()} {secret.hex()}")
    for who, text in sent:
        print(who, text)
    print("data client", asked.hex())
    print("data server", answered.hex())
    print("data server", answered.hex())


def main():
    certificate, key = (open(name, encoding="ascii").read() for name in sys.argv[1:3])
    chain = X509CertChain()
    chain.parsePemList(certificate)
    for session in SESSIONS:
        play(*session, chain, parsePEMKey(key, private=True))


main()
