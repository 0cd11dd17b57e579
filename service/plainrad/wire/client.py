"""Sends messages of a file, once each, for people who test a feed."""

from collections.abc import Sequence

from plainrad.wire.sender import Destination, exchange, hang_up, open_stream


async def send_all(messages: Sequence[bytes], destination: Destination) -> list[str]:
    """Return AA, AE or AR for each message; raises OSError, EOFError or ValueError where there is no answer."""
    stream = await open_stream(destination)
    try:
        return [await exchange(stream, one, seconds=destination.answer_seconds) for one in messages]
    finally:
        hang_up(stream)
