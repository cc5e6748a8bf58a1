"""How the shipped sentiment weights come about: run by people through `rasad train-sentiment`, never by the bot."""
