"""A pack that cannot be made is a row of the index with its reason, and never a stop."""

from contextlib import contextmanager

import pytest

import official_rows
import running
from panelpack.atlas import atlas
from panelpack.atlas.index import read_index
from panelpack.atlas.order import read_order
from panelpack.atlas.progress import in_words
from panelpack.errors import UsageError
from panelpack.project import Project

SOFTWARE = Project(running.ROOT)


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Return a function that makes an atlas whose chunks end as told, and returns the code and what it said."""
    table = official_rows.write(tmp_path / "table.csv")

    @contextmanager
    def no_cluster(scheduler, jobs):
        yield None

    monkeypatch.setattr(atlas, "client_of", no_cluster)
    monkeypatch.setattr(atlas, "workers_of", lambda client: 2)
    monkeypatch.setattr("panelpack.atlas.page.write_page", lambda folder, *_, **__: folder / "index.html")

    def run(end, **given: str):
        def chunks(client, chunks, code, heard, lost):
            yield from ((chunk, *end(chunk)) for chunk in chunks)

        monkeypatch.setattr(atlas, "make_chunks", chunks)
        names = ("FORCES", "BASELINE", "MEASURES", "SCHEDULER")
        order = {**dict.fromkeys(names, ""), "DATA": str(table), "Q": "2014Q4", "RELEASE": "r", "TO": str(tmp_path)}
        said: list[str] = []
        return atlas.make_atlas(SOFTWARE, read_order(SOFTWARE, {**order, **given}), said.append), said

    return run


def red(chunk):
    return [
        {"force": p.force, "quarter": str(p.quarter), "exit": 2, "message": "Q is wrong.", "cpu_seconds": 0.0}
        for p in chunk.packs
    ], ""


def test_each_has_a_row_with_its_reason(make, tmp_path):
    code, said = make(red, FORCES="Westmoor,Fen & Marsh", Q="2014Q4..2015Q1")
    index = read_index(tmp_path / "r")
    assert code == 1 and said[-3] == "0 of 4 packs there, 4 red"
    assert "RED Fen & Marsh 2014Q4: Q is wrong." in said
    assert index[["force", "quarter", "indicator", "exit", "message"]].to_dict("split")["data"] == [
        [force, quarter, "", 2, "Q is wrong."]
        for force in ("Fen & Marsh", "Westmoor")
        for quarter in ("2014Q4", "2015Q1")
    ]


def test_one_of_an_earlier_run_is_kept_until_it_is_asked_for_again(make, tmp_path):
    make(red, FORCES="Westmoor")
    make(red, FORCES="Fen & Marsh")
    assert list(read_index(tmp_path / "r")["force"]) == ["Fen & Marsh", "Westmoor"]
    make(red, FORCES="Westmoor")
    assert list(read_index(tmp_path / "r")["force"]) == ["Fen & Marsh", "Westmoor"]


def test_a_process_that_is_lost_each_time_makes_its_packs_red(make, tmp_path):
    _, said = make(lambda chunk: ([], "the process of these packs ended with code 1: no space left"), FORCES="Westmoor")
    assert said[-4] == "RED Westmoor 2014Q4: the process of these packs ended with code 1: no space left"
    assert "RED" in said[2]


def test_code_that_changes_meanwhile_stops_the_run(make, monkeypatch):
    prints = iter("ab")
    monkeypatch.setattr(atlas, "fingerprint_of_code", lambda software: next(prints))
    with pytest.raises(UsageError, match="the code was changed while the atlas was made"):
        make(red)


@pytest.mark.parametrize(("seconds", "words"), [(59.6, "60 seconds"), (600, "10 minutes"), (9000, "2.5 hours")])
def test_times_are_in_words(seconds, words):
    assert in_words(seconds) == words
