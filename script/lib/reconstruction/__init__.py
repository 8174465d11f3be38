"""The tool ``script/reconstruct``: what the publication leaves out, and how well it is known.

It derives the constants of ``scoring/nomogram/rong2025/reconstructed.py`` from the published
tables by a Markov chain, and simulates what they are worth. Nothing here is served.
"""
