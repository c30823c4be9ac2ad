"""One self-contained page to review an extraction."""
