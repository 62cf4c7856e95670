"""Estimates behind the network model."""

from rerack.network.calibrate.growth import calibrate_growth
from rerack.network.calibrate.network import calibrate_network
from rerack.network.calibrate.rigs import calibrate_rigs

__all__ = ["calibrate_growth", "calibrate_network", "calibrate_rigs"]
