"""The commentary: how the file is read, what references become, every mistake by line, and the text of 2015Q1."""

import dataclasses
import re

import pytest

from panelpack.config import commentary
from panelpack.errors import CommentaryError
from panelpack.indicators.references import Resolver, plain

SOURCE = "params/2015Q1.md"


# ----------------------------------------------------------------------------------------------- reading it
@pytest.fixture(scope="module")
def plan(evidence):
    """A plan with two parts to write, the second of which serves two boxes."""
    return evidence.plan.model_copy(
        update={
            "updates": [update for update in evidence.plan.updates if update.id in ("SP01", "SP14")],
            "priorities": [box for box in evidence.plan.priorities if box.id in ("SP01", "SP14A", "SP14B")],
        }
    )


WHOLE = """# Purpose

First
paragraph, on two lines. {#first}

Second.

# Updates
## SP01

Third. {#third}
## SP14

Fourth.
# Dashboard comments {.unnumbered}

## SP14A

A comment. {#comment}
"""


def test_paragraphs_are_numbered_through_the_file(plan):
    found = commentary.parse(WHOLE, SOURCE, plan)
    assert [(p.number, p.label, p.line, p.update) for p in found.paragraphs] == [
        (1, "first", 3, ""),
        (2, "", 6, ""),
        (3, "third", 11, "SP01"),
        (4, "", 14, "SP14"),
    ]
    assert found.paragraphs[0].text.split() == ["First", "paragraph,", "on", "two", "lines."]
    assert found.paragraphs[2].anchor == "para-3"
    assert found.numbers == {"first": 1, "third": 3}


def test_sections_keep_their_headings(plan):
    found = commentary.parse(WHOLE, SOURCE, plan)
    assert [(s.heading, s.update, s.numbered) for s in found.sections] == [
        ("Purpose", "", True),
        ("Updates", "", True),
        ("Updates", "SP01", True),
        ("Updates", "SP14", True),
        ("Dashboard comments", "", False),
        ("Dashboard comments", "SP14A", False),
    ]


def test_an_unnumbered_section_takes_no_numbers_wherever_it_stands(plan):
    head, comments = WHOLE.split("# Dashboard comments")
    found = commentary.parse(f"# Dashboard comments{comments}\n{head}", SOURCE, plan)
    assert [paragraph.number for paragraph in found.paragraphs] == [1, 2, 3, 4]


def test_comments_have_no_number_and_belong_to_a_box(plan):
    found = commentary.parse(WHOLE, SOURCE, plan)
    assert [(p.number, p.anchor, p.text) for p in found.comments("SP14A")] == [(None, "", "A comment.")]
    assert found.comments("SP14B") == []
    assert [p.text for p in found.of_update("SP14")] == ["Fourth."]


# text after the whole file or in place of part of it, the line of the mistake, the message
PARSED = {
    "text before the first heading": (
        "Hello.\n" + WHOLE, 1, "text stands before the first heading. Start the file with '# ' and a heading."
    ),
    "unknown priority": (
        WHOLE.replace("## SP01", "## SP99"), 9, "the plan has no update 'SP99'; expected one of SP01, SP14."
    ),
    "heading too deep": (
        WHOLE.replace("## SP01", "### SP01"), 9,
        "'###' is no heading here: expected '# ' for a section or '## ' for a priority.",
    ),
    "heading without a space": (
        WHOLE.replace("# Purpose", "#Purpose"), 1,
        "'#Purpose' is no heading here: expected '# ' for a section or '## ' for a priority.",
    ),
    "label used twice": (
        WHOLE.replace("{#third}", "{#first}"), 11,
        "the label 'first' is used twice, first in line 3. Rename one.",
    ),
    "priority used twice": (
        WHOLE.replace("## SP14\n", "## SP01\n"), 12, "the part 'SP01' stands twice in this section. Join the two."
    ),
    "numbered part of a box that is no update": (
        WHOLE.replace("## SP14\n\nFourth.", "## SP14\n\nFourth.\n\n## SP14A\n\nLost."), 16, "",
    ),
    "comment on an update that is no box": (WHOLE.replace("## SP14A", "## SP14"), 17, ""),
    "label that is none": (WHOLE.replace("{#third}", "{#Third_one}"), 11, ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "expected"), PARSED.values(), ids=PARSED)
