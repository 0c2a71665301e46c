"""The benchmark: this project's engine beside the libraries a user would pick instead."""
