"""The bar of reliability and security, row by row, and one command that runs its tests: `make trial`."""