def test_a_mistake_in_the_file(text, line, expected, plan):
    assert text != WHOLE
    with pytest.raises(CommentaryError) as caught:
        commentary.parse(text, SOURCE, plan)
    assert str(caught.value).startswith(f"{SOURCE}, line {line}: {expected}")


def test_a_part_without_a_paragraph_is_named(plan):
    with pytest.raises(CommentaryError) as caught:
        commentary.parse(WHOLE.replace("Fourth.\n", ""), SOURCE, plan)
    assert str(caught.value) == f"{SOURCE}: no paragraph is given for SP14. Add '## ' headings with text."


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, "the commentary is missing. Create it."), (b"# \xff\n", "the file is not UTF-8 text. Save it as UTF-8.")],
)
def test_a_file_that_cannot_be_read(content, expected, tmp_path, plan):
    path = tmp_path / "2015Q1.md"
    if content:
        path.write_bytes(content)
    with pytest.raises(CommentaryError) as caught:
        commentary.read(path, plan)
    assert str(caught.value) == f"{path}: {expected}"


# ------------------------------------------------------------------------------------------------ references
WORDS = {
    # counts
    "SP11.offences.latest": "58,318",
    "SP11.offences.latest | count": "58,318",
    "SP01.first_time_entrants.baseline": "667",
    "SP01.city_on_year.change": "−6",
    "SP01.city_on_year.change | magnitude": "6",
    "SP01.city_on_year.change | signed": "−6",
    "SP01.city_on_year.change | more": "fewer",
    "SP01.city_on_year.change | verb": "fell",
    "SP01.city_on_year.change | noun": "a fall",
    "SP01.city_on_year.change | adjective": "lower",
    "SP14B.offences_quarter.change | verb": "rose",
    "SP13.satisfaction.change | verb": "did not change",
    "SP13.satisfaction.change | noun": "no change",
    "SP01.first_time_entrants.pct_change": "−51%",
    "SP01.first_time_entrants.pct_change | signed_percent": "−51%",
    "SP01.first_time_entrants.pct_change | magnitude_percent": "51%",
    "SP14A.offences.pct_change": "+16%",
    "SP14B.offences.projected": "1,502",
    # percentages
    "SP05.satisfaction.latest": "86.3%",
    "SP05.satisfaction.latest | percent": "86.3%",
    "SP05.satisfaction.latest | percent0": "86%",
    "SP17.repeat_share.latest | percent0": "82%",
    "SP08.satisfaction.latest": "76.0%",
    "SP09.satisfaction.change": "−3.0 percentage points",
    "SP09.satisfaction.change | magnitude": "3.0 percentage points",
    "SP17.repeat_share.latest_base": "72",
    # money
    "SP18.required.latest": "£27.8m",
    "SP18.required.latest | gbp_m": "£27.8m",
    "SP18.to_find.latest": "£4.0m",
    # texts
    "SP11.offences.latest_period": "12 months to June 2015",
    "SP11.offences.baseline_period": "2012/13",
    "SP01.county_on_year.baseline_period": "Quarter 1 2014/15",
    "SP03.drug_programme_reoffending.latest_period": "YTD (April to June 2015)",
    "SP18.realised.latest_period": "31 December 2014",
    "SP14B.offences.verdict": "deteriorated",
    "SP13.offences.verdict": "no change",
    "SP06.satisfaction.reason": "small_sample",
    "SP12.satisfaction.low_month": "January 2015",
    # headline
    "headline.scored": "40",
    "headline.improved_share": "22.5%",
    "headline.deteriorated_share": "15%",
    "headline.no_change_or_not_assessed": "25",
    # office, periods, dates
    "office.short": "PCC",
    "baseline_year": "2012/13",
    "quarter": "Quarter 1 2015/16",
    "quarter-1": "Quarter 4 2014/15",
    "quarter+1": "Quarter 2 2015/16",
    "quarter.months": "April to June 2015",
    "quarter-4.months": "April to June 2014",
    "month": "June 2015",
    "month-5": "January 2015",
    "financial_year": "2015/16",
    "financial_year-1": "2014/15",
    "meeting_date": "16 September 2015",
    "meeting_date | weekday": "Wednesday 16 September 2015",
    "date:meeting_date": "16 September 2015",
    "date:framework_meeting": "11 September 2015",
    "date:framework_meeting | weekday": "Friday 11 September 2015",
    "date:families_report | month": "December 2015",
    "span:month-5..month": "six months from January to June 2015",
    "span:month-11..month": "12 months from July 2014 to June 2015",
    # paragraphs
    "para:headline": "[paragraph 10](#para-10)",
    "paras:entrants-county..entrants-city": "[paragraphs 24 to 25](#para-24)",
    "paras:headline..headline": "[paragraph 10](#para-10)",
}


