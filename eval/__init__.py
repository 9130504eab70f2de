"""The same pipeline, scored and timed. Imports the pipeline, never the web application."""
