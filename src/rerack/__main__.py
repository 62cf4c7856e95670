"""``python -m rerack``: the command line, where the script is not on the path."""

from rerack.cli.main import main

if __name__ == "__main__":
    main()
