"""Build a release, verify its bytes, publish it in one step."""
