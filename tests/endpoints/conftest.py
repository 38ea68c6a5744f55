from collections.abc import Iterator
from dataclasses import replace

import pytest

from launchpad.endpoints.calling import connected
from launchpad.endpoints.endpoint import Endpoint, usable
from launchpad.endpoints.keys import NO_KEY
from tests.endpoints.server import Local


@pytest.fixture
def local() -> Iterator[Local]:
    with Local() as server:
        yield server


@pytest.fixture
def talk(local):
    """A connection to the local endpoint, with what is asked otherwise."""

    def make(key=NO_KEY, heard=lambda _: None, **other):
        endpoint = replace(Endpoint(url=local.url, model="m", timeout=5, retries=0), **other)
        return connected(usable(endpoint), key, heard)

    return make
