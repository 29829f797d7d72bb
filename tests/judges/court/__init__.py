"""The judges: programs that nobody here wrote, and what each is asked."""
