"""The tool against the reference: tables of packages with what each of the two says of them."""
