"""The log: what it writes, and what happens where it cannot."""

import io
import logging

from plainrad.log import make_log, take_over_logging


def test_a_library_may_log_after_the_stream_of_the_log_is_closed() -> None:
    stream = io.StringIO()
    take_over_logging(make_log(stream=stream))
    try:
        stream.close()
        logging.getLogger("library").error("words")
    finally:
        logging.captureWarnings(False)
