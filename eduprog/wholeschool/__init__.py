"""What a school does beyond lessons, as dated acts with owners: planned, done, moved or dropped."""
