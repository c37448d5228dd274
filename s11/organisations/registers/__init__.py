"""National registers, the pure part: their files, column maps and rows, and what a row would change. No Django here."""
