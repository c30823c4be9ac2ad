"""Layouts other than the target form, brought into its shape: a field block above one grid of indicators.

Each is a repair like those of `normalize.repairs`: the flow of rows in, the flow back. After them every project has
rows of its own, every grid one column of names and one of values, and every row knows the scope of its values.
"""
