"""One reader per kind of lesson file: text in, value out, every fault noted with its line."""
