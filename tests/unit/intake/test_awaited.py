"""A table that is awaited, or comes no more, stops nothing: its file may be absent, and nothing rests on it."""

import os

import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import NOT_SUPPLIED, boards_return
from panelpack.config.sources import SOURCES_FILE
from panelpack.config.strict_yaml import read_yaml
from panelpack.config.yaml_edit import YamlEdit
from panelpack.errors import CommentaryError
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.indicators.references import FIGURE_AWAITED, Resolver
from panelpack.indicators.rehearsal import find_failures
from panelpack.indicators.results import count_verdicts
from panelpack.intake.files import check_sources
from panelpack.intake.receiving import receive
from panelpack.intake.restated import find_restated, not_compared
from panelpack.intake.tables import earlier_tables, files_there
from panelpack.open_points.carried import place_of
from panelpack.open_points.kinds import count_kinds, count_words
from panelpack.open_points.points import open_in_writing
from panelpack.plausibility.queries import find_queries
from panelpack.publishing.request import request
from panelpack.rules.verdict import NOT_ASSESSED, REASON_WORDS
from panelpack.validation.raw_data import check_raw_data
from running import OFFICE

TABLES = read_yaml(OFFICE / "params" / "plan.yml")[0]["tables"]
NUMBERS = ("baseline", "latest", "change", "pct_change", "lower_95", "upper_95", "projected", "mean", "low", "high")


def declare(project, quarter, table, entry, *, with_assessments=False):
    """Say in the parameters how available a table is."""
    path = project.params(quarter)
    edit = YamlEdit(path.read_text(encoding="utf-8"), "params")
    if edit.has(("availability", table)):
        edit.remove(("availability", table))
    text = edit.text.replace("availability:\n", f"availability:\n  {table}: {entry}\n")
    if table == "assessments" and not with_assessments:
        start, end = text.index("assessments:\n"), text.index("next_steps:\n")
        text = text[:start] + text[end:]
    path.write_text(text, encoding="utf-8")


def take_out(project, quarter, table, *, entry):
    """Take the file of a table out, and with `entry` what sources.yml says of it; else it is not filled in there."""
    folder, spec = project.raw(quarter), Configuration.read(project, quarter).plan.tables[table]
    for path in files_there(folder, spec):
        path.unlink()
    path = folder / SOURCES_FILE
    edit = YamlEdit(path.read_text(encoding="utf-8"), "sources")
    if entry:
        edit.remove(("files", spec.pattern))
    else:
        edit.set(("files", spec.pattern, "received"), "")
        (key,) = (key for key in ("sha256", "keyed_sha256") if edit.has(("files", spec.pattern, key)))
        edit.set(("files", spec.pattern, key), "f" * 64)
    path.write_text(edit.text, encoding="utf-8")


def of_table(office, table):
    """The ids of the figures that rest on a table."""
    series = {name for name, spec in office.plan.series.items() if spec.table == table}
    ids = {f.id for f in office.plan.figures.values() if {f.series, f.baseline_series} & series}
    return ids | (set(office.parameters.assessments) if table == boards_return(office.plan) else set())


# Every table with one of the words, by turns; PANELPACK_LONG=1 tries each with every one.
EITHER = [(table, NOT_SUPPLIED[place % len(NOT_SUPPLIED)]) for place, table in enumerate(TABLES)]
EVERY = [(table, status) for table in TABLES for status in NOT_SUPPLIED]


@pytest.mark.parametrize(("table", "status"), EVERY if os.environ.get("PANELPACK_LONG") else EITHER)
def test_whatever_table_is_not_there_nothing_stops_and_nothing_rests_on_it(
    table, status, project_copy, quarter, office, results
):
    awaited = of_table(office, table)
    declare(project_copy, quarter, table, f"{{status: {status}, reason: The supplier is late.}}")
    take_out(project_copy, quarter, table, entry=status == "awaited")
    now = Configuration.read(project_copy, quarter)
    assert table not in now.sources.by_table and now.parameters.withheld(table) == status
    checked = check_raw_data(now)
    assert checked.failures == [] and table not in checked.tables
    assert find_failures(now) == []
    assert set(find_restated(now)["table"]) <= set(now.shown_tables) and table not in not_compared(now)
    assert table not in {query.table for query in find_queries(now, checked.tables, earlier_tables(now))}
    for result in compute_every(data_of_raw_files(now)):
        if result.indicator not in awaited:
            assert (result.verdict, result.latest) == (
                results[result.indicator].verdict, results[result.indicator].latest
            )  # fmt: skip
            continue
        assert not any(getattr(result, number) for number in NUMBERS), result.indicator
        if result.scored:
            assert (result.verdict, result.reason) == (NOT_ASSESSED, status)
            assert result.evidence == "The supplier is late."
    assert status in REASON_WORDS


def test_the_day_on_which_it_is_expected_is_told_beside_the_reason(project_copy, quarter):
    declare(project_copy, quarter, "recorded_crime", "{status: awaited, reason: It is late., expected: 2015-10-01}")
    take_out(project_copy, quarter, "recorded_crime", entry=True)
    results = compute_every(data_of_raw_files(Configuration.read(project_copy, quarter)))
    assert {r.evidence for r in results if r.reason == "awaited"} == {"It is late. Expected on 1 October 2015."}


