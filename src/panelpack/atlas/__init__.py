"""The packs of every force and quarter from one official table: made side by side, indexed, and shown on a page."""
