"""What every test may ask for."""

import warnings

import pytest
from hypothesis import settings

from plainrad import bootstrap
from plainrad.bootstrap import Plainrad

# A property holds on a busy machine too: how long an example takes is for the benchmarks.
settings.register_profile("plainrad", deadline=None)
settings.load_profile("plainrad")


@pytest.fixture(scope="session")
def plainrad() -> Plainrad:
    """The real thing, with the content of the checkout; built once for each test process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bootstrap.plainrad()
