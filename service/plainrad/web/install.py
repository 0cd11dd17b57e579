"""The staff pages, put into the service."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from plainrad.web import static
from plainrad.web.routes import preview


def install_staff_pages(app: FastAPI) -> None:
    """Give `app` the pages under /staff."""
    app.include_router(static.router)
    app.include_router(preview.router)

    @app.get("/staff", include_in_schema=False)
    async def front() -> RedirectResponse:
        return RedirectResponse("/staff/preview", status_code=303)
