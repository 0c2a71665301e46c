"""Maps on paper: sheets, pictures for documents, and the atlas."""
