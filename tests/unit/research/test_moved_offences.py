"""Offences that move from one subgroup to another between years: found on made-up rows, and in the official table."""

import pandas as pd
import pytest

import running
from panelpack.config.study import OffenceSeries, load_offences
from panelpack.errors import SourceError
from panelpack.intake.published_table import read_published
from panelpack.project import Project
from research.backtest.moved_offences import find_moved, refuse_moved

TABLE = running.ROOT.parent / "shared" / "data" / "police_recorded_crime_pfa_12_forces.csv.gz"
COLUMNS = ["year", "number", "force", "description", "group", "subgroup", "code", "offences"]
SOURCE = {"title": "A table", "release": "a year", "licence": "a licence", "released_after_months": 4}


def study(series, breaks=()):
    named = {name: {"title": name, "subgroups": list(subgroups)} for name, subgroups in series.items()}
    return OffenceSeries.model_validate(
        {
            "source": SOURCE,
            "forces": ["North", "South"],
            "columns": {name: name for name in COLUMNS},
            "series": named,
            "breaks": [{"series": name, "from": first, "reason": "It moved."} for name, first in breaks],
        }
    )


def rows(*cells):
    """Rows of a year, a force, an offence and its code, its subgroup, and how many."""
    return pd.DataFrame(
        [
            (year, 1, force, what, "Violence", subgroup, code, count)
            for year, force, what, code, subgroup, count in cells
        ],
        columns=COLUMNS,
    )


STAYS = [(year, force, "Assault", "8A", "With injury", 90) for year in ("2001/02", "2002/03", "2003/04")
         for force in ("North", "South")]  # fmt: skip
STUDY = study({"injury": ["With injury"]})


def test_rows_that_stay_where_they_are_move_nowhere():
    assert find_moved(rows(*STAYS), STUDY) == []


def test_an_offence_that_leaves_is_named_with_its_share_of_each_force():
    moving = [
        ("2001/02", "North", "Death by driving", "4.4", "With injury", 10),
        ("2001/02", "South", "Death by driving", "4.4", "With injury", 30),
        ("2002/03", "North", "Death by driving", "4.4", "On the road", 11),
        ("2003/04", "South", "Death by driving", "4.4", "On the road", 12),
    ]
    (found,) = find_moved(rows(*STAYS, *moving), STUDY)
    assert (found.series, found.year, found.leaves) == ("injury", "2002/03", True)
    assert (found.offences, found.elsewhere) == (("Death by driving (4.4)",), ("On the road",))
    assert (found.share, found.least, found.most) == pytest.approx((40 / 220, 10 / 100, 30 / 120))
    with pytest.raises(SourceError) as caught:
        refuse_moved(rows(*STAYS, *moving), STUDY)
    assert str(caught.value) == (
        "the table of recorded crime, 2002/03: Death by driving (4.4) left the series 'injury', 18.2% of its offences "
        "(10.0% to 25.0% by force), expected the same offences in every year. Add 'On the road' to its subgroups in "
        "data/projection/offences.yml, or declare a break."
    )


@pytest.mark.parametrize("kept", ["code", "description"])
def test_an_offence_that_comes_in_is_found_by_its_code_or_its_description(kept):
    what, code = ("Stalking", "8Q") if kept == "code" else ("Harassment", "8L")
    before = ("2001/02", "North", "Harassment", "8Q" if kept == "code" else "8R", "Other", 5)
    moving = [before, ("2002/03", "North", what, code, "With injury", 10)]
    (found,) = find_moved(rows(*STAYS, *moving), STUDY)
    assert (found.year, found.leaves, found.elsewhere) == ("2002/03", False, ("Other",))
    assert (found.share, found.least, found.most) == pytest.approx((10 / 190, 0, 10 / 100))


def test_both_subgroups_together_or_a_declared_break_are_no_mistake():
    moving = [
        ("2001/02", "North", "Death by driving", "4.4", "With injury", 10),
        ("2002/03", "North", "Death by driving", "4.4", "On the road", 11),
    ]
    refuse_moved(rows(*STAYS, *moving), study({"injury": ["With injury", "On the road"]}))
    refuse_moved(rows(*STAYS, *moving), study({"injury": ["With injury"]}, [("injury", "2002Q1")]))
    with pytest.raises(SourceError):
        refuse_moved(rows(*STAYS, *moving), study({"injury": ["With injury"]}, [("injury", "2003Q1")]))


def test_an_offence_that_moves_half_has_moved_and_every_move_is_named():
    moving = [
        ("2001/02", "North", "Threats", "3B", "With injury", 10),
        ("2002/03", "North", "Threats", "3B", "With injury", 4),
        ("2002/03", "South", "Threats", "3B", "Other", 6),
        ("2003/04", "South", "Threats", "3B", "Other", 6),
    ]
    found = find_moved(rows(*STAYS, *moving), STUDY)
    assert [(one.year, one.leaves) for one in found] == [("2002/03", True), ("2003/04", True)]
    with pytest.raises(SourceError) as caught:
        refuse_moved(rows(*STAYS, *moving), STUDY)
    assert str(caught.value).count("\n") == 1


# -------------------------------------------------------------------------- against the official table, where it is
@pytest.fixture(scope="module")
def official():
    if not TABLE.exists():
        pytest.skip("the official table is not beside this checkout")
    return read_published(Project(running.ROOT), TABLE).typed()


def test_no_offence_moves_into_or_out_of_a_shipped_series(official, project):
    shipped = load_offences(project.projection)
    assert find_moved(official, shipped) == []


def test_what_moved_in_2013_is_found_where_one_side_alone_is_the_series(official):
    series = {"injury": ["Violence with injury"], "without": ["Violence without injury"]}
    injury, without = find_moved(official, study(series))
    assert (injury.year, injury.leaves, injury.elsewhere) == (
        "2013/14",
        True,
        ("Death or serious injury - unlawful driving",),
    )
    assert 0 < injury.least < injury.most < 0.01
    assert (without.year, without.leaves, without.elsewhere) == ("2013/14", True, ("Stalking and harassment",))
    assert without.offences[0] == "Harassment (8L)"
    assert 0.05 < without.least < without.share < without.most < 0.35
