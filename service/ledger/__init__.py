"""Figures and reforms of a collection, each with its quote: read when a version is written, asked of it afterwards."""
