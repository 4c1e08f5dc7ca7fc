"""What is open of a quarter, which answers hold, and which are refused, with their line."""

import re
from dataclasses import replace

import pytest
import yaml

from panelpack.errors import ConfigurationError
from panelpack.open_points.kinds import OpenPoint, count_kinds, count_words
from panelpack.open_points.points import answered, answers_to_show, find_open_points, open_in_writing, open_queries
from panelpack.open_points.terminal import words_for_terminal


def in_writing(office):
    """What is open of the words alone: no result calls for a next step."""
    return open_in_writing(office, ())


def every_point(office, queries):
    return find_open_points(office, queries, ())


def test_a_query_without_an_answer_is_open_and_one_with_an_answer_is_not(quarter_of, asked):
    office = quarter_of([{"what": asked["survey"].name}])
    (point,) = open_queries(office, [asked["crime"], asked["survey"]])
    assert (point.kind, point.name) == ("query", asked["crime"].name)
    assert point.words == f"recorded_crime, {asked['crime'].words}"
    sentence = replace(asked["crime"], words="In 2015-05 robbery is missing.")
    assert open_queries(office, [sentence, asked["survey"]])[0].words == f"recorded_crime: {sentence.words}"
    assert point.remedy == "Answer it in params/2015Q1.yml." and point.is_shown
    ((query, answer),) = answered(office, [asked["crime"], asked["survey"]])
    assert query == asked["survey"] and answer.role == "Performance analyst"


@pytest.mark.parametrize(("day", "holds"), [("2015-07-16", False), ("2015-07-17", True), ("2015-09-16", True)])
def test_an_answer_older_than_its_file_does_not_hold(quarter_of, asked, day, holds):
    office = quarter_of([{"what": asked["crime"].name, "date": day}])
    points = open_queries(office, [asked["crime"]])
    assert bool(answered(office, [asked["crime"]])) is holds and bool(points) is not holds
    if not holds:
        assert points[0].words == (
            f"recorded_crime, {asked['crime'].words} The answer of 16 July 2015 is older than the file, received on "
            "17 July 2015."
        )
        assert "date its answer in params/2015Q1.yml anew" in points[0].remedy


@pytest.mark.parametrize(
    ("answers", "place", "words"),
    [
        (
            [{"what": "recorded_crime 2015-05 outside_range robery"}],
            1,
            "no query is called 'recorded_crime 2015-05 outside_range robery'. Remove the answer, or correct its name: "
            "'recorded_crime 2015-05 outside_range robbery'.",
        ),
        ([{"what": "something else"}], 1, "no query is called 'something else'. Remove the answer."),
        (
            [{"what": "recorded_crime 2015-05 outside_range robbery"}] * 2,
            2,
            "'recorded_crime 2015-05 outside_range robbery' is answered twice, first in line {first}. Remove one.",
        ),
        (
            [{"what": "recorded_crime 2015-05 outside_range robbery", "date": "2015-09-17"}],
            1,
            "the answer is dated 17 September 2015, expected no day after that of the edition, "
            "16 September 2015. Correct the date.",
        ),
        (
            [{"what": "carried paragraphs 11 and 12"}],
            1,
            "found 'carried paragraphs 11 and 12', expected the marks of the paragraphs, as make validate Q=2015Q1 "
            "prints them. Correct the answer.",
        ),
    ],
)
def test_an_answer_that_answers_nothing_is_named_with_its_line(quarter_of, asked, answers, place, words):
    office = quarter_of(answers)
    lines = office.project.params(office.quarter).read_text(encoding="utf-8").splitlines()
    first = lines.index("answers:") + 2
    expected = f"params/2015Q1.yml, line {first + place - 1}: answers: {words.format(first=first)}"
    with pytest.raises(ConfigurationError, match=f"^{re.escape(expected)}$"):
        every_point(office, [asked["crime"]])


def test_every_wrong_answer_is_named_at_once(quarter_of):
    with pytest.raises(ConfigurationError) as caught:
        open_queries(quarter_of([{"what": "one"}, {"what": "two"}]), [])
    assert len(str(caught.value).splitlines()) == 2


