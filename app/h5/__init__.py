"""Pages opened inside WeChat."""
