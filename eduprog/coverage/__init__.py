"""Read-only boards: what was delivered of what was planned, and the records behind every figure."""
