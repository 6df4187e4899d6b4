"""Schools, the groups they belong to, and what each school has chosen."""
