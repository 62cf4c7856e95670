"""``rerack serve --prepare``: what a quick start needs is kept ahead, or it is said why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rerack.base.errors import StoreError
from rerack.cli.main import cli
from rerack.scenario import load
from rerack.study.change import Change
from rerack.study.live import LiveStudy

SITE = Path(__file__).resolve().parents[2] / "examples" / "core-scientific.yaml"
WORDS = ["serve", str(SITE), "--live-scenarios", "8", "--prepare"]


def test_a_prepared_file_is_opened_from_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said = CliRunner().invoke(cli, WORDS, catch_exceptions=False)
    assert said.exit_code == 0
    (kept,) = (tmp_path / "rerack").glob("*.study")
    assert str(kept) in said.output

    def never(*_given: object) -> None:
        raise AssertionError("prepared anew")

    monkeypatch.setattr("rerack.study.live.live_base", never)
    study = LiveStudy(load(SITE), scenarios=8, cache=tmp_path / "rerack")
    assert study.answer(Change()).meta["answer_plan"]


def test_what_cannot_be_kept_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    with pytest.raises(StoreError, match=r"cannot be written.*XDG_CACHE_HOME"):
        CliRunner().invoke(cli, WORDS, catch_exceptions=False, standalone_mode=False)
