"""What signing in means, as arithmetic on values."""

from eduprog.accounts.rules.addresses import normal_email, own_path
from eduprog.accounts.rules.passwords import check_password, hash_password, needs_rehash, warm_up, weakness
from eduprog.accounts.rules.sessions import SEEN_EVERY, idle_limit, is_live
from eduprog.accounts.rules.throttle import WINDOW, next_try_at

__all__ = [
    "SEEN_EVERY",
    "WINDOW",
    "check_password",
    "hash_password",
    "idle_limit",
    "is_live",
    "needs_rehash",
    "next_try_at",
    "normal_email",
    "own_path",
    "warm_up",
    "weakness",
]
