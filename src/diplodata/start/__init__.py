"""Begin a package: an empty workbook, or a folder that validates at once."""
