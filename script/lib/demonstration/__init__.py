"""A ward to look at: synthetic patients over three years, dated back, and accounts to sign in."""
