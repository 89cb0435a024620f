"""The yardstick: pull every letter of a folder over IMAP as one would in an afternoon. FROZEN, never to be made faster.

imapclient as it comes, bodies in pieces of 1 MB, SHA-256, written to a file. No parsing, no fsync, no database, no answer.

    python bench/baseline_pull.py HOST PORT USER PASSWORD FOLDER_TO_WRITE_TO
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from imapclient import IMAPClient

PIECE_BYTES = 1_000_000


def pull(host: str, port: int, user: str, password: str, target: Path) -> int:
    target.mkdir(parents=True)
    client = IMAPClient(host, port, ssl=False, timeout=60)
    client.login(user, password)
    client.select_folder("INBOX", readonly=True)
    uids = client.search("ALL")
    for uid in uids:
        digest = hashlib.sha256()
        part = target / f"{uid}.part"
        with part.open("wb") as file:
            offset = 0
            while True:
                answer = client.fetch([uid], [f"BODY.PEEK[]<{offset}.{PIECE_BYTES}>"])
                piece = answer[uid][f"BODY[]<{offset}>".encode()]
                digest.update(piece)
                file.write(piece)
                offset += len(piece)
                if len(piece) < PIECE_BYTES:
                    break
        part.rename(target / f"{digest.hexdigest()}.eml")
    client.logout()
    return len(uids)


if __name__ == "__main__":
    host, port, user, password, target = sys.argv[1:]
    print(pull(host, int(port), user, password, Path(target)))
