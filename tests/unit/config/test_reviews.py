"""What reviewers said, checked and signed: mistakes by line, where comments stood before, and what an entry is of."""

from datetime import date

import pytest

from panelpack.config.parameters import load_parameters
from panelpack.config.plan_checks import load_plan
from panelpack.config.reviews import load_reviews
from panelpack.errors import ConfigurationError
from panelpack.periods import Quarter

DAY = date(2015, 9, 16)  # of the edition
SEAL = "0" * 10 + "ab"
REVIEWS = f"""\
reviews:
  2015Q1:
    comments:
      - about: 12
        comment: Is this still so?
        role: Panel officer
        date: 2015-09-02
        answer:
          what: It is.
          role: Chief Executive
          date: 2015-09-03
    checks:
      - what: The change of 14B, by hand
        role: Analytical assurer
        date: 2015-09-10
        outcome: agreed
        seal: "{SEAL}"
    sign_offs:
      - {{part: analyst, role: Analyst, date: 2015-09-10, outcome: signed, seal: "{SEAL}"}}
      - {{part: reviewer, role: Assurer, date: 2016-01-10, outcome: signed, seal: "{SEAL}"}}
"""
# What is wrong: before, after, in which line, what is said of it.
MISTAKES = {
    "before the quarter is over": (
        "date: 2015-09-02", "date: 2015-06-30", 7,
        "the comment is dated 30 June 2015, expected a day after the quarter's end on 30 June 2015.",
    ),
    "after the edition": (
        "date: 2015-09-02", "date: 2015-09-17", 7,
        "the comment is dated 17 September 2015, expected no day after that of the edition, 16 September 2015.",
    ),
    "answered before it was made": (
        "date: 2015-09-03", "date: 2015-09-01", 11,
        "the answer is dated 1 September 2015, before the comment of 2 September 2015. Correct one of the two.",
    ),
    "by a person": ("role: Panel officer", "role: A. N. Other 7", 6, "reviews.2015Q1.comments.0.role: 'A. N. Other 7'"),
    "answer of nobody": ("          role: Chief Executive\n", "", 8, "answer.role: this key is missing."),
    "checked before the quarter was over": (
        "date: 2015-09-10\n", "date: 2015-06-30\n", 15, "dated 30 June 2015, expected a day after 30 June 2015",
    ),
    "an outcome of its own": ("outcome: agreed", "outcome: fine", 16, "outcome: 'fine': input should be 'agreed',"),
    "no seal": (f'        seal: "{SEAL}"\n', "", 13, "seal: this key is missing. Add it (the seal of that pack"),
    "a seal that is too short": (f'        seal: "{SEAL}"', '        seal: "0000ab"', 17, "seal: '0000ab': "),
    "signed for oneself": ("role: Assurer", "role: Analyst", 20, "the Analyst signed as analyst and as reviewer"),
    "refused without a word": ("01-10, outcome: signed", "01-10, outcome: refused", 20, "refused, and no note says"),
    "a part that is none": ("part: reviewer", "part: friend", 20, "part: 'friend': input should be"),
    "a quarter that is none": ("2015Q1:", "2015Q5:", 2, "2015Q5: "),
}  # fmt: skip


@pytest.fixture
def written(project_copy):
    """Return a function that writes reviews.yml and reads what it says of a quarter."""

    def write(text: str, label: str = "2015Q1"):
        project_copy.reviews.write_text(text, encoding="utf-8")
        return load_reviews(project_copy.reviews, Quarter.parse(label), DAY)

    return write


@pytest.mark.parametrize(("before", "after", "line", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(before, after, line, said, written):
    assert before in REVIEWS
    with pytest.raises(ConfigurationError) as caught:
        written(REVIEWS.replace(before, after, 1))
    assert str(caught.value).startswith(f"params/reviews.yml, line {line}: ") and said in str(caught.value)


def test_a_number_of_a_paragraph_is_a_name_too_and_a_check_may_follow_the_meeting(written):
    said = written(REVIEWS)
    assert said.comments[0].about == "12" and said.comments[0].answer.role == "Chief Executive"
    assert said.sign_offs[1].date > DAY and said.checks[0].seal == SEAL


def test_of_other_packs_the_same_role_may_sign_in_another_part(written):
    other = REVIEWS.replace("role: Assurer", "role: Analyst").replace(
        f'outcome: signed, seal: "{SEAL}"}}\n      - {{part: r',
        f'outcome: signed, seal: "{"c" * 12}"}}\n      - {{part: r',
    )
    assert len(written(other).sign_offs) == 2


def test_a_quarter_of_which_nothing_is_said_has_nothing_nor_has_an_office_without_the_file(written, project_copy):
    assert written(REVIEWS, "2014Q4").checks == []
    project_copy.reviews.unlink()
    assert load_reviews(project_copy.reviews, Quarter.parse("2015Q1"), DAY).comments == []


def test_comments_in_the_parameters_are_told_where_they_stand_now(project_copy, quarter):
    path = project_copy.params(quarter)
    path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\ncomments: []\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_parameters(path, quarter, load_plan(project_copy.plan(quarter)))
    line = len(path.read_text(encoding="utf-8").splitlines())
    assert str(caught.value) == (
        f"params/2015Q1.yml, line {line}: comments: there is no such key here. It stands in params/reviews.yml, under "
        "the quarter: reviews, then its label, then comments. Move it there, and remove it here."
    )
