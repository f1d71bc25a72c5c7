// Starts the player of a page.
