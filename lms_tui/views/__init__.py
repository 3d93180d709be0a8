"""What a screen shows, as plain data. The screens, ``--plain`` and ``--json`` all draw from these."""
