"""What the staff routes are given."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

from plainrad.api.dependencies import SettingsOf
from plainrad.api.kept import RecordsOf
from plainrad.api.security.staff import Staff, StaffOf
from plainrad.authoring.desk import AuthoringDesk
from plainrad.domain.board import LinkSeen
from plainrad.records.board import Board
from plainrad.settings import Settings
from plainrad.web.content import ContentRoom
from plainrad.web.pages import Frame, frame


def frame_of(request: Request, staff: StaffOf, settings: SettingsOf) -> Frame:
    """Return the frame of this page for whoever is signed in."""
    return _frame(request, staff, settings)


def _frame(request: Request, staff: Staff, settings: Settings) -> Frame:
    return frame(here=request.url.path, demo=settings.demo, csrf=staff.csrf, who=staff.name, roles=staff.roles)


def _room(request: Request) -> ContentRoom:
    room: ContentRoom = request.app.state.content
    return room


def _desk(request: Request) -> AuthoringDesk:
    return _room(request).desk


def _board(records: RecordsOf) -> Board:
    return Board(records.room)


def _links_seen(request: Request) -> Mapping[str, LinkSeen]:
    """Return what became of each link; nothing where no report is kept."""
    records = request.app.state.records
    return Board(records.room).links() if records is not None else {}


FrameOf = Annotated[Frame, Depends(frame_of)]
RoomOf = Annotated[ContentRoom, Depends(_room)]
DeskOf = Annotated[AuthoringDesk, Depends(_desk)]
BoardOf = Annotated[Board, Depends(_board)]
LinksSeenOf = Annotated[Mapping[str, LinkSeen], Depends(_links_seen)]
