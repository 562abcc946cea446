"""What is sent to servers, and how they are configured: near misses, and Hypothesis strategies."""
