"""Notebooks by both engines: the same copies, with nothing of a clock in them."""

import json
import multiprocessing
import re
import warnings
from pathlib import Path

import nbformat
import papermill  # noqa: F401  first: it loads the engine while it is being imported
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from page_blocks import prepared as prepare
from panelpack.errors import ConfigurationError, UsageError
from panelpack.pipeline import execute as execution
from panelpack.pipeline import scheduler
from panelpack.pipeline.steps import Step
from panelpack.pipeline.tracking import FileTracker
from running import QUARTER

pytestmark = pytest.mark.xdist_group("scheduler")
ENGINES = {"fast": execution.FAST, "stock": execution.STOCK}

RICH = """
class Rich:
    def __init__(self, words):
        self.words = words

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": f"<b>{self.words}</b>", "text/plain": self.words}, {"text/html": {"alt": self.words}}

Rich("bold")
"""

CELLS = {
    "stream": "print('one')\nprint('two')",
    "streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
    "result": "6 * 7",
    "text": "'a word with “quotes” and − a minus'",
    "nothing": "None",
    "silenced": "6 * 7;",
    "empty": "",
    "blank": "  \n",
    "comment": "# only a remark",
    "rich": RICH,
    "displays": "from IPython.display import display\ndisplay(Rich('first'), 2, Rich('third'))",
    "display-and-result": "display('shown')\nRich('returned')",
    "print-and-display": "print('before')\ndisplay(Rich('between'))\nprint('after')",
    "frame": "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "parameter": "quarter",
    "cwd": "import pathlib\npathlib.Path.cwd().name",
    "written": "pathlib.Path('written.txt').write_text(quarter, encoding='utf-8')",
}


