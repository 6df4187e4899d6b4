"""Settings as one frozen value, built from named layers with every fault reported at once."""

from __future__ import annotations

import runpy
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from eduprog.core.errors import BadSettings

Layer = tuple[str, Mapping[str, Any]]
_SECRET = ("SMTP_PASSWORD", "DATABASE_URL", "METRICS_TOKEN")  # never shown: an address may hold a password


class Settings(BaseModel):
    """What this installation runs with. `config.py` documents each one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    DATA_DIR: Path
    DATABASE_URL: str
    KEY_FILE: Path
    LESSONS_DIR: Path
    HOST: str = Field(min_length=1)
    PORT: int = Field(ge=0, le=65535)
    BASE_URL: str
    BEHIND_PROXY: bool
    THREADS: int = Field(ge=1, le=64)
    STAFF_IDLE_MINUTES: int = Field(ge=5, le=120)
    ADMIN_IDLE_MINUTES: int = Field(ge=5, le=60)
    SESSION_HOURS: int = Field(ge=1, le=24)
    SIGN_IN_TRIES: int = Field(ge=3, le=20)
    SECOND_FACTOR: Literal["off", "leads", "everybody"]
    MAIL_TRANSPORT: Literal["smtp", "folder"]
    MAIL_FROM: str = Field(pattern=r"^[^\r\n]*[^\s@]+@[^\s@]+$|^[^\r\n]*<[^\s@]+@[^\s@]+>$")
    SMTP_HOST: str
    SMTP_PORT: int = Field(ge=1, le=65535)
    SMTP_SECURITY: Literal["none", "starttls", "tls"]
    SMTP_USER: str
    SMTP_PASSWORD: str = Field(repr=False)
    SMTP_PATIENCE_SECONDS: int = Field(ge=5, le=3600)
    DISPATCH_THREADS: int = Field(ge=1, le=8)
    PROMPT_HOLD_MINUTES: int = Field(ge=0, le=1440)
    SCHEDULER: bool
    TICK_SECONDS: int = Field(ge=1, le=300)
    WORKER_STALLED_SECONDS: int = Field(ge=2, le=3600)
    KEEP_TEACHING_YEARS: int = Field(ge=1, le=25)
    KEEP_FAMILIES_MONTHS: int = Field(ge=1, le=120)
    KEEP_MESSAGES_MONTHS: int = Field(ge=3, le=120)
    KEEP_AUDIT_YEARS: int = Field(ge=1, le=25)
    KEEP_STAFF_MONTHS: int = Field(ge=1, le=120)
    DEMO: bool
    METRICS_TOKEN: str = Field(repr=False, pattern=r"^$|^\S{16,200}$")
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"]

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, values: dict[str, Any]) -> dict[str, Any]:
        data = Path(str(values.get("DATA_DIR") or "var")).absolute()
        derived = {
            "DATA_DIR": data,
            "DATABASE_URL": f"sqlite:///{data / 'eduprog.db'}",
            "KEY_FILE": data / "keys.json",
            "BASE_URL": f"http://{values.get('HOST')}:{values.get('PORT')}",
            "SECOND_FACTOR": "leads" if str(values.get("BASE_URL") or "").startswith("https://") else "off",
        }
        return {**values, **{name: made for name, made in derived.items() if not values.get(name) or name == "DATA_DIR"}}

    @field_validator("DATABASE_URL")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("BASE_URL")
    @classmethod
    def _absolute_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an address such as https://rshe.example.school, without a path")
        if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("must use https, except on this machine itself")
        return value.rstrip("/")

    @property
    def secure(self) -> bool:
        """Say whether people reach us over https, so that cookies can carry the `__Host-` name."""
        return self.BASE_URL.startswith("https://")

    @property
    def on_loopback(self) -> bool:
        """Say whether only this machine can reach us."""
        return self.HOST in ("127.0.0.1", "::1", "localhost")


def read_config_file(path: Path) -> Layer:
    """Read a `config.py`: its public upper-case names are the settings it sets. Raises BadSettings if it cannot be run."""
    try:
        names = runpy.run_path(str(path))
    except Exception as problem:
        raise BadSettings(f"{path}: cannot be read as settings: {problem}") from problem
    return str(path), {name: value for name, value in names.items() if name.isupper() and name[0] != "_"}


def from_environment(environment: Mapping[str, str]) -> Layer:
    """Take the EDUPROG_* variables that name settings, and those that look like a setting misspelt, so that they are refused."""
    named = {name.removeprefix("EDUPROG_"): value for name, value in environment.items() if name.startswith("EDUPROG_")}
    known = Settings.model_fields
    picked = {name: value for name, value in named.items() if name in known or get_close_matches(name, known, cutoff=0.8)}
    return "environment", picked


def build_settings(layers: Sequence[Layer]) -> Settings:
    """Put the layers on top of each other, later ones winning. Raises BadSettings naming every bad value and its source."""
    merged: dict[str, Any] = {}
    source: dict[str, str] = {}
    for name, values in layers:
        merged.update(values)
        source.update(dict.fromkeys(values, name))
    try:
        return Settings(**merged)
    except ValidationError as problem:
        raise BadSettings("\n".join(_sentence(error, source) for error in problem.errors())) from None


def _sentence(error: Any, source: Mapping[str, str]) -> str:
    name = str(error["loc"][0]) if error["loc"] else "settings"
    where = source.get(name, "defaults")
    shown = "" if name in _SECRET else f" (it is {error.get('input')!r})"
    reason = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        meant = get_close_matches(name, Settings.model_fields, n=1)
        return f"{where}: {name}: there is no such setting; {f'is {meant[0]} meant?' if meant else 'config.py lists them all.'}"
    return f"{where}: {name}: {reason[0].lower()}{reason[1:]}{shown}."
