"""What developers run beside the library: the environment of `make`, checks of the code, schemas, documentation."""
