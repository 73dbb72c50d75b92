"""The house keeps its order: who may import whom (pyproject.toml, `tool.importlinter`), said in sentences."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


@pytest.fixture(scope="module")
def account() -> str:
    """What import-linter says of the tree as it is."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120,
        env=_plain_environment(), check=False,
    )  # fmt: skip
    return f"{done.stdout}\n{done.stderr}\nexit code {done.returncode}"


def _plain_environment() -> dict[str, str]:
    import os

    return {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}


@pytest.mark.parametrize("name", [contract["name"] for contract in CONTRACTS])
def test_the_contract_holds(account: str, name: str) -> None:
    assert f"{name} KEPT" in account, account


def test_none_is_broken(account: str) -> None:
    assert account.endswith("exit code 0"), account


def test_the_order_of_the_house_is_the_one_described() -> None:
    layers = next(c for c in CONTRACTS if c["type"] == "layers")
    assert layers["exhaustive"], "a folder that the contract does not name would be free of it"
    assert layers["layers"][-1] == "domain"
    siblings = next(layer for layer in layers["layers"] if "storage" in layer)
    assert {"cli", "storage", "bundles", "documents"} <= set(siblings.split(" | ")), (
        "those between bars do not know each other"
    )
