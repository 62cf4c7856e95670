"""What the terms of the power contract, storage and programmes are worth to a plan."""