@pytest.fixture
def words(resolver):
    return lambda reference: resolver.resolve(f"{{{{ {reference} }}}}", lambda at: f"line {at}").text


@pytest.mark.parametrize(("reference", "expected"), WORDS.items(), ids=WORDS)
def test_a_reference_becomes_words(reference, expected, words):
    assert words(reference) == expected


def test_a_span_of_one_month_is_in_the_singular(words):
    assert words("span:month..month") == "one month, June 2015"


@pytest.mark.parametrize("spelling", ["{{month}}", "{{  month  }}", "{{\nmonth\n}}"], ids=repr)
def test_spaces_and_line_breaks_inside_a_reference_do_not_matter(spelling, resolver):
    assert resolver.resolve(f"To {spelling}.", str).text == "To June 2015."


def test_a_text_knows_the_figures_that_it_cites(resolver):
    found = resolver.resolve("{{ month }}: {{ SP18.to_find.latest }}, {{ headline.scored }}", str)
    assert [(cited.indicator, cited.field, cited.words) for cited in found.cited] == [
        ("SP18.to_find", "latest", "£4.0m"),
        ("headline", "scored", "40"),
    ]
    assert found.origin == "computed"
    assert resolver.resolve("In {{ month }}.", str).origin == "written"


def test_the_weekday_of_the_meeting_is_computed(words):
    assert words("meeting_date | weekday") == "Wednesday 16 September 2015"


def test_the_change_between_printed_percentages_is_the_one_in_words(resolver, figures, evidence, written):
    # 81.449% prints as 81.4% and 81.451% as 81.5%: a text that gives both may not say that nothing changed.
    figure = dataclasses.replace(figures["SP09.satisfaction"], baseline=81.449, latest=81.451, change=0.002)
    near = Resolver(evidence.plan, evidence.params, resolver.quarter, written, lambda name: figure, dict)
    text = "{{ SP09.satisfaction.baseline }}, {{ SP09.satisfaction.latest }}, {{ SP09.satisfaction.change | verb }}"
    assert near.resolve(text, str).text == "81.4%, 81.5%, rose"


def test_plain_text_has_no_markdown():
    assert plain("See [paragraph 26](#para-26) and **this** *one*.") == "See paragraph 26 and this one."


# --------------------------------------------------------------------------------------------- their mistakes
MISTAKES = {
    "SP99.nothing.latest": "the plan has no indicator or measure 'SP99.nothing'. Correct the name.",
    "SP11.offences.lates": "'lates' is not a field of a figure; expected one of latest, baseline, ",
    "SP11.offences.title": "'title' is not a field of a figure; expected one of latest, baseline, ",
    "SP03.treatment_completions.latest": "the figure is not available (embargoed). Say so in words instead.",
    "SP03.treatment_completions.pct_change": "the figure is not available (embargoed). Say so in words instead.",
    "SP03.treatment_completions.signal": "the figure is not available (embargoed). Say so in words instead.",
    "SP06.satisfaction.latest": "the figure is not available (small sample). Say so in words instead.",
    "SP06.satisfaction.mean": "the figure is not available (small sample). Say so in words instead.",
    "SP05.satisfaction.baseline": "the figure is not available (not comparable). Say so in words instead.",
    "SP03.night_time_economy.change": "the figure is not available (no comparator). Say so in words instead.",
    "SP17.absent_storm.verdict": "the figure is not available. Say so in words instead.",
    "SP11.offences.latest | euro": "'euro' is not a format of this figure; expected one of ",
    "SP11.offences.pct_change | gbp_m": "'gbp_m' is not a format of this figure; expected one of ",
    "SP11.offences.latest_period | count": "the format 'count' is for numbers; latest_period is a text. Remove it.",
    "SP11.offences.verdict | verb": "the format 'verb' is for numbers; verdict is a text. Remove it.",
    "headline.better": "the headline has no 'better'; expected one of ",
    "headline.improved | count": "the headline takes no format, found 'count'. Remove it.",
    "date:summer": "there is no date 'summer'; expected one of awareness_meeting, ",
    "meeting_date | year": "'year' is not a format of a date; expected weekday or month.",
    "para:nowhere": "no paragraph has the label 'nowhere'. Add {#nowhere} or correct it.",
    "paras:headline..nowhere": "no paragraph has the label 'nowhere'. Add {#nowhere} or correct it.",
    "paras:headline": "expected para:label or paras:first..last.",
    "para:headline..savings": "expected para:label or paras:first..last.",
    "paras:savings..headline": "the first paragraph comes after the last. Swap the two labels.",
    "para:headline | count": "the format 'count' is for figures and dates only. Remove it.",
    "quarter | verb": "the format 'verb' is for figures and dates only. Remove it.",
    "span:month..month-5": "the span ends before it starts. Swap its two months.",
    "span:quarter..month": "'quarter' is not a month: expected month or month-N.",
    "span:week..month": "'week' is not a period: expected one of ",
    "office.name": "there is no such reference. The README lists those that there are.",
    "SP11": "there is no such reference. The README lists those that there are.",
    "": "there is no such reference. The README lists those that there are.",
}


