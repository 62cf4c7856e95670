"""The reference page lists every key as the schema has it; every key is described."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from rerack.scenario import json_schema, key_table, starter
from rerack.scenario.nodes import Mapping, plain, walk
from rerack.scenario.schema import ScenarioFile
from rerack.scenario.schema.walk import field_at, rule_of
from rerack.scenario.source import Source
from rerack.scenario.yaml_reader import read_yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "scenario-file.md"


def test_page_holds_the_table_of_the_schema() -> None:
    assert key_table() in PAGE.read_text(encoding="utf-8")


def test_every_key_of_the_json_schema_is_described() -> None:
    schema = json_schema()
    definitions = [schema, *schema["$defs"].values()]
    keys = [(n, body) for d in definitions for n, body in d.get("properties", {}).items()]
    assert len(keys) > 100
    assert [n for n, body in keys if len(body.get("description", "")) < 4] == []


def test_key_table_has_every_key_of_the_starter() -> None:
    table = key_table()
    source = Source(file="starter", text=starter())
    tree, _ = read_yaml(source)
    data: Any = plain(tree)
    for path, _place, _node in walk(tree):
        if path and field_at(ScenarioFile, path, data) is not None:
            assert f".{path[-1]}`" in table or f"`{path[0]}" in table


def test_patterns_accept_what_the_examples_write() -> None:
    checked = 0
    for path in sorted((ROOT / "examples").glob("*.yaml")):
        tree, _ = read_yaml(Source(file=path.name, text=path.read_text(encoding="utf-8")))
        data: Any = plain(tree)
        for where, _place, node in walk(tree):
            field = field_at(ScenarioFile, where, data) if where else None
            rule = rule_of(field.annotation, field.metadata) if field is not None else None
            if rule is None or isinstance(node, Mapping):
                continue
            pattern = dict(rule.schema).get("pattern")
            if pattern:
                assert re.search(pattern, str(getattr(node, "text", ""))), where
                checked += 1
    assert checked > 20


def test_starter_explains_each_kind_of_key_once() -> None:
    raw = files("rerack.scenario").joinpath("data", "starter_site.yaml").read_text("utf-8")
    assert len(starter().splitlines()) == len(raw.splitlines())
    assert starter().count("# Length of the study.") == 1
    assert starter().count("Power that the hall may draw") == 1
