"""The tables of what was asked and answered, and of what is open."""

from datetime import date

from page_blocks import words_of
from panelpack.open_points.kinds import Answered, OpenPoint
from panelpack.pages.open_points import NOTHING_ASKED, NOTHING_OPEN, answers_table, open_points_table

ANSWER = Answered(
    "night_time_economy", "a", "9 incidents in May, expected 60.", "A new system.", "Analyst", date(2015, 8, 3)
)


def test_each_answer_has_its_question_reason_role_and_date():
    table = answers_table([ANSWER])
    assert list(table.rows[0].values()) == [
        "night time economy",
        "9 incidents in May, expected 60.",
        "A new system.",
        "Analyst, 3 August 2015",
    ]
    assert table.caption == "What was asked about the data, and the office's answers"


def test_without_any_it_is_said_so():
    assert answers_table([]).markdown == NOTHING_ASKED and open_points_table([]).markdown == NOTHING_OPEN


def test_open_points_are_listed_for_reviewers_with_what_to_do():
    table = open_points_table(
        [OpenPoint("query", "q", "It is 7.", "Answer it."), OpenPoint("date", "d", "Unset.", "Set it.")]
    )
    assert table.caption == "Open points: 1 query of the data, 1 date not set"
    assert table.column("What to do") == ["Answer it.", "Set it."] and "Query of the data" in words_of(table)
