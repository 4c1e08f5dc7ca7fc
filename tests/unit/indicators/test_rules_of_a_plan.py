"""The rules as a plan names them, on an office's own series: from a line of plan.yml to a row of the dashboard."""

import pytest

from panelpack.config.configuration import Configuration
from panelpack.errors import ConfigurationError
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files

ENTRANTS, SURVEY = "SP01.first_time_entrants", "SP07.satisfaction"
BANDS = """\
    rule: bands
    bands:
      of: {of}
      steps:
        - {{word: Well down, at_most: {first}, counts_as: met, mark: "◆"}}
        - {{word: Otherwise, counts_as: missed}}
"""


@pytest.fixture
def computed(project_copy, quarter):
    """Return a function that gives the first indicator of a rule other lines, and computes all results, by id."""

    def of(before, after):
        plan = project_copy.plan(quarter)
        text = plan.read_text(encoding="utf-8")
        assert before in text
        plan.write_text(text.replace(before, after, 1), encoding="utf-8")
        data = data_of_raw_files(Configuration.read(project_copy, quarter))
        return {result.indicator: result for result in compute_every(data)}

    return of


@pytest.mark.parametrize(
    ("target", "verdict", "state"),
    [
        ("value: 300", "missed", "chance"),
        ("value: 260", "missed", "clear"),
        ("value: 350", "met", "chance"),
        ("value: 500", "met", "clear"),
        ("value: 100, by: 2013/14", "missed", "clear"),
        ("value: 100, by: 2018/19", "on_course", "clear"),
        ("path: {2014/15: 500, 2015/16: 350, 2016/17: 300}", "on_course", "chance"),
        ("path: {2014/15: 500, 2015/16: 300, 2016/17: 250}", "missed", "chance"),
        ("path: {2015/16: 300, 2013/14: 500}", "not a plan", "the years are not in the order of time"),
        ("direction: lower", "met", "clear"),
        ("direction: higher", "not a plan", "`polarity` calls lower better"),
    ],
)
def test_a_target_of_a_count(target, verdict, state, computed):
    change = ("    rule: significance\n", f"    rule: target\n    target: {{{target}}}\n")
    if verdict == "not a plan":
        with pytest.raises(ConfigurationError, match=state):
            computed(*change)
        return
    found = computed(*change)[ENTRANTS]
    assert (found.latest, found.verdict, found.how_sure) == (326, verdict, state)
    assert found.interval_of == ("pct_change" if "direction" in target else "latest")
    assert found.p_value is not None  # so it is among the comparisons of the pack


@pytest.mark.parametrize(
    ("of", "first", "word", "state"),
    [
        ("latest", 500, "Well down", "clear"),
        ("latest", 320, "Otherwise", "chance"),
        ("change", -100, "Well down", "clear"),
        ("change", -340, "Well down", "chance"),
        ("pct_change", -10, "Well down", "clear"),
        ("pct_change", -51.1, "Well down", "chance"),
        ("pct_change", -51.2, "Otherwise", "chance"),
    ],
)
def test_bands_of_a_count(of, first, word, state, computed):
    found = computed("    rule: significance\n", BANDS.format(of=of, first=first))[ENTRANTS]
    verdict, mark = ("met", "◆") if word == "Well down" else ("missed", "")
    assert (found.verdict, found.word, found.mark or "") == (verdict, word, mark)
    assert (found.how_sure, found.interval_of) == (state, of)


@pytest.mark.parametrize("polarity", ["lower", "neither"])
def test_a_change_of_what_is_better_neither_way_is_only_a_change(polarity, computed):
    text = f"    polarity: {polarity}\n    series: first_time_entrants\n"
    found = computed("    polarity: lower\n    series: first_time_entrants\n", text)[ENTRANTS]
    assert found.verdict == ("improved" if polarity == "lower" else "changed")
    assert (found.how_sure, found.evidence[:13]) == ("clear", "Change −51%, ")


@pytest.mark.parametrize(("value", "verdict"), [(60, "met"), (99, "missed")])
def test_a_target_of_a_survey_has_wilsons_interval(value, verdict, computed):
    found = computed("    rule: printed_precision\n", f"    rule: target\n    target: {{value: {value}}}\n")
    targets = [result for result in found.values() if result.rule == "target"]
    assert [(result.verdict, result.how_sure) for result in targets] == [(verdict, "clear")]
    assert targets[0].lower_95 < targets[0].latest < targets[0].upper_95


def test_the_other_verdicts_are_as_they_were(computed, results):
    found = computed("    rule: significance\n", "    rule: target\n    target: {value: 300}\n")
    assert {name for name, result in found.items() if result.verdict != results[name].verdict} == {ENTRANTS}