@pytest.mark.parametrize(("reference", "expected"), MISTAKES.items(), ids=[name or "empty" for name in MISTAKES])
def test_a_wrong_reference_is_named_with_its_file_and_line(reference, expected, resolver, written):
    text = f"{{{{ month }}}}\nand\n{{{{ {reference} }}}}."
    paragraph = dataclasses.replace(written.paragraphs[0], text=text, line=40)
    with pytest.raises(CommentaryError) as caught:
        resolver.paragraph(paragraph)
    assert str(caught.value).startswith(f"{written.source}, line 42: {{{{ {reference} }}}}: {expected}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("One {{ month", 40),
        ("One month }}", 40),
        ("One\ntwo {{ month", 41),
        ("One {{ month }}\ntwo\nthree {{ month", 42),
        ("One {{ month }}\ntwo\nthree month }}", 42),
    ],
    ids=repr,
)
def test_unclosed_braces_are_named_with_their_line(text, line, resolver, written):
    with pytest.raises(CommentaryError) as caught:
        resolver.paragraph(dataclasses.replace(written.paragraphs[0], text=text, line=40))
    assert str(caught.value) == (
        f"{written.source}, line {line}: a reference is opened or closed but not both. Write {{{{ ... }}}}."
    )


# -------------------------------------------------------------------------------------------- 2015Q1 itself
@pytest.fixture(scope="module")
def text(resolver, written):
    return {paragraph.number: plain(resolver.paragraph(paragraph).text) for paragraph in written.paragraphs}


def test_the_report_has_80_paragraphs_as_the_paper_had(text):
    assert list(text) == list(range(1, 81))
    assert not [number for number, words in text.items() if re.search(r"[{}]|\bNone\b|\bnan\b", words)]


@pytest.mark.parametrize(
    ("number", "update"),
    [
        (23, ""), (24, "SP01"), (26, "SP02"), (30, "SP03"), (32, "SP04"), (34, "SP05"), (42, "SP06"), (48, "SP07"),
        (51, "SP08"), (55, "SP09"), (59, "SP10"), (60, "SP11"), (62, "SP12"), (64, "SP13"), (68, "SP14"),
        (71, "SP15"), (74, "SP16"), (78, "SP17"), (80, "SP18"),
    ],
)  # fmt: skip
def test_each_part_begins_with_the_paragraph_number_that_it_had(number, update, written):
    assert written.paragraphs[number - 1].update == update
    assert written.paragraphs[number - 2].update != update or not update


# What the printed paragraph of the same number said, in figures, dates and references; a contradiction of print as
# it ought to be.
SAID = {
    10: ["40", "9", "22.5%", "25", "62.5%", "6", "15%", "April to June 2015", "Quarter 1 2015/16"],
    11: ["25", "15", "10"],
    14: ["paragraphs 26 to 29"],
    17: ["paragraphs 71 to 73"],
    18: ["81.5%", "84.5%", "deteriorated"],
    19: ["75.3%", "85.5%", "no change"],
    22: ["September 2015"],
    24: ["36", "118", "10 to 17", "Quarter 1 2015/16", "Quarter 4 2014/15", "a rise"],
    25: ["34", "12", "6", "326", "−51%", "fewer"],
    28: ["11 September 2015"],
    29: ["Quarter 2 2015/16"],
    30: ["paragraph 15"],
    31: ["paragraph 14"],
    32: ["October 2015"],
    33: ["October", "May", "December 2015"],
    34: ["a fall", "April 2015"],
    37: ["within expected levels", "paragraph 35"],
    39: ["1 December 2015"],
    41: ["86.3%"],
    42: ["significantly high"],
    47: ["paragraph 39"],
    48: ["Quarter 1 2015/16", "Quarter 4 2014/15"],
    49: ["within expected levels", "mean expected level"],
    52: ["below the mean expected level", "a rise"],
    54: ["76.0%", "below the mean expected level"],
    56: ["six months", "January to June 2015", "81.5%"],
    59: ["paragraph 20"],
    60: ["below the mean expected level", "significantly low"],
    62: ["2014/15", "fell", "below the mean expected level", "within expected levels"],
    63: ["January 2015", "86%"],
    64: ["+6%"],
    65: ["significantly low in the latest two months"],
    67: ["78.1%"],
    68: ["significantly high"],
    79: ["22", "72", "59", "82%"],
    80: ["£27.8m", "£23.8m", "£4.0m"],
}
FIGURES = [(number, figure) for number, found in SAID.items() for figure in found]


@pytest.mark.parametrize(("number", "figure"), FIGURES, ids=lambda part: str(part))
def test_a_paragraph_says_what_the_printed_one_said(number, figure, text):
    assert re.search(rf"(?<![\d.,£]){re.escape(figure)}(?![\d%]|[.,]\d)", text[number]), text[number]


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        (37, "paragraph 27"),  # is about the introduction of a system
        (47, "paragraph 37"),  # is about domestic violence without injury
        (56, "five months"),
    ],
)
def test_a_mistake_of_the_printed_paper_is_not_repeated(number, wrong, text):
    assert wrong not in text[number]


