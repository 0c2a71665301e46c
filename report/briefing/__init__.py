"""What is told of a study, once, for every writer: Word, slides, workbook, maps, one-file page."""
