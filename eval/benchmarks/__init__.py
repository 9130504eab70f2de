"""Test sets of other people in, a Benchmark out: articles and questions of one shape, whatever the format."""