@pytest.mark.parametrize("status", NOT_SUPPLIED)
@pytest.mark.parametrize("table", ["savings", "recorded_crime"])
def test_a_file_that_is_there_after_all_is_told_in_one_line(table, status, project_copy, quarter):
    declare(project_copy, quarter, table, f"{{status: {status}, reason: Late.}}")
    office = Configuration.read(project_copy, quarter)
    line = read_yaml(project_copy.params(quarter))[1]["availability", table]
    name = office.plan.tables[table].pattern
    expected = (
        f"params/2015Q1.yml, line {line}: {table} is {status}, and {name} was received. Remove the status and type "
        "make receive Q=2015Q1, or take the file out."
    )
    assert check_sources(office) == [expected]
    checked = check_raw_data(office)
    assert checked.failures == [expected] and table not in checked.tables, "it is told, and not read"


def test_assessments_without_the_boards_return_are_refused(project_copy, quarter):
    entry = "{status: awaited, reason: The boards meet in October.}"
    declare(project_copy, quarter, "assessments", entry, with_assessments=True)
    with pytest.raises(Exception, match=r"line \d+: SP16\.training is assessed, and the boards' return is not there"):
        Configuration.read(project_copy, quarter)


def test_what_is_redacted_is_checked_and_shown_nowhere(project_copy, quarter, office):
    entry = "{status: redacted, reason: An inquest is open., by: Chief Executive, until: the inquest ends}"
    declare(project_copy, quarter, "recorded_crime", entry)
    now = Configuration.read(project_copy, quarter)
    assert "recorded_crime" in check_raw_data(now).tables and "recorded_crime" not in now.shown_tables
    data = data_of_raw_files(now)
    assert not set(data.points) & {n for n, spec in now.plan.series.items() if spec.table == "recorded_crime"}
    by_id = {result.indicator: result for result in compute_every(data)}
    for name in of_table(office, "recorded_crime"):
        assert not any(getattr(by_id[name], number) for number in NUMBERS)
        if by_id[name].scored:
            assert by_id[name].reason == "redacted"
            assert by_id[name].evidence == (
                "An inquest is open. Redacted by the Chief Executive until the inquest ends."
            )


# ------------------------------------------------------------------------------------------------ words, requests
@pytest.fixture
def late(project_copy, quarter):
    """The office while recorded crime is awaited."""
    declare(project_copy, quarter, "recorded_crime", "{status: awaited, reason: The force is late.}")
    take_out(project_copy, quarter, "recorded_crime", entry=True)
    return Configuration.read(project_copy, quarter)


def test_a_text_that_names_an_awaited_figure_can_be_made_and_is_an_open_point(late):
    results = {result.indicator: result for result in compute_every(data_of_raw_files(late))}
    resolver = Resolver(late, results.__getitem__, lambda: count_verdicts(results.values()))
    words, where = "{{ SP11.offences.latest | count }} offences", lambda at: "here"
    assert resolver.resolve(words, where).text == f"{FIGURE_AWAITED} offences"
    assert resolver.resolve(words, where).cited == (), "it cites no number"
    every = [p for section in late.commentary.sections for p in section.paragraphs]
    named = [p for p in every if FIGURE_AWAITED in resolver.paragraph(p).text]
    assert named
    points = [point for point in open_in_writing(late, ()) if point.kind == "figure"]
    places = {point.name for point in points}
    assert {f"awaited {place_of(paragraph)}" for paragraph in named} <= places
    assert any("SP11.offences" in point.words for point in points)
    assert count_words(count_kinds(points[:2])) == "2 texts that name awaited figures"


def test_of_an_embargoed_table_no_text_may_name_a_figure(office, results):
    resolver = Resolver(office, results.__getitem__, dict)
    assert office.awaited_figures == frozenset()
    with pytest.raises(CommentaryError, match=r"the figure is not available \(not yet released\)"):
        resolver.resolve("{{ SP03.treatment_completions.latest }}", lambda at: "here")


@pytest.mark.parametrize(("status", "asked"), [("awaited", True), ("discontinued", False)])
def test_what_is_awaited_is_asked_for_and_what_comes_no_more_is_not(status, asked, project_copy, quarter):
    declare(project_copy, quarter, "recorded_crime", f"{{status: {status}, reason: r}}")
    take_out(project_copy, quarter, "recorded_crime", entry=True)
    lines = request(project_copy, str(quarter))
    (line,) = [line for line in lines if "westmoor-police-performance-and-analysis-team" in line]
    assert ("recorded_crime.csv" in line) is asked


def test_a_file_that_comes_is_received_and_the_status_is_told(project_copy, quarter):
    declare(project_copy, quarter, "savings", "{status: awaited, reason: Late.}")
    lines = receive(project_copy.raw(quarter))
    assert (
        "savings.csv: params/2015Q1.yml says that it is awaited. Remove the status there, under availability." in lines
    )


def test_in_the_quarter_after_nothing_is_asked_of_what_was_awaited(project_copy, quarter):
    before = quarter.shift(-1)
    declare(project_copy, before, "savings", "{status: awaited, reason: Late.}")
    take_out(project_copy, before, "savings", entry=False)
    assert check_raw_data(Configuration.read(project_copy, before)).failures == []
    office = Configuration.read(project_copy, quarter)
    tables = check_raw_data(office).tables
    asked = find_queries(office, tables, earlier_tables(office))
    assert not [query for query in asked if query.kind == "earlier_files"] and "savings" in tables
