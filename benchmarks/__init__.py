"""Benchmarks: small specs over sizes that time rerack and a peer on the same work.

Run them with ``python -m benchmarks``.
"""
