"""The command line: one file a group of commands; `app.__main__` puts them together."""
