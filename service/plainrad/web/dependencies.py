"""What the staff routes are given."""

from typing import Annotated

from fastapi import Depends, Request

from plainrad.api.dependencies import SettingsOf
from plainrad.api.security.staff import Staff, StaffOf
from plainrad.authoring.desk import AuthoringDesk
from plainrad.settings import Settings
from plainrad.web.content import ContentRoom
from plainrad.web.pages import Frame, frame


def frame_of(request: Request, staff: StaffOf, settings: SettingsOf) -> Frame:
    """Return the frame of this page for whoever is signed in."""
    return _frame(request, staff, settings)


def _frame(request: Request, staff: Staff, settings: Settings) -> Frame:
    roles = ", ".join(sorted(str(role) for role in staff.roles))
    return frame(here=request.url.path, demo=settings.demo, csrf=staff.csrf, who=staff.name, roles=roles)


def _room(request: Request) -> ContentRoom:
    room: ContentRoom = request.app.state.content
    return room


def _desk(request: Request) -> AuthoringDesk:
    return _room(request).desk


FrameOf = Annotated[Frame, Depends(frame_of)]
RoomOf = Annotated[ContentRoom, Depends(_room)]
DeskOf = Annotated[AuthoringDesk, Depends(_desk)]
