"""How pages are guarded, shaped and protected; knows no feature."""
