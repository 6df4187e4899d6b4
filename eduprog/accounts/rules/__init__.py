"""What signing in means, as arithmetic on values."""

from eduprog.accounts.rules.addresses import normal_email, own_path
from eduprog.accounts.rules.links import (
    INVITATION,
    PASSWORD_RESET,
    invitation_token,
    password_fingerprint,
    read_reset_token,
    reset_token,
)
from eduprog.accounts.rules.passwords import check_password, hash_password, needs_rehash, warm_up, weakness
from eduprog.accounts.rules.sessions import RECORDING_GRACE, SEEN_EVERY, idle_limit, is_live, may_record
from eduprog.accounts.rules.throttle import WINDOW, next_try_at

__all__ = [
    "INVITATION",
    "PASSWORD_RESET",
    "RECORDING_GRACE",
    "SEEN_EVERY",
    "WINDOW",
    "check_password",
    "hash_password",
    "idle_limit",
    "invitation_token",
    "is_live",
    "may_record",
    "needs_rehash",
    "next_try_at",
    "normal_email",
    "own_path",
    "password_fingerprint",
    "read_reset_token",
    "reset_token",
    "warm_up",
    "weakness",
]
