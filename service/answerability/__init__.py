"""Whether what was found answers a question: a question with its best fact in, a probability out."""
