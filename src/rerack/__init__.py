"""rerack: what should every megawatt of a power site compute?"""

__version__ = "0.1.0"
