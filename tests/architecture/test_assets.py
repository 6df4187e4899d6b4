"""Are the assets ours to ship, complete, light and readable?"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import hatch_build
from eduprog.web.assets import ASSETS_PREFIX, BUILT_ROOT, AssetMissing, asset_url, is_immutable, pdf_fonts

ROOT = Path(__file__).resolve().parent.parent.parent
TOKENS = dict(re.findall(r"(--ep-[a-z-]+): (#[0-9a-f]{6});", (ROOT / "eduprog/static/css/10-tokens.css").read_text()))
LEGEND = re.findall(r'"(\w+)": \("(#\w{6})", "(#\w{6})"\)', (ROOT / "templates/components/legend.html").read_text())
POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"

STATES = ("due", "overdue", "done", "planned", "moved", "plum", "teal")
PAIRS = [(state, f"{state}-wash") for state in STATES] + [
    (ink, ground)
    for ink in ("ink", "ink-soft", "teal", "teal-deep", "plum", "overdue")
    for ground in ("paper", "card", "sand", "teal-wash", "sun-wash")
]


@pytest.fixture(scope="module", autouse=True)
def _built():
    hatch_build.build_assets(ROOT)


def built(name):
    return BUILT_ROOT / asset_url(name).removeprefix(ASSETS_PREFIX)


def contrast(one, other):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_every_text_colour_is_readable_on_every_ground_it_stands_on(ink, ground):
    assert contrast(TOKENS[f"--ep-{ink}"], TOKENS[f"--ep-{ground}"]) >= 4.5


@pytest.mark.parametrize(("level", "ground", "ink"), LEGEND)
def test_every_level_of_a_chart_has_readable_words_and_the_same_colours_in_tables(level, ground, ink):
    assert contrast(ground, ink) >= 4.5
    css = (ROOT / "eduprog/static/css/staff/40-charts.css").read_text()
    assert f".ep-level--{level} {{ background: {ground}; color: {ink};" in css


def test_the_edge_of_a_field_is_seen_against_the_page():
    assert contrast(TOKENS["--ep-field"], TOKENS["--ep-paper"]) >= 3


def test_no_font_crown_or_crest_of_the_government_is_shipped():
    texts = [path for path in BUILT_ROOT.glob("*.*") if path.suffix in (".css", ".js", ".svg")]
    assert len(texts) >= 6
    branding = re.compile(r"GDS|Transport|crown|crest|Calvert|/assets/", re.IGNORECASE)
    assert not [path.name for path in texts if branding.search(path.read_text("utf-8"))]


def test_only_our_font_is_shipped():
    fonts = [path for path in BUILT_ROOT.rglob("*.*") if path.suffix in (".woff", ".woff2", ".ttf", ".otf")]
    names = {path.name.split(".")[0] for path in fonts}
    assert names == {
        "font-regular",
        "font-bold",
        "font-naskh",
        *(f"AtkinsonHyperlegible-{face}" for face in ("Regular", "Bold", "Italic")),
    }


def test_the_style_sheet_fetches_nothing_but_built_files():
    urls = re.findall(r"url\(([^)]*)\)", built("eduprog.css").read_text())
    assert len(urls) == 3
    assert all((BUILT_ROOT / url.strip("\"'./")).is_file() for url in urls)


def test_the_script_imports_the_hashed_components():
    [name] = re.findall(r'from "\./([^"]+)"', built("eduprog.js").read_text())
    assert (BUILT_ROOT / name) == built("govuk-frontend.js")


def test_the_style_sheet_keeps_what_pages_use_and_drops_the_branded_parts():
    css = built("eduprog.css").read_text()
    assert css.count("{") == css.count("}")
    for kept in ("button", "radios", "checkboxes", "error-summary", "exit-this-page", "pagination", "details", "tabs"):
        assert f".govuk-{kept}" in css
    assert not re.search(r"\.govuk-(header|footer|accordion|cookie-banner|logo-dot)\b", css)
    assert ".govuk-exit-this-page" in css.split("@media print", 1)[1], "print rules survive"


@pytest.mark.parametrize("name", ["font-regular.woff2", "font-bold.woff2"])
def test_the_web_fonts_write_english_welsh_accents_and_polish(name):
    known = TTFont(built(name)).getBestCmap()
    assert not [letter for letter in POLISH + "£€–—‘’“”…•·½éöñçŠž" if ord(letter) not in known]


@pytest.mark.parametrize("face", ["Regular", "Bold", "Italic"])
def test_pdfs_find_the_font_as_ttf_under_its_family_name(face):
    font = TTFont(pdf_fonts() / f"AtkinsonHyperlegible-{face}.ttf")
    assert font["name"].getBestFamilyName() == "Atkinson Hyperlegible"


def test_a_parents_first_view_leaves_room_for_its_page():
    texts = [built(name) for name in ("eduprog.css", "start.js", "eduprog.js", "govuk-frontend.js")]
    compressed = sum(path.with_name(f"{path.name}.gz").stat().st_size for path in texts)
    for faces in (("font-regular.woff2", "font-bold.woff2"), ("font-naskh.woff2",)):
        fonts = sum(built(name).stat().st_size for name in faces)
        assert compressed + fonts <= 55_000


def test_every_text_asset_is_there_compressed():
    texts = [path for path in BUILT_ROOT.glob("*.*") if path.suffix in (".css", ".js", ".svg")]
    assert texts
    assert all(path.with_name(f"{path.name}{ending}").is_file() for path in texts for ending in (".gz", ".br"))


def test_licences_travel_with_what_they_cover():
    covered = {path.stem for path in (BUILT_ROOT / "licences").iterdir()}
    assert covered == {"atkinson-hyperlegible", "govuk-frontend", "htmx", "noto-naskh-arabic"}


def test_only_hashed_names_may_be_kept_for_ever():
    url = asset_url("eduprog.css")
    assert re.fullmatch(r"/assets/eduprog\.[0-9a-f]{12}\.css", url)
    assert is_immutable(str(built("eduprog.css")), url)
    assert not is_immutable(str(BUILT_ROOT / "manifest.json"), "/assets/manifest.json")


def test_an_unknown_asset_is_refused_by_name():
    with pytest.raises(AssetMissing, match=r"No asset is called missing\.css"):
        asset_url("missing.css")


def test_building_again_with_nothing_changed_touches_nothing():
    before = {path: path.stat().st_mtime_ns for path in BUILT_ROOT.rglob("*")}
    hatch_build.build_assets(ROOT)
    assert {path: path.stat().st_mtime_ns for path in BUILT_ROOT.rglob("*")} == before


def test_the_lock_file_pins_every_package_by_hash_and_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    assert not any("resolved" in facts for facts in packages.values())


def test_nothing_of_others_is_committed():
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: nothing to ask git")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    strange = re.compile(r"node_modules/|static/built/|\.(woff2?|ttf|otf)$|\.min\.(js|css)$")
    assert not [path for path in tracked if strange.search(path)]


@pytest.mark.process
@pytest.mark.skipif(not shutil.which("npm"), reason="the system has no npm to fail")
def test_an_unreachable_registry_fails_with_one_clear_sentence(tmp_path):
    for name in ("package.json", "package-lock.json", "hatch_build.py"):
        shutil.copy(ROOT / name, tmp_path)
    offline = {**os.environ, "npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(tmp_path / "cache")}
    run = subprocess.run(
        [sys.executable, "hatch_build.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120, env=offline
    )
    assert run.returncode == 1
    assert run.stderr.startswith("eduprog: the npm registry could not be reached")
    assert "ECONNREFUSED" in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
