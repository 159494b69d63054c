"""How strategies and the champion line-up fare on real bars: python -m bench.results."""
