"""Names of the built style sheets, scripts, icons and fonts as browsers fetch them."""

import json
from functools import cache
from pathlib import Path

BUILT_ROOT = Path(__file__).resolve().parent.parent / "static" / "built"
ASSETS_PREFIX = "/assets/"  # where wiring serves BUILT_ROOT


class AssetMissing(Exception):
    """The assets are not built, or hold no file of that name."""


@cache
def asset_url(name: str) -> str:
    """Return the URL of a built asset, e.g. ``eduprog.css``, its content hash in it so that it may be kept for ever.

    Raises AssetMissing for a name that was not built.
    """
    manifest = _manifest()
    if name not in manifest:
        raise AssetMissing(f"No asset is called {name}; built are {', '.join(sorted(manifest))}.")
    return f"{ASSETS_PREFIX}{manifest[name]}"


def is_immutable(path: str, url: str) -> bool:
    """Tell WhiteNoise (``immutable_file_test``) whether a file may be kept for ever: its name carries its hash."""
    return url.startswith(ASSETS_PREFIX) and Path(path).name in _manifest().values()


def pdf_fonts() -> Path:
    """Return the folder of the fonts as TTF, for PDFs: Atkinson Hyperlegible regular, bold and italic."""
    return BUILT_ROOT / "fonts"


@cache
def _manifest() -> dict[str, str]:
    try:
        manifest: dict[str, str] = json.loads((BUILT_ROOT / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        raise AssetMissing("The style sheets and scripts are not built yet: run `python hatch_build.py`.") from None
    return manifest
