"""Which of the facts found for a slot to give, where several come close: facts in, the same with the best one first out."""