@pytest.mark.parametrize("number", [10, 11, 24, 25, 41, 79, 80])
def test_figures_in_the_text_are_computed_not_typed(number, resolver, written):
    paragraph = written.paragraphs[number - 1]
    assert resolver.paragraph(paragraph).origin == "computed"
    for figure in SAID[number]:
        if re.fullmatch(r"[−£]?[\d.,]+[%m]?", figure):
            assert not re.search(rf"(?<![\w.+-]){re.escape(figure)}(?![\w.])", paragraph.text), figure


def test_no_embargoed_figure_is_cited_anywhere(written, evidence):
    texts = [p.text for section in written.sections for p in section.paragraphs]
    withheld = {
        figure.id
        for figure in evidence.plan.figures.values()
        if figure.series and evidence.params.withheld(evidence.plan.series[figure.series].table)
    }
    assert withheld == {"SP03.treatment_completions", "SP03.treatment_representations"}
    everything = " ".join([*texts, *evidence.params.flags.values()])
    assert not [figure for figure in withheld if figure in everything]


def test_every_comment_and_every_remark_to_the_reader_resolves(resolver, written, evidence):
    comments = [p for section in written.sections if not section.numbered for p in section.paragraphs]
    assert comments
    for paragraph in comments:
        assert "{{" not in resolver.paragraph(paragraph).text
    for name, remark in evidence.params.flags.items():
        assert "{{" not in resolver.resolve(remark, lambda at, name=name: name).text


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("meeting_weekday", "16 September 2015"),
        ("vehicle_satisfaction", "77.8%"),
        ("vehicle_satisfaction", "85.9%"),
        ("vehicle_satisfaction", "75.5%"),
        ("six_months", "six months from January to June 2015"),
        ("domestic_reference", "paragraph 37"),
        ("domestic_reference", "paragraph 27"),
        ("savings_position", "31 December 2014"),
        ("violence_comparator", "paragraph 64"),
        ("burglary_comparator", "paragraph 62"),
        ("not_assessed", "15"),
    ],
)
def test_a_contradiction_of_the_printed_paper_is_flagged(flag, said, resolver, evidence):
    assert said in plain(resolver.resolve(evidence.params.flags[flag], str).text)
