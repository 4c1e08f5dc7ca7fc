"""Figures typed into the commentary: what is reported, and what is left alone."""

import dataclasses

import pytest

from panelpack.config.commentary import Commentary, Paragraph, Section
from panelpack.indicators.typed_figures import find_typed, spellings

FIGURES = (
    {"indicator": "SP11.offences", "baseline": 58805.0, "latest": 58318.0, "change": -487.0, "pct_change": -0.83},
    {"indicator": "SP01.entrants", "baseline": 667.0, "latest": 326.0, "change": -341.0, "pct_change": -51.12},
    {"indicator": "SP07.satisfaction", "unit": "percent", "baseline": 84.2, "latest": 83.5, "change": -0.7},
    {"indicator": "SP18.required", "unit": "gbp_million", "latest": 27.8},
    {"indicator": "SP17.people", "baseline": 9.0, "latest": 26.0, "change": 17.0},
    {"indicator": "SP13.median", "unit": "minutes", "decimals": 1, "latest": 10.24},
    {"indicator": "SP12.offences", "baseline": 12.0, "latest": 4013.0, "projected": 4013.0},
)


def commentary(text, line=1):
    paragraph = Paragraph(1, "", text, line, "Section", "SP01")
    return Commentary("params/2015Q1.md", (Section("Section", "SP01", True, 1, (paragraph,)),))


@pytest.fixture
def found(result):
    """Return a function that looks for typed figures in a text that begins in a line."""

    def run(text, line=1, figures=FIGURES):
        return find_typed(commentary(text, line), [dataclasses.replace(result, **figure) for figure in figures])

    return run


@pytest.mark.parametrize(
    ("text", "typed", "reference"),
    [
        ("There were 58,318 crimes.", "58,318", "SP11.offences.latest"),
        ("It took 10.2 minutes.", "10.2", "SP13.median.latest"),
        ("There were 58318 crimes.", "58318", "SP11.offences.latest"),
        ("Crimes came to 58,318.", "58,318", "SP11.offences.latest"),
        ("Of 58,318, most were thefts.", "58,318", "SP11.offences.latest"),
        ("(58,805 in the baseline year)", "58,805", "SP11.offences.baseline"),
        ("It fell by 487 crimes.", "487", "SP11.offences.change | magnitude"),
        ("A fall of 51%.", "51%", "SP01.entrants.pct_change | magnitude"),
        ("A change of −51% on the year.", "51%", "SP01.entrants.pct_change | magnitude"),
        ("A change of -51% on the year.", "51%", "SP01.entrants.pct_change | magnitude"),
        ("Satisfaction is 83.5%.", "83.5%", "SP07.satisfaction.latest"),
        ("Satisfaction is 84%.", "84%", "SP07.satisfaction.latest"),
        ("Savings of £27.8m are needed.", "£27.8m", "SP18.required.latest"),
        ("In all 26 people were missing.", "26", "SP17.people.latest"),
        # Latest and projected are equal: the latest is what a sentence of today means.
        ("4,013 burglaries", "4,013", "SP12.offences.latest"),
    ],
)
def test_a_figure_that_was_typed_is_reported_with_its_reference(text, typed, reference, found):
    assert found(text) == [f"params/2015Q1.md, line 1: {typed!r} is typed. Write {{{{ {reference} }}}}."]


@pytest.mark.parametrize(
    "text",
    [
        "There were {{ SP11.offences.latest }} crimes.",
        "There were {{ SP11.offences.latest | 58,318 }} crimes.",
        "A reference {{\n58,318 }} over two lines.",
        "The last 12 months were quiet.",
        "The last\n12 months were quiet.",
        "Over 12 months it fell.",
        "Over 12\nmonths it fell.",
        "See paragraph 26.",
        "See [paragraph 26](#para-26).",
        "Paragraphs 26 to 31 say so.",
        "There were 9 people.",
        "There were 58,319 crimes.",
        "There were 158,318 crimes.",
        "There were 58,318.5 crimes.",
        "Satisfaction is 83.54%.",
        "Savings of £127.8m are needed.",
        "Savings of £27.8 are needed.",
        "Version 1.26 of the plan.",
    ],
)
def test_everything_else_is_left_alone(text, found):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "line", "at"),
    [
        ("58,318 crimes", 7, 7),
        ("There were\n58,318 crimes", 7, 8),
        ("There were,\nas said before,\n58,318 crimes", 7, 9),
        ("A reference {{ over\ntwo lines }}\nthen 58,318 crimes", 7, 9),
    ],
)
def test_the_line_is_that_of_the_number(text, line, at, found):
    assert found(text, line)[0].startswith(f"params/2015Q1.md, line {at}: '58,318' is typed.")


def test_each_is_reported_where_it_stands(found):
    messages = found("58,318 crimes,\nof which 326\nand again 58,318", 3)
    assert [message.split(" is typed")[0] for message in messages] == [
        "params/2015Q1.md, line 3: '58,318'",
        "params/2015Q1.md, line 4: '326'",
        "params/2015Q1.md, line 5: '58,318'",
    ]


def test_of_two_equal_figures_the_first_of_the_plan_is_proposed(found):
    twin = FIGURES[0] | {"indicator": "SP99.other"}
    assert "{{ SP11.offences.latest }}" in found("58,318", figures=[FIGURES[0], twin])[0]
    assert "{{ SP99.other.latest }}" in found("58,318", figures=[twin, FIGURES[0]])[0]


def test_a_withheld_figure_has_no_spelling(result):
    assert spellings(result) == {}


def test_nothing_is_typed_into_the_commentary_of_the_office_and_what_is_would_be_found(office, results):
    assert find_typed(office.commentary, list(results.values())) == []
    sections = office.commentary.sections
    first = dataclasses.replace(sections[0].paragraphs[0], text="There were 58,318 crimes.", line=3)
    spoilt = dataclasses.replace(sections[0], paragraphs=(first,))
    (message,) = find_typed(dataclasses.replace(office.commentary, written=(spoilt,)), list(results.values()))
    assert message.startswith("params/2015Q1.md, line 3: '58,318' is typed. Write {{ SP11.")
