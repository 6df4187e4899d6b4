"""The wheel is whole: from an empty folder, lessons, templates, settings and assets come out of it and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.process
ROOT = Path(__file__).parent.parent.parent
SIGN_IN = """
import eduprog
from eduprog.core import crypto
from eduprog.wiring import create_app, load_settings
settings = load_settings({}, MAIL_TRANSPORT="folder", SCHEDULER=False)
crypto.write_keys(crypto.make_keys(), settings.KEY_FILE)
app = create_app(settings)
from flask_migrate import upgrade
with app.app_context():
    upgrade()
client = app.test_client()
page = client.get("/sign-in", base_url=settings.BASE_URL)
sheet = next(part.split('"')[0] for part in page.text.split('href="') if ".css" in part.split('"')[0])
style = client.get(sheet, base_url=settings.BASE_URL)
print(eduprog.__file__, page.status_code, "<h1" in page.text, style.status_code, len(style.data) > 1000, sep="\\n")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what is installed here."""
    folder = tmp_path_factory.mktemp("dist")
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT)
    return next(folder.glob("eduprog-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it, without what it needs, which is here already."""
    site = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    _run([*pip, "--target", str(site), str(wheel)], cwd=site)
    return site


def _run(command: list[str], *, cwd: Path, site: Path | None = None) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("EDUPROG_", "PYTHONPATH"))}
    environment = {**clean, "PYTHONPATH": str(site)} if site else clean
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _python(code: str, *arguments: str, cwd: Path, site: Path) -> str:
    return _run([sys.executable, "-c", code, *arguments], cwd=cwd, site=site)


def test_the_wheel_holds_lessons_templates_migrations_settings_and_assets(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("lessons", "templates", "migrations"):
        held = {
            path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"
        }
        assert {name for name in held if f"eduprog/_shipped/{name}" not in names} == set()
    assert "eduprog/_shipped/config.py" in names
    assert "eduprog/static/built/manifest.json" in names
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]


def test_lessons_are_checked_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    _python("from eduprog.wiring import main; main()", "lessons", "check", cwd=tmp_path, site=installed)


def test_the_sign_in_page_and_its_style_come_out_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    where, *answers = _python(SIGN_IN, cwd=tmp_path, site=installed).splitlines()[-5:]
    assert Path(where).is_relative_to(installed)
    assert answers == ["200", "True", "200", "True"]
    assert {path.name for path in tmp_path.iterdir()} == {"var"}
