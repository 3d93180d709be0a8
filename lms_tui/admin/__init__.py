"""What administrators do: institutions, their people, and the care of their databases."""
