"""Reading a YAML file strictly: what is no such file, mistakes beyond the cap, and keys that were renamed."""

from typing import ClassVar

import pytest

from panelpack.config.plan_checks import load_plan
from panelpack.config.strict_yaml import MISTAKES_SHOWN, AsWritten, Strict, load, read_yaml
from panelpack.errors import ConfigurationError


class Inner(Strict):
    colour: str = "red"


class Outer(Strict):
    """A file of a later version: `paint` is called `colours` now, `amount` is called `number`."""

    renamed: ClassVar = {"paint": "colours", "amount": "number"}
    number: int = 0
    colours: list[Inner] = []
    by_name: dict[str, Inner] = {}


def said_of(folder, text, model=Outer):
    path = folder / "a.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load(path, model)
    return str(caught.value).replace(str(path), "a.yml").splitlines()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number: 1\npaint: []\n", "a.yml, line 2: paint: there is no such key here. It is called 'colours' now. "
         "Rename it."),
        ("amount: 1\n", "a.yml, line 1: amount: there is no such key here. It is called 'number' now. Rename it."),
        ("colour: []\n", "a.yml, line 1: colour: there is no such key here. Did you mean 'colours'?"),
        ("colours:\n- color: blue\n", "a.yml, line 2: colours.0.color: there is no such key here. Did you mean "
         "'colour'?"),
        ("by_name:\n  a: {colours: blue}\n", "a.yml, line 2: by_name.a.colours: there is no such key here. Did you "
         "mean 'colour'?"),
        ("weight: 1\n", "a.yml, line 1: weight: there is no such key here. Remove it or correct its spelling."),
    ],
)  # fmt: skip
def test_an_unknown_key_is_answered_with_the_one_that_took_its_place_or_is_spelled_like_it(text, said, tmp_path):
    assert said_of(tmp_path, text) == [said]


def test_mistakes_beyond_the_cap_are_counted(tmp_path):
    lines = said_of(tmp_path, "".join(f"key_{number:02d}: 1\n" for number in range(MISTAKES_SHOWN + 2)))
    assert len(lines) == MISTAKES_SHOWN + 1
    assert [f"a.yml, line {number + 1}: key_{number:02d}: " in line for number, line in enumerate(lines[:-1])]
    assert lines[-1] == "a.yml: 2 more mistakes are not shown."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, ": there is no such file. Restore it (git checkout {path}) or create it."),
        (b"office: caf\xe9\n", ", line 1: this is not UTF-8 text. Save the file as UTF-8."),
        (b"- 1\n", ", line 1: the file: found a list, expected a mapping. Correct it."),
    ],
    ids=["missing", "not UTF-8", "a list"],
)
def test_what_is_no_such_file_is_said_in_one_sentence(content, expected, tmp_path):
    path = tmp_path / "plan.yml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        load_plan(path)
    assert str(caught.value) == f"{path}{expected.format(path=path)}"


def test_of_an_empty_file_every_missing_key_is_named(tmp_path):
    path = tmp_path / "plan.yml"
    path.touch()
    with pytest.raises(ConfigurationError) as caught:
        load_plan(path)
    lines = str(caught.value).splitlines()
    assert f"{path}, line 1: baseline_year: this key is missing. Add it." in lines
    assert f"{path}, line 1: tables: this key is missing. Add it." in lines


def test_values_can_be_read_as_the_text_that_stands_in_the_file(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text('a: 010\nb: no\nc: 28.00\nd: ""\ne:\nf: [1_000, ~]\n', encoding="utf-8")
    data, lines = read_yaml(path, AsWritten)
    assert data == {"a": "010", "b": "no", "c": "28.00", "d": "", "e": None, "f": ["1_000", "~"]}
    assert (lines["a",], lines["f",], lines["f", 1]) == (1, 6, 6)
