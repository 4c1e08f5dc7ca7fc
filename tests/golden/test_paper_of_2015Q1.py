"""What the paper of Leicestershire's PCC for Quarter 1 2015/16 says besides its dashboard: headline, text, facts."""

import csv
import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

import running
from panelpack.indicators.references import Resolver, number_words, without_markdown
from panelpack.indicators.results import count_verdicts, headline_sentence
from panelpack.indicators.typed_figures import find_typed

TRANSCRIPT = running.ROOT.parent / "shared" / "reference" / "published_dashboard.csv"


@pytest.fixture(scope="module")
def office(need_paper_of):
    return need_paper_of("Leicestershire Police", "2015Q1")


@pytest.fixture(scope="module")
def results(office, computed):
    return computed(office.quarter)


@pytest.fixture(scope="module")
def counts(results):
    return count_verdicts(results.values())


@pytest.fixture(scope="module")
def resolver(office, results, counts):
    return Resolver(office, results.__getitem__, lambda: counts)


@pytest.fixture(scope="module")
def text(resolver, office):
    """The report's paragraphs as readers see them, by number."""
    return {one.number: without_markdown(resolver.paragraph(one).text) for one in office.commentary.paragraphs}


def rounded(value, decimals):
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


# -------------------------------------------------------------------------------------------------- dashboard
def test_the_headline_is_the_printed_one_with_what_could_not_be_assessed_told_apart(counts):
    assert headline_sentence(counts) == (
        "40 indicators: 9 better (22.5%, 5 clear), 10 no clear change (25.0%), 6 worse (15.0%, 2 clear), "
        "15 not assessed (37.5%)"
    )
    # The paper printed 25 (62.5%) "no change".
    assert (counts["no_change_or_not_assessed"], counts["no_change_or_not_assessed_share"]) == (25, 62.5)
    reasons = ("no_metric", "embargoed", "no_comparator", "not_comparable", "small_sample", "suppressed")
    assert [counts[reason] for reason in reasons] == [10, 2, 1, 1, 1, 0]


def test_each_verdict_is_in_the_boxes_that_had_it(results):
    boxes = {
        "improved": "SP01 SP02 SP02 SP03 SP10 SP14B SP17 SP17 SP17",
        "deteriorated": "SP07 SP08 SP09 SP12 SP14A SP14B",
        "no_change": "SP04 SP04 SP11 SP12 SP13 SP13 SP14A SP16 SP16 SP16",
    }
    for verdict, expected in boxes.items():
        assert [result.priority for result in results.values() if result.verdict == verdict] == expected.split()


def test_every_figure_of_the_dashboard_is_held_to(office):
    """21 figures with a baseline each, three without one (boxes 3, 5 and 17), and seven changes."""
    with office.project.published(office.quarter).open(encoding="utf-8") as file:
        cells = [row[name] for row in csv.DictReader(file) for name in ("baseline", "latest", "pct_change")]
    assert sum(bool(re.fullmatch(r"-?[\d.]+", cell)) for cell in cells) == 21 + 21 + 3 + 7


@pytest.mark.skipif(not TRANSCRIPT.exists(), reason="the transcript of the paper is not beside the checkout")
def test_what_is_said_to_be_printed_was_printed(office):
    with TRANSCRIPT.open(encoding="utf-8") as file:
        transcript = {row["indicator"]: row for row in csv.DictReader(file)}
    differing = []
    with office.project.published(office.quarter).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            printed = transcript[row["indicator"]]
            verdict, _, reason = printed["verdict"].partition(":")
            differing += [row] if (row["verdict"], row["reason"]) != (verdict, reason) else []
            for column in ("baseline", "latest", "pct_change"):
                if row[column] not in (printed[column], printed[column].partition(" ")[0]):
                    differing.append((row["indicator"], column, row[column], printed[column]))
    assert differing == []