def notebook(*cells):
    parameters = new_code_cell('quarter = "0000Q0"  # str', id="parameters", metadata={"tags": ["parameters"]})
    return new_notebook(
        cells=[parameters, *cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Any", "language": "python"}},
    )


def executed(path, output, parameters, engine):
    """Execute in a forked child, as the scheduler does, and return the copy it left and what it raised."""
    fork = multiprocessing.get_context("fork")
    receiving, sending = fork.Pipe(duplex=False)

    def work():
        warnings.simplefilter("ignore")  # pytest's own filters are not those of a kernel
        try:
            execution.execute(path, output, parameters, engine)
            sending.send("")
        except Exception as error:
            sending.send(f"{type(error).__name__}: {error}")

    process = fork.Process(target=work)
    process.start()
    process.join(120)
    assert process.exitcode == 0
    return nbformat.read(output, as_version=4), receiving.recv()


def by_both(path, folder, parameters):
    """Execute a notebook with both engines, one after the other; nothing else may differ."""
    return {name: executed(path, folder / f"{name}.ipynb", parameters, engine) for name, engine in ENGINES.items()}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [new_code_cell(source, id=name) for name, source in CELLS.items()]
    cells.insert(2, new_markdown_cell("## Words\n\n**bold**", id="words"))
    path = folder / "small.ipynb"
    nbformat.write(notebook(*cells), path)
    return by_both(path, folder, {"quarter": QUARTER})


@pytest.fixture(scope="module")
def failed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("failed")
    cells = [
        new_code_cell("print('before')\n1 / 0", id="stop"),
        new_code_cell("print('never')", id="after"),
        new_markdown_cell("The end.", id="end"),
    ]
    path = folder / "small.ipynb"
    nbformat.write(notebook(*cells), path)
    return by_both(path, folder, {"quarter": QUARTER})


# The cells of `both` and `failed` by the names that the tests give them: a copy calls them by their places.
PLACES = {
    name: place for place, name in enumerate(["parameters", *list(CELLS)[:2], "words", *list(CELLS)[2:]], start=1)
}
PLACES |= {"stop": 2, "after": 3, "end": 4}


def cell_of(found, name):
    copy, _ = found
    called = f"cell-{PLACES[name]}" if name in PLACES else name
    return next(cell for cell in copy.cells if cell.id == called)


def test_every_cell_comes_out_the_same_by_both_engines(both):
    names = [*CELLS, "words", "parameters", "injected-parameters"]
    assert [name for name in names if cell_of(both["fast"], name) != cell_of(both["stock"], name)] == []


def test_the_copies_are_equal_to_the_byte(both):
    fast, stock = (nbformat.writes(both[name][0]) for name in ENGINES)
    assert fast == stock


KINDS = {
    "stream": ["stream"],
    "streams": ["stream"],
    "result": ["execute_result"],
    "nothing": [],
    "silenced": [],
    "empty": [],
    "rich": ["execute_result"],
    "displays": ["display_data"] * 3,
    "display-and-result": ["display_data", "execute_result"],
    "print-and-display": ["stream", "display_data", "stream"],
}


@pytest.mark.parametrize("engine", ENGINES)
def test_outputs_are_of_the_kinds_that_a_reader_sees(both, engine):
    found = {name: [output.output_type for output in cell_of(both[engine], name).outputs] for name in KINDS}
    assert found == KINDS


@pytest.mark.parametrize("engine", ENGINES)
def test_outputs_are_what_the_cells_say(both, engine):
    found = both[engine]
    assert cell_of(found, "stream").outputs[0].text == "one\ntwo\n"
    assert cell_of(found, "result").outputs[0].data == {"text/plain": "42"}
    assert cell_of(found, "streams").outputs[0].text == "out\nout again\n"
    rich = cell_of(found, "rich").outputs[0]
    assert rich.data == {"text/html": "<b>bold</b>", "text/plain": "bold"}
    assert rich.metadata == {"text/html": {"alt": "bold"}}
    shown = [output.data["text/plain"] for output in cell_of(found, "displays").outputs]
    assert shown == ["first", "2", "third"]
    assert cell_of(found, "parameter").outputs[0].data["text/plain"] == f"'{QUARTER}'"
    assert found[1] == ""


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_written_to_stderr_is_kept_apart(both, engine, tmp_path_factory):
    folder = Path(cell_of(both[engine], "cwd").outputs[0].data["text/plain"].strip("'"))
    path = tmp_path_factory.getbasetemp() / folder / f"{engine}{execution.STDERR}"
    assert path.read_text(encoding="utf-8") == "err\n"


def test_cells_run_in_the_notebook_s_folder(both, tmp_path_factory):
    name = cell_of(both["fast"], "cwd").outputs[0].data["text/plain"]
    folder = next(tmp_path_factory.getbasetemp().glob(name.strip("'")))
    assert (folder / "written.txt").read_text(encoding="utf-8") == QUARTER


def test_an_error_is_the_same_by_both_engines(failed):
    fast, stock = failed["fast"], failed["stock"]
    assert fast[1] == stock[1]
    assert fast[1].startswith("PapermillExecutionError")
    assert fast[0] == stock[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_after_an_error_nothing_runs_and_the_error_stands_in_its_cell(failed, engine):
    printed, error = cell_of(failed[engine], "stop").outputs
    assert (printed.output_type, printed.text) == ("stream", "before\n")
    assert (error.output_type, error.ename, error.evalue) == (
        "error",
        "ZeroDivisionError",
        "division by zero",
    )
    assert not re.search(r"\x1b|/tmp/|\d{4,}", "".join(error.traceback)), "colours, paths or process ids"
    assert cell_of(failed[engine], "after").outputs == []


@pytest.mark.parametrize("found", ["both", "failed"])
@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_of_a_clock_or_a_place_is_kept(request, found, engine):
    copy, _ = request.getfixturevalue(found)[engine]
    assert set(copy.metadata) == {"kernelspec", "language_info"}
    assert copy.metadata.language_info == {"name": "python"}
    for cell in copy.cells:
        assert set(cell.metadata) <= {"tags"}, cell.id
        assert re.fullmatch(r"[a-z][a-z0-9-]*", cell.id)
    text = json.dumps([cell.metadata for cell in copy.cells])
    assert "start_time" not in text and "papermill_" not in text


def test_a_copy_begins_with_its_parameters_then_the_given_ones_follow_the_defaults(both):
    head = both["fast"][0].cells[0]
    assert head.metadata.tags == ["review"] and f'`quarter = "{QUARTER}"`' in head.source
    ids = [cell.id for cell in both["fast"][0].cells]
    assert ids[:4] == ["head", "cell-1", "injected-parameters", "cell-2"]
    assert f'quarter = "{QUARTER}"' in cell_of(both["fast"], "injected-parameters").source


def with_parameters(tmp_path, *sources):
    cells = [new_code_cell(source, metadata={"tags": ["parameters"]}) for source in sources]
    path = tmp_path / "small.ipynb"
    nbformat.write(new_notebook(cells=[*cells, new_code_cell("other = 1")]), path)
    return path


@pytest.mark.parametrize(
    "source",
    [
        'quarter = "2015Q1"\npriority = "SP01"',
        'quarter: str = "2015Q1"  # the quarter\npriority: str = "SP01"',
        'quarter: str\npriority = "SP01"',
        'quarter = priority = "SP01"',
        "# a remark\nimport os\nquarter = priority = os.sep",
    ],
)
def test_parameters_that_agree_are_accepted(tmp_path, source):
    path = with_parameters(tmp_path, source)
    execution.check_parameters(path, {"quarter": "a", "priority": "b"})  # it would raise
    with pytest.raises(ConfigurationError, match="Make the two agree"):
        execution.check_parameters(path, {"quarter": "a", "box": "b"})


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ([], "found 0 cells tagged 'parameters', expected one. Tag the cell of the defaults."),
        (["quarter = 1", "priority = 2"], "found 2 cells tagged 'parameters', expected one."),
        ([""], "its parameters cell sets nothing, the run gives priority, quarter. Make the two agree."),
        (["quarter: str = ''"], "its parameters cell sets quarter, the run gives priority, quarter."),
        (
            ["quarter = priority = office = ''"],
            "its parameters cell sets office, priority, quarter, the run gives",
        ),
        (["'quarter = priority = 1'"], "its parameters cell sets nothing, the run gives"),
    ],
)
def test_parameters_that_do_not_agree_are_named(tmp_path, sources, told):
    with pytest.raises(ConfigurationError, match=re.escape(f"small.ipynb: {told}")):
        execution.check_parameters(with_parameters(tmp_path, *sources), {"quarter": "a", "priority": "b"})


