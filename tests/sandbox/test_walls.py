"""The stand-in knows the back end only over HTTP."""

from __future__ import annotations

import ast
from pathlib import Path

import app.sandbox

ROOT = Path(app.sandbox.__file__).parent


def test_it_imports_nothing_of_the_product() -> None:
    foreign = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            foreign |= {
                f"{path.name}: {name}"
                for name in names
                if name.split(".")[0] in {"app", "bots", "models", "schedules", "wechatpy"}
                and not name.startswith("app.sandbox")
            }
    assert foreign == set()
