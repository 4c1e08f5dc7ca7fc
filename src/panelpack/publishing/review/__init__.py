"""The index of the review copies: a second reader's working sheet, with what reviewers wrote and signed."""
