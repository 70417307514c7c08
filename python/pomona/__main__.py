"""``python -m pomona`` is the program ``pomona``."""

from pomona._program import main

main()
