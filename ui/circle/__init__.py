"""Parts of the page 服务圈."""
