"""Package numerics."""
