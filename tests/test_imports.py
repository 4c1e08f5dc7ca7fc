"""The floors of the house: a module imports only from floors below its own, and each big tool has one door."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "src" / "panelpack"

# From the ground up, two lines a floor: what its modules know, and the modules. None imports another of its floor.
FLOORS = {
    "nothing of each other: words, arithmetic, what a page or a finding is": (
        "errors formats significance spc seasonality forecasts findings paper environment engine checksums lean"
    ),
    "one notion: a quarter, a YAML file, a text as HTML and as Typst, steps that run, files that are read": (
        "runner watching press quarters configuration typst_text citations figure_words forecast_models forecast_errors"
    ),
    "one thing: a folder, the shape of the plan, a table, an expectation, a notebook that runs": (
        "project plan prose tables chart_words exporters expect execution"
        " home_office offence_series crate_graph"
    ),
    "the plan without mistakes, and what comes with a quarter; the parts of a chart, a document, a suite": (
        "params commentary figures verdicts projection false_alarms"
        " chart_axes html_document pdf_document expectations_amounts expectations_periods"
        " backtest_split workflow levels inputs dependencies"
    ),
    "the suppliers' files and their series; a whole chart, a whole document, a whole suite": (
        "plan_problems sources series headline charts render suites tabular"
        " backtest_attempts backtest_scores bench_statistics fingerprints"
    ),
    "the suppliers' files with the office's corrections": (
        "corrections"
    ),
    "all that figures come from, and how one is judged; the files about files": (
        "evidence judgement signals references reconciliation validation manifest receiving review backtest schemas"
        " crate_files kept volumes"
    ),
    "plan and data together: every figure, every check of the raw data; what was run, for an archive": (
        "indicators typed_figures raw_checks corrections_page backtest_blocks crate_run revisions"
        " approvals differences runs bench_project pages review_pages"
    ),
    "all of a quarter that a page may show, a check may hold against it, or an archive may keep": (
        "work checks crate explanations approving"
    ),
    "the pages": (
        "validation_page priority_page priority_charts report_page backtest_page"
    ),
    "what goes on from a page's charts": (
        "priority_projections methods_page prepare_page"
    ),
    "what brings priorities together: the dashboard, the reconciliation, the projections' methods, the pack": (
        "dashboard_page reconciliation_page methods_projection comparison"
    ),
    "the notebooks in their order": (
        "steps"
    ),
    "what is published of executed notebooks, and what certifies them": (
        "publishing certificate bench_naive bench_runs"
    ),
    "a whole quarter: made, made again": (
        "pack verify"
    ),
    "what is imported once, before a run forks": (
        "warm"
    ),
    "a warm process that follows what is saved": (
        "live"
    ),
    "the command line, and how long what it does takes": (
        "__main__ bench"
    ),
}  # fmt: skip
FLOOR_OF = {module: floor for floor, modules in enumerate(FLOORS.values()) for module in modules.split()}

# The only modules that import a tool: to exchange it, or to follow a change in it, is work in one place.
DOORS = {
    # It takes seconds to load and would send usage statistics, so one module delays it and turns them off.
    "great_expectations": {"expect"},
    # `execution` calls papermill; papermill itself loads `engine`, so the two cannot be one.
    "papermill": {"engine", "execution"},
    "nbconvert": {"exporters"},
    "typst": {"pdf_document"},
    # It stamps the time and draws random ids, and one module replaces both.
    "rocrate": {"crate_graph"},
}


def imports() -> Iterator[tuple[str, str]]:
    """Yield (module of the package, full name that it imports), wherever in the module the import stands."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path.stem, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{path.name}, line {node.lineno}: a relative import, expected its full name."
                yield from ((path.stem, f"{node.module}.{alias.name}") for alias in node.names)


def test_every_module_has_one_floor():
    named = [module for modules in FLOORS.values() for module in modules.split()]
    assert sorted(named) == sorted({path.stem for path in PACKAGE.rglob("*.py")} - {"__init__"})


def test_imports_go_down_only():
    inside = [(module, name.split(".")[1]) for module, name in imports() if name.startswith("panelpack.")]
    wrong = [
        f"{module} (floor {FLOOR_OF[module]}) imports {other} (floor {FLOOR_OF[other]})"
        for module, other in inside
        if FLOOR_OF[other] >= FLOOR_OF[module]
    ]
    assert inside
    assert not wrong


def test_the_doors_of_the_tools():
    found = list(imports())
    for tool, doors in DOORS.items():
        assert {module for module, name in found if name.split(".")[0] == tool} == doors, tool
