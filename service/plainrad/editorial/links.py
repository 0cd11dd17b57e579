"""Whether the pages of `links.toml` are still there. Asked politely: one request to a host at a time, HEAD before GET."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

import httpx

from plainrad import __version__

State = Literal["alive", "moved", "unreachable", "gone"]
MAX_REDIRECTS = 5
USER_AGENT = f"Plainrad/{__version__} (check-links: looks whether pages that patients are sent to still exist)"
_LASTING = frozenset({301, 308})
_GONE = frozenset({404, 410})
_PASSING = frozenset({408, 425, 429})  # and 5xx: the same request may work a moment later
_LONGEST_WAIT = 10.0


class Address(Protocol):
    """A page and the name that entries know it by."""

    @property
    def id(self) -> str:
        """Return the id of the link."""

    @property
    def url(self) -> str:
        """Return the address."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How politely is asked. `pause` is the rest, in seconds, that a host gets after each request and before a retry."""

    timeout: float = 10.0
    concurrency: int = 8
    pause: float = 0.2
    trust_env: bool = True  # the proxies of the site


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one address. `note` says why, or where the page is now."""

    id: str
    url: str
    state: State
    note: str


@dataclass(frozen=True, slots=True)
class _Answer:
    """The end of a chain of redirects. `status` is None when nobody answered."""

    status: int | None
    url: str
    lasting: str | None = None
    problem: str = ""
    wait: float = 0.0

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def may_pass(self) -> bool:
        return self.status is None or self.status in _PASSING or self.status >= 500


def check_links(links: Iterable[Address], manners: Manners | None = None) -> list[Seen]:
    """Return what became of each address, in the order given. Needs a network; asks for no page twice at one time."""
    return asyncio.run(_check(list(links), manners or Manners()))


def exit_code(seen: Iterable[Seen]) -> int:
    """Return 1 when a page is gone: patients must not be sent there. A page that did not answer may be back tomorrow."""
    return 1 if any(one.state == "gone" for one in seen) else 0


async def _check(links: list[Address], manners: Manners) -> list[Seen]:
    async with (
        httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT, "Accept": "text/html,*/*;q=0.5"},
            timeout=manners.timeout,
            trust_env=manners.trust_env,
        ) as client,
        asyncio.TaskGroup() as group,
    ):
        visitor = _Visitor(client, manners)
        tasks = [group.create_task(visitor.visit(link)) for link in links]
    return [task.result() for task in tasks]


class _Visitor:
    """Asks for pages; holds which hosts are being asked."""

    def __init__(self, client: httpx.AsyncClient, manners: Manners) -> None:
        self.client = client
        self.manners = manners
        self.hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.everywhere = asyncio.Semaphore(manners.concurrency)

    async def visit(self, link: Address) -> Seen:
        """Return what became of the page: HEAD first, GET where HEAD fails, and GET once more where that may help."""
        answer = await self.follow("HEAD", link.url)
        if not answer.good:
            answer = await self.follow("GET", link.url)
        if answer.may_pass:
            await asyncio.sleep(max(answer.wait, self.manners.pause))
            answer = await self.follow("GET", link.url)
        return _judge(link, answer)

    async def follow(self, method: str, url: str) -> _Answer:
        """Return the end of the redirects, and the address that the lasting ones among the first of them name."""
        lasting, all_lasting = None, True
        try:
            request = self.client.build_request(method, url)
            for _ in range(MAX_REDIRECTS + 1):
                response = await self.ask(request)
                if response.next_request is None:
                    wait = response.headers.get("Retry-After", "")
                    seconds = min(float(wait), _LONGEST_WAIT) if wait.isdecimal() else 0.0
                    return _Answer(response.status_code, str(request.url), lasting, wait=seconds)
                request = response.next_request
                all_lasting = all_lasting and response.status_code in _LASTING
                lasting = str(request.url) if all_lasting else lasting
        except (httpx.TimeoutException, TimeoutError):
            return _Answer(None, url, problem=f"no answer within {self.manners.timeout:g} s")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _Answer(None, url, problem=f"no connection ({type(error).__name__})")
        return _Answer(310, url, problem=f"more than {MAX_REDIRECTS} redirects")

    async def ask(self, request: httpx.Request) -> httpx.Response:
        """Return the head of an answer; the page itself is not read. Who waits for a host keeps nobody else waiting."""
        async with self.hosts[request.url.host]:
            async with self.everywhere, asyncio.timeout(self.manners.timeout):
                response = await self.client.send(request, stream=True)
                await response.aclose()
            await asyncio.sleep(self.manners.pause)
        return response


def _judge(link: Address, answer: _Answer) -> Seen:
    if answer.good and answer.lasting and answer.lasting != link.url:
        return Seen(link.id, link.url, "moved", answer.lasting)
    if answer.good:
        return Seen(link.id, link.url, "alive", "" if answer.url == link.url else f"for now at {answer.url}")
    state: State = "gone" if answer.status in _GONE else "unreachable"
    return Seen(link.id, link.url, state, answer.problem or f"answers {answer.status}")
