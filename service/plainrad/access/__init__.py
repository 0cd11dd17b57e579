"""Who is calling, and what that caller may do: tokens, keys, sign-in, limits and the table of access. No web framework, no database."""
