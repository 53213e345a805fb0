"""Where an answer comes from: the results in a student's working, and what they say of flip and derived."""
