"""Roll-up figures that recording keeps current, can be rebuilt, and can be compared with a recount."""
