"""Nothing that may not be shown is published, printed or kept: planted values are looked for in every byte.

Offices and quarters are listed by looking. In a copy of each, every cell that is embargoed, suppressed, redacted or
about a person is made unmistakable, and its quarter is made. Then nothing of it may be found; and what is published must
be, byte for byte, what it was with other values and with more rows: so no difference, share, size, number of rows or
length of a line tells any of it either.
"""

import json
import os
import re
import shutil
import traceback
from types import SimpleNamespace

import pytest

import running
from leaks.containers import Piece, pieces_of_tree
from leaks.faults import FORMS, OF_FILES, Further, wrong_cells
from leaks.offices import OfficeCopy, find_offices, name_of, quarters_of, variants
from leaks.search import find
from panelpack.__main__ import main

LONG = bool(os.environ.get("PANELPACK_LONG"))
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("leaks")]  # a quarter is made once

EVERY = [(office, quarter) for office in find_offices() for quarter in quarters_of(office)]
# What depends on a keyed hash, which is another for other values, and tells none.
HASH = re.compile(r"\b[0-9a-f]{64}\b")


def said_by(*runs):
    """What commands printed."""
    return [Piece(f"{kind} of {run.args[3:]}", said) for run in runs for kind, said in _streams(run)]


def _streams(run):
    return ("stdout", run.stdout), ("stderr", run.stderr)


def ok(copy, *arguments):
    done = copy.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def receive(copy):
    return [ok(copy, "receive", drop) for drop in copy.drops]


def published(copy):
    return pieces_of_tree(copy.office / "outputs", copy.office / "params", within=copy.office)


def kept(copy):
    return pieces_of_tree(copy.office / "data" / "processed", within=copy.office)


def leaks_of(copy, planted, runs):
    """Return what is found of planted values in all that is published, kept in the office or printed."""
    found = find([*published(copy), *said_by(*runs)], planted)
    return [*map(str, found), *map(str, find(kept(copy), planted, with_checksums=False))]


def unlike(one, other):
    """Return the files of two folders of outputs that are not alike but for hashes."""
    names = {path.relative_to(folder).as_posix() for folder in (one, other) for path in _files(folder)}
    return sorted(name for name in names if _masked(one / name) != _masked(other / name))


def _files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def _masked(path):
    if not path.is_file():
        return None
    content = path.read_bytes()
    # Only these two list what a pack was made from.
    return HASH.sub("#", content.decode()) if path.name in ("manifest.json", "ro-crate-metadata.json") else content


# ------------------------------------------------------------------------------------------------ one office
@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The made-up office with values planted, made as it stands."""
    copy = OfficeCopy.make(running.OFFICE, running.QUARTER, tmp_path_factory.mktemp("leaks"))
    planted = copy.plant()
    runs = [*receive(copy), ok(copy, "quarter", running.QUARTER)]
    return SimpleNamespace(copy=copy, planted=planted, runs=runs)


def test_nothing_that_was_planted_is_found(made):
    assert len(made.planted.values) > 100
    assert leaks_of(made.copy, made.planted, made.runs) == []


def test_all_that_is_published_would_be_the_same_with_other_values_and_more_rows(made, made_run):
    assert unlike(made_run.root / "outputs", made.copy.office / "outputs") == []


# ------------------------------------------------------------------------------------------------ every office
def cases():
    return list(_cases())


def _cases():
    for office, quarter in EVERY:
        copy = SimpleNamespace(office=office, quarter=quarter)
        tables = OfficeCopy(office, office, copy.quarter).read_tables
        for turn, statuses in enumerate(variants(tables)):
            yield pytest.param(office, quarter, statuses, id=f"{name_of(office)}-{quarter}-{turn}")


@pytest.mark.skipif(not LONG, reason="every office takes many minutes; set PANELPACK_LONG=1 to make them")
@pytest.mark.parametrize(("office", "quarter", "statuses"), cases())
def test_nothing_of_any_office_is_found_whatever_is_withheld(office, quarter, statuses, tmp_path):
    copy = OfficeCopy.make(office, quarter, tmp_path)
    copy.withhold(statuses)
    receive(copy)
    ok(copy, "quarter", quarter)
    shutil.copytree(copy.office / "outputs", tmp_path / "before")
    planted = copy.plant()
    runs = [*receive(copy), ok(copy, "validate", quarter), ok(copy, "quarter", quarter)]
    leaks = leaks_of(copy, planted, runs)
    print(f"{name_of(office)} {quarter} {statuses}: {len(planted.values)} planted, {len(leaks)} found")
    assert leaks == []
    assert unlike(tmp_path / "before", copy.office / "outputs") == []


# ------------------------------------------------------------------------------------------------ what is said of faults
@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """A planted office whose files are made wrong, one way after the other."""
    copy = OfficeCopy.make(running.OFFICE, running.QUARTER, tmp_path_factory.mktemp("faults"))
    further = Further(copy.plant())
    raw = {path: path.read_bytes() for path, _ in copy.files(copy.quarter)}
    return SimpleNamespace(copy=copy, further=further, raw=raw)


@pytest.fixture
def say(faulty, monkeypatch, capsys):
    """Return what runs a command for the office, in this process, and gives what it said."""
    monkeypatch.setenv("OFFICE", str(faulty.copy.office))
    monkeypatch.chdir(faulty.copy.root)

    def command(*arguments):
        try:
            main(list(arguments))
        except Exception:  # as Python would print it
            traceback.print_exc()
        captured = capsys.readouterr()
        return [Piece(f"stdout of {arguments}", captured.out), Piece(f"stderr of {arguments}", captured.err)]

    return command


def wrong_files(faulty, fault):
    for path, table in faulty.copy.files(faulty.copy.quarter):
        text = fault(faulty.raw[path].decode(), faulty.copy.tables[table], faulty.further)
        path.write_bytes(text.encode("utf-8", errors="surrogateescape"))


FAULTS = {**{f"cells {form}": wrong_cells(form) for form in FORMS}, **OF_FILES}


@pytest.mark.parametrize("name", FAULTS)
def test_no_message_about_a_file_quotes_what_stands_in_it(name, faulty, say):
    wrong_files(faulty, FAULTS[name])
    said = [piece for verb in ("receive", "validate", "check") for piece in say(verb, running.QUARTER)]
    assert [str(found) for found in find(said, faulty.further.planted, with_checksums=False)] == []
