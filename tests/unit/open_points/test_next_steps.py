"""Next steps: which indicators call for one, what is shown of each, and what of the last ones must be told."""

from datetime import date
from types import SimpleNamespace

import pytest
import yaml

from panelpack.config.configuration import Configuration
from panelpack.config.yaml_edit import YamlEdit
from panelpack.errors import ConfigurationError
from panelpack.open_points.next_steps import next_steps_of, open_steps
from panelpack.open_points.points import open_in_writing
from panelpack.open_points.terminal import words_after_run, words_for_terminal

FIRST, SECOND, THIRD = "SP07.satisfaction", "SP14A.satisfaction", "SP14B.offences"
STEP = {"what": "Ring victims back.", "who": "Head of contact", "by": date(2015, 12, 1)}


def judged(indicator, verdict="deteriorated", scored=True):
    return SimpleNamespace(indicator=indicator, title=f"Title of {indicator}", verdict=verdict, scored=scored)


@pytest.fixture
def declared(project_copy, quarter):
    """Return a function that writes the next steps of the quarter, and of the one before, and reads the quarter."""

    def write(now=None, before=None):
        for each, steps in ((quarter, now), (quarter.shift(-1), before)):
            path = project_copy.params(each)
            edit = YamlEdit(path.read_text(encoding="utf-8"), "params")
            if edit.has(("next_steps",)):
                edit.remove(("next_steps",))
            path.write_text(f"{edit.text}\n{yaml.safe_dump({'next_steps': steps or {}})}", encoding="utf-8")
        return Configuration.read(project_copy, quarter)

    return write


@pytest.mark.parametrize(
    ("verdict", "scored", "calls"),
    [
        ("deteriorated", True, "got worse"),
        ("missed", True, "missed its target"),
        ("improved", True, ""),
        ("no_change", True, ""),
        ("changed", True, ""),
        ("met", True, ""),
        ("on_course", True, ""),
        ("not_assessed", True, ""),
        ("deteriorated", False, ""),
    ],
)
def test_what_got_worse_or_missed_its_target_calls_for_a_step(declared, verdict, scored, calls):
    office, results = declared(), [judged(FIRST, verdict, scored)]
    points = list(open_steps(office, results))
    assert [point.words for point in points] == (
        [f"{FIRST} (Title of {FIRST}) {calls}, and no next step is named."] if calls else []
    )
    assert all(point.kind == "step" and point.is_shown and "params/2015Q1.yml" in point.remedy for point in points)
    assert set(next_steps_of(office, results)) == ({FIRST} if calls else set())
    assert list(open_steps(declared({FIRST: STEP}), results)) == []


def test_a_step_is_shown_with_who_and_by_when_or_with_its_paragraph(declared):
    office = declared({FIRST: STEP, SECOND: {"paragraph": "niche"}})
    shown = next_steps_of(office, [judged(SECOND), judged(FIRST, "improved"), judged(THIRD)])
    number = office.commentary.numbers["niche"]
    assert list(shown) == [SECOND, FIRST, THIRD]
    assert shown[FIRST].words == "Ring victims back (Head of contact, by 1 December 2015)."
    assert shown[SECOND].words == f"See [paragraph {number}](#para-{number})." and shown[SECOND].paragraph == number
    assert (shown[THIRD].words, shown[THIRD].is_needed, shown[FIRST].is_needed) == ("", True, False)
    assert not any(one.last_words or one.became for one in shown.values())


def test_of_the_last_step_it_must_be_told_what_became_of_it(declared):
    before = {FIRST: STEP, SECOND: {"paragraph": "savings"}, THIRD: {"became": "It is done."}}
    results = [judged(name, "no_change") for name in (FIRST, SECOND, THIRD)]
    points = list(open_steps(declared({}, before), results))
    assert [(point.kind, point.name) for point in points] == [
        ("became", f"became {FIRST}"),
        ("became", f"became {SECOND}"),
    ]
    assert "'Ring victims back.'" in points[0].words and "Quarter 4 2014/15" in points[0].words
    told = {FIRST: {"became": "They are rung back."}, SECOND: {"became": ""}}
    office = declared(told, before)
    (point,) = open_steps(office, results)
    assert point.name == f"became {SECOND}", "nothing said is nothing told"
    shown = next_steps_of(office, results)
    assert shown[FIRST].became == "They are rung back." and shown[FIRST].words == ""
    assert shown[FIRST].last_words == "Ring victims back (Head of contact, by 1 December 2015)."
    assert shown[SECOND].last_words == "What the report of Quarter 4 2014/15 said in its text."
    assert THIRD not in shown


def test_the_step_before_is_that_of_the_latest_quarter_that_has_parameters(declared, project_copy, quarter):
    office = declared({}, {FIRST: STEP})
    project_copy.params(quarter.shift(-1)).rename(project_copy.params(quarter.shift(-5)))
    (one,) = next_steps_of(office, [judged(FIRST, "improved")]).values()
    assert str(one.last_quarter) == "2013Q4"


def test_a_paragraph_that_is_not_there_is_named_with_its_line(declared, project_copy, quarter):
    office = declared({FIRST: {"paragraph": "nowhere"}})
    line = project_copy.params(quarter).read_text().splitlines().index("    paragraph: nowhere") + 1
    with pytest.raises(ConfigurationError) as caught:
        next_steps_of(office, [judged(FIRST)])
    assert str(caught.value) == (
        f"params/2015Q1.yml, line {line}: next_steps, {FIRST}: params/2015Q1.md has no paragraph 'nowhere', expected a "
        "label of a numbered one. Correct it, or add {#nowhere} to the paragraph."
    )


def test_at_the_terminal_each_point_has_its_line_and_nothing_is_to_be_pasted(declared, project_copy, quarter):
    office = declared({FIRST: {"became": ""}}, {FIRST: STEP})
    points = [p for p in open_in_writing(office, [judged(FIRST)]) if p.kind in ("step", "became")]
    line = next(n for n, t in enumerate(project_copy.params(quarter).read_text().splitlines(), 1) if "became:" in t)
    lines = words_for_terminal(office, points)
    assert lines[0] == "Indicators without a next step: 1 open." and lines[2].startswith("Next steps of which nothing")
    assert lines[3].startswith(f"  params/2015Q1.yml, line {line}: {FIRST} (") and len(lines) == 4


def test_after_a_run_the_first_of_each_kind_are_listed_and_how_many_more_there_are(declared, quarter):
    office = declared()
    points = list(open_steps(office, [judged(f"SP{n:02d}.x") for n in range(1, 14)]))
    lines = words_after_run(points, quarter)
    assert lines[0] == "Indicators without a next step: 13 open." and len(lines) == 12
    assert lines[-1] == "  3 more: make validate Q=2015Q1 lists every one."
    hidden = [SimpleNamespace(kind="query", words="secret", is_shown=False)]
    assert words_after_run(hidden, quarter) == []
