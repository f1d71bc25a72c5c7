"""A figure as a page for a browser: its data, and the JavaScript that draws them."""
