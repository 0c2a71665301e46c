"""Parts of the page 指标."""
