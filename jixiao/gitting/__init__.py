"""jixiao inside git: what changed in the tables of an attachment, shown by `git diff`."""
