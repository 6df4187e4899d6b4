"""My week, and the record of what was taught."""
