"""Who may command a service: keys, roles, signatures, and what makes a command act once, in time.

A library below the services: promotion and risk judge the same keys by the same rule.
"""
