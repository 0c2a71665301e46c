"""What if: changes tried one after another, where one more helps, who relies on one alone."""
