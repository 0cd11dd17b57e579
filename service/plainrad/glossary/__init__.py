"""The content that people edit: files -> a validated Glossary, lookup by form and context, the editorial law."""
