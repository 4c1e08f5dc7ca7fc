"""What must not be in the files: an office, its priorities and years in the code; outputs in the notebooks; people."""

import ast
import io
import json
import re
import subprocess
import tokenize
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from tools import lint
from tools.lint import MOST_CODE_LINES, notebooks

from panelpack.periods import MONTH_NAMES
from panelpack.pipeline import steps
from panelpack.project import Project

ROOT = Path(__file__).resolve().parents[1]
PLAN = yaml.safe_load((ROOT / "params" / "plan.yml").read_text(encoding="utf-8"))
PACKAGE = ROOT / "src" / "panelpack"
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted(path for path in (PACKAGE / "templates").rglob("*") if path.is_file())
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def by_name(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.name)


def cells(path):
    """Return a notebook's cells without the one that declares the parameters: a quarter is its default."""
    found = nbformat.read(path, as_version=4).cells
    return [cell for cell in found if "parameters" not in cell.metadata.get("tags", [])]


def text_of(path):
    """Return all that a person wrote into a file, comments and docstrings too."""
    if path.suffix == ".ipynb":
        return "\n".join(cell.source for cell in cells(path))
    return path.read_text(encoding="utf-8")


# ------------------------------------------------------------ what only the plan knows, from the plan itself

# Words of every office's name; the others (a county, a city) are this one's.
COMMON_IN_NAMES = {"Police", "Crime", "Commissioner", "Commissioners", "Constabulary", "Service", "Office", "Force"}
# Names of one plain word that are also words of the code: pandas' keep and pydantic's type of an error.
WORDS_OF_THE_CODE = {"all", "missing"}


def strings(node):
    """Return every string value below a part of the plan."""
    if isinstance(node, dict | list):
        return {text for part in (node.values() if isinstance(node, dict) else node) for text in strings(part)}
    return {node} if isinstance(node, str) else set()


def words_of_the_schema():
    """Return the field names and choices that the models give every plan: those the code must know."""
    found = set()

    def collect(node):
        if isinstance(node, dict):
            found.update(node.get("properties", ()), node.get("enum", ()), [node.get("const")])
        for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            collect(part)

    collect([json.loads(text) for text in lint.expected().values()])
    return found


def office_words():
    names = f"{PLAN['office']['force']} {PLAN['office']['commissioner']}"
    return set(re.findall(r"\b[A-Z]\w+", names)) - COMMON_IN_NAMES


def figures():
    return [figure for box in PLAN["priorities"] for figure in box["indicators"] + box.get("measures", [])]


def ids():
    return {entry["id"] for entry in [*PLAN["priorities"], *PLAN["updates"], *figures()]}


def names():
    """Return tables, series and footnotes, and the categories and areas that series pick."""
    picked = {text for series in PLAN["series"].values() for text in strings(series.get("where", {}))}
    return {*PLAN["tables"], *PLAN["series"], *PLAN["footnotes"], *picked} - words_of_the_schema()


def columns():
    return {column for table in PLAN["tables"].values() for column in table["columns"]} - words_of_the_schema()


def titles():
    parts = [*PLAN["priorities"], *PLAN["updates"], *PLAN["series"].values(), *figures()]
    return {part[key] for part in parts for key in ("title", "population") if key in part}


def is_unmistakable(name):
    """Whether no English sentence holds it by chance: 'night_time_economy' and 'STORM', not 'savings' or 'Quarter'."""
    return not name.isalpha() or (name.isupper() and len(name) > 1)


PLAIN = {name for name in names() if not is_unmistakable(name)} - WORDS_OF_THE_CODE
FORBIDDEN = office_words() | ids() | set(filter(is_unmistakable, names() | columns() | titles()))


def whole(word):
    return rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])"


def test_the_plan_gives_words_of_every_kind():
    assert all([office_words(), ids(), PLAIN, set(PLAN["series"]) & FORBIDDEN, columns() & FORBIDDEN])
    assert not COMMON_IN_NAMES & FORBIDDEN


