"""Modules that are hidden while others are loaded."""

import json
import sys

import pytest

from panelpack.heavy_imports import hidden


def test_hidden_modules_count_as_not_installed_only_meanwhile(monkeypatch):
    monkeypatch.delitem(sys.modules, "this", raising=False)
    with hidden("this", "json"):
        with pytest.raises(ImportError):
            import this  # noqa: F401
        assert sys.modules["json"] is json  # was loaded
    assert "this" not in sys.modules and sys.modules["json"] is json


def test_hidden_modules_come_back_after_an_error(monkeypatch):
    monkeypatch.delitem(sys.modules, "this", raising=False)
    with pytest.raises(ValueError, match="any"), hidden("this"):
        raise ValueError("any")
    assert "this" not in sys.modules
