"""The tables that research wrote and a pack reads: what they say, and what is no such table."""

import pandas as pd
import pytest

from panelpack.errors import SourceError
from panelpack.indicators.reference_tables import (
    FALSE_ALARMS,
    RECORDED_LATER,
    expected_false_alarms,
    read_false_alarms,
    read_official_counts,
    read_recorded_later,
)
from panelpack.project import digest

ALARMS, LATER = (",".join(names) for names in (FALSE_ALARMS, RECORDED_LATER))


def table(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


NO_ALARMS = (
    "the cells are not those of the table of false alarms, with at least one case that is of_pack. Write it with"
)
NO_NUMBERS = (
    "the cells are not those of the table of what was recorded later, whole numbers in the column 'recorded'. Correct"
)


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_false_alarms, None, "the file is missing, expected the table of false alarms, with at least one case th"),
        (read_false_alarms, "", "the table of false alarms, with at least one case that is of_pack cannot be read: No"),
        (
            read_false_alarms,
            "case,share\na,0.1\n",
            "found the columns ['case', 'share'], expected ['case', 'of_pack', ",
        ),
        (read_false_alarms, f"{ALARMS}\nindependent counts,False,0.1,10,39,24,1\n", NO_ALARMS),
        (read_false_alarms, f"{ALARMS}\nindependent counts,perhaps,0.1,10,39,24,1\n", NO_ALARMS),
        (read_false_alarms, f"{ALARMS}\n", NO_ALARMS),
        (
            read_recorded_later,
            "",
            "the table of what was recorded later, whole numbers in the column 'recorded' cannot",
        ),
        (read_recorded_later, "series,year\nrobbery,2016/17\n", "found the columns ['series', 'year'], expected ['ser"),
        (read_recorded_later, f"{LATER}\nrobbery,2016/17,5.5,a\n", NO_NUMBERS),
        (read_recorded_later, f"{LATER}\nrobbery,2016/17,many,a\n", NO_NUMBERS),
        (read_recorded_later, f"{LATER}\nrobbery,2016/17,,a\n", NO_NUMBERS),
    ],
)
def test_what_is_no_such_table_is_refused_in_one_sentence(read, text, said, tmp_path):
    path = tmp_path / "a.csv" if text is None else table(tmp_path, "a.csv", text)
    with pytest.raises(SourceError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: {said}")
    assert "\n" not in str(caught.value)


# ------------------------------------------------------------------------------------------------ official counts
def with_counts(project, text):
    """Put other official counts into a project, named by made_from.yml as if make backtest had written them."""
    made_from = project.projection / "made_from.yml"
    before = digest(project.official_counts)
    project.official_counts.write_text(text, encoding="utf-8")
    named = made_from.read_text(encoding="utf-8").replace(before, digest(project.official_counts))
    made_from.write_text(named, encoding="utf-8")
    return project.official_counts


ROWS = """\
quarter,series,force,offences
2012Q2,robbery,Avon,7
2012Q1,robbery,Avon,5
2012Q1,robbery,Kent,0
2012Q2,robbery,Kent,9
"""


def test_official_counts_are_by_quarter_in_order_and_by_series_and_force(project_copy):
    counts = read_official_counts(with_counts(project_copy, ROWS))
    assert list(counts.index) == ["2012Q1", "2012Q2"]
    assert counts["robbery", "Avon"].tolist() == [5, 7]


@pytest.mark.parametrize(
    "text",
    [
        ROWS + "2012Q1,robbery,Kent,0\n",
        ROWS.replace("2012Q2,robbery,Kent,9\n", ""),
        ROWS.replace(",9", ",9.5"),
        ROWS.replace("2012Q2", "2012Q3"),
    ],
    ids=["a row twice", "a gap", "a part of an offence", "a quarter left out"],
)
def test_counts_that_are_no_whole_table_are_refused(text, project_copy):
    with pytest.raises(SourceError, match="the cells are not those of the table of official counts"):
        read_official_counts(with_counts(project_copy, text))


def test_counts_that_do_not_belong_to_the_files_beside_them_are_refused(project_copy):
    project_copy.official_counts.write_text(ROWS, encoding="utf-8")
    with pytest.raises(
        SourceError, match=r"^data/projection/official_counts\.csv: this is not the file that made_from"
    ):
        read_official_counts(project_copy.official_counts)


def test_the_shipped_counts_have_each_series_that_is_projected(project, office):
    counts = read_official_counts(project.official_counts)
    projected = {figure.series for figure in office.plan.figures.values() if figure.projection_year}
    assert projected and projected <= set(counts.columns.get_level_values("series"))


# ------------------------------------------------------------------------------------------- what came later
def test_what_was_recorded_later_is_read_and_often_nothing(tmp_path):
    nothing = read_recorded_later(tmp_path / "2015Q1.csv")
    assert list(nothing) == RECORDED_LATER and nothing.empty
    later = table(tmp_path, "2015Q1.csv", f'{LATER}\nrobbery,2016/17,55,"A table, of a day"\n')
    assert read_recorded_later(later).to_numpy().tolist() == [["robbery", "2016/17", 55, "A table, of a day"]]


# --------------------------------------------------------------------------------------- signals that chance gives
def test_the_false_alarms_to_expect_are_the_charts_times_the_mean_share_of_the_packs_cases():
    cases = [(True, 0.01), (True, 0.04), (True, 0.01), (False, 0.6)]
    shares = pd.DataFrame(cases, columns=["of_pack", "share"])
    assert expected_false_alarms(50, shares) == pytest.approx(50 * 0.02)
    assert expected_false_alarms(0, shares) == 0


def test_the_shipped_shares_bear_out_what_the_methods_say_of_them(project):
    shares = read_false_alarms(project.false_alarms).set_index("case")
    share, of_pack = shares["share"], shares[shares["of_pack"]]["share"]
    assert shares.index.is_unique and share.between(0, 1).all()
    # About three of 34 charts of series as they are: with a season, dispersed, of a level that wanders.
    assert len(of_pack) > 3 and of_pack.between(0.04, 0.13).all()
    assert round(expected_false_alarms(34, read_false_alarms(project.false_alarms))) == 3
    # Simple series are flagged less often; a steady trend more, though nothing happens.
    assert share["independent counts"] < of_pack.min()
    (growth,) = [case for case in share.index if case.startswith("steady growth")]
    assert share[growth] > of_pack.max() and growth not in of_pack
