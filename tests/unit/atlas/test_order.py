"""What a person asks of an atlas: quarters, forces, baseline, release, address; each mistake is one line."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

import official_rows
import running
from panelpack.atlas.atlas import release_of
from panelpack.atlas.order import (
    chosen_baseline,
    chosen_forces,
    read_number,
    read_order,
    read_quarters,
    titles,
)
from panelpack.errors import UsageError
from panelpack.intake.published_table import read_published
from panelpack.project import Project, digest

SOFTWARE = Project(running.ROOT)
NAMES = ("DATA", "Q", "FORCES", "BASELINE", "MEASURES", "RELEASE", "TO", "SCHEDULER")


def order(**given: str):
    return read_order(SOFTWARE, {**dict.fromkeys(NAMES, ""), "DATA": "table.csv", "Q": "2015Q1", **given})


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return read_published(SOFTWARE, official_rows.write(tmp_path_factory.mktemp("published") / "table.csv"))


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("2015Q1", "2015Q1"),
        ("2014Q3..2015Q1", "2014Q3 2014Q4 2015Q1"),
        ("2015Q1, 2014Q3", "2014Q3 2015Q1"),
        ("2014Q4..2015Q1,2015Q1,2016Q2", "2014Q4 2015Q1 2016Q2"),
    ],
)
def test_quarters_are_one_a_span_or_several(text, labels):
    assert " ".join(map(str, read_quarters(text))) == labels


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"DATA": ""}, "DATA is missing"),
        ({"Q": ""}, "Q is missing"),
        ({"Q": "2015Q5"}, r"Q='2015Q5': found '2015Q5', expected YYYYQn, a span"),
        ({"Q": "2015Q1..2014Q1"}, "2015Q1 comes after 2014Q1"),
        ({"Q": "2014Q1..2014Q2..2014Q3"}, "expected YYYYQn, a span"),
        ({"Q": "2014Q1.."}, "expected YYYYQn, a span"),
        ({"Q": "1000Q1..2000Q1"}, "more than 200 quarters"),
        ({"BASELINE": "2012"}, "BASELINE='2012' is not a financial year"),
        ({"RELEASE": "--"}, "RELEASE='--': expected a name"),
        ({"SCHEDULER": "here"}, "SCHEDULER='here': expected an address"),
        ({"TO": __file__}, "this is a file, expected a folder"),
    ],
)
def test_a_mistake_in_any_variable_is_one_line(given, words):
    with pytest.raises(UsageError, match=words) as error:
        order(**given)
    assert "\n" not in str(error.value)


def test_processes_are_a_whole_number(monkeypatch):
    monkeypatch.setenv("JOBS", "none")
    with pytest.raises(UsageError, match="JOBS='none'"):
        order()


@pytest.mark.parametrize("text", ["0", "-1", "2.5", "many"])
def test_how_many_packs_are_verified_is_a_whole_number(text):
    assert read_number("N", "", 20, 1) == 20
    with pytest.raises(UsageError, match=f"N='{text}': expected a whole number from 1"):
        read_number("N", text, 20, 1)


def test_forces_with_commas_in_their_names_are_found(table):
    assert chosen_forces(order(), table) == ("Fen & Marsh", "Haven, City of", "Westmoor")
    assert chosen_forces(order(FORCES="Westmoor, Haven, City of"), table) == ("Haven, City of", "Westmoor")
    with pytest.raises(UsageError, match=r"FORCES='Westmor': .* Did you mean 'Westmoor'"):
        chosen_forces(order(FORCES="Fen & Marsh,Westmor"), table)


def test_two_forces_never_share_a_folder():
    assert titles(["Fen & Marsh", "Westmoor"]) == {"fen-marsh": "Fen & Marsh", "westmoor": "Westmoor"}
    with pytest.raises(UsageError, match="would share the folder 'fen-marsh'"):
        titles(["Fen & Marsh", "Fen Marsh"])


def test_the_baseline_is_the_first_year_that_is_whole(table):
    column = table.spec.period_column
    assert chosen_baseline(order(), table) == "2012/13"
    assert chosen_baseline(order(BASELINE="2013/2014"), table) == "2013/14"
    assert chosen_baseline(order(), replace(table, rows=table.rows[table.rows[column] > "2012Q1"])) == "2013/14"
    with pytest.raises(UsageError, match="it has no whole financial year"):
        chosen_baseline(order(), replace(table, rows=table.rows[table.rows[column] > "2014Q1"]))


def test_a_release_is_called_as_the_table_of_all_forces_is_else_by_its_checksum(table, monkeypatch):
    assert release_of(SOFTWARE, order(RELEASE="April 2024"), table).name == "April 2024"
    assert release_of(SOFTWARE, order(), table).name == f"table {digest(table.source)[:12]}"
    monkeypatch.setattr(
        "panelpack.config.official.load_comparators_made_from", lambda _: SimpleNamespace(sources={"a": table.checksum})
    )
    assert release_of(SOFTWARE, order(), table).name == "October 2023"
