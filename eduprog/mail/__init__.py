"""The outbox: messages leave once, with a key, decided at send time."""
