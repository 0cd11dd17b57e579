"""What can be done with kept reports: each use case is one transaction, checked against who asks, and written into the audit."""
