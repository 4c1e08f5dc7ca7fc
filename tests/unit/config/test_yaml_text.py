"""Any text in a YAML file is data or one sentence with file and line: no traceback, no crash, nothing endless."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panelpack.config.configuration import Configuration
from panelpack.config.strict_yaml import AsWritten, Strict, load, read_yaml
from panelpack.config.study import load_offences, load_split
from panelpack.config.yaml_text import DEEPEST, Loader, parse_yaml
from panelpack.errors import ConfigurationError, PanelPackError
from panelpack.project import Project
from panelpack.publishing.approvals import load_approvals


class Values(Strict):
    """A file with a value of each kind."""

    count: int = 0
    share: float = 0
    text: str = ""
    truth: bool = False
    either: str | list[str] = ""
    texts: list[str] = []
    by_name: dict[str, str] = {}


def said_of(folder, content, loader=Loader):
    path = folder / "a.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigurationError) as caught:
        load(path, Values, loader=loader)
    return str(caught.value).replace(str(path), "a.yml")


LAUGHS = "\n".join(["texts:", " - &a0 [x, x]", *(f" - &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))])
WRONG = [
    # values that Python cannot make
    ("count: 0o99", "line 1: count: '0o99': input should be a valid integer"),
    ("count: 0x_", "line 1: count: '0x_': input should be a valid integer"),
    ("count: !!int seven", "line 1: count: 'seven': input should be a valid integer"),
    ("share: !!float much", "line 1: share: 'much': input should be a valid number"),
    ("truth: !!bool maybe", "line 1: truth: 'maybe': input should be a valid boolean"),
    ("count: !!timestamp later", "line 1: count: 'later': input should be a valid integer"),
    ("count: " + "9" * 5000, "line 1: count: '999"),
    ("text: x\nshare: .inf", "line 2: share: inf: input should be a finite number"),
    ("share: -.INF", "line 1: share: -inf: input should be a finite number"),
    ("share: .NaN", "line 1: share: nan: input should be a finite number"),
    ("share: 1.0e+999", "line 1: share: inf: input should be a finite number"),
    ("count: 2014-02-30 25:00:00", "line 1: count: '2014-02-30 25:00:00': input should be a valid integer"),
    # values of another kind than was meant
    ("text: 1999", "line 1: text: 1999 is read as a number, expected a text. Write it in quotation marks: '1999'."),
    ("text: No", "line 1: text: No is read as yes or no, expected a text. Write it in quotation marks: 'No'."),
    ("text: 2014-03-09", "line 1: text: 2014-03-09 is read as a day, expected a text. Write it in quotation marks"),
    ("texts:\n - a\n - off", "line 3: texts.1: off is read as yes or no, expected a text. Write it in"),
    ("by_name: {a: x, b: [x]}", "line 1: by_name.b: found a list, expected a text. Correct it."),
    ("either: 3", "line 1: either: 3 is read as a number, expected a text or a list. Write it in quotation"),
    ("either: [a, 3]", "line 1: either.1: 3 is read as a number, expected a text. Write it in quotation marks: '3'."),
    ("text:", "line 1: text: nothing stands here, expected a text. Write it."),
    ("by_name: !!set {a, b}", "line 1: by_name: found a single value, expected a mapping."),
    ("- text: a", "line 1: the file: found a list, expected a mapping. Correct it."),
    ("just words", "line 1: the file: found a single value, expected a mapping. Correct it."),
    # keys
    ("text: a\ntext: b", "line 2: 'text' stands twice, first in line 1. Remove one."),
    ("? [a, b]\n: c", "line 1: a list or a mapping stands where a key should, expected a text."),
    ("{a: b}: c", "line 1: a list or a mapping stands where a key should, expected a text."),
    ("by_name:\n  a: b\n  2014-02-31: [c]", "line 3: by_name.2014-02-31: found a list, expected a text."),
    ("txet: a", "line 1: txet: there is no such key here. Did you mean 'text'?"),
    # aliases
    ("by_name: &a {x: *a}", "line 1: an alias (*) stands inside what it repeats. Write out what is meant."),
    ("texts: &a\n - *a", "line 1: an alias (*) stands inside what it repeats."),
    ("by_name: &a {<<: *a}", "line 1: an alias (*) stands inside what it repeats."),
    (LAUGHS, "aliases (*) repeat more than 10,000 values. Write out what is meant."),
    ("text: *footnote", "line 1: this is not YAML: found undefined alias. Put a text that begins with * into"),
    ("by_name: {<<: 1}", "line 1: this is not YAML: expected a mapping or list of mappings for merging"),
    # signs that mean something to YAML
    ("text: a: b", "line 1: this is not YAML: mapping values are not allowed in this context. Put a text that has"),
    ("text: a\n\tcount: 1", "line 2: a tab stands at the beginning of the line, expected blanks. Write blanks."),
    ("by_name:\n\ta: b", "line 2: a tab stands at the beginning of the line, expected blanks. Write blanks."),
    ("text: !important", "line 1: this is not YAML: could not determine a constructor for the tag '!important'. Put a"),
    ("text: !!python/object:os.system x", "line 1: this is not YAML: could not determine a constructor"),
    ("text: a\n---\ntext: b", "line 2: this is not YAML: found another document. Remove the line of three dashes"),
    ('text: "a\ncount: 1', "this is not YAML: found unexpected end of stream. Close the quotation marks"),
    ("texts: [a\ncount: 1", "this is not YAML: did not find expected ',' or ']'. Correct the line."),
    # characters that cannot be read
    ("count: 1\ntext: a\x00b", "line 2: character 8 cannot be read (U+0000). Remove it."),
    ("text: a\x1bb", "line 1: character 8 cannot be read (U+001B). Remove it."),
    ("text: a\ncount: \ufffe", "line 2: character 8 cannot be read (U+FFFE). Remove it."),
    (b"count: 1\ntext: caf\xe9", "line 2: this is not UTF-8 text. Save the file as UTF-8."),
    ("text: a".encode("utf-16"), "line 1: this is not UTF-8 text. Save the file as UTF-8."),
    # what would not end, or would crash the reader
    ("text: " + "[" * 200 + "]" * 200, f"line 1: more than {DEEPEST} levels stand one inside another."),
    ("texts:\n" + "- " * 200_000 + "a", f"line 2: more than {DEEPEST} levels stand one inside another."),
    ("text: " + "{a: " * 100_000, f"line 1: more than {DEEPEST} levels stand one inside another."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), WRONG, ids=[re.sub(r"\W+", " ", str(told))[:60] for _, told in WRONG])
def test_what_cannot_be_read_is_one_sentence_with_its_line(text, told, tmp_path):
    said = said_of(tmp_path, text)
    assert said.startswith("a.yml, line ") and told in said, said
    assert "\n" not in said and len(said) < 400 and said.endswith(("?", "."))


@pytest.mark.parametrize("text", [text for text, _ in WRONG])
def test_nothing_breaks_the_reading_of_every_value_as_text(text, tmp_path):
    path = tmp_path / "a.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        read_yaml(path, AsWritten)
    except ConfigurationError as error:
        assert re.match(rf"{re.escape(str(path))}, line \d+: ", str(error))


def test_every_mistake_is_told_in_the_order_of_the_file(tmp_path):
    text = "by_name:\n" + "".join(f"  k{n}: x\n" for n in range(2)) + "texts:\n" + " - [a]\n" * 2 + "either: [[1]]\n"
    assert said_of(tmp_path, text).splitlines() == [
        "a.yml, line 5: texts.0: found a list, expected a text. Correct it.",
        "a.yml, line 6: texts.1: found a list, expected a text. Correct it.",
        "a.yml, line 7: either.0: found a list, expected a text. Correct it.",
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\ufefftext: a\r\ncount: 7\r\n", {"text": "a", "count": 7}),
        ("count: 010\ntext: 0123\n", {"count": 10, "text": "0123"}),  # not eight, and not eighty-three
        ("text: 12:30\ncount: 08", {"count": 8, "text": "12:30"}),  # not 750
        ("count: 1_000\nshare: 1e3", {"count": 1000, "share": 1000.0}),
        ("by_name: {2014: a, no: b, 1.50: c, '': d}", {"by_name": {"2014": "a", "no": "b", "1.50": "c", "": "d"}}),
        ("text: =\ntexts: [=, '<<']", {"text": "=", "texts": ["=", "<<"]}),
        ("texts: &a [x, y]\neither: *a", {"texts": ["x", "y"], "either": ["x", "y"]}),
        ("by_name: {<<: {a: x}, b: y}", {"by_name": {"a": "x", "b": "y"}}),
        ("text: dŵr, Łódź, €5, ≥ ½ 🚓", {"text": "dŵr, Łódź, €5, ≥ ½ 🚓"}),
        ("", {}),
        ("# nothing but a remark\n", {}),
    ],
)
def test_what_a_person_means_is_what_is_read(text, read, tmp_path):
    path = tmp_path / "a.yml"
    path.write_bytes(text.encode())
    assert load(path, Values) == Values(**read)


# ------------------------------------------------------------------------------------ small edits of whole files
@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """A copy of the made-up office, with a file of every kind, that every example spoils and puts right again."""
    import running

    root = running.copy_office(tmp_path_factory.mktemp("spoilt") / "office")
    project = Project(root)
    (root / "params" / "layouts").mkdir(exist_ok=True)
    (root / "params" / "layouts" / "a_table.yml").write_text(
        "version: 1\ntitle: A table\npublisher: An office\nlicence: OGL\nacknowledgement: Thanks.\n"
        "columns: {month: month, number: count}\nkey: [month]\nlayout: {forms: {month: Apr-22}, marks: {'-': zero}}\n",
        encoding="utf-8",
    )
    project.approvals.write_text(
        "approvals:\n- quarter: 2015Q1\n  role: Chief Executive\n  approved_on: 2015-09-10\n"
        f"  seal: {'a' * 64}\n  parts: {{}}\n", encoding="utf-8",
    )  # fmt: skip
    return project


def read_everything(project, quarter):
    office = Configuration.read(project, quarter)
    _ = office.sources, office.corrections, office.offences, load_split(project.projection)
    load_offences(project.projection)
    load_approvals(project.approvals)


FILES = [
    "params/plan.yml", "params/2015Q1.yml", "params/corrections.yml", "params/approvals.yml", "params/2015Q1.md",
    "params/layouts/a_table.yml", "data/raw/2015Q1/sources.yml", "data/projection/offences.yml",
    "data/projection/split.yml",
]  # fmt: skip
PIECES = [
    "2015-09-31", "0o99", "!!int x", "9" * 4400, ".inf", ".nan", "&a", "*a", "<<: *a", "\t", "- ", ": ", "\x00", "\x1b",
    "\ufeff", "\r\n", "[", "{", "]", "}", "'", '"', "|", ">", "%", "@", "`", "!", "? ", "~", "null", "no", "=", "---",
    "...", "#", "\n", "\n\n", " ", "1e999", "12:30", "0x_", "\ud7ff", "🚓", "{{", "}}", "{#", "2015Q9", "-1", "", ",",
    "!!binary x", "!!set {a}", "!!omap [a: b]", "\u2028", "\x85", "0000-00-00", "2015-09-16 99:99:99",
]  # fmt: skip


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    name=st.sampled_from(FILES),
    place=st.floats(0, 1),
    removed=st.integers(0, 12),
    piece=st.sampled_from(PIECES) | st.text(max_size=4),
    at_value=st.booleans(),
)
def test_a_small_edit_of_any_file_is_read_or_refused_in_a_sentence(
    name, place, removed, piece, at_value, spoilt, quarter
):
    path = spoilt.root / name
    content = path.read_bytes()
    text = content.decode()
    at = int(place * len(text))
    if at_value:  # the whole value after the next colon
        colon = text.find(": ", at)
        at = colon + 2 if colon >= 0 else at
        removed = len(text[at:].partition("\n")[0])
    edited = text[:at] + piece + text[at + removed :]
    path.write_bytes(edited.encode("utf-8", "surrogatepass"))
    try:
        read_everything(spoilt, quarter)
    except PanelPackError as error:
        assert "data/" in str(error) or "params/" in str(error)
    finally:
        path.write_bytes(content)


def test_the_files_that_the_edits_begin_with_are_right(spoilt, quarter):
    read_everything(spoilt, quarter)
    assert all((spoilt.root / name).is_file() for name in FILES)


def test_the_lines_are_those_of_the_file():
    data, places = parse_yaml("a:\n  - b: 1\n    c: [x,\n      y]\n", "a.yml", Loader)
    assert data == {"a": [{"b": 1, "c": ["x", "y"]}]}
    assert places.lines["a", 0, "c", 1] == 4 and places.written["a", 0, "b"] == "1"
