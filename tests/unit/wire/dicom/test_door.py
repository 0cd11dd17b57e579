"""Connections that say nothing keep nobody out of the DICOM server."""

import socket
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from plainrad.wire.dicom.client import echo
from plainrad.wire.dicom.door import ASSOCIATIONS, STRANGERS, Door
from tests.support.dicom_net import server


class Socket:
    """Remembers that it was shut down."""

    def __init__(self) -> None:
        self.down = False

    def shutdown(self, _: int) -> None:
        self.down = True


class Association:
    """An association as far as the door sees it."""

    def __init__(self) -> None:
        self.own = Socket()
        self.dul = SimpleNamespace(socket=SimpleNamespace(socket=self.own))


class Scene:
    def __init__(self) -> None:
        self.time = 0.0
        self.full = 0
        self.door = Door(full=self._count, clock=lambda: self.time)

    def _count(self) -> None:
        self.full += 1

    def open(self, *, agreed: bool = False) -> Association:
        self.time += 0.001
        one = Association()
        self.door.opened(self.event(one))
        if agreed:
            self.door.agreed(self.event(one))
        return one

    @staticmethod
    def event(one: Association) -> Any:
        return SimpleNamespace(assoc=one)


def test_of_those_that_agree_on_nothing_the_oldest_goes() -> None:
    scene = Scene()
    strangers = [scene.open() for _ in range(STRANGERS + 3)]
    for one in strangers:
        scene.door.heard(scene.event(one))
    assert [one.own.down for one in strangers] == [True] * 3 + [False] * STRANGERS


def test_associations_that_stand_are_not_strangers() -> None:
    scene = Scene()
    agreed = [scene.open(agreed=True) for _ in range(ASSOCIATIONS)]
    for _ in range(STRANGERS + 5):
        scene.open()
    assert not any(one.own.down for one in agreed)


def test_one_too_many_takes_the_place_of_the_one_that_was_silent_longest() -> None:
    scene = Scene()
    agreed = [scene.open(agreed=True) for _ in range(ASSOCIATIONS)]
    scene.time += 6
    for one in agreed[1:]:
        scene.door.heard(scene.event(one))
    newest = scene.open(agreed=True)
    assert (agreed[0].own.down, newest.own.down, scene.full) == (True, False, 1)


def test_where_all_are_at_work_the_one_too_many_goes() -> None:
    scene = Scene()
    agreed = [scene.open(agreed=True) for _ in range(ASSOCIATIONS)]
    newest = scene.open(agreed=True)
    assert ([one.own.down for one in agreed], newest.own.down) == ([False] * ASSOCIATIONS, True)


def test_who_left_is_not_counted() -> None:
    scene = Scene()
    for _ in range(ASSOCIATIONS + STRANGERS):
        scene.door.closed(scene.event(scene.open(agreed=True)))
        scene.door.closed(scene.event(scene.open()))
    assert (scene.full, scene.open(agreed=True).own.down) == (0, False)


def test_a_dozen_silent_connections_keep_nobody_out(tmp_path: Path) -> None:
    with server(tmp_path) as (_, peer, _log), ExitStack() as stack:
        for _ in range(ASSOCIATIONS + 15):
            stack.enter_context(socket.create_connection((peer.host, peer.port), timeout=5))
        assert echo(peer, own_title="RIS")
