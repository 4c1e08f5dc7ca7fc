"""What must not be in the files: an office, its priorities and years in the code; outputs in the notebooks; people."""

import ast
import io
import json
import re
import subprocess
import tokenize

import nbformat
import pytest
import yaml

from panelpack.make_quarter import steps_of
from panelpack.periods import MONTH_NAMES
from panelpack.project import Project
from running import OFFICE, ROOT
from tools import lint, schemas

CODE = Project(ROOT)
MODULES = sorted(CODE.package.rglob("*.py"))
TEMPLATES = sorted(path for path in CODE.templates.rglob("*") if path.is_file())
NOTEBOOKS = sorted(CODE.notebooks.glob("*.ipynb"))


def cells(path):
    """Return a notebook's cells without the one that declares the parameters: a quarter is its default."""
    found = nbformat.read(path, as_version=4).cells
    return [cell for cell in found if "parameters" not in cell.metadata.get("tags", [])]


def text_of(path):
    """Return all that a person wrote into a file, comments and docstrings too."""
    if path.suffix == ".ipynb":
        return "\n".join(cell.source for cell in cells(path))
    return path.read_text(encoding="utf-8")


def findings(paths, found_in):
    """Return what is found in files, by file; nothing of one in which nothing is."""
    return {str(path.relative_to(ROOT)): found for path in paths if (found := found_in(path))}


# ------------------------------------------------------------ what only the plan knows, from the plan itself

# Words of every office's name; the others (a county, a city) are its own.
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

    collect([json.loads(text) for text in schemas.expected().values()])
    return found


def is_unmistakable(name):
    """Whether no English sentence holds it by chance: 'night_time_economy' and 'STORM', not 'savings' or 'Quarter'."""
    return not name.isalpha() or (name.isupper() and len(name) > 1)


class OfficeWords:
    """The words of one office's plan, by kind."""

    def __init__(self, path):
        plan = yaml.safe_load(path.read_text(encoding="utf-8"))
        boxes, series = plan["priorities"], plan["series"]
        figures = [figure for box in boxes for figure in box["indicators"] + box.get("measures", [])]
        schema = words_of_the_schema()
        named = f"{plan['office']['force']} {plan['office']['commissioner']}"
        picked = {text for one in series.values() for text in strings(one.get("where", {}))}
        parts = [*boxes, *plan["updates"], *series.values(), *figures]
        self.office = set(re.findall(r"\b[A-Z]\w+", named)) - COMMON_IN_NAMES
        self.ids = {entry["id"] for entry in [*boxes, *plan["updates"], *figures]}
        self.names = {*plan["tables"], *series, *plan["footnotes"], *picked} - schema
        self.columns = {column for table in plan["tables"].values() for column in table["columns"]} - schema
        self.titles = {part[key] for part in parts for key in ("title", "population") if key in part}

    @property
    def plain(self):
        """Names that are words of English too: they may stand in a sentence, but be no string of the code."""
        return {name for name in self.names if not is_unmistakable(name)} - WORDS_OF_THE_CODE

    @property
    def forbidden(self):
        """Words that may stand nowhere."""
        return self.office | self.ids | set(filter(is_unmistakable, self.names | self.columns | self.titles))


@pytest.fixture(
    params=[OFFICE / "params" / "plan.yml", CODE.root / "params" / "plan.yml"], ids=["the tests' office", "this office"]
)
def office_words(request):
    if not request.param.exists():
        pytest.skip(f"there is no {request.param.relative_to(ROOT)}")
    return OfficeWords(request.param)


def test_a_plan_gives_words_of_every_kind():
    words = OfficeWords(OFFICE / "params" / "plan.yml")
    assert words.office == {"Westmoor"} and "SP01.first_time_entrants" in words.ids and "savings" in words.plain
    assert {"night_time_economy", "STORM", "gbp_million"} - words.forbidden == {"gbp_million"}
    assert not COMMON_IN_NAMES & words.forbidden


