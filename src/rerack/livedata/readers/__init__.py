"""One small reader a source: from its answers to times and values, everything odd refused."""
