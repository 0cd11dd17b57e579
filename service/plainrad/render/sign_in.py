"""The page on which staff sign in."""

from collections.abc import Sequence

from plainrad.render.home import style
from plainrad.render.templates import environment


def render_sign_in(
    *, csrf: str, provider: bool, local: bool, demo_roles: Sequence[str], error: str | None = None
) -> str:
    """Return the page with the ways that the site offers. It may do what `home_policy` says."""
    return (
        environment()
        .get_template("sign-in.html")
        .render(style=style(), csrf=csrf, provider=provider, local=local, demo_roles=demo_roles, error=error)
    )
