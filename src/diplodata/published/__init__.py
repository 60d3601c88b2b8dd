"""What publishing leaves behind, read strictly: places, index, record, checksums, signatures."""
