"""What Wicketgate costs, measured as ratios within one run. `python -m bench` runs it; README.md explains it."""
