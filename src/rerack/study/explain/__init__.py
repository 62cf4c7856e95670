"""From a reported figure down to formula, inputs and sources."""

from rerack.study.explain.figures import explain, explainable
from rerack.study.explain.node import Node, render

__all__ = ["Node", "explain", "explainable", "render"]
