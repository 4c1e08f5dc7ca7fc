"""References of a text: what each becomes, and every mistake with its file and line."""

import dataclasses

import pytest

from panelpack.config.disclosure import Threshold
from panelpack.errors import CommentaryError
from panelpack.indicators.compute import compute
from panelpack.indicators.references import Resolver, without_markdown
from panelpack.indicators.results import count_verdicts


@pytest.fixture(scope="module")
def withheld(results, data):
    """The results, but with surveys of fewer than 400 withheld, and box 14B's baseline not comparable."""
    figure = data.plan.figures["SP14B.satisfaction"].model_copy(update={"population_change": "not_comparable"})
    limits = data.plan.disclosure.model_copy(update={"reported": Threshold(fewest=400, authority="a")})
    few = data.plan.model_copy(update={"disclosure": limits})
    changed = dataclasses.replace(data, office=dataclasses.replace(data.office, plan=few))
    return results | {
        "SP07.satisfaction": compute(few.figures["SP07.satisfaction"], "SP07", changed, {}),
        "SP14B.satisfaction": compute(figure, "SP14B", data, {}),
    }


@pytest.fixture(scope="module")
def resolver(office, withheld, results):
    return Resolver(office, withheld.__getitem__, lambda: count_verdicts(results.values()))


@pytest.fixture
def words(resolver):
    return lambda reference: resolver.resolve(f"{{{{ {reference} }}}}", lambda at: f"line {at}").text


# ------------------------------------------------------------------------------------------------- their words
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
    "SP01.first_time_entrants.pct_change": "−51%",
    "SP01.first_time_entrants.pct_change | signed_percent": "−51%",
    "SP01.first_time_entrants.pct_change | magnitude_percent": "51%",
    "SP14A.offences.pct_change": "+16%",
    "SP14B.offences.projected": "1,376",
    # percentages
    "SP14A.satisfaction.latest": "77.8%",
    "SP14A.satisfaction.latest | percent": "77.8%",
    "SP14A.satisfaction.latest | percent0": "78%",
    "SP17.repeat_share.latest | percent0": "82%",
    "SP14A.satisfaction.change": "−8.1 pts",
    "SP14A.satisfaction.change | magnitude": "8.1 percentage points",
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
    "SP14B.offences.verdict": "worse",
    "SP11.offences.verdict": "no clear change",
    "SP11.offences.how_sure": "cannot tell",
    "SP14B.offences.how_sure": "could end at the baseline",
    "SP07.satisfaction.reason": "small_sample",
    "SP11.offences.low_month": "February 2015",
    # headline
    "headline.scored": "23",
    "headline.improved_share": "34.8%",
    "headline.deteriorated_share": "13.0%",
    "headline.no_change_or_not_assessed": "12",
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
    "para:headline": "[paragraph 9](#para-9)",
    "paras:entrants-county..entrants-city": "[paragraphs 21 to 22](#para-21)",
    "paras:headline..headline": "[paragraph 9](#para-9)",
}


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
        ("headline", "scored", "23"),
    ]
    assert found.origin == "computed"
    assert resolver.resolve("In {{ month }}.", str).origin == "written"


def test_the_change_between_printed_percentages_is_the_one_in_words(office, results):
    # 81.449% prints as 81.4% and 81.451% as 81.5%: a text that gives both may not say that nothing changed.
    text = "{{ SP07.satisfaction.baseline }}, {{ SP07.satisfaction.latest }}, {{ SP07.satisfaction.change | verb }}"
    for baseline, latest, words in (
        (81.449, 81.451, "81.4%, 81.5%, rose"),
        (81.451, 81.549, "81.5%, 81.5%, did not change"),
    ):
        change = {"baseline": baseline, "latest": latest, "change": latest - baseline}
        figure = dataclasses.replace(results["SP07.satisfaction"], **change)
        assert Resolver(office, lambda name, figure=figure: figure, dict).resolve(text, str).text == words


YEAR = {"year_latest": 13420.0, "year_before": 14120.4, "year_change": -700.4, "year_pct_change": -4.96}
PERIODS = {"year_period": "Quarter 1 2015/16", "year_before_period": "Quarter 1 2014/15"}
GRADES = {"unit": "grade", "decimals": 0, "labels": ("Poor", "Good"), "kind": "grade", "latest": 1.0, "baseline": 0.0}


