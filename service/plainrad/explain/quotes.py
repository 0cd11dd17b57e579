"""The report's own words, ready to stand between quotation marks."""

import re

from plainrad.domain.reading import Extent

_ITEM_NUMBER = re.compile(r"^(?:\d{1,2}[.)]|\(\d{1,2}\)|[-*\u2022]) (?=[^\W\d_])")


def quoted(text: str, extent: Extent) -> str:
    """Return the words of `extent` on one line, without the number of their item ("3. Nodule ...")."""
    return _ITEM_NUMBER.sub("", " ".join(text[extent.start : extent.end].split()))
