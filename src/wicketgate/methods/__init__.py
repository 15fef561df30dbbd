"""How to prove who you are: a folder for each way, none of which knows another."""
