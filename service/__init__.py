"""A question in, a cited answer out, over the command line and HTTP."""
