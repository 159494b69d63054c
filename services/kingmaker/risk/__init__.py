"""Risk: in which mode a desk trades. So far one brake, the kill switch."""
