"""What the file says differently of earlier periods: asked where it is much, large, or gone, and has no reason."""

import pytest

from panelpack.config.sources import Revision


def test_small_and_few_restatements_are_ordinary(made):
    made.counts.loc["2020-01":"2020-03", "Ashdale"] += 12
    made.counts.loc["2019-12", "Elmet"] += 2
    assert made.findings(made.table(made.counts), made.before) == []


def test_more_than_a_quarter_of_the_numbers(made):
    made.counts.loc["2018-01":"2019-06"] += 1
    (finding,) = made.findings(made.table(made.counts), made.before)
    assert finding[:3] == ("restated", "", "")
    assert "90 of 180 numbers" in finding.words and "2018-01 to 2019-06" in finding.words


def test_a_reason_answers_before_anyone_asks(made):
    made.counts.loc["2018-01":"2019-06"] += 1
    months = [month for month in made.months if "2018-01" <= month <= "2019-06"]
    reason = Revision(where={"month": months}, reason="An audit counted each once more.")
    assert made.findings(made.table(made.counts), made.before, revisions=[reason]) == []
    one_row = Revision(where={"month": months, "district": "Calder"}, reason="Only these.")
    assert [f.kind for f in made.findings(made.table(made.counts), made.before, revisions=[one_row])] == ["restated"]


@pytest.mark.parametrize(("factor", "kinds"), [(1.05, []), (1.3, ["restated"]), (0.7, ["restated"])])
def test_one_number_that_moved_far(made, factor, kinds):
    made.counts.loc["2018-11", "Ashdale"] = round(made.counts.loc["2018-11", "Ashdale"] * factor)
    assert made.kinds(made.table(made.counts), made.before) == kinds


def test_rows_that_are_gone(made):
    gone = made.counts.copy()
    gone.loc["2018-05":"2018-07", "Dunholm"] = float("nan")
    (finding,) = made.findings(made.table(gone), made.before)
    assert finding[:3] == ("rows_vanished", "2018-05", "Dunholm")
    reason = Revision(where={"month": ["2018-05", "2018-06", "2018-07"], "district": "Dunholm"}, reason="Not counted.")
    assert made.findings(made.table(gone), made.before, revisions=[reason]) == []


def test_a_file_that_always_holds_so_many_months_has_lost_none(made):
    assert made.findings(made.table(made.counts.iloc[3:]), made.before) == []
    (finding,) = made.findings(made.table(made.counts.iloc[4:]), made.before)
    assert finding.kind == "rows_vanished"


def test_the_file_of_the_quarter_before_again(made):
    (finding,) = made.findings(made.before, made.before)
    assert finding.kind == "nothing_new" and "ends with 2020-03" in finding.words
