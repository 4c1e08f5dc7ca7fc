"""How many signals chance alone would give: from the table that the simulation wrote, and from no other."""

import pandas as pd
import pytest

from panelpack.errors import ConfigurationError
from panelpack.indicators.reference_tables import FALSE_ALARM_COLUMNS, expected_false_alarms, read_false_alarms

HEAD = ",".join(FALSE_ALARM_COLUMNS)


@pytest.fixture(scope="module")
def shipped(project):
    return read_false_alarms(project.false_alarms)


@pytest.fixture(scope="module")
def share(shipped):
    return shipped.set_index("case")["share"]


def table(*rows):
    return pd.DataFrame(rows, columns=["of_pack", "share"])


def test_the_expectation_is_the_charts_times_the_largest_share_of_the_packs_cases():
    found = table((True, 0.01), (True, 0.03), (True, 0.005), (False, 0.6))
    assert expected_false_alarms(50, found) == pytest.approx(50 * 0.03)
    assert expected_false_alarms(0, found) == 0


def test_what_is_not_of_the_pack_does_not_count():
    assert expected_false_alarms(100, table((True, 0.02), (False, 0.9))) == pytest.approx(2)


# ------------------------------------------------------------------------------------------- the shipped table
def test_the_shipped_table_is_of_shares(shipped):
    assert shipped["share"].between(0, 1).all()
    assert shipped["case"].is_unique


def test_a_season_is_flagged_by_itself_and_no_longer_when_adjusted(share):
    (season,) = [case for case in share.index if case.startswith("season of") and not case.endswith(": adjusted")]
    assert share[season] > 0.10
    assert share[f"{season}: adjusted"] <= 0.03
    assert share["irregular season as strong: adjusted"] <= 0.03


def test_no_case_of_the_pack_is_flagged_more_than_three_times_in_a_hundred(shipped):
    of_pack = shipped[shipped["of_pack"]]
    assert len(of_pack) > 3
    assert of_pack["share"].between(0.005, 0.03).all()
    assert expected_false_alarms(100, shipped) == pytest.approx(100 * of_pack["share"].max())


def test_adjusting_what_has_no_season_does_little(share):
    assert share["independent counts: adjusted"] == pytest.approx(share["independent counts"], abs=0.005)


def test_rolling_totals_are_no_points_of_a_chart(shipped, share):
    (rolling,) = [case for case in share.index if case.startswith("rolling 12-month totals")]
    assert share[rolling] > 0.5
    assert not shipped.set_index("case")["of_pack"][rolling]


# -------------------------------------------------------------------------------------- a table that is none
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "the table of false alarms cannot be read: "),
        ("", "the table of false alarms cannot be read: "),
        (
            "case,share\nindependent counts,0.1\n",
            r"found the columns \['case', 'share'\], expected \['case', 'of_pack'",
        ),
        (f"{HEAD}\nindependent counts,False,0.1,10,39,1\n", "at least one case that is of_pack"),
        (f"{HEAD}\nindependent counts,perhaps,0.1,10,39,1\n", "at least one case that is of_pack"),
        (f"{HEAD}\n", "at least one case that is of_pack"),
    ],
    ids=["absent", "empty", "columns", "none of the pack", "no flag", "no rows"],
)
def test_a_table_that_is_none_is_refused(tmp_path, text, message):
    file = tmp_path / "false_alarms.csv"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message) as told:
        read_false_alarms(file)
    assert "false_alarms.csv: " in str(told.value)
    assert "\n" not in str(told.value)
