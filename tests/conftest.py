"""What every test may ask for."""

import warnings

import pytest

from plainrad import bootstrap
from plainrad.bootstrap import Plainrad


@pytest.fixture(scope="session")
def plainrad() -> Plainrad:
    """The real thing, with the content of the checkout; built once for each test process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bootstrap.plainrad()
