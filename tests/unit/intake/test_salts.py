"""The salt of a guarded file, and the hash that it keys."""

import hashlib
import hmac
import re
import shutil
import stat
import subprocess

import pytest

from panelpack.errors import SourceError
from panelpack.intake import salts
from panelpack.intake.salts import draw_salt, keyed_digest, keyed_hash, own_digest, read_salt, salt_file, write_salt

SALT = "5a" * 32


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "raw" / "2015Q1" / "table.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"quarter,completions\n2015Q1,269\n")
    return path


def test_a_salt_is_drawn_for_its_owner_alone_and_git_ignores_it(file):
    draw_salt(file)
    beside = salt_file(file)
    assert beside.name == "table.csv.salt" and stat.S_IMODE(beside.stat().st_mode) == 0o600
    assert re.fullmatch("[0-9a-f]{64}\n", beside.read_text(encoding="utf-8"))
    assert "*.salt" in (file.parent.parent / ".gitignore").read_text(encoding="utf-8").splitlines()
    with pytest.raises(FileExistsError):
        draw_salt(file)


def test_every_file_has_a_salt_of_its_own(file):
    other = file.with_name("other.csv")
    for path in (file, other):
        draw_salt(path)
    assert read_salt(file) != read_salt(other) and read_salt(file.with_name("third.csv")) == ""


@pytest.mark.parametrize("content", [b"", b"ab" * 31, SALT.upper().encode(), b"\xff" * 64])
def test_what_is_no_salt_is_refused(file, content):
    salt_file(file).write_bytes(content)
    with pytest.raises(SourceError, match=r"table\.csv\.salt: this is no salt, expected 64 digits"):
        read_salt(file)


def test_the_hash_is_the_hmac_of_the_content(file, monkeypatch):
    expected = hmac.new(bytes.fromhex(SALT), file.read_bytes(), hashlib.sha256).hexdigest()
    assert keyed_digest(file, SALT) == keyed_hash(file.read_bytes(), SALT) == expected
    monkeypatch.setattr(salts, "LARGE_BYTES", 1)
    assert keyed_digest(file, SALT) == expected
    assert keyed_digest(file, "a5" * 32) != expected, "of a large file it is remembered by the salt too"


def test_a_file_with_a_salt_is_told_from_others_by_its_keyed_hash(file):
    assert own_digest(file) == hashlib.sha256(file.read_bytes()).hexdigest()
    write_salt(file, SALT)
    assert own_digest(file) == keyed_digest(file, SALT)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_openssl_works_out_the_same_as_the_documentation_says(file):
    write_salt(file, SALT)
    command = f"openssl dgst -sha256 -mac HMAC -macopt hexkey:$(cat {salt_file(file).name}) {file.name}"
    done = subprocess.run(command, shell=True, cwd=file.parent, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == keyed_digest(file, SALT)
