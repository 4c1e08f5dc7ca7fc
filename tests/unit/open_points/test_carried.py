"""Paragraphs that stand word for word in the commentary of the quarter before: found, named, confirmed."""

import pytest
import yaml

from panelpack.config.commentary import paragraphs_of
from panelpack.open_points.carried import carried_paragraphs, is_of_paragraphs, marks_of
from panelpack.open_points.points import _runs, open_in_writing

# The parts that the plan of the made-up office asks for come after the paragraphs of a test.
BEFORE = """# Purpose

What this report is for.

# Summary {#summary}

All crime {{ SP11.offences.change | verb }} against
the baseline. {#crime}

A board met in May.
"""


def in_writing(office):
    """What is open of the words alone: no result calls for a next step."""
    return open_in_writing(office, ())


@pytest.fixture
def written(quarter_of, office):
    """Return a function that puts paragraphs before the parts that every commentary needs, and reads the quarter."""
    updates = "".join(f"## {update.id}\n\nNews of {update.id} in a sentence.\n\n" for update in office.plan.updates)

    def write(text, before=BEFORE, answers=()):
        return quarter_of(answers, commentary=f"{text}\n# Updates\n\n{updates}", before=before)

    return write


def test_what_stands_as_it_was_is_found_whatever_its_lines_label_and_section_are(written):
    office = written(
        "# Aim\n\nWhat this\nreport is for. {#aim}\n\n# Summary\n\nA board met in June.\n\n"
        "All crime {{ SP11.offences.change | verb }} against the baseline.\n"
    )
    carried = carried_paragraphs(office)
    assert [one.paragraph.number for one in carried] == [1, 3]
    assert carried[0].opening == "paragraph 1, line 3, of 2014Q4: What this report is for."
    (point,) = in_writing(office)
    count = 3 + len(office.plan.updates)
    assert point.words == (
        f"2 of {count} paragraphs stand word for word in the commentary of Quarter 4 2014/15: paragraphs 1, 3."
    )
    assert point.name == f"carried paragraphs {carried[0].mark} {carried[1].mark}" and point.kind == "carried"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([4], ["4"]),
        ([4, 5], ["4", "5"]),
        ([1, 2, 3], ["1 to 3"]),
        ([1, 3, 4, 5, 6, 9, 10], ["1", "3 to 6", "9", "10"]),
    ],
)
def test_paragraphs_in_a_row_are_named_by_the_first_and_the_last(numbers, words):
    assert _runs(numbers) == words


def test_comments_count_and_are_named_by_their_box(written, office):
    box = office.plan.priorities[0].id
    text = f"# Comments {{.unnumbered}}\n\n## {box}\n\nA board met in May.\n"
    (point,) = in_writing(written(text))
    assert f"1 of {1 + len(office.plan.updates)} paragraphs stands word for word" in point.words
    assert point.words.endswith(f": comments of {box}.")


def test_a_word_a_figure_or_a_reference_more_is_a_new_paragraph(written):
    office = written(
        "# P\n\nWhat the report is for.\n\nA board met in May 2015.\n\n"
        "All crime {{ SP11.offences.change | noun }} against the baseline.\n"
    )
    assert carried_paragraphs(office) == [] and in_writing(office) == []


def test_without_a_quarter_before_nothing_is_carried_over(written):
    office = written(BEFORE)
    office.project.commentary(office.quarter.shift(-1)).unlink()
    assert carried_paragraphs(office) == []


def test_a_commentary_of_an_earlier_plan_can_be_compared_with(written):
    office = written("# P\n\nA board met in May.\n", before=f"{BEFORE}\n## SP99\n\nA part that is no more.\n")
    assert [one.paragraph.number for one in carried_paragraphs(office)] == [1]
    assert paragraphs_of(office.project.commentary(office.quarter.shift(-1)))[-1][1] == "A part that is no more."


# ------------------------------------------------------------------------------------------------ confirmed
TWO = "# P\n\nWhat this report is for.\n\nA board met in May.\n"


def answer_to(office, **other) -> dict:
    (point,) = in_writing(office)
    return {"what": point.name, "date": "2015-09-01"} | other


def test_one_answer_that_names_them_confirms_them_all(written):
    assert in_writing(written(TWO, answers=[answer_to(written(TWO))])) == []


def test_an_answer_goes_on_holding_when_paragraphs_move_or_are_written_anew(written):
    answer = answer_to(written(TWO))
    moved = "# P\n\nNew.\n\nA board met in May.\n\nWhat this report is for: anew.\n"
    assert in_writing(written(moved, answers=[answer])) == []


def test_an_answer_does_not_cover_what_comes_to_be_carried_over_later(written):
    answer = answer_to(written("# P\n\nWhat this report is for.\n"))
    (point,) = in_writing(written(TWO, answers=[answer]))
    assert point.words.startswith("1 of ") and point.words.endswith(": paragraph 2.")
    assert not set(marks_of(point.name)) & set(marks_of(answer["what"]))


@pytest.mark.parametrize(("day", "holds"), [("2015-06-30", False), ("2015-07-01", True)])
def test_an_answer_of_the_quarter_before_was_copied_and_does_not_hold(written, day, holds):
    points = in_writing(written(TWO, answers=[answer_to(written(TWO), date=day)]))
    assert not points if holds else "from before the end of the quarter does not hold" in points[0].words


@pytest.mark.parametrize(
    ("what", "of_paragraphs", "marks"),
    [
        ("carried paragraphs 0a1b2c", True, ["0a1b2c"]),
        ("carried paragraphs", True, []),
        ("carried paragraphs 0a1b2c 12", True, []),
        ("carried paragraphsmen 2015-05", False, []),
    ],
)
def test_names_of_paragraphs(what, of_paragraphs, marks):
    assert (is_of_paragraphs(what), marks_of(what)) == (of_paragraphs, marks)


def test_a_mark_of_digits_alone_stays_text_in_the_file(written):
    assert yaml.safe_load("what: carried paragraphs 123456")["what"] == "carried paragraphs 123456"


# ------------------------------------------------------------------------------------------------ across a gap
def test_after_a_gap_the_paragraphs_of_the_last_report_count(written):
    office = written(TWO)
    project, before = office.project, office.quarter.shift(-1)
    project.commentary(before).rename(project.commentary(office.quarter.shift(-9)))
    carried = carried_paragraphs(office)
    assert [(one.paragraph.number, str(one.since)) for one in carried] == [(1, "2012Q4"), (2, "2012Q4")]


def test_whatever_quarter_it_was_started_from_its_paragraphs_count_and_are_named_by_the_latest(written):
    office = written("# P\n\nWhat this report is for.\n\nA board met in May.\n\nOf last year.\n\nNew.\n")
    project, quarter = office.project, office.quarter
    older = "# P\n\nWhat this report is for.\n\nOf last year.\n"
    project.commentary(quarter.shift(-4)).write_text(older, encoding="utf-8")
    project.commentary(quarter.shift(1)).write_text("# P\n\nNew.\n", encoding="utf-8")  # a later one counts for nothing
    (point,) = in_writing(office)
    assert (
        f"3 of {4 + len(office.plan.updates)} paragraphs stand word for word in earlier commentaries: " in point.words
    )
    assert point.words.endswith(
        "in that of Quarter 4 2014/15: paragraphs 1, 2; in that of Quarter 1 2014/15: paragraph 3."
    )
    assert len(marks_of(point.name)) == 3