# ------------------------------------------------------------------------------------------- figures of the text
FACTS = {
    "SP01.first_time_entrants.baseline": 667,
    "SP01.first_time_entrants.latest": 326,
    "SP01.county_on_previous_quarter.latest": 36,
    "SP01.county_on_baseline.baseline": 118,
    "SP01.city_on_previous_quarter.latest": 34,
    "SP01.city_on_previous_quarter.change": -12,
    "SP01.city_on_year.change": -6,
    "SP01.quarter.latest": 70,
    "SP17.people.latest": 22,
    "SP17.reports.latest": 72,
    "SP17.repeats.latest": 59,
    "SP18.required.latest": 27.8,
    "SP18.realised.latest": 21.7,
    "SP18.identified.latest": 2.1,
    "SP18.found.latest": 23.8,
    "SP18.to_find.latest": 4.0,
}
# The change of a survey in percentage points, from the percentages as printed: 84.2% to 83.5%, and so on.
POINTS = {
    "SP07.satisfaction": "−0.7",
    "SP08.satisfaction": "−6.9",
    "SP09.satisfaction": "−3.0",
    "SP10.confidence": "+10.2",
    "SP12.satisfaction": "−1.1",
    "SP13.satisfaction": "0.0",
    "SP14A.satisfaction": "−8.1",
    "SP14B.satisfaction": "+2.3",
}
# The text calls these burglaries, assaults and thefts lower or level; the dashboard's own figures say otherwise.
CONTRADICTED = {"SP13.offences": "+5.6", "SP12.offences": "+2.0", "SP14A.offences": "+16.3"}


def value(results, reference):
    indicator, _, field = reference.rpartition(".")
    return getattr(results[indicator], field)


def test_the_figures_that_only_the_text_printed(results):
    assert {name: value(results, name) for name in FACTS} == pytest.approx(FACTS, abs=1e-9)


def test_changes_are_those_of_the_percentages_as_printed(results):
    words = {name: number_words(results[name].printed_change, "change", results[name].form, "") for name in POINTS}
    assert words == {name: f"{points} pts" for name, points in POINTS.items()}


def test_changes_that_the_text_contradicts_are_computed_all_the_same(results):
    assert {name: f"{rounded(results[name].pct_change, 1):+}" for name in CONTRADICTED} == CONTRADICTED


def test_parts_add_up(results):
    parts = [value(results, f"SP18.{part}.latest") for part in ("realised", "identified", "to_find")]
    assert sum(parts) == pytest.approx(value(results, "SP18.required.latest"))
    assert sum(parts[:2]) == pytest.approx(value(results, "SP18.found.latest"))
    areas = [value(results, f"SP01.{area}_on_year.latest") for area in ("county", "city")]
    assert sum(areas) == value(results, "SP01.quarter.latest") == 70


def test_the_repeats_are_82_percent_of_the_reports_and_of_9_of_the_22_people(results, office):
    assert rounded(value(results, "SP17.repeat_share.latest"), 0) == 82
    rows = (office.project.raw(office.quarter) / "missing_people.csv").read_text(encoding="utf-8").splitlines()[1:]
    people = [row.rsplit(",", 1)[1] for row in rows]
    repeated = {person for person in people if people.count(person) > 1}
    assert (len(people), len(set(people)), len(repeated)) == (72, 22, 9)
    assert sum(person in repeated for person in people) == 59


def test_boxes_14a_and_14b_show_one_figure_against_two_baselines(results):
    first, second = results["SP14A.satisfaction"], results["SP14B.satisfaction"]
    assert first.latest == second.latest
    assert (rounded(first.baseline, 1), rounded(second.baseline, 1)) == (Decimal("85.9"), Decimal("75.5"))
    assert len(first.notes_of("populations")) == len(second.notes_of("populations")) == 1


def test_what_was_projected_then_and_judged(results):
    verdicts = {name: results[f"{name}.offences"].verdict for name in ("SP11", "SP12", "SP13", "SP14A", "SP14B")}
    assert verdicts == dict.fromkeys(verdicts, "no_change") | {"SP14B": "deteriorated"}
    assert rounded(results["SP14B.offences"].projected, 0) == 1376


