"""Reactors: what does the work of an effect, a file each; the answer is a fact."""