def test_no_file_of_the_code_knows_an_office(office_words):
    """Comments, docstrings and templates too: what a sentence names, the next change builds on."""
    every = "|".join(map(re.escape, sorted(office_words.forbidden, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{every})(?![A-Za-z0-9])", re.IGNORECASE)
    assert findings([*MODULES, *TEMPLATES, *NOTEBOOKS], lambda path: pattern.findall(text_of(path))) == {}


def test_no_string_of_the_code_is_a_name_of_a_plan(office_words):
    """A plain word may stand in a sentence, but a string that is nothing else would pick that table or category."""

    def named(path):
        constants = (node.value for node in ast.walk(ast.parse(text_of(path))) if isinstance(node, ast.Constant))
        return {value for value in constants if isinstance(value, str)} & office_words.plain

    assert findings(MODULES, named) == {}


# ---------------------------------------------------------------------------------------------- years

YEAR = r"(?<![\w#.])(?:19|20)\d\d(?!\d)"  # the label 2015Q1 and the month 2015-06 hold one, the colour #2015ab does not
# The forms of dates are examples of themselves, all of one year: Apr-22, 2022-04, 2022/23 Q1, Apr 2022-Mar 2023.
OF_FORMS = ("2022", "Mar 2023")
CITED = re.compile(r"\b([A-Z][A-Za-z]+)\s+(?:19|20)\d\d(?![\d/Q-])")  # a work by its author: Wilson 1927

IN_BRACKETS = re.compile(rf"(?<=\(){CITED.pattern}(?=\))")  # as a page cites it: a chart (Laney 2002)


def years(text, cited=False):
    """Return the years in a text; one in brackets behind an author's name is none, with `cited` no such one is."""
    work = CITED if cited else IN_BRACKETS
    text = work.sub(lambda found: found[0] if found[1] in MONTH_NAMES else found[1], text)
    text = text.replace("http://www.w3.org/2000/svg", "")  # the name of the language of pictures
    return [year for year in re.findall(rf"\w* ?{YEAR}", text) if not year.endswith(OF_FORMS)]


def prose(tree):
    """Return where strings begin that are read by people, as (line, column): docstrings, and a rule's own methods."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    firsts = [node.body[0] for node in ast.walk(tree) if isinstance(node, holders) and ast.get_docstring(node, False)]
    told = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["methods"]
    ]
    return {(first.lineno, first.col_offset) for first in [*firsts, *told]}


def years_of_module(text):
    explained = prose(ast.parse(text))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [year for t in tokens for year in years(t.string, cited=t.type == tokenize.COMMENT or t.start in explained)]


def test_no_module_knows_a_year():
    assert findings(MODULES, lambda path: years_of_module(text_of(path))) == {}


def test_no_template_and_no_notebook_knows_a_year():
    # A work is cited in a notebook's prose, never in its code.
    assert findings([*TEMPLATES, *NOTEBOOKS], lambda path: years(text_of(path), cited=path.suffix == ".ipynb")) == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("x = 2015", 1),
        ("x = '2015Q1'", 1),
        ("x = '2012/13'", 1),
        ("x = 'Wilson 1927'", 1),
        ("x = 'an interval (Wilson 1927)'", 0),
        ("x = 'a month (June 2015)'", 1),
        ("x = 'a paper (2015)'", 1),
        ("methods = 'Wilson 1927'", 0),
        ("methods = 'since 1927'", 1),
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
    assert len(years_of_module(line)) == found


# ------------------------------------------------------------------------------------------ notebooks


def test_the_notebooks_pass_what_make_lint_asks():
    assert list(lint.in_notebooks(CODE)) == []
    for path in NOTEBOOKS:
        nbformat.validate(nbformat.read(path, as_version=4))


def test_cell_ids_are_words_that_stay():
    """Ids that an editor invents are random: a cell that is cut and pasted would be another in every diff."""

    def odd(path):
        ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
        twice = [name for name in ids if ids.count(name) > 1]
        return twice + [n for n in ids if not re.fullmatch(r"[a-z]+(-[a-z]+)*", n) or re.fullmatch("[0-9a-f]{8}", n)]

    assert findings(NOTEBOOKS, odd) == {}


def test_each_notebook_is_run_and_each_that_is_run_is_there(office):
    assert {step.notebook.name for step in steps_of(office)} == {path.name for path in NOTEBOOKS}


BROKEN = {
    "outputs are stored": lambda code: code[1].update(execution_count=3),
    "0 cells are tagged 'parameters'": lambda code: code[0].metadata.clear(),
    "more metadata than tags": lambda code: code[1].metadata.update(collapsed=True),
    "lines of code, expected at most": lambda code: code[1].update(source="x = 1\n" * 31),
}


@pytest.mark.parametrize("finding", BROKEN)
def test_make_lint_finds_what_a_notebook_must_not_have(tmp_path, finding):
    book = nbformat.read(NOTEBOOKS[0], as_version=4)
    BROKEN[finding]([cell for cell in book.cells if cell.cell_type == "code"])
    folder = tmp_path / "notebooks"
    folder.mkdir()
    nbformat.write(book, folder / "1_broken.ipynb")
    (found,) = lint.in_notebooks(Project(tmp_path))
    assert found.startswith("notebooks/1_broken.ipynb: ") and finding in found


def test_make_lint_finds_files_attached_to_a_notebook(tmp_path):
    book = nbformat.read(NOTEBOOKS[0], as_version=4)
    words = next(cell for cell in book.cells if cell.cell_type == "markdown")
    words["attachments"] = {"a.png": {"image/png": "aa"}}
    (tmp_path / "notebooks").mkdir()
    nbformat.write(book, tmp_path / "notebooks" / "1_attached.ipynb")
    (found,) = lint.in_notebooks(Project(tmp_path))
    assert "cells have files attached" in found


def test_make_lint_finds_a_notebook_that_an_editor_wrote_in_another_way(tmp_path):
    (tmp_path / "notebooks").mkdir()
    text = NOTEBOOKS[0].read_text(encoding="utf-8")
    (tmp_path / "notebooks" / "1_other.ipynb").write_text(json.dumps(json.loads(text), indent=4), encoding="utf-8")
    (found,) = lint.in_notebooks(Project(tmp_path))
    assert "not written as nbformat writes it" in found


# ---------------------------------------------------------------------------------------- doors and names

# The only modules that import a tool: to exchange it, or to follow a change in it, is work in one place.
DOORS = {
    # It takes seconds to load and would send usage statistics, so one module delays it and turns them off.
    "great_expectations": {"validation.expectations"},
    # `execute` calls papermill; papermill itself loads `kernel`, so the two cannot be one.
    "papermill": {"pipeline.execute", "pipeline.kernel"},
    "nbconvert": {"rendering.cells"},
    "typst": {"rendering.pdf"},
    # It stamps the time and draws random ids, and one module replaces both.
    "rocrate": {"publishing.rocrate_graph"},
}


def test_each_big_tool_has_one_door():
    found = {tool: set() for tool in DOORS}
    for path in MODULES:
        module = ".".join(path.relative_to(CODE.package).with_suffix("").parts)
        for node in ast.walk(ast.parse(text_of(path))):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for tool in {name.split(".")[0] for name in imported} & DOORS.keys():
                found[tool].add(module)
    assert found == DOORS


def test_a_module_is_named_after_what_it_holds():
    assert not {path.stem for path in MODULES} & {"utils", "util", "helpers", "common", "misc", "tools"}


def test_every_import_names_the_whole_module():
    relative = (node for path in MODULES for node in ast.walk(ast.parse(text_of(path)))
                if isinstance(node, ast.ImportFrom) and node.level)  # fmt: skip
    assert list(relative) == []


# ------------------------------------------------------------------------ people, machines, registries

TELEPHONE = r"\+44[ ()\d-]{9,14}\d|\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4}|0\d{10}"
PRIVATE = {
    "an e-mail address": r"[\w.+-]+@(?!example\.org\b)[\w-]+\.[A-Za-z][\w.-]*",  # example.org is nobody's
    "a telephone number": rf"(?<![\w.,/+-])(?:{TELEPHONE})(?![\w.])",
    "a path of one machine": r"(?<![\w.*])/(?:home|Users|root|tmp|work|mnt|media)/\w|\b[A-Z]:\\+\w",
    "a registry": r"pypi\.org|pythonhosted\.org|anaconda\.(?:org|com)|npmjs\.|index[-]url|://\d+\.\d+",
}
HASHES = r"sha256:[0-9a-f]{64}"


def _is_text(path):
    """Whether a file is text as this project writes it; suppliers' files of the tests may be in other encodings."""
    try:
        return "\0" not in path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False


def kept_files():
    """Return the files that git keeps or would keep, but for those that are no text."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    files = sorted(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())
    return [path for path in files if _is_text(path)]


@pytest.mark.parametrize("kind", PRIVATE)
def test_no_kept_file_holds(kind):
    kept = kept_files()
    if not kept:
        pytest.skip("this is no git checkout")

    def hits(path):
        lines = re.sub(HASHES, "", path.read_text(encoding="utf-8")).splitlines()
        return [line.strip()[:120] for line in lines if re.search(PRIVATE[kind], line)]

    assert findings(kept, hits) == {}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("an e-mail address", "write to someone@a-county" + ".gov.uk"),
        ("a telephone number", "call 0116 " + "496 0000"),
        ("a telephone number", "+44 116 " + "496 0000"),
        ("a path of one machine", "read /home/" + "someone/data.csv"),
        ("a path of one machine", "C:" + "\\data"),
        ("a registry", "https://" + "py" + "pi.org/simple"),
    ],
)
def test_a_private_thing_is_seen(kind, text):
    assert re.search(PRIVATE[kind], text)


# ------------------------------------------------------------ the clock

# What tells the time of day: of Python's own modules, of pandas, of a file, of a database, of the compiler of PDFs.
CLOCKS_CALLED = ("today", "now", "utcnow")  # as attributes they are also names of ours
CLOCKS = {
    *("time.time", "time.time_ns", "localtime", "gmtime", "ctime", "asctime", "clock_gettime", "uuid1"),
    *("st_mtime", "st_mtime_ns", "st_ctime", "st_ctime_ns", "st_atime", "getmtime", "getctime"),
}
CLOCK_IN_TEXT = re.compile(r"\b(?:current_date|current_timestamp|now\(\)|today\(\)|datetime\.today)", re.IGNORECASE)
# Who may: an approval is dated by it, and so may be what make receive notes. That a large file changed while a process
# runs is told by the time of its change, which is compared with itself and never told; so is which atlas was made last.
READS_CLOCK = {
    "src/panelpack/atlas/verify.py": ["st_mtime"],
    "src/panelpack/publishing/approvals.py": ["today"],
    "src/panelpack/project.py": ["st_mtime_ns"],
    "src/panelpack/intake/salts.py": ["st_mtime_ns"],
}
RECEIVING = "src/panelpack/intake/receiving.py"


def clocks_of(path):
    """Return what in a module or notebook tells the time of day; monotonic timers tell none."""
    found, text = [], text_of(path)
    if path.suffix == ".ipynb":
        text = "\n".join(cell.source for cell in cells(path) if cell.cell_type == "code")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found += [name for name in [node.func.attr] if name in CLOCKS_CALLED]
        elif isinstance(node, ast.Attribute):
            whole = f"{node.value.id}.{node.attr}" if isinstance(node.value, ast.Name) else ""
            found += [name for name in (node.attr, whole) if name in CLOCKS]
        elif isinstance(node, ast.ImportFrom) and node.module in ("time", "os.path", "uuid"):
            found += [a.name for a in node.names if a.name in CLOCKS | {"time", "time_ns"}]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += CLOCK_IN_TEXT.findall(node.value)
    return found


def test_only_an_approval_and_what_is_received_are_dated_by_a_clock():
    found = findings([*MODULES, *NOTEBOOKS], clocks_of)
    found.pop(RECEIVING, None)
    assert found == READS_CLOCK
    assert findings(TEMPLATES, lambda path: CLOCK_IN_TEXT.findall(path.read_text(encoding="utf-8"))) == {}


@pytest.mark.parametrize(
    "line",
    [
        "date.today()",
        "pd.Timestamp.now()",
        "time.time()",
        "from time import time",
        "path.stat().st_mtime",
        "sql = 'select current_date'",
    ],
)
def test_a_clock_is_found(line, tmp_path):
    path = tmp_path / "module.py"
    path.write_text(line, encoding="utf-8")
    assert clocks_of(path)


def test_a_timer_is_no_clock(tmp_path):
    path = tmp_path / "module.py"
    path.write_text("import time\nstarted = time.monotonic()\n", encoding="utf-8")
    assert clocks_of(path) == []


# ------------------------------------------------------------ tests that do not depend on their order


def fixtures(path):
    """Return the fixtures that a file defines, each with its scope."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        for decorator in getattr(node, "decorator_list", []):
            if "fixture" in ast.unparse(decorator).partition("(")[0].split("."):
                keywords = getattr(decorator, "keywords", [])
                scope = next((word.value.value for word in keywords if word.arg == "scope"), "function")
                found[node.name] = scope
    return found


def test_no_module_gives_another_meaning_to_what_all_tests_share():
    """What the session keeps would then be made of it or not, by which test comes first."""
    shared = {name for name, scope in fixtures(ROOT / "tests/conftest.py").items() if scope == "session"}
    assert {"data", "results", "office"} <= shared
    files = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != ROOT / "tests/conftest.py"]
    again = {
        str(path.relative_to(ROOT)): names
        for path in files
        if (names := {name for name, scope in fixtures(path).items() if scope == "session"} & shared)
    }
    assert again == {}
