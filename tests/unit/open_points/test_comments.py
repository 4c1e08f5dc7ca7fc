"""Reviewers' comments: open until answered, about something that is there, and told where they may be."""

import pytest
import yaml

from panelpack.config.configuration import Configuration
from panelpack.errors import ConfigurationError
from panelpack.open_points.comments import answered_comments, open_comments, reviewed
from panelpack.open_points.kinds import count_kinds, count_words
from panelpack.open_points.points import open_in_writing
from panelpack.open_points.terminal import words_after_run, words_for_terminal, words_of_embargoes
from panelpack.pages.open_points import comments_table, open_points_table

WORDS = {"comment": "Why so low?", "role": "Panel officer", "date": "2015-09-02"}
ANSWER = {"what": "It is a summer.", "role": "Chief Executive", "date": "2015-09-04"}


@pytest.fixture
def commented(project_copy, quarter):
    """Return a function that writes comments into the file of reviews, a line each, and reads the quarter."""

    def write(*comments) -> Configuration:
        lines = [yaml.safe_dump(WORDS | one, default_flow_style=True, width=999).strip() for one in comments]
        lines = [line.replace("'2015-09-02'", "2015-09-02").replace("'2015-09-04'", "2015-09-04") for line in lines]
        head = ["reviews:", f"  {quarter}:", "    comments:"]
        text = "\n".join([*head, *(f"      - {line}" for line in lines), ""])
        project_copy.reviews.write_text(text, encoding="utf-8")
        return Configuration.read(project_copy, quarter)

    return write


@pytest.mark.parametrize("about", ["SP11.offences", "SP11", "victim-options", "3", "dashboard"])
def test_a_comment_is_open_until_it_is_answered(about, commented, quarter):
    office = commented({"about": about})
    (point,) = open_comments(office)
    assert point.kind == "comment" and point.is_shown
    assert point.words == f"{about}: Why so low? (Panel officer, 2 September 2015)"
    assert count_words(count_kinds([point])) == "1 reviewer's comment"
    assert point not in open_in_writing(office, ())  # so no notebook runs again for it
    assert reviewed(office).listed["open_points"] == {"comment": 1}
    said = words_for_terminal(office, [point])
    line = len(office.project.reviews.read_text(encoding="utf-8").splitlines())
    assert said[0] == "Reviewers' comments: 1 open."
    assert said[1].startswith(f"  params/reviews.yml, line {line}: {point.words} See to it, and answer it")
    assert words_after_run([point], quarter) == ["Reviewers' comments: 1 open.", f"  {point.words}"]
    assert open_points_table([point]).rows[0]["Point"] == "Reviewer's comment"


def test_an_answered_comment_is_kept_for_reviewers(commented):
    office = commented({"about": "SP11", "answer": ANSWER})
    assert list(open_comments(office)) == []
    (answered,) = answered_comments(office)
    assert (answered.answer, str(answered.answered_on)) == ("It is a summer.", "2015-09-04")
    said = reviewed(office)
    assert said.answered == (answered,) and said.comments == () and said.listed["open_points"] == {}
    (row,) = comments_table([answered]).rows
    assert row["Comment"] == "Why so low? (Panel officer, 2 September 2015)"
    assert row["Answered by"] == "Chief Executive, 4 September 2015"


def test_of_a_figure_that_may_not_be_shown_only_the_terminal_tells(office, commented):
    of_table = {name for name, series in office.plan.series.items() if series.table == "drug_treatment"}
    name = next(figure.id for figure in office.plan.figures.values() if figure.series in of_table)
    office = commented({"about": name}, {"about": name, "answer": ANSWER})
    (point,) = open_comments(office)
    assert not point.is_shown and count_kinds([point]) == {"other": 1}
    assert answered_comments(office) == []


@pytest.mark.parametrize(
    ("about", "closest"),
    [("SP11.offence", "Write 'SP11.offences' if that is meant."), ("399", None), ("zzz", "Correct")],
)
def test_a_comment_about_nothing_is_named_with_its_line_and_what_is_closest(about, closest, commented, quarter):
    office = commented({"about": "SP11"}, {"about": about})
    line = len(office.project.reviews.read_text(encoding="utf-8").splitlines())
    with pytest.raises(ConfigurationError) as caught:
        list(open_comments(office))
    said = str(caught.value)
    assert said.startswith(
        f"params/reviews.yml, line {line}: comments: about {about!r}, expected a figure, a priority,"
    )
    assert closest is None or closest in said


def test_it_is_said_which_embargo_ends_when_and_what_to_type_then(office):
    assert words_of_embargoes(office) == [
        "Under embargo until 5 November 2015: drug_treatment. After that: "
        'make reissue Q=2015Q1 DAY=2015-11-05 REASON="..."'
    ]
