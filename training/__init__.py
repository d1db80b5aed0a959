"""The recipe that makes models/<name>/ from the corpora: `python -m training --help`."""
