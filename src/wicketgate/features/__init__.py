"""What someone who is signed in can do: a folder for each."""