@by_name([*MODULES, *TEMPLATES, *NOTEBOOKS])
def test_no_file_of_the_code_knows_this_office(path):
    """Comments, docstrings and templates too: what a sentence names, the next change builds on."""
    text = text_of(path)
    assert not sorted(word for word in FORBIDDEN if re.search(whole(word), text, re.IGNORECASE))


@by_name(MODULES)
def test_no_string_is_a_name_of_the_plan(path):
    """A plain word may stand in a sentence, but a string that is nothing else would pick that table or category."""
    tree = ast.parse(text_of(path))
    assert not {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in PLAIN}


# ---------------------------------------------------------------------------------------------- years

YEAR = r"(?<![\w#.])(?:19|20)\d\d(?!\d)"  # the label 2015Q1 and the month 2015-06 hold one, the colour #2015ab does not
CITED = re.compile(r"\b([A-Z][A-Za-z]+)\s+(?:19|20)\d\d(?![\d/Q-])")  # a work by its author: Wilson 1927


def years(text, cited=False):
    """Return the years in a text; with `cited`, a year that follows an author's name is none."""
    if cited:
        text = CITED.sub(lambda found: found[0] if found[1] in MONTH_NAMES else found[1], text)
    return re.findall(rf"\w* ?{YEAR}", text)


def docstrings(tree):
    """Return where docstrings begin, as (line, column)."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    firsts = [node.body[0] for node in ast.walk(tree) if isinstance(node, holders) and ast.get_docstring(node, False)]
    return {(first.lineno, first.col_offset) for first in firsts}


def tokens(text):
    """Return a module's tokens that hold text, each with whether it is only read by people."""
    explained = docstrings(ast.parse(text))
    read = tokenize.generate_tokens(io.StringIO(text).readline)
    return [(t.string, t.type == tokenize.COMMENT or t.start in explained) for t in read]


@by_name(MODULES)
def test_no_module_knows_a_year(path):
    found = [year for text, prose in tokens(text_of(path)) for year in years(text, cited=prose)]
    assert not found


@by_name([*TEMPLATES, *NOTEBOOKS])
def test_no_template_and_no_notebook_knows_a_year(path):
    # A work is cited in a notebook's prose, never in its code.
    assert not years(text_of(path), cited=path.suffix == ".ipynb")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("x = 2015", 1),
        ("x = '2015Q1'", 1),
        ("x = '2012/13'", 1),
        ("x = 'Wilson 1927'", 1),
        ("x = 1  # Wilson 1927", 0),
        ("x = 1  # Clopper and Pearson 1934, method 10", 0),
        ("x = 1  # since June 2015", 1),
        ("x = 1  # Quarter 2015Q1", 1),
        ("def f():\n    '''Wilson's interval (Wilson 1927).'''", 0),
        ("def f():\n    '''Read 2015-06.'''", 1),
        ("x = '#2015ab', 12015, 0.2015, 20150", 0),
    ],
)
def test_a_year_is_seen_and_a_cited_work_is_let_through(line, found):
    assert len([year for text, prose in tokens(line) for year in years(text, cited=prose)]) == found


# ------------------------------------------------------------------------------------------ notebooks


def test_the_notebooks_pass_the_check_of_make_check(project):
    assert notebooks(project) == []


@by_name(NOTEBOOKS)
def test_a_notebook_is_valid_and_holds_no_run(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell.id for cell in code if cell.outputs or cell.execution_count is not None]
    assert sum("parameters" in cell.metadata.get("tags", ()) for cell in code) == 1
    assert sum(len(cell.source.splitlines()) for cell in code) <= MOST_CODE_LINES == 30


@by_name(NOTEBOOKS)
def test_cell_ids_are_words_that_stay(path):
    """Ids that an editor invents are random: a cell that is cut and pasted would be another in every diff."""
    found = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert len(set(found)) == len(found)
    assert not [
        name for name in found if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name) or re.fullmatch("[0-9a-f]{8}", name)
    ]


def test_each_notebook_is_run_and_each_that_is_run_is_there(project, quarter, evidence):
    assert {step.notebook for step in steps.steps(project, quarter, evidence.plan)} == set(NOTEBOOKS)


