"""What changed between two extractions: in meaning, in wording, in form, or only in how it was read."""
