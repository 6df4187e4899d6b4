"""A fuzzer that is led by coverage, let loose on everything that reads what others send."""
