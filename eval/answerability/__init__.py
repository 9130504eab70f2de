"""How the model of answerability is trained and measured."""
