"""One line of progress with the time left, on a terminal only."""

from __future__ import annotations

import sys
import time


class ProgressLine:
    """Writes and rewrites one line on standard error; silent where that is not a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._began = time.perf_counter()

    def __call__(self, share: float, what: str) -> None:
        """Show how far the work is.

        Parameters
        ----------
        share : float
            Done, 0 to 1.
        what : str
            What is being done.
        """
        if not self._shown:
            return
        elapsed = time.perf_counter() - self._began
        left = f"{elapsed * (1.0 - share) / share:.0f} s left" if share > 0.05 else ""
        filled = int(30 * share)
        line = f"\r{'█' * filled}{'░' * (30 - filled)} {what}  {left}"
        sys.stderr.write("\r\x1b[K" if share >= 1.0 else f"\x1b[K{line}")
        sys.stderr.flush()