def test_parameters_that_are_no_python_are_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"small\.ipynb: "):
        execution.check_parameters(with_parameters(tmp_path, "quarter = = 1"), {"quarter": "a"})


def test_a_notebook_whose_parameters_disagree_is_not_run(tmp_path):
    path = with_parameters(tmp_path, "quartre = 1")
    with pytest.raises(ConfigurationError):
        execution.execute(path, tmp_path / "out.ipynb", {"quarter": "a"}, execution.FAST)
    assert not (tmp_path / "out.ipynb").exists()


@pytest.fixture(scope="module")
def prepared(runnable, quarter):
    return prepare(runnable, quarter)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["2_prepare", "3_priority"])
def test_the_notebooks_of_the_project_come_out_the_same_by_both_engines(prepared, tmp_path, name):
    first = prepared.plan.priorities[0].id
    parameters = {"quarter": QUARTER} | ({"priority": first} if name == "3_priority" else {})
    path = prepared.project.notebooks / f"{name}.ipynb"
    found = by_both(path, tmp_path, parameters)
    assert found["fast"][1] == found["stock"][1] == ""
    for fast, stock in zip(found["fast"][0].cells, found["stock"][0].cells, strict=True):
        assert fast == stock, fast.id
    assert found["fast"][0] == found["stock"][0]
    assert any(cell.get("outputs") for cell in found["fast"][0].cells)


@pytest.mark.slow
def test_both_engines_see_the_same_reads_and_writes(prepared, tmp_path):
    """In a kernel of its own, an extension tracks the notebook; in this process, the tracker itself does."""
    path, first = prepared.project.notebooks / "3_priority.ipynb", prepared.plan.priorities[0].id
    step = Step(f"3_priority-{first}", path, {"quarter": QUARTER, "priority": first})

    class Tracked(scheduler.Work):
        def run(self, engine):
            warnings.simplefilter("ignore")
            tracker = FileTracker(prepared.project)
            execution.run_step(step, tmp_path, ENGINES[engine.name], tracker)
            with tracker.paused():
                found = {"reads": tracker.reads, "writes": sorted(tracker.writes)}
                (tmp_path / f"{engine.name}.json").write_text(json.dumps(found))

    engines = [Step(name, path, {}) for name in ENGINES]
    outcomes = scheduler.run_steps(engines, Tracked(), tmp_path, jobs=1)
    assert [outcome.failure for outcome in outcomes] == ["", ""]
    seen = {name: json.loads((tmp_path / f"{name}.json").read_text()) for name in ENGINES}
    assert seen["fast"] == seen["stock"]
    figures = f"data/processed/{QUARTER}/figures/{first}.csv"
    assert figures in seen["fast"]["writes"] and figures not in seen["fast"]["reads"]
    assert {"params/plan.yml", f"params/{QUARTER}.md: update {first}"} <= set(seen["fast"]["reads"])


@pytest.mark.slow
def test_two_children_at_once_give_what_one_gives(prepared, tmp_path):
    path = prepared.project.notebooks / "2_prepare.ipynb"
    steps = [Step(name, path, {"quarter": QUARTER}) for name in ("left", "right")]

    class Executing(scheduler.Work):
        def run(self, step):
            warnings.simplefilter("ignore")
            execution.execute(step.notebook, tmp_path / f"{step.name}.ipynb", step.parameters, execution.FAST)

    outcomes = scheduler.run_steps(steps, Executing(), tmp_path, jobs=2)
    assert [outcome.failure for outcome in outcomes] == ["", ""]
    alone, _ = executed(path, tmp_path / "alone.ipynb", {"quarter": QUARTER}, execution.FAST)
    for step in steps:
        assert nbformat.read(tmp_path / f"{step.name}.ipynb", as_version=4) == alone


