"""What a run saves of open points and answers: for the pack's record, so nothing of what may not be shown."""

from datetime import date

from panelpack.open_points.kinds import Answered, OpenPoint, count_kinds
from panelpack.open_points.saved import read_answers, read_open_points, save_answers, save_open_points


def test_points_come_back_but_for_those_that_may_not_be_shown(quarter_of, asked):
    office = quarter_of()
    folder = office.project.processed(office.quarter)
    first = OpenPoint("query", "recorded_crime 2015-05", 'He said "7,000"\nor so.', "Answer it.")
    hidden = [
        OpenPoint("query", asked[name].name, "secret", "secret", is_shown=False) for name in ("embargoed", "persons")
    ]
    save_open_points(office, "prepare", [first, *hidden])
    save_open_points(office, "report", [OpenPoint("date", "date a", "It is not set.", "Set it.")])
    points = read_open_points(folder)
    assert points[0] == first and [point.kind for point in points] == ["query", "other", "date"]
    assert count_kinds(points) == {"query": 1, "date": 1, "other": 1}
    written = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.csv"))
    assert "drug_treatment" not in written and "missing_people" not in written and "secret" not in written


def test_a_step_that_finds_nothing_leaves_no_point_of_the_run_before(quarter_of):
    office = quarter_of()
    save_open_points(office, "report", [OpenPoint("date", "date a", "It is not set.")])
    save_open_points(office, "report", [])
    assert read_open_points(office.project.processed(office.quarter)) == []


def test_answers_come_back(quarter_of):
    office = quarter_of()
    folder = office.project.processed(office.quarter)
    assert read_answers(folder) == []
    answer = Answered("recorded_crime", "recorded_crime 2015-05", "It is 7.", "So it was.", "Analyst", date(2015, 8, 1))
    save_answers(office, [answer])
    assert read_answers(folder) == [answer]
