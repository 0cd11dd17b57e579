"""What every test may ask for."""

import atexit
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# What tests start shares one cache of the run's own: each start takes a second less. The `plainrad` below is made from the files.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="plainrad-tests-cache-")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    os.environ |= {"PLAINRAD_CACHE": "true", "PLAINRAD_CACHE_DIR": _folder}
# Programs that tests start keep what Python makes of the source, as they do where they are installed.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from plainrad import bootstrap
from plainrad.bootstrap import Plainrad
from plainrad.log import Foreign
from plainrad.settings import Settings

# A property holds on a busy machine too: how long an example takes is for the benchmarks.
settings.register_profile("plainrad", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("plainrad")


@pytest.fixture(scope="session")
def plainrad() -> Plainrad:
    """The real thing, with the content of the checkout; built once for each test process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bootstrap.build(Settings(cache=False))


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A test that takes over the standard library's logging leaves it as it found it."""
    root = logging.getLogger()
    level, ours = root.level, [handler for handler in root.handlers if isinstance(handler, Foreign)]
    yield
    root.setLevel(level)
    for handler in [handler for handler in root.handlers if isinstance(handler, Foreign) and handler not in ours]:
        root.removeHandler(handler)


@pytest.fixture(autouse=True)
def _no_planted_word_gets_out() -> Iterator[None]:
    """No test may leave a planted word in a log line, a figure or an error answer, whatever it was about."""
    yield
    watch = sys.modules.get("tests.support.watch")  # only where a service was made: most tests need no web framework
    assert watch is None or not watch.nothing_got_out(), "a planted word got out"


@pytest.fixture(autouse=True, scope="session")
def _no_planted_word_got_out_at_the_end() -> Iterator[None]:
    """The figures of every service that is still there are looked at once more."""
    yield
    watch = sys.modules.get("tests.support.watch")
    assert watch is None or not watch.nothing_got_out(at_the_end=True), "a planted word got out"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long bytes by their argument: what is made anew in each process must not name a test."""
    return argname if isinstance(val, bytes) and len(val) > 100 else None
