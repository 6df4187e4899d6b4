"""A believable trust of three schools, made through the same actions people use, with a mail catcher and a clock of its own."""