@pytest.mark.parametrize(
    ("changed", "reference", "words"),
    [
        ({"word": "Better"}, "verdict", "better"),
        ({"word": "RAG green"}, "verdict", "RAG green"),
        ({"word": ""}, "verdict", "no clear change"),
        ({"target": "60,000 or less by 2016/17"}, "target", "60,000 or less by 2016/17"),
        (YEAR, "year_latest", "13,420"),
        (YEAR, "year_before", "14,120"),
        (YEAR, "year_change", "−700"),
        (YEAR, "year_change | verb", "fell"),
        (YEAR, "year_pct_change", "−5%"),
        (YEAR, "year_pct_change | magnitude", "5%"),
        ({"year_pct_change": -0.4}, "year_pct_change", "0%"),
        ({"year_pct_change": -0.4}, "year_pct_change | magnitude", "0%"),
        ({"unit": "percent", "decimals": 1, "latest": 0.04}, "latest", "less than 0.05%"),
        ({"unit": "percent", "decimals": 1, "latest": 0.0}, "latest", "0.0%"),
        (PERIODS, "year_period", "Quarter 1 2015/16"),
        (PERIODS, "year_before_period", "Quarter 1 2014/15"),
        (GRADES, "latest", "Good"),
        (GRADES | {"change": 1.0}, "change", "+1 grade"),
        ({"unit": "minutes", "decimals": 1, "kind": "duration", "latest": 10.24}, "latest", "10.2 minutes"),
    ],
)
def test_what_other_kinds_of_measure_say(office, results, changed, reference, words):
    figure = dataclasses.replace(results["SP11.offences"], **changed)
    text = f"{{{{ SP11.offences.{reference} }}}}"
    assert Resolver(office, lambda name: figure, dict).resolve(text, str).text == words


@pytest.mark.parametrize("field", ["target", "year_change", "year_before_period"])
def test_what_a_figure_has_not_stops_with_a_sentence(office, results, field):
    nothing = {"target": "", "year_latest": None, "year_before": None, "year_before_period": ""}
    figure = dataclasses.replace(results["SP11.offences"], **nothing)
    with pytest.raises(CommentaryError, match="the figure is not available"):
        Resolver(office, lambda name: figure, dict).resolve(f"{{{{ SP11.offences.{field} }}}}", str)


def test_the_report_goes_to_the_panel_where_the_plan_names_nobody_else(resolver, office):
    assert resolver.resolve("{{ office.report_to }}", str).text == office.plan.office.panel


def test_plain_text_has_no_markdown():
    assert without_markdown("See [paragraph 26](#para-26) and **this** *one*.") == "See paragraph 26 and this one."


# --------------------------------------------------------------------------------------------- their mistakes
MISTAKES = {
    "SP99.nothing.latest": "the plan has no indicator or measure 'SP99.nothing'. Correct the name.",
    "SP11.offences.lates": "'lates' is not a field of a figure; expected one of latest, baseline, ",
    "SP11.offences.title": "'title' is not a field of a figure; expected one of latest, baseline, ",
    "SP03.treatment_completions.latest": "the figure is not available (not yet released). Say so in words instead.",
    "SP03.treatment_completions.pct_change": "the figure is not available (not yet released). Say so in words instead.",
    "SP03.treatment_completions.signal": "the figure is not available (not yet released). Say so in words instead.",
    "SP07.satisfaction.latest": "the figure is not available (too few answers to publish). Say so in words instead.",
    "SP07.satisfaction.mean": "the figure is not available (too few answers to publish). Say so in words instead.",
    "SP14B.satisfaction.baseline": "the figure is not available (measured differently before). "
    "Say so in words instead.",
    "SP03.night_time_economy.change": "the figure is not available (nothing earlier to compare with). "
    "Say so in words instead.",
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
    "office.name": "there is no such reference. docs/how-to/commentary.md lists those that there are.",
    "SP11": "there is no such reference. docs/how-to/commentary.md lists those that there are.",
    "": "there is no such reference. docs/how-to/commentary.md lists those that there are.",
}


@pytest.mark.parametrize(("reference", "expected"), MISTAKES.items(), ids=[name or "empty" for name in MISTAKES])
def test_a_wrong_reference_is_named_with_its_file_and_line(reference, expected, resolver, office):
    text = f"{{{{ month }}}}\nand\n{{{{ {reference} }}}}."
    paragraph = dataclasses.replace(office.commentary.paragraphs[0], text=text, line=40)
    with pytest.raises(CommentaryError) as caught:
        resolver.paragraph(paragraph)
    assert str(caught.value).startswith(f"{office.commentary.source}, line 42: {{{{ {reference} }}}}: {expected}")


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
def test_unclosed_braces_are_named_with_their_line(text, line, resolver, office):
    with pytest.raises(CommentaryError) as caught:
        resolver.paragraph(dataclasses.replace(office.commentary.paragraphs[0], text=text, line=40))
    assert str(caught.value) == (
        f"{office.commentary.source}, line {line}: a reference is opened or closed but not both. Write {{{{ ... }}}}."
    )


