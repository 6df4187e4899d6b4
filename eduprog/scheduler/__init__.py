"""The two ways to run jobs, and their heartbeat."""
