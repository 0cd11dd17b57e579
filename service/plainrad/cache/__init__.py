"""What was made once of glossary and rules, kept in a file so that the next start need not make it again."""
