"""What a content is known by: its sha256, as sha256sum prints it."""

import hashlib
from pathlib import Path


def sha256(content: bytes) -> str:
    """Return the checksum of a content."""
    return hashlib.sha256(content).hexdigest()


def digest(path: Path) -> str:
    """Return the checksum of a file's content, '' where there is no file."""
    try:
        return sha256(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ""
