"""Other forces on a priority's page, in their section, on page 1 and on the dashboard."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from made_up_forces import FORCES, OWN, counts_of_forces, office_among_forces
from page_blocks import cells, of_kind, prepared, unfolded
from panelpack.pages import dashboard, every_force, glance, others, series_data
from panelpack.pages.comparison_words import FEW_FORCES
from panelpack.rendering.cells import html_fragment, typst_fragment
from panelpack.rendering.chart_frame import LOW, WIDE
from panelpack.rendering.charts import Chart
from panelpack.rendering.inline import Line, Lines
from panelpack.rendering.markdown import quoted
from panelpack.rendering.prose import Beside, Folded, Heading, NewPage, Text
from panelpack.rendering.table import Table


@pytest.fixture(scope="module")
def report(tmp_path_factory, quarter):
    """The quarter of an office among made-up forces. No test may change it."""
    return prepared(office_among_forces(tmp_path_factory.mktemp("forces") / "office"), quarter)


@pytest.fixture(scope="module")
def few(tmp_path_factory, quarter):
    """The same among eight others."""
    made = office_among_forces(tmp_path_factory.mktemp("few") / "office", counts=counts_of_forces(FORCES[:9]))
    return prepared(made, quarter)


@pytest.fixture(scope="module")
def refused(tmp_path_factory, quarter):
    """The same of a force that the table does not have."""
    return prepared(office_among_forces(tmp_path_factory.mktemp("none") / "office", force="Nowhere"), quarter)


class Otherwise:
    """A report with comparisons that are changed by a function of figure and comparison."""

    def __init__(self, report, change):
        self._report, self._change = report, change

    def __getattr__(self, name):
        return getattr(self._report, name)

    def others(self, figure):
        of = self._report.others(figure)
        return of and self._change(figure, of)

    def others_of(self, box):
        return [(figure, of) for figure in box.indicators if (of := self.others(figure)) is not None]


def page(report, box):
    return list(others.blocks(report, report.plan.priority(box)))


def summary(report):
    return list(others.summary(report))


# ------------------------------------------------------------------------------------------------ a priority's page
def test_a_page_says_how_the_force_compares_and_shows_every_change(report):
    line, strip = page(report, "SP14A")
    assert isinstance(line, Line) and 'id="others-SP14A.offences"' in line.html()
    assert line.plain().startswith("Compared with other forces: in the official table offences here rose by 129%")
    assert isinstance(strip, Chart) and strip.alt.startswith("Strip chart of 12 forces. Recorded theft from motor")
    assert "as revised by May 2016" in strip.caption and "(#forces-SP14A.offences)" in strip.caption


def test_a_page_of_what_no_table_counts_says_nothing(report):
    assert page(report, "SP07") == [] and page(report, "SP16") == []


def test_where_several_are_compared_each_is_named(report):
    box = report.plan.priority("SP14A")
    twice = Otherwise(report, lambda figure, of: of)
    twice.others_of = lambda of_box: [(box.indicators[0], report.others(box.indicators[0]))] * 2
    lines = of_kind(list(others.blocks(twice, box)), Line)
    assert [line.plain().split(":")[0] for line in lines] == ["Compared with other forces, number of offences"] * 2


def test_of_few_forces_they_are_listed_and_none_is_drawn(few):
    line, table = page(few, "SP14A")
    assert FEW_FORCES in line.plain()
    assert isinstance(table, Table) and len(table.rows) == 9
    assert not others.is_drawn(few, few.plan.priority("SP14A"))
    assert list(every_force.section(few)) == []


def test_what_is_refused_says_why_and_shows_nothing(refused):
    (line,) = page(refused, "SP14A")
    assert line.plain().endswith("not possible. The official table at hand does not have Nowhere.")
    assert summary(refused) == [] and list(every_force.section(refused)) == []


def test_a_change_that_is_not_known_is_not_drawn(report):
    def unknown(figure, of):
        return replace(of, change=replace(of.change, own=float("nan"), position=""))

    (line,) = page(Otherwise(report, unknown), "SP14A")
    assert isinstance(line, Line) and "nan" not in line.plain()


def test_the_chart_of_a_page_is_lower_beside_other_forces(report, quarter_report):
    beside = series_data.main_chart(report, report.plan.priority("SP14A"))
    alone = series_data.main_chart(quarter_report, quarter_report.plan.priority("SP14A"))
    assert (f'height="{LOW.height}pt"' in beside.svg, f'height="{WIDE.height}pt"' in alone.svg) == (True, True)


# ------------------------------------------------------------------------------------------------ the section
def test_every_rate_is_drawn_and_every_force_is_listed(report):
    shown = list(every_force.section(report))
    assert isinstance(shown[0], NewPage) and shown[1] == Heading(2, "Other forces: offences per 1,000", "others")
    charts = [chart for pair in of_kind(shown, Beside) for chart in (*pair.left, *pair.right)]
    assert [chart.title for chart in charts] == [
        "11 To reduce all crime: 11.8 here, 9.2 in all forces",
        "14A To reduce Theft from Motor Vehicles: 4.4 here, 2.1 in all forces",
        "14B To reduce Theft of Motor Vehicles: 4.2 here, 4.1 in all forces",
    ]
    assert charts[2].subtitle == "Per 1,000 households, 12 months to March 2015: within"
    assert [one.anchor for one in of_kind(shown, Folded)] == [
        "forces-SP11.offences", "forces-SP14A.offences", "forces-SP14B.offences",
    ]  # fmt: skip
    said = " ".join(line.plain() for line in of_kind(shown, Line))
    assert all(words in said for words in (
        "The table of all forces, as revised by May 2016", "per 1,000 people of the Census of 2011",
        "per 1,000 households of the Homes of 2011", "Old Town, where few people live, is left out.",
        "No list of most similar forces is at hand.", "other_forces.csv",
    ))  # fmt: skip


def test_of_several_of_one_priority_a_picture_says_which_it_is(report):
    class Twice(Otherwise):
        def others_of(self, box):
            return [pair for pair in super().others_of(box) for _ in range(2)]

    pairs = of_kind(list(every_force.section(Twice(report, lambda figure, of: of))), Beside)
    titles = {chart.title for pair in pairs for chart in (*pair.left, *pair.right)}
    assert "14A Number of offences: 4.4 here, 2.1 in all forces" in titles and len(titles) == 3


def test_what_must_be_known_of_a_rate_stands_below_its_picture(report):
    careful = Otherwise(report, lambda figure, of: replace(of, cautions=("Recording differs.",)))
    pairs = of_kind(list(every_force.section(careful)), Beside)
    assert all(chart.caption == "Recording differs." for pair in pairs for chart in (*pair.left, *pair.right))


def test_forces_stand_by_regions_and_names_and_the_own_one_is_named_in_words(report):
    table = unfolded(of_kind(list(every_force.section(report)), Folded))[1]
    names = [re.sub(r"\*\*| \(here\)", "", row["Force"]) for row in table.rows]
    assert [table.groups[place] for place in sorted(table.groups)] == ["North", "South", "Wales"]
    starts = [*sorted(table.groups), len(names)]
    parts = [names[start:end] for start, end in pairwise(starts)]
    assert all(part == sorted(part) for part in parts) and len(names) == len(FORCES) - 1
    assert f"**{OWN}** (here)" in [row["Force"] for row in table.rows]


def test_without_a_rate_there_is_no_funnel_and_still_a_table(report):
    bare = Otherwise(report, lambda figure, of: replace(of, level=None))
    shown = list(every_force.section(bare))
    assert of_kind(shown, Beside) == [] and of_kind(shown, Text) == [] and len(of_kind(shown, Folded)) == 3
    assert "Per 1,000 people" not in unfolded(shown)[-1].rows[0]


# ------------------------------------------------------------------------------------------------ page 1
def test_page_1_shows_those_outside_first_and_then_the_others_in_the_plans_order(report):
    heading, table = summary(report)
    assert heading == Heading(3, "Compared with other forces")
    assert table.caption == "12 months to March 2015 on 2012/13"
    assert table.groups == {
        0: "Outside what differs between forces anyway (2)", 2: "Within what differs between forces anyway (1)",
    }  # fmt: skip
    first = [cell if isinstance(cell, str) else cell.plain() for cell in table.rows[1].values()]
    assert first == ["14A To reduce Theft from Motor Vehicles", "**+129%**", "−4%", "−17% to +3%"]
    assert 'href="#others-SP14A.offences"' in table.html()


def test_periods_that_differ_stand_in_their_row(report):
    def later(figure, of):
        return replace(of, before=replace(of.before, words="2013/14")) if figure.id == "SP14B.offences" else of

    _, table = summary(Otherwise(report, later))
    assert table.rows[2]["Indicator"].plain().endswith(" · 12 months to March 2015 on 2013/14")


def test_page_1_shows_no_more_than_there_is_room_for(report, monkeypatch):
    monkeypatch.setattr(others, "MOST_IN_SUMMARY", 2)
    _, table = summary(report)
    assert len(table.rows) == 2 and table.notes[0].endswith(" 1 more: see the dashboard.")
    monkeypatch.setattr(others, "MOST_IN_SUMMARY", 1)
    assert len(summary(report)[1].rows) == 2  # what is outside is named all the same


def test_what_must_be_known_is_named_on_page_1(report):
    careful = Otherwise(report, lambda figure, of: replace(of, cautions=("C",)) if "14A" in figure.id else of)
    note = "How fully [14A](#others-SP14A.offences) is recorded differs from force to force."
    assert note in summary(careful)[1].notes[0]


def test_of_few_forces_page_1_names_no_range(few):
    _, table = summary(few)
    assert table.groups == {0: "Too little to say what differs between forces anyway (3)"}
    assert {row["8 in 10 forces"] for row in table.rows} == {""}


def test_page_1_has_them_beside_what_to_read_with_care(report):
    shown = list(glance.blocks(report))
    (beside,) = of_kind(shown, Beside)
    assert beside.left[0] == Heading(3, "Compared with other forces")
    care = beside.right[1].markdown.splitlines()
    assert beside.right[0].text == "What to read with care" and len(care) == glance.MOST_BESIDE
    assert beside.right[2].markdown == "**Since the last pack:** There is no earlier pack to compare with."
    assert shown[-1].markdown.startswith("**Not assessed (7), by priority:** **4** no measure yet: [7](#priority-SP07)")


def test_no_clear_change_that_is_unlike_other_forces_is_the_first_to_read_with_care(report):
    assert next(glance.care_lines(report)) == (
        "**Unlike other forces:** [11 number of offences](#row-SP11.offences) (no clear change, yet +28% here, −2% in "
        "the other forces together); [14A number of offences](#row-SP14A.offences) (no clear change, yet +129% here, "
        "−4% in the other forces together)."
    )


def test_many_of_them_are_counted(report, monkeypatch):
    monkeypatch.setattr(glance, "MOST_UNLIKE", 1)
    assert next(glance.care_lines(report)).endswith("together); and 1 more.")


def test_what_is_within_or_judged_to_have_changed_is_not_unlike_other_forces(report):
    def within(figure, of):
        return replace(of, change=replace(of.change, position="within"))

    assert not any("Unlike" in line for line in glance.care_lines(Otherwise(report, within)))
    worse = Otherwise(report, lambda figure, of: replace(of, change=replace(of.change, position="above")))
    line = next(glance.care_lines(worse))
    assert "SP14B.offences" not in line  # it is worse, and page 1 says so


# ------------------------------------------------------------------------------------------------ the dashboard
def test_the_dashboard_has_a_column_of_them(report):
    table = next(dashboard.blocks(report))
    by_anchor = dict(zip(table.anchors, table.rows, strict=True))
    assert by_anchor["row-SP14A.offences"][dashboard.OTHERS] == Lines("−4%", "outside")
    assert by_anchor["row-SP14B.offences"][dashboard.OTHERS] == Lines("−2%", "within")
    assert by_anchor["row-SP07.satisfaction"][dashboard.OTHERS] == ""
    (note,) = [note for note in table.notes if note.startswith("Other forces:")]
    assert note.endswith(
        "It is of the 12 months to March 2015 on 2012/13, from the official table as revised by May 2016."
    )


def test_an_office_that_compares_with_nobody_has_no_such_column(quarter_report):
    table = next(dashboard.blocks(quarter_report))
    assert dashboard.OTHERS not in table.rows[0] and not any("Other forces" in note for note in table.notes)
    assert "Compared with other forces" not in " ".join(cells(table))


def test_what_is_refused_or_of_few_forces_is_told_in_the_column(few, refused):
    def cell(of):
        table = next(dashboard.blocks(of))
        return dict(zip(table.anchors, table.rows, strict=True))["row-SP14A.offences"][dashboard.OTHERS]

    assert cell(refused) == "not compared"
    assert cell(few).plain().endswith(" · too few to say")


def test_a_strip_without_a_title_has_a_picture_for_a_telephone_too(report):
    _, strip = page(report, "SP14A")
    data, about = strip._repr_mimebundle_()
    cell = new_code_cell("", outputs=[new_output("display_data", data, metadata=about)])
    html = html_fragment(new_notebook(cells=[cell]), working=False)
    assert 'class="on-page"' in html and 'class="on-phone"' in html and "<img" not in html
    assert quoted(strip.svg) in typst_fragment(new_notebook(cells=[cell]), working=False)
