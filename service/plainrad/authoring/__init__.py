"""How an entry of the glossary goes from an editor to patients: drafts, four eyes, numbered versions, the way back."""
