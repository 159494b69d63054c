"""The libraries that people would take instead of a learner of their own: one file a component.

Each file defines `NAME` and `make(learned, holdout)`, which returns what answers like a model of
the component: it learns from what a learner learns from, and is asked what a model is asked. Where
the library is not here, importing the file raises ModuleNotFoundError.
"""
