"""A question and its hits in, one verified Answer out. Knows no HTTP."""
