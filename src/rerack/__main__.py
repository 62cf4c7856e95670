"""``python -m rerack``: the command, of the Python that is asked."""

from rerack.cli.main import main

if __name__ == "__main__":
    main()
