"""The page 数据: what a clerk looks at, corrects and sends out before any result."""
