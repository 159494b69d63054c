"""Alerting: decides which alert fires, and sees it through to the channels."""
