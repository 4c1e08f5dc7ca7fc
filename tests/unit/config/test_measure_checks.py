"""What a plan may not ask of a kind of measure: it would come out wrong, though every name in it leads somewhere."""

import copy

import pytest
import yaml

from panelpack.config.plan import Plan
from panelpack.config.plan_checks import find_mistakes
from rich_office import PLAN

DECLARED = yaml.safe_load(PLAN)
# What is wrong: where in the plan, what stands there then, where the mistake is told, and what is said of it.
WRONG = {
    "the whole added to a part of it": (
        ("series", "violence", "where"), {"district": ["Moors", "All"]}, ("series", "violence", "where"),
        "'All' is the whole, and the others are parts of it",
    ),
    "years added up to quarters": (
        ("series", "killed", "by"), "quarter", ("series", "killed", "by"),
        "adds months up, and a row of the table is of a calendar year",
    ),
    "days added up to quarters": (
        ("series", "grade", "by"), "quarter", ("series", "grade", "by"), "a row of the table is of a date",
    ),
    "an old definition of another kind": (
        ("series", "violence", "redefined", 0, "before"), "median", ("series", "violence", "redefined", 0, "before"),
        "the old definition is a duration by month and the new one a count by month",
    ),
    "an old definition by another period": (
        ("series", "violence", "redefined", 0, "before"), "killed", ("series", "violence", "redefined", 0, "before"),
        "the old definition is a count by calendar year and the new one a count by month",
    ),
    "a percentage weighted by rows": (
        ("series", "answered", "base"), {"how": "rows"}, ("series", "answered", "base"),
        "a share is weighted by the numbers of a column",
    ),
    "two verdicts of one word": (
        ("verdict_words",), {"improved": "Same", "no_change": "Same"}, ("verdict_words", "no_change"),
        "'Same' is what improved and no_change are called",
    ),
    "a verdict without a word": (
        ("verdict_words",), {"improved": " "}, ("verdict_words", "improved"), "expected a word. Write one",
    ),
    "the usual word of another verdict": (
        ("verdict_words",), {"improved": "met"}, ("verdict_words", "improved"), "what improved and met are called",
    ),
}  # fmt: skip


def mistakes_of(at, value):
    declared = copy.deepcopy(DECLARED)
    place = declared
    for key in at[:-1]:
        place = place[key]
    place[at[-1]] = value
    return list(find_mistakes(Plan.model_validate(declared)))


def test_the_office_itself_has_no_mistake():
    assert list(find_mistakes(Plan.model_validate(DECLARED))) == []


@pytest.mark.parametrize(("at", "value", "told_at", "words"), WRONG.values(), ids=WRONG)
def test_what_would_come_out_wrong_is_refused(at, value, told_at, words):
    found = mistakes_of(at, value)
    assert [place for place, said in found if words in said] == [told_at], found


@pytest.mark.parametrize("picked", ["All", ["All"], ["Moors", "Old Town"]])
def test_the_whole_alone_or_parts_alone_may_be_picked(picked):
    assert mistakes_of(("series", "violence", "where"), {"district": picked}) == []
