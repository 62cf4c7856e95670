"""A study for every combination of some inputs, resumable, readable while it runs."""
