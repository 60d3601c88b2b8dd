"""Mends what is mechanical in CSV files: their shape, and cells whose right value is in no doubt."""