def test_what_a_reader_sees_is_kept():
    copy = notebook(new_code_cell("1", id="one", metadata={"tags": ["review"], "papermill": {"start_time": "now"}}))
    copy.metadata["papermill"] = {"output_path": str(Path.cwd())}
    kept = execution.without_what_varies(copy)
    assert [cell.metadata for cell in kept.cells] == [{"tags": ["parameters"]}, {"tags": ["review"]}]
    assert [cell.id for cell in kept.cells] == ["cell-1", "cell-2"]
    assert "papermill" not in kept.metadata


def stopped(folder, *outputs):
    source = "# What follows stops.\n\nstop(report, 1 / 0)"
    cells = [new_code_cell("1", id="cell-1"), new_code_cell(source, id="cell-2", outputs=list(outputs))]
    path = folder / "1_validate.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ValidationFailed", "two lines\nof our own"),
        (
            "ZeroDivisionError",
            "notebooks/1_validate.ipynb (2015Q1), cell 2 (stop(report, 1 / 0)): ZeroDivisionError: "
            "two lines\nof our own",
        ),
    ],
)
def test_a_failed_notebook_is_explained(tmp_path, name, told):
    error = new_output("error", ename=name, evalue="two lines\nof our own", traceback=[])
    step = Step("1_validate", Path("notebooks/1_validate.ipynb"), {"quarter": "2015Q1"})
    assert execution.explain(stopped(tmp_path, error), step) == told


def test_a_notebook_without_an_error_is_not_explained_away(tmp_path):
    step = Step("1_validate", Path("notebooks/1_validate.ipynb"), {})
    assert execution.explain(stopped(tmp_path), step) == (
        "notebooks/1_validate.ipynb: it failed without an error in any cell."
    )


@pytest.mark.parametrize(("asked", "engine"), [("", None), ("fast", "fast"), ("stock", "stock")])
def test_the_environment_may_ask_for_an_engine(monkeypatch, asked, engine):
    monkeypatch.setenv("ENGINE", asked)
    assert scheduler.engine_asked_for() == engine


def test_an_engine_that_there_is_not_is_named(monkeypatch):
    monkeypatch.setenv("ENGINE", "slow")
    with pytest.raises(UsageError, match="ENGINE='slow': expected fast or stock"):
        scheduler.engine_asked_for()


def test_cells_without_ids_or_with_the_same_come_out_the_same_in_every_run(tmp_path):
    """As an editor leaves a notebook in which a cell was copied with its id, saved under a kernel that is not here."""
    path = tmp_path / "copied.ipynb"
    book = json.loads(nbformat.writes(notebook(new_code_cell("print(quarter)", id="twice"))))
    book["cells"] += [
        {**book["cells"][1], "source": ["print('the copy')"]},
        {key: value for key, value in book["cells"][1].items() if key != "id"},
        {"cell_type": "markdown", "metadata": {}, "source": ["Words without an id."]},
    ]
    book["metadata"]["kernelspec"] = {"name": "conda-env-x-py", "display_name": "x", "language": "python"}
    book["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"version_major": 2}}
    path.write_text(json.dumps(book), encoding="utf-8")
    before, kept = path.read_bytes(), set()
    for run, engine in enumerate((execution.FAST, execution.FAST, execution.STOCK, execution.STOCK)):
        output = tmp_path / f"{run}.ipynb"
        copy, failure = executed(path, output, {"quarter": QUARTER}, engine)
        assert failure == ""
        kept.add(output.read_bytes())
    assert len(kept) == 1
    assert [cell.id for cell in copy.cells] == [
        "head", "cell-1", "injected-parameters", "cell-2", "cell-3", "cell-4", "cell-5",
    ]  # fmt: skip
    assert [cell.outputs[0].text for cell in copy.cells[3:6]] == [f"{QUARTER}\n", "the copy\n", f"{QUARTER}\n"]
    assert path.read_bytes() == before


def test_two_runs_in_one_process_leave_the_same_bytes(tmp_path):
    path = tmp_path / "n.ipynb"
    nbformat.write(notebook(new_code_cell("1 + 1", id="sum"), new_code_cell("'again'", id="word")), path)
    copies = []
    for _ in range(2):
        execution.execute(path, tmp_path / "out.ipynb", {"quarter": QUARTER}, execution.FAST)
        copies.append((tmp_path / "out.ipynb").read_bytes())
    assert copies[0] == copies[1]
    counts = [cell.get("execution_count") for cell in nbformat.reads(copies[0].decode(), as_version=4).cells]
    assert counts == [None, 1, 2, 3, 4]


def test_a_copy_says_what_it_is_and_how_it_was_run(tmp_path):
    path = tmp_path / "n.ipynb"
    nbformat.write(notebook(new_code_cell("1 + 1", id="sum")), path)
    execution.execute(path, tmp_path / "out.ipynb", {"quarter": QUARTER}, execution.FAST, "14B Thefts: working")
    head = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[0]
    assert head.source.startswith(
        '**14B Thefts: working**\n\nThis is `notebooks/n.ipynb` as it was run with `quarter = "'
    )
