"""From schema keywords to findings: structure, cells, keys."""
