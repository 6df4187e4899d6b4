"""`eduprog sbom`: what this installation is made of, package by package, as a CycloneDX document."""

from __future__ import annotations

import json
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

import click

_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_SHIPPED_EXTRAS = {"postgres"}


@click.command(help="Print what eduprog is made of here: packages, versions, licences (CycloneDX 1.5, JSON).")
def sbom() -> None:
    """Print the document."""
    click.echo(json.dumps(bill_of_materials(), indent=1))


def bill_of_materials() -> dict[str, Any]:
    """Give eduprog and every package it needs that is installed, with what each needs."""
    found: dict[str, Distribution] = {}
    waiting = ["eduprog"]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # an extra that is not installed, or another system's
        waiting += _needs(found[name])
    parts = [_component(name, found[name]) for name in sorted(found)]
    own = next(part for part in parts if part["name"] == "eduprog")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**own, "type": "application"}},
        "components": [part for part in parts if part is not own],
        "dependencies": [_depends(name, found) for name in sorted(found)],
    }


def _depends(name: str, found: dict[str, Distribution]) -> dict[str, Any]:
    needs = sorted({_mark(need, found[need]) for need in _needs(found[name]) if need in found})
    return {"ref": _mark(name, found[name]), "dependsOn": needs}


def _needs(part: Distribution) -> list[str]:
    names = []
    for line in part.requires or ():
        extra = _EXTRA.search(line)
        name = _NAME.match(line)
        if name and (extra is None or extra.group(1) in _SHIPPED_EXTRAS):
            names.append(_normal(name.group()))
    return names


def _component(name: str, part: Distribution) -> dict[str, Any]:
    licence = _licence(part)
    told: dict[str, Any] = {
        "type": "library", "name": name, "version": part.version, "purl": _mark(name, part), "bom-ref": _mark(name, part)
    }  # fmt: skip
    return {**told, "licenses": [{"license": {"name": licence}}]} if licence else told


def _licence(part: Distribution) -> str:
    """Give the licence as its author says it: the expression, else the classifier, else the first line of the field."""
    about: Any = part.metadata
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    named = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    return ", ".join(named) or str(about.get("License") or "").split("\n")[0][:100]


def _mark(name: str, part: Distribution) -> str:
    return f"pkg:pypi/{name}@{part.version}"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