def test_the_figures_follow_the_raw_data_and_not_the_printed_paper(office, results, without_paper):
    project, compute = without_paper
    path = project.raw(office.quarter) / "night_time_economy.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    month, incidents = lines[-1].split(",")
    assert month == office.quarter.months[-1]
    path.write_text("\n".join([*lines[:-1], f"{month},{int(incidents) + 25}", ""]), encoding="utf-8")
    changed = compute(office.quarter)
    assert changed["SP03.night_time_economy"].latest == 5000
    assert {name for name in results if changed[name] != results[name]} == {"SP03.night_time_economy"}


# ---------------------------------------------------------------------------------------------- the commentary
# What the printed paragraph of the same number said, in figures, dates and references; a contradiction of print as
# it ought to be.
SAID = {
    10: ["40", "9", "22.5%", "25", "62.5%", "6", "15%", "April to June 2015", "Quarter 1 2015/16"],
    11: ["25", "15", "10"],
    14: ["paragraphs 26 to 29"],
    17: ["paragraphs 71 to 73"],
    18: ["81.5%", "84.5%", "worse"],
    19: ["75.3%", "85.5%", "no clear change"],
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
    37: ["as usual", "paragraph 35"],
    39: ["1 December 2015"],
    41: ["86.3%"],
    42: ["higher than usual"],
    47: ["paragraph 39"],
    48: ["Quarter 1 2015/16", "Quarter 4 2014/15", "almost no change"],
    49: ["as usual", "the average", "worse"],
    52: ["below the average", "lower than usual", "a rise"],
    54: ["76.0%", "Since then", "fell", "March 2015", "the average"],
    56: ["six months", "January to June 2015", "81.5%"],
    59: ["paragraph 20"],
    60: ["below the average", "lower than usual"],
    62: ["2014/15", "fell", "the average", "as usual for the season"],
    63: ["January 2015", "86%"],
    64: ["+6%"],
    65: ["lower than usual in May and June"],
    67: ["78.1%"],
    68: ["higher than usual"],
    79: ["22", "72", "59", "82%"],
    80: ["£27.8m", "£23.8m", "£4.0m"],
}
# Mistakes of the printed paper: a reference to what is about something else, and five months that are six.
NOT_REPEATED = {37: "paragraph 27", 47: "paragraph 37", 56: "five months"}
COMPUTED = (10, 11, 24, 25, 41, 79, 80)
# The number of the paragraph that each part began with.
BEGINS = {
    23: "", 24: "SP01", 26: "SP02", 30: "SP03", 32: "SP04", 34: "SP05", 42: "SP06", 48: "SP07", 51: "SP08", 55: "SP09",
    59: "SP10", 60: "SP11", 62: "SP12", 64: "SP13", 68: "SP14", 71: "SP15", 74: "SP16", 78: "SP17", 80: "SP18",
}  # fmt: skip
FLAGGED = [
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
]


def says(words, text):
    """Whether words stand in a text, and not as part of a longer number; a share printed as 82% also as 81.9%."""
    if re.fullmatch(r"\d+%", words) and words.rstrip("%") in {
        str(rounded(float(share), 0)) for share in re.findall(r"(?<![\d.,£+−])\d+\.\d+(?=%)", text)
    }:
        return True
    return re.search(rf"(?<![\d.,£]){re.escape(words)}(?![\d%]|[.,]\d)", text) is not None


def test_the_report_has_80_paragraphs_as_the_paper_had_and_each_part_begins_where_it_began(text, office):
    assert list(text) == list(range(1, 81))
    assert not [number for number, words in text.items() if re.search(r"[{}]|\bNone\b|\bnan\b", words)]
    paragraphs = office.commentary.paragraphs
    for number, update in BEGINS.items():
        assert paragraphs[number - 1].update == update
        assert not update or paragraphs[number - 2].update != update


def test_each_paragraph_says_what_the_printed_one_said(text):
    missing = [(number, words) for number, every in SAID.items() for words in every if not says(words, text[number])]
    assert missing == []


