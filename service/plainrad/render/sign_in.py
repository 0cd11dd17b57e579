"""The page on which staff sign in."""

from collections.abc import Sequence

from plainrad.render.home import style
from plainrad.render.templates import environment


def render_sign_in(
    *,
    csrf: str,
    provider: bool,
    local: bool,
    demo_roles: Sequence[str],
    start: str,
    back: str = "",
    error: str | None = None,
) -> str:
    """Return the page with the ways that the site offers. It may do what `home_policy` says.

    `start` is where the provider's sign-in begins, `back` the page that one comes back to ("": the first one).
    """
    template = environment().get_template("sign-in.html")
    return template.render(
        style=style(), csrf=csrf, provider=provider, local=local, demo_roles=demo_roles, start=start, back=back, error=error
    )  # fmt: skip
