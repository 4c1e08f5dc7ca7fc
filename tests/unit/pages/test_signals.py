"""The reviewer's tables of the control charts: every signal explained, and the new limits to consider."""

import yaml

from panelpack.pages import control_charts
from panelpack.rendering.table import Table


def test_every_run_of_flagged_points_is_a_row(quarter_report):
    found = 0
    for box in quarter_report.plan.priorities:
        shown = control_charts.signals_explained(quarter_report, box)
        rows = shown.rows if isinstance(shown, Table) else []
        expected = 0
        for name in control_charts.series_names(quarter_report, box):
            if not control_charts.why_not_charted(quarter_report, name):
                kind = quarter_report.data.control_chart(name)[["special_cause", "side", "segment"]]
                expected += ((kind != kind.shift()).any(axis=1) & (kind["special_cause"] != "")).sum()
        assert len(rows) == expected, box.id
        found += expected
    assert found > 10


def test_new_limits_are_proposed_as_lines_of_the_plan_that_give_the_chart_limits(quarter_report):
    lines = {}
    for box in quarter_report.plan.priorities:
        shown = control_charts.rebases_proposed(quarter_report, box)
        if isinstance(shown, Table):
            lines |= dict(zip(shown.column("Series"), shown.column("Line for the plan, with a reason"), strict=True))
    assert lines
    for name, line in lines.items():
        (entry,) = yaml.safe_load(line)["rebase"]
        periods = list(quarter_report.data.control_chart(name)["period"])
        assert entry["from"] in periods
