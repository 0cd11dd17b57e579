"""The page in a real browser. A package, so that the browser stops before the tests of other folders start."""
