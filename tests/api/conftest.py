"""One service for the tests of the REST interface."""

import pytest

from plainrad.bootstrap import Plainrad
from tests.support.service import Service, make_service


@pytest.fixture
def service(plainrad: Plainrad) -> Service:
    """A service without the demonstration."""
    return make_service(plainrad)


@pytest.fixture
def demo(plainrad: Plainrad) -> Service:
    """A service with the demonstration."""
    return make_service(plainrad, demo=True)
