"""Reads an HTTP archive with haralyzer, and prints what it holds: a line for each entry.

Usage: archive.py FILE

Each line: when it began (microseconds since 1970), how long it took, the time of each of its parts
(milliseconds), method, URL, status, sizes of both heads and both bodies, the size of the content,
and the length of its text.
"""

import base64
import json
import sys
from datetime import datetime, timezone

from haralyzer import HarParser

PARTS = ("send", "wait", "receive", "dns", "connect", "ssl")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def length(content):
    text = content.get("text", "")
    if content.get("encoding") == "base64":
        return len(base64.b64decode(text))
    return len(text.encode())


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        parser = HarParser(json.load(file))
    entries = [entry for page in parser.pages for entry in page.entries]
    for entry in entries:
        began = entry.startTime - EPOCH
        micros = (began.days * 86400 + began.seconds) * 1_000_000 + began.microseconds
        timings = entry.timings
        content = entry.response.raw_entry["content"]
        print(
            micros,
            *(f"{part:.6f}" for part in [entry.time, *(timings[p] for p in PARTS)]),
            entry.request.method,
            entry.request.url,
            entry.status,
            entry.request.headersSize,
            entry.request.bodySize,
            entry.response.headersSize,
            entry.response.bodySize,
            content["size"],
            length(content),
        )


main()
