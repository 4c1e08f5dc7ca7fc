"""Editions as the parameters declare them: numbers and days that cannot be, by line."""

import pytest

from panelpack.config.parameters import load_parameters
from panelpack.config.plan_checks import load_plan

FILE = "params/2015Q1.yml"
EDITIONS = f"""\
editions:
  - edition: 2
    day: 2015-11-20
    reason: A restatement.
    replaces: {"a" * 64}
  - {{edition: 3, day: 2015-12-01, reason: An error., replaces: {"b" * 64}, commit: {"c" * 40}}}
flags:
"""
# What is wrong: before, after, how many lines below the edit's start, what is said of it.
MISTAKES = {
    "edition left out": ("{edition: 3", "{edition: 4", 0, "found 4, expected 3. Correct it."),
    "edition of an earlier day": (
        "day: 2015-12-01", "day: 2015-11-19", 0,
        "edition 3 is for 19 November 2015, before 20 November 2015, the day of the one that it replaces.",
    ),
    "edition before the meeting": (
        "day: 2015-11-20", "day: 2015-09-15", 0, "edition 2 is for 15 September 2015, before 16 September",
    ),
    "seal that is none": ("a" * 64, "a" * 63, 0, "editions.0.replaces: "),
}  # fmt: skip


@pytest.fixture
def load(project, quarter):
    plan = load_plan(project.root / "params/plan.yml")
    return lambda path: load_parameters(path, quarter, plan)


@pytest.mark.parametrize("spoilt", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(spoilt, edited, check_mistake, load):
    edited(FILE, ("flags:\n", EDITIONS))
    check_mistake(load, FILE, *spoilt)


def test_the_last_edition_gives_number_day_and_words(edited, load):
    path, _ = edited(FILE, ("flags:\n", EDITIONS))
    parameters = load(path)
    assert (parameters.edition, str(parameters.day)) == (3, "2015-12-01")
    assert parameters.edition_words == "Third edition, 1 December 2015, replaces that of 20 November 2015"
    path, _ = edited(FILE, ("day: 2015-12-01", "day: 2015-11-20"))
    assert load(path).edition_words == "Third edition, 20 November 2015, replaces the second"


@pytest.mark.parametrize(("day", "withheld"), [("2015-11-04", "embargoed"), ("2015-11-05", "")])
def test_an_embargo_ends_for_an_edition_by_its_day(day, withheld, edited, load):
    """The clock has long passed every one of these days."""
    path, _ = edited(FILE, ("flags:\n", EDITIONS.replace("2015-11-20", day).replace("2015-12-01", day)))
    parameters = load(path)
    assert parameters.withheld("drug_treatment") == withheld
    assert list(parameters.embargoes) == ["drug_treatment"] * bool(withheld)


def test_the_first_edition_has_no_words_and_keeps_its_embargo(project, quarter, load):
    parameters = load(project.params(quarter))
    assert (parameters.edition, parameters.edition_words) == (1, "")
    assert parameters.embargoes == {"drug_treatment": parameters.availability["drug_treatment"].release_date}
