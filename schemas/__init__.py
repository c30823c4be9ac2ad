"""Types only: the neutral table, the form, the project and its audit. No I/O, no rules."""
