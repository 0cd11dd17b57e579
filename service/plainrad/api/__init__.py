"""The REST service. FastAPI is used here (and in `web`) and nowhere else."""
