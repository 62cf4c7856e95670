"""From a reported figure down to formula, inputs and sources."""

from rerack.study.explanation.figures import explain, explainable
from rerack.study.explanation.node import Node, render

__all__ = ["Node", "explain", "explainable", "render"]
