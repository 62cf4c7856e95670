"""The tables of a run: one builder a file, each from merged results to columns."""
