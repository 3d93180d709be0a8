"""The rules of learning, pure: no input or output, no clock of their own, nothing else of ours imported."""
