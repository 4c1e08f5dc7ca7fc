"""How the tests of params/ spoil a file of the made-up office and read what is said of it."""

import re

import pytest

from panelpack.errors import ConfigurationError


@pytest.fixture
def edited(project_copy):
    """Return a function that replaces texts in a file of the made-up office, each once.

    It returns the file and the line where the first edit begins.
    """

    def edit(path, *edits):
        path = project_copy.root / path
        text = path.read_text(encoding="utf-8")
        first = None
        for before, after in edits:
            assert before in text, f"{path.name} has no {before!r}"
            place = text.index(before)
            first = first or text[:place].count("\n") + 1
            text = text[:place] + after + text[place + len(before) :]
        path.write_text(text, encoding="utf-8")
        return path, first

    return edit


@pytest.fixture
def mistakes_of():
    """Return a function that reads a file that is wrong, and gives what is said of it as (line, sentence)."""

    def read(load, path, *arguments):
        with pytest.raises(ConfigurationError) as caught:
            load(path, *arguments)
        found = []
        for message in str(caught.value).splitlines():
            named = re.fullmatch(rf"params/{path.name}(?:, line (\d+))?: (.*)", message)
            assert named, f"no file: {message}"
            found.append((int(named[1]) if named[1] else None, named[2]))
        return found

    return read


@pytest.fixture
def check_mistake(edited, mistakes_of):
    """Return a function that spoils a file in one way and checks that the mistake is named with its line.

    below: how many lines under the edit's start the mistake stands; None where another line is as good.
    """

    def check(load, path, before, after, below, expected):
        path, line = edited(path, (before, after))
        found = [(at, said) for at, said in mistakes_of(load, path) if said.startswith(expected)]
        assert found, mistakes_of(load, path)
        assert found[0][0] is not None, f"no line: {found[0]}"
        if below is not None:
            assert found[0][0] == line + below, found[0]

    return check
