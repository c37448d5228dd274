"""Imports from CSV files, a file a concept: reading and checking files, the cycle they go to, organisations, answers.

Every import is whole or not at all: all that is wrong with a file is found before anything is written.
"""
