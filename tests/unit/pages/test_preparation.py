"""The page of the prepare notebook: what each series covers, what was restated, what may not be shown."""

from page_blocks import row_of
from panelpack.config.configuration import Configuration
from panelpack.disclosure.publication import prepare_series
from panelpack.formats import number
from panelpack.intake.restated import find_restated
from panelpack.pages import preparation
from panelpack.periods import Quarter
from panelpack.rendering.prose import Text
from rich_office import QUARTER, make_rich_office


def test_every_series_that_may_be_shown_has_a_row(office):
    tables = prepare_series(office).points
    table = preparation.prepared_series(office, tables)
    withheld = {name for name, spec in office.plan.series.items() if office.parameters.withheld(spec.table)}
    assert withheld and set(table.column("Series")) == set(office.plan.series) - withheld
    points = tables["recorded_crime"].query("series == 'all_crime'")
    row = row_of(table, "Series", "all_crime")
    assert (row["Table"], row["First"], row["Last"]) == ("recorded_crime", "2012-04", "2015-06")
    assert (row["Points"], row["Sum"]) == (number(len(points)), number(points["value"].sum()))


def test_where_no_series_has_a_number_it_is_said_so(office):
    tables = {name: frame.head(0) for name, frame in prepare_series(office).points.items()}
    assert "gave none" in preparation.prepared_series(office, tables).markdown


def test_restated_figures_are_listed_or_it_is_said_that_there_are_none(office):
    changes = find_restated(office)
    assert len(preparation.restated(changes, office).rows) == len(changes) > 0
    assert preparation.restated(changes.head(0), office).markdown == "Nothing was restated."


def test_a_table_that_cannot_be_compared_is_named_and_an_emptied_folder_is_not_silence(project_copy, quarter):
    office = Configuration.read(project_copy, quarter)
    before = project_copy.raw(quarter.shift(-1))
    (before / "savings.csv").unlink()
    changes = find_restated(office)
    lost = "Not compared, as the quarter before has no such data: "
    assert preparation.restated(changes, office).notes[-1] == f"{lost}savings."
    for path in before.iterdir():
        path.unlink()
    words = preparation.restated(find_restated(office), office).markdown
    assert words.startswith(f"Nothing was restated. {lost}") and "recorded crime" in words
    assert "missing people" not in words and "drug treatment" not in words  # about persons, embargoed


def test_a_withheld_table_has_its_status_and_reason(office, project_copy, quarter):
    (row,) = preparation.withheld_table(office).rows
    reason = office.parameters.availability["drug_treatment"].reason
    assert row == {"Table": "drug_treatment", "Status": "embargoed", "Reason": reason}
    path = project_copy.params(quarter)
    head, _, rest = path.read_text(encoding="utf-8").partition("  drug_treatment:\n")
    path.write_text(head + rest[rest.index("  reoffending_cohorts:") :], encoding="utf-8")
    shown = preparation.withheld_table(Configuration.read(project_copy, quarter))
    assert shown == Text("Every table may be shown.")


def test_what_does_not_add_up_has_no_sum(tmp_path):
    rich = Configuration.read(make_rich_office(tmp_path), Quarter.parse(QUARTER))
    table = preparation.prepared_series(rich, prepare_series(rich).points)
    sums = dict(zip(table.column("Series"), table.column("Sum"), strict=True))
    assert {name for name, words in sums.items() if not words} == {"median", "grade", "harm"}
    assert sums["answered"] == number(sum(4000 + place for place in range(48)))
