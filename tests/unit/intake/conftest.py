"""How the tests of intake read a changed office."""

import pytest

from panelpack.config.configuration import Configuration


@pytest.fixture
def read_office(project_copy, quarter):
    """Return a function that reads the configuration of the copy anew, with what a test wrote there."""
    return lambda of=quarter: Configuration.read(project_copy, of)
