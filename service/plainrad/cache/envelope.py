"""What stands around the content of a cache file: for which input it was made, and the digest by which damage is seen.

The digest tells damage, not forgery: who may write the file could reckon it. Forgery is kept out by `folder`.
"""

import hashlib
import json

FORMAT = 1  # of the file; what the content was made by is in its key
_LONGEST_HEAD = 400


def sealed(body: bytes, *, key: str) -> bytes:
    """Return `body` with its head: one line of JSON."""
    return json.dumps(_head(body, key)).encode() + b"\n" + body


def opened(data: bytes, *, key: str) -> bytes | None:
    """Return the body of `data` when it is whole and was made for `key`, otherwise None."""
    end = data.find(b"\n", 0, _LONGEST_HEAD)
    if end < 0:
        return None
    body = data[end + 1 :]
    return body if data[:end] == json.dumps(_head(body, key)).encode() else None


def _head(body: bytes, key: str) -> dict[str, str | int]:
    return {"plainrad": FORMAT, "key": key, "length": len(body), "sha256": hashlib.sha256(body).hexdigest()}
