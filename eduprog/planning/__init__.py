"""Which modules a year group is entitled to, and on which day each class meets each lesson."""
