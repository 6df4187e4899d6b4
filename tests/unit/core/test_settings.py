"""Settings: read once from named places; every bad value is told with the place it came from, all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from eduprog.core import paths
from eduprog.core.errors import BadSettings
from eduprog.core.settings import Settings, build_settings, from_environment, read_config_file

DEFAULTS = read_config_file(paths.DEFAULT_CONFIG)

BAD: dict[str, list[Any]] = {
    "HOST": [""],
    "PORT": [-1, 65536, "eighty"],
    "DATABASE_URL": ["mysql://localhost/x", "postgres://u:hush-hush@db/x"],
    "BASE_URL": ["rshe.example.school", "ftp://rshe.example.school", "http://rshe.example.school", "https://"],
    "THREADS": [0, 65, "many"],
    "STAFF_IDLE_MINUTES": [4, 121],
    "ADMIN_IDLE_MINUTES": [4, 61],
    "SESSION_HOURS": [0, 25],
    "SIGN_IN_TRIES": [2, 21],
    "SECOND_FACTOR": ["on", "admins"],
    "METRICS_TOKEN": ["short", "with a space in it"],
    "MAIL_TRANSPORT": ["pigeon", "SMTP"],
    "MAIL_FROM": ["", "nobody", "a <b@c>\r\nBcc: x@y"],
    "SMTP_PORT": [0, 70000],
    "SMTP_SECURITY": ["ssl"],
    "SMTP_PATIENCE_SECONDS": [4, 3601],
    "DISPATCH_THREADS": [0, 9],
    "WORKER_STALLED_SECONDS": [1, 3601],
    "KEEP_TEACHING_YEARS": [0, 26],
    "KEEP_FAMILIES_MONTHS": [0, 121],
    "KEEP_MESSAGES_MONTHS": [2, 121],
    "KEEP_AUDIT_YEARS": [0, 26],
    "KEEP_STAFF_MONTHS": [0, 121],
    "PROMPT_HOLD_MINUTES": [-1, 1441],
    "SCHEDULER": ["perhaps", 2],
    "BEHIND_PROXY": ["perhaps"],
    "TICK_SECONDS": [0, 301],
    "DEMO": ["perhaps"],
    "LOG_LEVEL": ["LOUD", "info"],
}
CASES = [(name, value) for name, values in BAD.items() for value in values]


def _told(*layers: tuple[str, dict[str, Any]]) -> str:
    with pytest.raises(BadSettings) as refused:
        build_settings([DEFAULTS, *layers])
    return str(refused.value)


def test_the_defaults_are_good_and_name_every_setting() -> None:
    settings = build_settings([DEFAULTS])
    assert set(DEFAULTS[1]) == set(Settings.model_fields)
    assert settings.BASE_URL == "http://127.0.0.1:8000"
    assert f"sqlite:///{Path.cwd() / 'var' / 'eduprog.db'}" == settings.DATABASE_URL
    assert Path.cwd() / "var" / "keys.json" == settings.KEY_FILE


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_bad_value_is_told_with_its_name_and_its_source(name: str, value: Any) -> None:
    told = _told(("/etc/eduprog/config.py", {name: value}))
    assert any(line.startswith(f"/etc/eduprog/config.py: {name}: ") for line in told.splitlines()), told


def test_every_setting_that_can_be_bad_is_tried_here() -> None:
    any_text_will_do = {"DATA_DIR", "KEY_FILE", "LESSONS_DIR", "SMTP_HOST", "SMTP_USER", "SMTP_PASSWORD"}
    assert set(BAD) == set(Settings.model_fields) - any_text_will_do


def test_all_bad_values_are_told_at_once_each_with_its_own_source() -> None:
    told = _told(("config.py", {"PORT": "eighty", "THREADS": 3}), ("environment", {"THREADS": "0", "LOG_LEVEL": "LOUD"}))
    sources = {line.split(": ")[0] + ": " + line.split(": ")[1] for line in told.splitlines()}
    assert {"config.py: PORT", "environment: THREADS", "environment: LOG_LEVEL"} <= sources


def test_an_unknown_setting_is_told_with_the_one_that_was_probably_meant() -> None:
    assert _told(("config.py", {"THREDS": 4})) == "config.py: THREDS: there is no such setting; is THREADS meant?"
    assert "config.py lists them all" in _told(("config.py", {"ZZZ": 4}))


def test_a_misspelt_variable_is_refused_and_a_foreign_one_left_alone() -> None:
    source, values = from_environment({"EDUPROG_THREDS": "4", "EDUPROG_CONFIG": "x", "EDUPROG_FULL": "1", "THREADS": "9"})
    assert (source, values) == ("environment", {"THREDS": "4"})
    assert "is THREADS meant?" in _told((source, dict(values)))


def test_the_environment_wins_over_a_file_and_a_file_over_the_defaults() -> None:
    settings = build_settings([DEFAULTS, ("config.py", {"PORT": 9000, "THREADS": 3}), from_environment({"EDUPROG_PORT": "9001"})])
    assert (settings.PORT, settings.THREADS, settings.TICK_SECONDS) == (9001, 3, 15)


def test_what_may_hold_a_password_is_never_shown() -> None:
    assert "hush-hush" not in _told(("config.py", {"DATABASE_URL": "postgres://u:hush-hush@db/x"}))
    assert "hush-hush" not in _told(("config.py", {"SMTP_PASSWORD": ["hush-hush"]}))
    assert "hush-hush" not in repr(build_settings([DEFAULTS, ("config.py", {"SMTP_PASSWORD": "hush-hush"})]))


def test_settings_cannot_change_after_the_start() -> None:
    settings = build_settings([DEFAULTS])
    with pytest.raises(ValidationError):
        settings.PORT = 1


@pytest.mark.parametrize("content", ["PORT = ", "import no_such_module", "1 / 0"])
def test_a_file_that_cannot_be_run_is_told_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "config.py"
    path.write_text(content)
    with pytest.raises(BadSettings, match=r"config\.py: cannot be read as settings"):
        read_config_file(path)


def test_only_upper_case_names_of_a_file_are_settings(tmp_path: Path) -> None:
    path = tmp_path / "config.py"
    path.write_text("from datetime import time\nport = 5\nPORT = 9000\n_X = 1\n")
    assert read_config_file(path) == (str(path), {"PORT": 9000})


def test_plain_http_is_for_this_machine_only() -> None:
    assert build_settings([DEFAULTS, ("x", {"BASE_URL": "http://localhost:8000/"})]).BASE_URL == "http://localhost:8000"
    assert build_settings([DEFAULTS, ("x", {"BASE_URL": "https://rshe.example.school"})]).secure
    assert not build_settings([DEFAULTS, ("x", {"HOST": "0.0.0.0", "BASE_URL": "https://rshe.example.school"})]).on_loopback
