"""Promotion: admits challengers to trials, judges them, crowns, and takes the crown back."""
