"""The salt of a guarded raw file: the key of the hash that is published of it, in a file beside it that never is."""

import hashlib
import hmac
import os
import re
import secrets
from functools import cache
from pathlib import Path

from panelpack.errors import SourceError, shown
from panelpack.project import CORRECTIONS, LARGE_BYTES, SALT, digest

DIGITS = 64  # of a salt, in base 16: 32 bytes, so that no salt can be guessed
IGNORED = (
    "# What may never be in git: with its salt everybody could guess a guarded file, and corrections of one quote it.\n"
    f"*{SALT}\n{CORRECTIONS}\n"
)


def salt_file(path: Path) -> Path:
    """Return where the salt of a raw file lies."""
    return path.with_name(f"{path.name}{SALT}")


def read_salt(path: Path) -> str:
    """Return the salt of a raw file, '' where there is none. Raises SourceError for a file that holds none."""
    beside = salt_file(path)
    if not beside.exists():
        return ""
    try:
        salt = beside.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        salt = ""
    if not re.fullmatch(f"[0-9a-f]{{{DIGITS}}}", salt):
        raise SourceError(
            f"{shown(beside)}: this is no salt, expected {DIGITS} digits of 0 to 9 and a to f. Restore it from where "
            "the office keeps it."
        )
    return salt


def write_salt(path: Path, salt: str) -> None:
    """Write the salt of a raw file, for its owner alone to read. Raises FileExistsError where there is one."""
    with os.fdopen(os.open(salt_file(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{salt}\n")


def draw_salt(path: Path) -> None:
    """Draw a salt for a raw file, and see to it that git ignores it, and all others, below data/raw."""
    write_salt(path, secrets.token_hex(DIGITS // 2))
    ignored = path.parent.parent / ".gitignore"
    if path.parent.parent.name == "raw" and not ignored.exists():
        ignored.write_text(IGNORED, encoding="utf-8")


def keyed_digest(path: Path, salt: str) -> str:
    """Return the HMAC-SHA256 of a file's content by its salt. Raises SourceError where it may not be read."""
    try:
        is_now = path.stat()
        if is_now.st_size > LARGE_BYTES:
            return _keyed_digest_of_large(path, salt, is_now.st_mtime_ns, is_now.st_size, is_now.st_ino)
        return _keyed_digest(path, salt)
    except OSError as error:
        raise SourceError(f"{shown(path)}: the file cannot be read: {error.strerror}. Make it readable.") from None


def own_digest(path: Path) -> str:
    """Return what tells a raw file's content from any other; keyed where it has a salt, so that it is read once."""
    salt = read_salt(path)
    return keyed_digest(path, salt) if salt else digest(path)


def keyed_hash(content: bytes, salt: str) -> str:
    """Return the HMAC-SHA256 of a content by a salt."""
    return hmac.digest(bytes.fromhex(salt), content, "sha256").hex()


def _keyed_digest(path: Path, salt: str) -> str:
    keyed = hmac.new(bytes.fromhex(salt), digestmod="sha256")
    with path.open("rb") as file:
        hashlib.file_digest(file, lambda: keyed)
    return keyed.hexdigest()


@cache
def _keyed_digest_of_large(path: Path, salt: str, changed_ns: int, size: int, inode: int) -> str:
    """Return the keyed hash of a file of seconds' work, worked out once a process for each state of the file."""
    return _keyed_digest(path, salt)
