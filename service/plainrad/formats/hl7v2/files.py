"""Messages out of a file: one or many, framed as MLLP or not, in a batch or not, with any line ends.

python-hl7's `split_file` strips every line, so that white space of a text is lost, and logs what stands before the first message.
"""

import re

_FRAMED = re.compile(rb"\x0b(.*?)\x1c", re.DOTALL)
_START = re.compile(rb"(?:^|(?<=[\r\n])|(?<=\xef\xbb\xbf))MSH(?=[^A-Za-z0-9\s])")
_ENVELOPE = re.compile(rb"(?:^|(?<=[\r\n]))(?:FHS|BHS|BTS|FTS)[^\r\n]*(?:\r\n|\r|\n|$)")


def split_messages(data: bytes) -> list[bytes]:
    """Return the messages of a file, each as it stands there. Bytes that belong to no message come first, as a message that is none."""
    framed = _FRAMED.findall(data)
    if framed:
        return framed
    bare = _ENVELOPE.sub(b"", data)
    starts = [match.start() for match in _START.finditer(bare)]
    if not starts:
        return [bare] if bare.strip() else []
    before = [bare[: starts[0]]] if bare[: starts[0]].strip(b"\xef\xbb\xbf \t\r\n\x0b\x1c") else []
    return before + [bare[a:b] for a, b in zip(starts, [*starts[1:], len(bare)], strict=True)]
