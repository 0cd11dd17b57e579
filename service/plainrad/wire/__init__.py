"""Hospital messages in and out: MLLP, a spool on disk, the way into the store or onward to a portal, and watched folders."""
