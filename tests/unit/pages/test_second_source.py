"""What surveys say beside an indicator: their question, whom they asked, and whether they moved as it did."""

import pytest

import districts_office
from districts_office import PLAN, QUARTER, make_districts_office
from notebook_pages import run_notebook, words
from panelpack.config.configuration import Configuration
from panelpack.indicators.compute import compute_every
from panelpack.indicators.quarter_data import data_of_raw_files
from panelpack.periods import Quarter
from panelpack.rendering.charts import Chart
from panelpack.rendering.inline import Line
from panelpack.rendering.table import Table

NO_VERDICT = "# Updates\n\n## D1\n\nNothing.\n\n## D2\n\nNothing.\n"
OF_SAFE = "Asked “How safe do you feel after dark?” of residents aged 16 or over: "
NOT_COMPARED = "Answers to another question are not compared in size, and no result rests on them."


def page(folder, **given):
    project = make_districts_office(folder, **given)
    for name in ("1_validate", "2_prepare"):
        run_notebook(project, name, quarter=QUARTER)
    return run_notebook(project, "3_priority", quarter=QUARTER, priority="D2")


def lines(cells):
    return [words(one) for one in cells if isinstance(one.block, Line) and " Asked “" in words(one)]


def with_file(name, *rows):
    return districts_office.tables() | {name: rows}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return page(tmp_path_factory.mktemp("districts"))


def test_a_second_source_stands_in_a_line_with_its_question_and_how_sure_it_is(usual):
    assert lines(usual)[0] == (
        "Second source: Feel safe in the national survey (source). Asked “Do you feel safe walking alone?” of adults "
        "in homes: 67.0% in 2022/23 (number asked not stated; 95% interval 65.0% to 69.0%), against 70.0% in 2021/22. "
        "The question of the indicator is “How safe do you feel after dark?” of residents aged 16 or over. Both moved "
        "the same way: both fell. The change of the second source is more than chance (95% range −5.7 to −0.3 pts). "
        f"{NOT_COMPARED}"
    )


def test_a_perception_beside_records_is_a_sentence(usual):
    (said,) = lines(usual)[1:]
    assert said == (
        f"Beside what is recorded: Residents who feel safe (source). {OF_SAFE}54.1% in January to March 2023 (1,211 "
        "asked; 95% interval 51.3% to 56.9%), against 57.7% in January to March 2022 (1,207 asked); they did not move "
        "the same way: what is recorded fell, which is better, and the answers fell, which is worse (their change "
        "could be chance, 95% range −7.5 to +0.4 pts)."
    )


def test_neither_stands_in_a_table_or_a_chart_with_another_question(usual):
    for one in usual:
        if isinstance(one.block, Table | Chart) and not one.for_review:
            assert not ("national survey" in words(one) and "Residents feel safe" in words(one))
    tables = [one.block for one in usual if isinstance(one.block, Table)]
    assert not any(table.caption.endswith("figures that are not judged") for table in tables)


def test_links_lead_to_the_line(usual):
    html = "".join(one.block.html() for one in usual if isinstance(one.block, Line))
    assert 'id="figure-D2.elsewhere"' in html and 'id="figure-D2.perceived"' in html


def test_it_gives_no_page_its_message_and_decides_no_verdict(tmp_path):
    plan = PLAN[: PLAN.index("  - {id: D2.crime")] + PLAN[PLAN.index("  measures:\n") : PLAN.index("  - {id: D2.perc")]
    unjudged = plan.replace("rule: printed_precision", "rule: none, scored: false")
    cells = page(tmp_path / "unjudged", plan=unjudged, commentary=NO_VERDICT)
    assert "residents feel safe down 3.6 points" in words(cells[0])
    verdicts = []
    for name, change in (("with", plan), ("alone", plan[: plan.index("  measures:\n")])):
        project = make_districts_office(tmp_path / name, plan=change)
        data = data_of_raw_files(Configuration.read(project, Quarter.parse(QUARTER)))
        verdicts.append({r.indicator: (r.verdict, r.how_sure) for r in compute_every(data) if not r.measure})
    assert verdicts[0] == verdicts[1]


FELL, ROSE = "2021/22,70.0,68,72", "2021/22,60.0,58,62"
NOT_THE_SAME, THE_SAME = "They did not move the same way: ", "Both moved the same way"
MOVED = {  # the year before in the national survey, which way is better in it, and what is said of both
    "it rose": (ROSE, "higher", f"{NOT_THE_SAME}the indicator fell and the second source rose. "),
    "it stayed": (
        "2021/22,67.0,65,69", "higher", f"{NOT_THE_SAME}the indicator fell and the second source did not change. ",
    ),
    "more is worse": (ROSE, "lower", f"{THE_SAME}, for the worse: the indicator fell, and the second source rose. "),
    "less is better": (
        FELL, "lower",
        f"{NOT_THE_SAME}the indicator fell, which is worse, and the second source fell, which is better. ",
    ),
    "neither way is better": (FELL, "neither", f"{THE_SAME}: both fell. "),
    "it could be chance": ("2021/22,67.5,65,70", "higher", "source could be chance (95% range −3.7 to +2.7 pts)"),
}  # fmt: skip


@pytest.mark.parametrize("name", MOVED)
def test_whether_both_moved_the_same_way(name, tmp_path):
    before, polarity, of_both = MOVED[name]
    plan = PLAN.replace("series: safe_elsewhere, polarity: higher", f"series: safe_elsewhere, polarity: {polarity}")
    files = with_file("national.csv", "year,percent,lower,upper", before, "2022/23,67.0,65,69")
    said = lines(page(tmp_path, plan=plan, files=files))[0]
    assert of_both in said and said.endswith(NOT_COMPARED)
    assert "more than chance" in said or "could be chance" in said


def test_without_an_earlier_figure_it_cannot_be_told(tmp_path):
    plan = PLAN.replace("{baseline: financial_year-1, latest: financial_year}", "{latest: financial_year}")
    said = lines(page(tmp_path, plan=plan))[0]
    assert said.endswith(
        "Whether both moved the same way cannot be told, for the second source has no earlier figure beside it. "
        f"{NOT_COMPARED}"
    )


def test_of_a_survey_that_tells_no_numbers_it_is_not_known_whether_it_is_chance(tmp_path):
    plan = PLAN.replace("    interval: {lower: lower, upper: upper}, question", "    question")
    said = lines(page(tmp_path, plan=plan))[0]
    assert "67.0% in 2022/23 (number asked not stated), against 70.0% in 2021/22." in said
    assert "Whether the change of the second source is more than chance is not known." in said


def test_a_survey_that_has_no_figure_yet_says_so(tmp_path):
    late = f"{districts_office.PARAMETERS}availability:\n  national: {{status: awaited, reason: It is late.}}\n"
    files = {name: rows for name, rows in districts_office.tables().items() if name != "national.csv"}
    said = lines(page(tmp_path, parameters=late, files=files))[0]
    assert said.startswith(
        "Second source: Feel safe in the national survey. Asked “Do you feel safe walking alone?” of"
    )
    assert "of adults in homes: [x] in 2022/23. The question" in said and "cannot be told" in said
