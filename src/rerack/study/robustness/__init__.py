"""How well an answer holds: named stresses, regret, and where the choice flips."""

from rerack.study.robustness.indifference import (
    break_even_sentences,
    indifference_table,
)
from rerack.study.robustness.regret import regret_table
from rerack.study.robustness.stress import STRESSES, Stress, Stressed, stress_study, stress_table

__all__ = [
    "STRESSES",
    "Stress",
    "Stressed",
    "break_even_sentences",
    "indifference_table",
    "regret_table",
    "stress_study",
    "stress_table",
]
