"""Measures as small pure functions: values in, a number or a truth out. Nothing here asks a question or reads a file."""
