"""What it costs to attack the network, and who could."""
