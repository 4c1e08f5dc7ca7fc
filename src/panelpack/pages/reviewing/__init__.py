"""What a second reader needs to see of a pack: the working sheet of review/index.html, a table a question.

Nothing of it is in the pack. It is made of what the pack may show, and saved for the page worker, which makes the
index.
"""
