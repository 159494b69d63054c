"""A stretch of a lane decided anew in several processes at once; the first difference counts."""
