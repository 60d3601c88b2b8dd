"""Descriptors that are certainly valid for the reference, so that it need not be loaded to judge them.

Loading frictionless costs more than validating a small package. What is accepted here, the reference accepts as well;
what is not accepted may be valid all the same, and is shown to the reference. A test holds the two together.
"""
