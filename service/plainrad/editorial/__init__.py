"""Tools for those who look after the words: are links alive, which words are missing, how the content stands, schemas of its files."""
