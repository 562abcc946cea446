"""What is wrong or risky in a configuration, found when the middleware is constructed."""