def test_mistakes_of_the_printed_paper_are_not_repeated(text):
    assert [number for number, wrong in NOT_REPEATED.items() if wrong in text[number]] == []


def test_figures_in_the_text_are_computed_not_typed(resolver, office, results):
    for number in COMPUTED:
        paragraph = office.commentary.paragraphs[number - 1]
        assert resolver.paragraph(paragraph).origin == "computed"
        for figure in SAID[number]:
            if re.fullmatch(r"[−£]?[\d.,]+[%m]?", figure):
                assert not re.search(rf"(?<![\w.+-]){re.escape(figure)}(?![\w.])", paragraph.text), (number, figure)
    assert find_typed(office.commentary, list(results.values())) == []


def test_contradictions_of_the_printed_paper_are_flagged(resolver, office):
    flags = {
        name: without_markdown(resolver.resolve(words, str).text) for name, words in office.parameters.flags.items()
    }
    assert [(name, words) for name, words in FLAGGED if words not in flags[name]] == []


def test_every_comment_of_the_dashboard_resolves(resolver, office):
    comments = [one for section in office.commentary.sections if not section.numbered for one in section.paragraphs]
    assert len(comments) > 10
    assert not [one for one in comments if re.search(r"[{}]|\bNone\b|\bnan\b", resolver.paragraph(one).text)]


def test_no_embargoed_figure_is_cited_anywhere(office):
    withheld = {
        figure.id
        for figure in office.plan.figures.values()
        if figure.series and office.parameters.withheld(office.plan.series[figure.series].table)
    }
    assert withheld == {"SP03.treatment_completions", "SP03.treatment_representations"}
    texts = [paragraph.text for section in office.commentary.sections for paragraph in section.paragraphs]
    everything = " ".join([*texts, *office.parameters.flags.values()])
    assert not [figure for figure in withheld if figure in everything]


HOW_SURE = {
    "clear": {
        *("SP01.first_time_entrants", "SP08.satisfaction", "SP09.satisfaction", "SP10.confidence"),
        *("SP17.missing_storm", "SP17.missing_compact", "SP17.key_locations"),
    },
    "provisional": {"SP02.offending_18_24", "SP02.reoffending_18_24", "SP03.drug_programme_reoffending"},
    "chance": {"SP07.satisfaction", "SP12.satisfaction"},
    "not_like_with_like": {"SP14A.satisfaction", "SP14B.satisfaction"},
    "inside_forecast": {"SP14B.offences"},
}


def test_how_sure_each_verdict_of_change_is(results):
    changes = {name: result for name, result in results.items() if result.verdict in ("improved", "deteriorated")}
    found = {state: {name for name, result in changes.items() if result.how_sure == state} for state in HOW_SURE}
    assert found == HOW_SURE and sum(map(len, found.values())) == len(changes) == 15
    # Close to the line of ordinary movement, and it says so.
    assert [name for name, result in changes.items() if "close call" in result.how_sure_reason] == [
        "SP17.missing_storm"
    ]


def test_no_change_could_not_have_been_told_where_it_was_tested(results):
    states = {name: result.how_sure for name, result in results.items() if result.verdict == "no_change"}
    boards = {name for name, state in states.items() if state == "not_tested"}
    assert len(states) == 10 and boards == {name for name in states if name.startswith(("SP04.", "SP16."))}
    assert {state for name, state in states.items() if name not in boards} == {"cannot_tell"}


def test_every_interval_that_rests_on_assumed_numbers_says_so(results):
    # Every base of a survey is assumed, and how counts spread over the months of a year; yearly totals of crime are not
    # assumed, and two quarters, both printed, have no months that matter.
    for name, result in results.items():
        if name == "SP03.drug_programme_reoffending":
            assert result.how_sure_basis == "counted" and "as if chance alone moved the counts" in result.evidence
        elif result.p_value is not None:
            assert result.how_sure_basis == "assumed" and "assumed" in result.evidence, name
        elif result.projected is not None:
            assert result.how_sure_basis == "counted", name
