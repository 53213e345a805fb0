"""Find the final answer in a response. `finding` tries the places in their order; each has its module."""
