"""Mend what is mechanical in the CSV files of a package, and nothing that would give more findings than before."""
