"""Language models that write answers: what they are asked, how their replies are read, and what of them is proven."""
