"""Fuzzing of everything that reads a file of the user's: `python -m fuzz`."""
