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
from eduprog.accounts.rules.second_factor import (
    CODE_TRIES,
    PROOF_GOOD_FOR,
    HalfWay,
    app_address,
    code_at,
    half_way_token,
    matching_step,
    must_have_second_factor,
    new_recovery_codes,
    new_secret,
    read_half_way,
    recovery_hash,
)
from eduprog.accounts.rules.sessions import RECORDING_GRACE, SEEN_EVERY, idle_limit, is_live, may_record
from eduprog.accounts.rules.throttle import CROWDED, WINDOW, next_try_at

__all__ = [
    "CODE_TRIES",
    "CROWDED",
    "INVITATION",
    "PASSWORD_RESET",
    "PROOF_GOOD_FOR",
    "RECORDING_GRACE",
    "SEEN_EVERY",
    "WINDOW",
    "HalfWay",
    "app_address",
    "check_password",
    "code_at",
    "half_way_token",
    "hash_password",
    "idle_limit",
    "invitation_token",
    "is_live",
    "matching_step",
    "may_record",
    "must_have_second_factor",
    "needs_rehash",
    "new_recovery_codes",
    "new_secret",
    "next_try_at",
    "normal_email",
    "own_path",
    "password_fingerprint",
    "read_half_way",
    "read_reset_token",
    "recovery_hash",
    "reset_token",
    "warm_up",
    "weakness",
]
