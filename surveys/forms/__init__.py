"""Forms of the surveys app, a file a concept. They check what was typed and say what is wrong; they permit nothing."""