def test_everything_that_a_text_cites_is_listed_with_its_raw_value_and_how_it_is_shown(resolver):
    text = (
        "{{ SP01.quarter.latest }} {{ SP11.offences.verdict }} {{ SP18.to_find.latest }} {{ SP01.quarter.baseline }} "
        "{{ SP01.quarter.change | verb }} {{ SP01.quarter.change | magnitude }} {{ SP01.quarter.latest }} "
        "{{ headline.improved }} {{ SP01.quarter.latest_period }}"
    )
    assert resolver.resolve(text, str).figures == (
        "SP01.quarter.latest = 70 (shown as 70); "
        "SP11.offences.verdict = no_change (shown as no clear change); "
        "SP18.to_find.latest = 4 (shown as £4.0m); "
        "SP01.quarter.baseline = 101 (shown as 101); "
        "SP01.quarter.change = −31 (shown as fell); "
        "SP01.quarter.change = −31 (shown as 31); "
        "headline.improved = 8 (shown as 8); "
        "SP01.quarter.latest_period = Quarter 1 2015/16"
    ).replace("70 (shown as 70)", "70").replace("101 (shown as 101)", "101").replace("8 (shown as 8)", "8")


@pytest.mark.parametrize(
    ("facts", "field", "listed"),
    [
        ({"mean": 81.49425287356321}, "mean", "mean = 81.49425287 (shown as 81)"),
        ({"change": -12.0}, "change | magnitude", "change = −12 (shown as 12)"),
        ({"pct_change": -0.3}, "pct_change", "pct_change = −0.3 (shown as 0%)"),
        ({"signal": "Lower than usual."}, "signal", "signal = Lower than usual."),
        ({"verdict": "deteriorated", "word": "Red"}, "verdict", "verdict = deteriorated (shown as red)"),
    ],
)
def test_a_mean_a_signal_a_verdict_and_a_sign_are_listed_as_the_results_have_them(
    facts, field, listed, office, results
):
    figure = dataclasses.replace(results["SP11.offences"], **{"latest": 10.0, "baseline": 22.0} | facts)
    resolved = Resolver(office, lambda name: figure, dict).resolve(f"{{{{ SP11.offences.{field} }}}}", str)
    assert resolved.figures == f"SP11.offences.{listed}"


# ------------------------------------------------------------------------------------------------- links
@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("of {{ SP11.offences.latest }} in", "of [58,318](#row-SP11.offences) in"),
        ("({{ SP18.to_find.latest }})", "([£4.0m](#figure-SP18.to_find))"),
        ("**{{ headline.improved_share }}**", "**[34.8%](#glance)**"),
        ("{{ SP01.quarter.change | verb }} {{ SP01.quarter.change | magnitude }}", "fell [31](#figure-SP01.quarter)"),
        ("{{ SP11.offences.verdict }}, {{ SP11.offences.latest_period }}", "no clear change, 12 months to June 2015"),
        ("[all {{ headline.scored }}](#report)", "[all 23](#report)"),
        ("`{{ headline.scored }}`", "`23`"),
    ],
)  # fmt: skip
def test_a_number_is_a_link_to_its_row_and_a_word_is_none(text, linked, resolver):
    found = resolver.resolve(text, str)
    assert found.linked == linked
    assert "#row-" not in found.text and "#figure-" not in found.text and "#glance" not in found.text


def test_words_that_a_link_could_not_hold_are_no_link(office, results):
    figure = dataclasses.replace(results["SP11.offences"], **GRADES | {"labels": ("Poor", "Good [as it was]")})
    assert (
        Resolver(office, lambda name: figure, dict).resolve("{{ SP11.offences.latest }}", str).linked
        == "Good [as it was]"
    )


# -------------------------------------------------------------------------------------- the commentary at hand
def test_every_paragraph_comment_and_remark_of_the_office_resolves(office, results):
    resolver = Resolver(office, results.__getitem__, lambda: count_verdicts(results.values()))
    paragraphs = [p for section in office.commentary.sections for p in section.paragraphs]
    texts = [resolver.paragraph(paragraph).text for paragraph in paragraphs]
    texts += [resolver.resolve(text, lambda at: "flags").text for text in office.parameters.flags.values()]
    assert len(texts) == 46 + 10 + 10
    assert not [text for text in texts if "{{" in text or "}}" in text or "None" in text.split()]


def test_no_withheld_figure_is_cited_anywhere(office):
    texts = [p.text for section in office.commentary.sections for p in section.paragraphs]
    withheld = {
        figure.id
        for figure in office.plan.figures.values()
        if figure.series and office.parameters.withheld(office.plan.series[figure.series].table)
    }
    assert withheld == {"SP03.treatment_completions", "SP03.treatment_representations"}
    everything = " ".join([*texts, *office.parameters.flags.values()])
    assert not [figure for figure in withheld if figure in everything]
