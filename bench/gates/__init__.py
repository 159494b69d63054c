"""Whether the rules of judging keep their promises: worlds, rivals, counts, bars, one table."""
