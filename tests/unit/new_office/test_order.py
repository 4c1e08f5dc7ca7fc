"""What is asked for: given, asked at a terminal, or an error that lists all that is missing."""

import pytest

from panelpack.errors import UsageError
from panelpack.new_office.order import NEEDED, find_faults, read_order

GIVEN = {"FORCE": "Westmoor", "Q": "2014Q4", "BASELINE": "2012/13", "DATA": "table.csv", "TO": "office"}


def test_an_order_is_read_from_what_was_given():
    order = read_order(GIVEN)
    assert (order.force, str(order.quarter), order.baseline, order.baseline_year) == (
        "Westmoor",
        "2014Q4",
        "2012/13",
        2012,
    )
    assert (str(order.data), str(order.folder), order.measures) == ("table.csv", "office", None)


@pytest.mark.parametrize("missing", [["FORCE"], ["Q", "TO"], list(NEEDED)])
def test_all_that_is_missing_is_asked_for_at_a_terminal(missing):
    asked = []

    def answer(question: str) -> str:
        asked.append(question)
        return next(GIVEN[name] for name in NEEDED if f"({name})" in question)

    assert read_order({k: v for k, v in GIVEN.items() if k not in missing}, answer) == read_order(GIVEN)
    assert len(asked) == len(missing)


@pytest.mark.parametrize("missing", [["FORCE"], ["Q", "TO"], list(NEEDED)])
def test_all_that_is_missing_is_listed_where_nobody_can_be_asked(missing, monkeypatch):
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115
    with pytest.raises(UsageError) as error:
        read_order({k: v for k, v in GIVEN.items() if k not in missing})
    assert all(f"{name} (" in str(error.value) for name in missing)
    assert "\n" not in str(error.value)


def test_an_answer_of_nothing_is_an_error():
    with pytest.raises(UsageError, match="FORCE: nothing was typed"):
        read_order({**GIVEN, "FORCE": ""}, lambda question: " ")


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Q", "2014"), ("Q", "2014Q5"), ("BASELINE", "2012"), ("BASELINE", "2012/14"), ("BASELINE", "12/13")],
)
def test_what_is_no_quarter_or_year_is_an_error_of_a_line(name, typed):
    with pytest.raises(UsageError, match=f"^{name}='{typed}'") as error:
        read_order({**GIVEN, name: typed})
    assert "\n" not in str(error.value)


QUARTERS = [f"{year}Q{number}" for year in range(2012, 2016) for number in range(1, 5)]


@pytest.mark.parametrize(
    ("change", "quarters", "words"),
    [
        ({"Q": "2016Q1"}, QUARTERS, "Q='2016Q1': table.csv covers 2012Q1 to 2015Q4 of Westmoor"),
        ({"Q": "2011Q4"}, QUARTERS, "covers 2012Q1"),
        ({"Q": "2012Q2"}, QUARTERS, "without 2011Q3, 2011Q4"),
        ({}, [q for q in QUARTERS if q != "2014Q2"], "without 2014Q2"),
        ({"BASELINE": "2010/11"}, QUARTERS, "without 2010Q1, 2010Q2, 2010Q3, 2010Q4"),
        ({}, [q for q in QUARTERS if q != "2012Q3"], "without 2012Q3"),
        ({"BASELINE": "2014/15"}, QUARTERS, "ends with 2014Q4"),
        ({"BASELINE": "2015/16"}, QUARTERS, "ends with 2015Q4"),
    ],
)
def test_a_quarter_or_a_baseline_that_the_table_does_not_have_is_told(change, quarters, words):
    faults = list(find_faults(read_order({**GIVEN, **change}), "Westmoor", quarters))
    assert any(words in fault for fault in faults)
    assert all(fault.endswith(".") for fault in faults)


def test_an_order_that_the_table_can_serve_has_no_fault():
    assert not list(find_faults(read_order(GIVEN), "Westmoor", QUARTERS))