BROKEN = {
    "outputs are stored": lambda code: code[1].update(execution_count=3),
    "expected one cell tagged": lambda code: code[0].metadata.clear(),
    "more metadata than tags": lambda code: code[1].metadata.update(collapsed=True),
    "lines of code, expected at most": lambda code: code[1].update(source="x = 1\n" * 31),
}


@pytest.mark.parametrize("finding", BROKEN)
def test_make_check_finds_what_a_notebook_must_not_have(tmp_path, finding):
    book = nbformat.read(NOTEBOOKS[0], as_version=4)
    BROKEN[finding]([cell for cell in book.cells if cell.cell_type == "code"])
    folder = tmp_path / "notebooks"
    folder.mkdir()
    nbformat.write(book, folder / "1_broken.ipynb")
    (found,) = notebooks(Project(tmp_path))
    assert found.startswith("notebooks/1_broken.ipynb: ") and finding in found


# ------------------------------------------------------------------------------------- size and names

MOST_LINES, MOST_WITH_A_REASON = 200, 221
LONGER = {}


@by_name(MODULES)
def test_a_module_is_short_and_named_after_what_it_does(path):
    length = len(text_of(path).splitlines())
    assert length < MOST_LINES or (path.name in LONGER and length <= MOST_WITH_A_REASON)
    assert path.stem not in ("utils", "util", "helpers", "common", "misc")


def test_an_exception_that_is_no_longer_needed_is_removed():
    lengths = {path.name: len(text_of(path).splitlines()) for path in MODULES}
    assert not [name for name in LONGER if lengths.get(name, 0) < MOST_LINES]


def test_ruff_asks_for_every_docstring():
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    missing = {"D", "D1", "D100", "D101", "D102", "D103", "D104", "D106"}
    assert "D" in ruff["select"]
    assert not missing & set(ruff["ignore"])
    assert not [files for files, codes in ruff["per-file-ignores"].items() if missing & set(codes) and "src" in files]


def test_the_schemas_say_what_the_models_say(project):
    assert lint.stale(project) == []


# ------------------------------------------------------------------------ people, machines, registries

TELEPHONE = r"\+44[ ()\d-]{9,14}\d|\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4}|0\d{10}"
PRIVATE = {
    "an e-mail address": r"[\w.+-]+@[\w-]+\.[A-Za-z][\w.-]*",
    "a telephone number": rf"(?<![\w.,/+-])(?:{TELEPHONE})(?![\w.])",
    "a path of one machine": r"(?<![\w.*])/(?:home|Users|root|tmp|work|mnt|media)/\w|\b[A-Z]:\\+\w",
    "a registry": r"pypi\.org|pythonhosted\.org|anaconda\.(?:org|com)|npmjs\.|index[-]url|://\d+\.\d+",
}
HASHES = r"sha256:[0-9a-f]{64}"


def kept_files():
    """Return the files that git keeps or would keep, but for those that are no text."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return sorted(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


@pytest.mark.parametrize("kind", PRIVATE)
def test_no_kept_file_holds(kind):
    kept = kept_files()
    if not kept:
        pytest.skip("this is no git checkout")
    found = {}
    for path in kept:
        content = path.read_bytes()
        if b"\0" not in content:
            lines = re.sub(HASHES, "", content.decode("utf-8")).splitlines()
            hits = [line.strip()[:120] for line in lines if re.search(PRIVATE[kind], line)]
            found |= {str(path.relative_to(ROOT)): hits} if hits else {}
    assert not found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("an e-mail address", "write to someone@example" + ".org"),
        ("a telephone number", "call 0116 " + "496 0000"),
        ("a telephone number", "+44 116 " + "496 0000"),
        ("a path of one machine", "read /home/" + "someone/data.csv"),
        ("a path of one machine", "C:" + "\\data"),
        ("a registry", "https://" + "py" + "pi.org/simple"),
    ],
)
def test_a_private_thing_is_seen(kind, text):
    assert re.search(PRIVATE[kind], text)
