"""The tray of kept runs, and the page that compares them."""
