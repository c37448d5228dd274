"""Forms of the organisations app, a file a concept. They check what was typed; they permit nothing."""
