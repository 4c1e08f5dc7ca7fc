"""The residents of each area: those of the day that the plan names, one figure an area, and of the whole."""

import pytest

import districts_office
from districts_office import COUNTY, DAY, DISTRICTS, PLAN, QUARTER, make_districts_office
from panelpack.config.configuration import Configuration
from panelpack.disclosure import residents
from panelpack.disclosure.publication import prepare_series
from panelpack.errors import SourceError
from panelpack.periods import Quarter


def prepared(folder, *, plan=PLAN, change=None):
    """Return what is prepared of the office. change: by the name of a file what becomes of its lines."""
    files = districts_office.tables()
    for name, of in (change or {}).items():
        files[name] = of(files[name])
    project = make_districts_office(folder, plan=plan, files=files)
    return prepare_series(Configuration.read(project, Quarter.parse(QUARTER)))


def renamed(old, new):
    return lambda lines: [line.replace(f",{old},", f",{new},") for line in lines]


def of_series(found, name):
    rows = found.residents[found.residents["series"] == name]
    return dict(zip(rows["area"], rows["residents"], strict=True))


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return prepared(tmp_path_factory.mktemp("districts"))


def test_each_area_has_its_own_residents_and_the_whole_those_of_its_row(usual):
    districts = {name: residents for name, (residents, _) in DISTRICTS.items()}
    assert of_series(usual, "crime") == {"": COUNTY, **districts}
    assert of_series(usual, "crime_rate") == of_series(usual, "crime")


def test_without_a_row_of_the_whole_its_residents_are_those_of_all_areas(usual):
    assert of_series(usual, "hurt")[""] == sum(residents for residents, _ in DISTRICTS.values()) == COUNTY - 100


def test_who_else_is_counted_than_residents_and_areas_in_which_nobody_lives(usual):
    homes = of_series(usual, "burglary")
    assert homes["Ardlow"] == 312_400 * 10 // 23 and "Not known" not in homes
    assert homes[""] == sum(number for area, number in homes.items() if area)


def test_the_row_of_the_whole_may_have_the_name_of_the_total(tmp_path):
    plan = PLAN.replace("where: {area: Thornmark}", "where: {}").replace("total: All", "total: Thornmark")
    found = prepared(
        tmp_path,
        plan=plan,
        change={
            "crime.csv": renamed("All", "Thornmark"),
            "burglary.csv": renamed("All", "Thornmark"),
            "satisfaction.csv": renamed("All", "Thornmark"),
        },
    )
    assert of_series(found, "crime")[""] == COUNTY


def test_points_of_a_rate_are_per_the_residents_of_their_area_and_counts_have_none(usual):
    points = usual.points["crime"]
    bases = {name: set(of["base"]) for name, of in points.groupby("series")}
    assert bases["crime_rate | Hexholt"] == {134.6} and bases["crime_rate"] == {COUNTY / 1000}
    assert all(base != base for name in ("crime", "crime | Hexholt") for base in bases[name])


def test_an_area_that_is_named_otherwise_is_told_with_its_row_and_the_name_that_is_meant(tmp_path):
    with pytest.raises(SourceError) as told:
        prepared(tmp_path, change={"crime.csv": renamed("Hexholt", "Hex-holt")})
    said = str(told.value).splitlines()
    assert len(said) == 1 and said[0].startswith("data/raw/2022Q4/crime.csv, row 9: the area 'Hex-holt' has no ")
    assert "in data/raw/2022Q4/people.csv, column 'area'. Did you mean 'Hexholt'?" in said[0]


def test_every_area_without_residents_is_told(tmp_path):
    without = lambda lines: [line for line in lines if not line.startswith((f"{DAY},Lornby", f"{DAY},Ardlow"))]  # noqa: E731
    with pytest.raises(SourceError) as told:
        prepared(tmp_path, change={"people.csv": without})
    said = str(told.value).splitlines()
    assert ["'Ardlow'" in said[0], "'Lornby'" in said[1], len(said)] == [True, True, 2]
    assert "Did you mean" not in str(told.value)  # the other day's rows are of no use


@pytest.mark.parametrize(("line", "count"), [(f"{DAY},Ardlow,0,9", 0), (f"{DAY},Ardlow,5,9", 2)])
def test_an_area_has_one_figure_above_0(tmp_path, line, count):
    add = {0: lambda lines: [line if one.startswith(f"{DAY},Ardlow,") else one for one in lines],
           2: lambda lines: [*lines, line]}[count]  # fmt: skip
    with pytest.raises(SourceError, match=r"'residents' on 21 March 2021, area 'Ardlow': found \d figures above 0"):
        prepared(tmp_path, change={"people.csv": add})


def test_a_day_to_come_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"series 'crime', `per`: found the residents of 21 March 2024, expected"):
        prepared(tmp_path, plan=PLAN.replace("on: 2021-03-21, where", "on: 2024-03-21, where"))


def test_rates_go_without_residents_that_may_not_be_shown_and_counts_stay(tmp_path):
    project = make_districts_office(tmp_path)
    path = project.office / "params" / f"{QUARTER}.yml"
    withheld = "availability:\n  people: {status: awaited, reason: They are late.}\n"
    path.write_text(path.read_text(encoding="utf-8") + withheld, encoding="utf-8")
    found = prepare_series(Configuration.read(project, Quarter.parse(QUARTER)))
    names = set(found.points["crime"]["series"])
    assert {"crime", "crime | Hexholt"} <= names and not {"crime_rate", "crime_rate | Hexholt"} & names
    assert found.residents.empty


def test_of_a_table_that_may_not_be_quoted_no_area_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(residents, "is_silent", lambda office, table: True)
    with pytest.raises(SourceError, match="1 of its areas have no residents on 21 March 2021") as told:
        prepared(tmp_path, change={"crime.csv": renamed("Hexholt", "Hex-holt")})
    assert "holt" not in str(told.value)
