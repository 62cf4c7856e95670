"""Run one command and print its wall time and peak memory as JSON.

A small process of its own, because a child's peak starts at what its parent had resident.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time


def main() -> None:
    """Run ``sys.argv[1:]``; end with its status, its last words on standard error."""
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen(sys.argv[1:], stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            sys.stderr.write(output.read()[-2000:].decode(errors="replace"))
            sys.exit(1)
    # Linux counts KiB, macOS bytes: getrusage(2).
    unit = 1024.0**2 if sys.platform == "darwin" else 1024.0
    print(json.dumps({"wall_s": wall_s, "peak_mb": usage.ru_maxrss / unit}))


if __name__ == "__main__":
    main()
