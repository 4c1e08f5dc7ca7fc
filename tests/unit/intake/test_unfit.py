"""What is said of rows of which no series can be made: Python's own words, but never of a guarded file's cell."""

import pytest

from panelpack.errors import SourceError
from panelpack.intake.unfit import made_of

CELL = "P7 01"


def said(office, table):
    with pytest.raises(SourceError) as caught, made_of(office, table):
        int(CELL)
    return str(caught.value)


def test_what_python_says_of_an_open_file_is_told(office):
    assert f"no series can be made of its rows (invalid literal for int() with base 10: '{CELL}')." in said(
        office, "recorded_crime"
    )


@pytest.mark.parametrize("table", ["missing_people", "drug_treatment", "victim_survey"])
def test_what_it_says_of_a_guarded_file_is_not(table, office):
    assert "no series can be made of its rows. Type make validate" in said(office, table)
    assert CELL not in said(office, table)
