"""Class codes: short enough to type from a letter, without letters that are taken for others, too many to guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_LETTERS = "CDFGHJKMNPQRTVWXY34789"  # fifty thousand million codes; no vowels, so that no code spells a word
CODE_LENGTH = 8


def draw_code(choose: Callable[[Sequence[str]], str]) -> str:
    """Give a code, each letter drawn by `choose` (such as `secrets.choice`)."""
    return "".join(choose(_LETTERS) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """Give what was typed as a code: capitals, without spaces and hyphens; an empty text if it can be none."""
    code = re.sub(r"[\s\-–]", "", typed).upper()
    return code if len(code) == CODE_LENGTH and set(code) <= set(_LETTERS) else ""


def shown_code(code: str) -> str:
    """Give a code as it is printed: "KM4T-R7XN"."""
    return f"{code[:4]}-{code[4:]}"