def test_a_date_that_is_not_set_is_open(quarter_of):
    office = quarter_of(dates={"families_report": None}, before="# Other\n")
    (point,) = in_writing(office)
    assert (point.kind, point.words) == ("date", "The date 'families_report' is not set.")
    assert "params/2015Q1.yml, under dates" in point.remedy


# ------------------------------------------------------------------------------------------------ what may be shown
def test_of_tables_withheld_or_about_persons_only_the_name_is_told_and_nothing_leaves_the_office(quarter_of, asked):
    office = quarter_of([{"what": asked["persons"].name}])
    points = open_queries(office, asked.values())
    by_name = {point.name: point for point in points}
    hidden = by_name[asked["embargoed"].name]
    assert not hidden.is_shown and "987" not in hidden.words and asked["persons"].name not in by_name
    shown = answers_to_show(office, answered(office, asked.values()))
    assert shown == []
    # However many there are, it is said only that there are some.
    assert count_kinds([*points, hidden]) == {"query": 2, "other": 1}


def test_an_internal_table_s_query_is_told_without_its_figures(quarter_of, asked):
    office = quarter_of([{"what": asked["survey"].name}, {"what": asked["crime"].name}])
    survey, crime = answers_to_show(office, answered(office, [asked["survey"], asked["crime"]]))
    assert survey.words == "victim_survey 2015-04 copied_period (figures not shown)"
    assert (crime.words, crime.reason) == (asked["crime"].words, "A new team counts them.")


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, ""),
        ({"date": 1}, "1 date not set"),
        (
            {"query": 1200, "carried": 1, "date": 2},
            "1,200 queries of the data, paragraphs carried over, 2 dates not set",
        ),
        ({"other": 1, "query": 1}, "1 query of the data, points that are not listed here"),
    ],
)
def test_counts_in_words(counts, words):
    assert count_words(counts) == words


# ------------------------------------------------------------------------------------------------ the terminal
def test_the_block_at_the_terminal_pasted_and_filled_in_settles_every_query(quarter_of, asked):
    office = quarter_of()
    lines = words_for_terminal(office, points := every_point(office, asked.values()), [])
    assert lines[0] == "Queries of the data: 4 open." and f"  recorded_crime, {asked['crime'].words}" in lines
    assert not any("987" in line or "P0017" in line for line in lines)
    block = "\n".join(lines[lines.index("answers:") :])
    assert all(point.name in " ".join(block.split()) for point in points)
    filled = block.replace("reason:", "reason: Looked into.").replace("role:", "role: Analyst")
    path = office.project.params(office.quarter)
    path.write_text(path.read_text() + filled.replace("date:", "date: 2015-09-02") + "\n", encoding="utf-8")
    again = type(office).read(office.project, office.quarter)
    assert every_point(again, asked.values()) == []
    assert words_for_terminal(again, [], answered(again, asked.values())) == [
        "Queries of the data: none open, 4 answered."
    ]
    assert len(yaml.safe_load(filled)["answers"]) == 5, "four queries, and the paragraphs carried over"


def test_under_answers_that_are_there_no_second_key_is_printed(quarter_of, asked):
    office = quarter_of([{"what": asked["crime"].name}], before="# Other\n")
    lines = words_for_terminal(
        office, open_queries(office, [asked["crime"], asked["survey"]]), [(asked["crime"], None)]
    )
    assert lines[0] == "Queries of the data: 1 open, 1 answered."
    assert "answers:" not in lines and any("under its answers" in line for line in lines)


def test_dates_are_told_with_what_to_do_and_nothing_is_to_be_pasted(quarter_of):
    office = quarter_of()
    point = OpenPoint("date", "date plan_end", "The date 'plan_end' is not set.", "Set it.")
    assert words_for_terminal(office, [point]) == [
        "Dates not set: 1 open.",
        "  The date 'plan_end' is not set. Set it.",
    ]
    assert words_for_terminal(office, []) == ["No point is open."]
