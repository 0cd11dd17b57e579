"""A staff page that takes long goes out as it is worked out."""

import asyncio
from collections.abc import Iterator
from typing import Any

from fastapi.responses import StreamingResponse

from plainrad.domain.access import Role
from plainrad.domain.authoring import EntryChange
from plainrad.web.effects import FoundView, Step
from plainrad.web.pages import frame, staff_stream
from tests.support.access import NOW


def test_what_is_known_goes_out_before_the_rest_is_worked_out() -> None:
    asked: list[str] = []

    def steps() -> Iterator[Step]:
        yield Step(0, 60)
        asked.append("more")
        yield Step(5, 60)
        asked.append("the end")
        yield Step(60, 60, FoundView(60, (), None))

    change = EntryChange(
        "0af1", "x", "terms/chest/x.toml", {"term": "x sign"}, "", "draft", "a", ("a",), "", 1, NOW, NOW
    )
    around = frame(here="/staff/glossary", demo=False, roles=frozenset({Role.EDITOR}))
    sent: list[tuple[str, list[str]]] = []

    async def read(steps: Iterator[Step], leaves_after: int) -> None:
        async def gone() -> bool:
            return len(sent) >= leaves_after

        answer = staff_stream("effects.html", frame=around, change=change, steps=steps, gone=gone)
        assert isinstance(answer, StreamingResponse)
        async for piece in answer.body_iterator:
            sent.append((str(piece), list(asked)))

    asyncio.run(read(steps(), 99))
    (first, known), (second, then), (last, _) = sent
    assert ("x sign" in first, known) == (True, [])
    assert ("Looked at 5 of 60" in second, then) == (True, ["more"])
    assert "None of 60 invented examples would read differently." in last
    assert last.rstrip().endswith("</html>")
    whole: Any = first + second + last
    assert "flush" not in whole
    sent.clear()
    asked.clear()
    left = steps()
    asyncio.run(read(left, 1))
    assert (len(sent), asked) == (1, ["more"]), "what nobody reads is not worked out"
    assert next(left, None) is None, "and what was held for it is let go"
