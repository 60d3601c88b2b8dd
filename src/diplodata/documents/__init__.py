"""JSON documents: parsed strictly, judged by the JSON Schemas of the standard, with the place of what is wrong."""
