"""Commands for those who run the store: database, keys, audit, release policy, worker."""
