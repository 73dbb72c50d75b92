"""What is shipped with PessDesk may be shipped under the EUPL-1.2, and docs/licences.md says so of every package."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pessdesk_licences", ROOT / "packaging" / "licences.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


licences = _load()
PACKAGES = licences.runtime_packages()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_no_package_is_under_the_gpl_alone(package) -> None:
    assert licences.judgement(package.licence) in ("permissive", "weak copyleft"), package


def test_a_silent_package_carries_no_gpl_in_its_licence_file() -> None:
    silent = [p for p in PACKAGES if p.installed and not licences.stated_licence(p.name)]
    for package in silent:
        files = importlib.metadata.files(package.name) or []
        texts = [f.read_text() for f in files if "licen" in f.name.lower() and "dist-info" in str(f)]
        assert texts, f"{package.name} states no licence and carries no licence file"
        assert not any("GENERAL PUBLIC LICENSE" in text.upper() for text in texts), package.name


def test_every_package_of_the_lock_that_is_shipped_stands_on_the_page() -> None:
    lines = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    missing = [f"{p.name} {p.version}" for p in PACKAGES if f"| {p.name} | {p.version} |" not in lines]
    assert not missing, "run `make licences`"


def test_every_package_that_the_project_names_is_locked() -> None:
    """Else a name that changed would drop out of this judgement unseen."""
    import tomllib

    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {licences.normal(Requirement(text).name) for text in project["dependencies"]}
    assert names <= {package.name for package in PACKAGES}


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", "permissive"),
        ("Apache-2.0 AND MIT", "permissive"),
        ("MPL-2.0", "weak copyleft"),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", "weak copyleft"),
        ("GNU Lesser General Public License v3 (LGPLv3)", "weak copyleft"),
        ("GPL-3.0-only", "GPL only"),
        ("GPL-2.0-only OR AGPL-3.0-only", "GPL only"),
        ("MIT AND GPL-3.0-or-later", "GPL only"),
        ("GNU General Public License v3 (GPLv3)", "GPL only"),
        ("", "unknown"),
        ("Proprietary", "unknown"),
    ],
)
def test_judgements(licence: str, expected: str) -> None:
    assert licences.judgement(licence) == expected
