"""Single values of a YAML file are written in their places: what they are then, and that all else stays as it was."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from panelpack.config.yaml_edit import YamlEdit, key_text
from panelpack.errors import UsageError

TEXT = """\
# The head.
"first": 'one'   # quoted
second:  # empty
third: two words, and more  # plain
folded: >-
  a text
  of two lines

# before the list
list:
  - {a: 1, b: [x, y], c: 3}
  - d
block:
    inner: 5
    "p q": {r: s}
flow: {a: 1, "b": 'two', c: 3, }
last: z"""


@pytest.fixture(params=["\n", "\r\n"], ids=["LF", "CRLF"])
def text(request):
    return TEXT.replace("\n", request.param)


def lines_that_differ(text, edited):
    old, new = text.splitlines(), edited.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("act", "gone", "came"),
    [
        (lambda e: e.set(("first",), "two"), ["\"first\": 'one'   # quoted"], ["\"first\": 'two'   # quoted"]),
        (lambda e: e.set(("second",), "2"), ["second:  # empty"], ["second: 2  # empty"]),
        (lambda e: e.set(("third",), ""), ["third: two words, and more  # plain"], ["third:  # plain"]),
        (lambda e: e.set(("folded",), "short"), ["folded: >-", "  a text", "  of two lines"], ["folded: short"]),
        (lambda e: e.set(("list",), "[]"), ["list:", "  - {a: 1, b: [x, y], c: 3}", "  - d"], ["list: []"]),
        (lambda e: e.set(("block", "p q"), "7"), ['    "p q": {r: s}'], ['    "p q": 7']),
        (lambda e: e.set(("flow", "c"), "4"), ["flow: {a: 1, \"b\": 'two', c: 3, }"],
         ["flow: {a: 1, \"b\": 'two', c: 4, }"]),
        (lambda e: e.set(("flow", "a"), ""), ["flow: {a: 1, \"b\": 'two', c: 3, }"],
         ["flow: {a: , \"b\": 'two', c: 3, }"]),
        (lambda e: e.set(("last",), "end"), ["last: z"], ["last: end"]),
        (lambda e: e.remove(("third",)), ["third: two words, and more  # plain"], []),
        (lambda e: e.remove(("folded",)), ["folded: >-", "  a text", "  of two lines"], []),
        (lambda e: e.remove(("list",)), ["list:", "  - {a: 1, b: [x, y], c: 3}", "  - d"], []),
        (lambda e: e.remove(("flow", "b")), ["flow: {a: 1, \"b\": 'two', c: 3, }"], ["flow: {a: 1, c: 3, }"]),
        (lambda e: e.remove(("flow", "a")), ["flow: {a: 1, \"b\": 'two', c: 3, }"], ["flow: {\"b\": 'two', c: 3, }"]),
        (lambda e: e.remove(("block", "inner")), ["    inner: 5"], []),
        (lambda e: e.remove(("last",)), ["last: z"], []),
        (lambda e: e.remove(("list", 0)), ["  - {a: 1, b: [x, y], c: 3}"], []),
        (lambda e: e.remove(("list", 1)), ["  - d"], []),
        (lambda e: e.remove(("list", 0, "b", 0)), ["  - {a: 1, b: [x, y], c: 3}"], ["  - {a: 1, b: [y], c: 3}"]),
        (lambda e: e.remove(("list", 0, "b", 1)), ["  - {a: 1, b: [x, y], c: 3}"], ["  - {a: 1, b: [x], c: 3}"]),
        (lambda e: e.set(("list", 0, "a"), "9"), ["  - {a: 1, b: [x, y], c: 3}"], ["  - {a: 9, b: [x, y], c: 3}"]),
        (lambda e: e.set_mapping(("block",), {"x": ""}), ["    inner: 5", '    "p q": {r: s}'], ["    x:"]),
        (lambda e: e.add(("block", "new"), "6", after="inner"), [], ["    new: 6"]),
        (lambda e: e.add(("added one",), "6", after="folded"), [], ['"added one": 6']),
        (lambda e: e.add(("end",), "6", after="last"), [], ["end: 6"]),
        (lambda e: e.add(("flow", "d"), "6", after="b"), ["flow: {a: 1, \"b\": 'two', c: 3, }"],
         ["flow: {a: 1, \"b\": 'two', d: 6, c: 3, }"]),
        (lambda e: e.set_mapping(("second",), {"a b": "1", "c": "2"}), [], ['  "a b": 1', "  c: 2"]),
        (lambda e: e.set_mapping(("block",), {"inner": "6", "x": "7"}), ["    inner: 5", '    "p q": {r: s}'],
         ["    inner: 6", "    x: 7"]),
    ],
)  # fmt: skip
def test_an_edit_changes_its_own_place_alone(act, gone, came, text):
    edit = YamlEdit(text, "a.yml")
    act(edit)
    old, new = lines_that_differ(text, edit.text)
    assert (old, new) == (gone, came)
    assert edit.text.count("\n") == edit.text.count("\r\n") or "\r" not in text
    yaml.safe_load(edit.text)


def test_several_edits_are_carried_out_together(text):
    edit = YamlEdit(text, "a.yml")
    edit.set(("first",), "two")
    edit.remove(("folded",))
    edit.add(("new",), "1", after="first")
    edit.set(("flow", "a"), "9")
    edit.remove(("flow", "b"))
    data = yaml.safe_load(text)
    del data["folded"], data["flow"]["b"]
    assert yaml.safe_load(edit.text) == data | {"first": "two", "new": 1, "flow": {"a": 9, "c": 3}}


SCALARS = st.sampled_from(
    ["x", "two words", "1", "2015-04-01", "'q # q'", '"d: d"', "", "~", "|\n    a\n    b", "[a, b]"]
)
KEYS = st.lists(st.sampled_from(["a", "b_c", "d.csv", "e f", "*-g.csv", "h#i", "2015", "j:k"]), min_size=1, unique=True)


@given(keys=KEYS, values=st.lists(SCALARS, min_size=8, max_size=8), chosen=st.integers(0, 7), how=st.integers(0, 2))
def test_whatever_stands_around_is_as_it_was(keys, values, chosen, how):
    text = "top:\n" + "".join(f"  {key_text(k)}: {v}  \n" for k, v in zip(keys, values, strict=False)) + "# end\nz: 1\n"
    name, data, edit = keys[chosen % len(keys)], yaml.safe_load(text), YamlEdit(text, "a.yml")
    of_texts = {str(key): value for key, value in data["top"].items()}
    if how == 0:
        edit.set(("top", name), "new")
        of_texts[name] = "new"
    elif how == 1:
        edit.remove(("top", name))
        del of_texts[name]
    else:
        edit.add(("top", "added"), "new", after=name)
        of_texts["added"] = "new"
    read = yaml.safe_load(edit.text)
    assert {str(key): value for key, value in (read["top"] or {}).items()} == of_texts and read["z"] == 1


def test_a_place_that_there_is_not_is_an_error():
    edit = YamlEdit(TEXT, "a.yml")
    assert edit.has(("block", "inner")) and not edit.has(("block", "outer")) and not edit.has(("last", "a"))
    with pytest.raises(UsageError, match=r"^a\.yml: block, outer is written in a way that this command cannot change"):
        edit.set(("block", "outer"), "1")


ITEM = {"edition": "2", "reason": '"a: b"'}
LINES = ["  - edition: 2", '    reason: "a: b"']


@pytest.mark.parametrize(
    ("written", "edited"),
    [
        ("a: 1\nb: x", ["a: 1", "b: x", "list:", *LINES]),
        ("a: 1\n# last\n", ["a: 1", "# last", "list:", *LINES]),
        ("list: []  # none\nb: 2\n", ["list:  # none", *LINES, "b: 2"]),
        ("list:\n# more\nb: 2\n", ["list:", *LINES, "# more", "b: 2"]),
        ("list:\n  - {c: 1}\n\n# more\n", ["list:", "  - {c: 1}", *LINES, "", "# more"]),
        ("list:\n- c: |\n    x\nb: 2\n", ["list:", "- c: |", "    x", "- edition: 2", '  reason: "a: b"', "b: 2"]),
        ("list: [{c: 1}]\n", ['list: [{c: 1}, {edition: 2, reason: "a: b"}]']),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_an_item_is_added_to_a_list_of_the_file(written, edited, end):
    edit = YamlEdit(written.replace("\n", end), "the file")
    edit.append("list", ITEM)
    assert edit.text.split(end) == [*edited, ""] if edit.text.endswith(end) else edited
    assert yaml.safe_load(edit.text)["list"][-1] == {"edition": 2, "reason": "a: b"}


def test_an_item_is_added_to_nothing_that_is_no_list():
    with pytest.raises(UsageError, match="list is written in a way that this command cannot change"):
        YamlEdit("list: word\n", "the file").append("list", ITEM)
