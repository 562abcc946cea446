"""Real browsers, put before the same cases as the modelled one."""
