"""What a reviewer writes into params/reviews.yml changes the sheet, and nothing of the pack; a comment, its marking."""

import json
import shutil

import pytest

from running import QUARTER, digests, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("reviews")]
HEAD = f"reviews:\n  {QUARTER}:\n"
CHECK = '    checks:\n      - {{what: By hand, role: Assurer, date: 2015-09-10, outcome: agreed, seal: "{seal}"}}\n'
COMMENT = "    comments:\n      - {about: SP11, comment: Why so low?, role: Panel officer, date: 2015-09-02}\n"


@pytest.fixture(scope="module")
def reviewed(made_run, tmp_path_factory):
    """A copy of the office, and a function that writes reviews, makes the pack again and says what moved; the seal."""
    root = shutil.copytree(made_run.root, tmp_path_factory.mktemp("reviews") / "project")
    outputs = root / "outputs" / QUARTER
    first, seal = digests(outputs), json.loads((outputs / "manifest.json").read_text(encoding="utf-8"))["seal"]

    def write(text):
        (root / "params" / "reviews.yml").write_text(HEAD + text.format(seal=seal[:12]), encoding="utf-8")
        done = run(root, "quarter", QUARTER)
        assert done.returncode == 0, done.stderr
        now = digests(outputs)
        manifest = json.loads((outputs / "manifest.json").read_text(encoding="utf-8"))
        page = (outputs / "review" / "index.html").read_text(encoding="utf-8")
        return {name for name in {*first, *now} if first.get(name) != now.get(name)}, manifest, page, done.stdout

    return write, seal


def test_a_logged_check_changes_the_sheet_and_the_manifest_beside_its_seal(reviewed):
    write, seal = reviewed
    moved, manifest, page, said = write(CHECK)
    assert moved - {"run.json"} == {"manifest.json", "review/index.html"}
    assert manifest["seal"] == seal and manifest["reviews"]["file"] == "params/reviews.yml"
    assert "By hand" in page and "this pack" in page and f"0 of {len(manifest['parameters'])} notebooks ran" in said


def test_an_open_comment_is_an_open_point_of_the_same_seal(reviewed):
    write, seal = reviewed
    moved, manifest, page, said = write(COMMENT.replace("{", "{{").replace("}", "}}"))
    assert manifest["seal"] == seal and manifest["reviews"]["open_points"] == {"comment": 1}
    assert "1 reviewer's comment" in manifest["marking"]["why"] and "Why so low?" in page and "Why so low?" in said
    assert "pack/indicators.csv" not in moved and not any(name.endswith(".ipynb") for name in moved)
