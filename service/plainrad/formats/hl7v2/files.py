"""Messages out of a file: one or many, framed as MLLP or not, in a batch or not, with any line ends.

python-hl7's `split_file` strips every line, so that white space of a text is lost, and logs what stands before the first message.
"""

import re

from plainrad.formats.hl7v2.batch import is_batch, split_batch

_FRAMED = re.compile(rb"\x0b(.*?)\x1c", re.DOTALL)
_START = re.compile(rb"(?:^|(?<=[\r\n])|(?<=\xef\xbb\xbf))MSH(?=[^A-Za-z0-9\s])")


def split_messages(data: bytes) -> list[bytes]:
    """Return the messages of a file, each as it stands there. Bytes that belong to no message come first, as a message that is none.

    Raises MessageError where a batch is not whole.
    """
    framed = _FRAMED.findall(data)
    if framed:
        return [one for each in framed for one in (split_batch(each) if is_batch(each) else [each])]
    bare = data.removeprefix(b"\xef\xbb\xbf")
    if is_batch(bare):
        return split_batch(bare)
    starts = [match.start() for match in _START.finditer(bare)]
    if not starts:
        return [bare] if bare.strip() else []
    before = [bare[: starts[0]]] if bare[: starts[0]].strip(b"\xef\xbb\xbf \t\r\n\x0b\x1c") else []
    return before + [bare[a:b] for a, b in zip(starts, [*starts[1:], len(bare)], strict=True)]
