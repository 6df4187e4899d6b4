"""Ways to the providers of accounts."""

from eduprog.accounts.transports.openid import CannotAsk, Endpoints, discover, exchange, where_to_go

__all__ = ["CannotAsk", "Endpoints", "discover", "exchange", "where_to_go"]
